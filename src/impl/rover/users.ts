/**
 * Who may ask: the file of users has a line NAME SECRET for each (R3).
 * Lacks: changing it while the daemon runs.
 */
import { fromUtf8, printable, utf8 } from '../../host/bytes.ts';
import { NAME_MAX, NOBODY } from './wire.ts';

/** Secrets by name. */
export type Users = ReadonlyMap<string, Uint8Array>;

const LINE = /^([A-Za-z0-9._-]+)[ \t]+(\S+)$/;
const SECRET_MAX = 1_024;

/** What the file says, or what is wrong with it. */
export function usersOf(file: Uint8Array): Users | { readonly problem: string } {
  const text = fromUtf8(file);
  if (text === undefined) return { problem: 'the file of users is no UTF-8' };
  const users: Map<string, Uint8Array> = new Map();
  for (const [index, line] of text.split('\n').entries()) {
    const said = line.replace(/#.*$/, '').trim();
    if (said === '') continue;
    const [, name = '', secret = ''] = LINE.exec(said) ?? [];
    const problem = lineProblem(name, utf8(secret).length, users);
    if (problem !== undefined) return { problem: `line ${index + 1} of the file of users: ${problem}` };
    users.set(name, utf8(secret));
  }
  return users;
}

function lineProblem(name: string, length: number, users: Users): string | undefined {
  if (name === '') return 'no NAME SECRET';
  if (name.length > NAME_MAX) return `a name of ${name.length} characters; at most ${NAME_MAX}`;
  if (length > SECRET_MAX) return `a secret of ${length} bytes; at most ${SECRET_MAX}`;
  if (name === NOBODY) return `${NOBODY} has no secret`;
  return users.has(name) ? `${printable(name)} twice` : undefined;
}

/** Who asks is who he says. It takes as long for one secret as for another, and for a user that is not there. */
export function knows(users: Users, name: string, said: Uint8Array | undefined): boolean {
  if (name === NOBODY) return true;
  const secret = users.get(name);
  const expected = secret ?? NOTHING;
  const given = said ?? NOTHING;
  let difference = expected.length ^ given.length;
  for (let at = 0; at < SECRET_MAX; at++) difference |= (expected[at] ?? 0) ^ (given[at] ?? 0);
  return secret !== undefined && said !== undefined && difference === 0;
}

const NOTHING = new Uint8Array(0);
