/**
 * The mutants of both roles, and exactly which cases each of them fails: our own kernels with one trap of the published one, and meddled with.
 */
import type { Daemon, Programs } from '../../../src/host/host.ts';
import { ikcClient, ikcServer } from '../../../src/impl/ikc/programs.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { caught, failsIn } from '../../mutants.ts';
import type { Mutant } from '../../suite.ts';
import { BROKEN } from './broken.ts';
import fails from './fails.json' with { type: 'json' };
import { meddled } from './meddle.ts';

const failsOf = failsIn('ikc', fails);

const ROLES = ['server', 'client'] as const;
type Role = (typeof ROLES)[number];
const DAEMONS: Readonly<Record<Role, Daemon>> = { server: ikcServer, client: ikcClient };
export const CLAIMS: Readonly<Record<Role, readonly string[]>> = {
  server: ['echo', 'add', 'void', 'fail', 'list', 'notes', 'forward', 'json'],
  client: ['json'],
};
const depending = (role: Role, always: readonly string[]): Pick<Mutant, 'depends' | 'fails'> => ({
  depends: 'how the bytes are cut',
  fails: always.map(each => `ikc.${role}.${each}`),
});

const mutant = (role: Role, name: string, text: string, more: Pick<Mutant, 'program' | 'args'> & Partial<Mutant>): Mutant => ({
  name: `${role}/${name}`,
  role,
  text,
  claims: CLAIMS[role],
  fails: failsOf(role, name),
  ...more,
});

/** A terminator that is split makes a line more, and whether it is split is drawn; these fail always. */
const SPLIT: Readonly<Record<string, Readonly<Record<Role, string>>>> = {
  'B-T02': { server: 'lines.split', client: 'lines.split' },
  'B-T03': {
    server: 'lines.split-switch frames.letter frames.letter-later frames.no-count frames.gigabyte frames.greatest frames.endless',
    client: 'lines.split-switch peer.letter peer.gigabyte peer.endless',
  },
};
/** What takes another kind of run, which the scenarios have: of the small client, of what is unsent, of a list that is used twice. */
const ELSEWHERE = 'B-T04 B-T06 B-T06c B-T07 B-T10 B-T21 B-T21b B-T21c B-T21d B-T25 B-T26 B-T27'.split(' ');

const TRAPPED: readonly Mutant[] = ROLES.flatMap(role =>
  TRAPS.flatMap(({ id, quirk, text }) =>
    quirk === undefined || ELSEWHERE.includes(id)
      ? []
      : [
          mutant(role, id.toLowerCase(), `${text} (${id})`, {
            program: `ikc-${role}`,
            args: [`--quirk=${quirk}`],
            ...(SPLIT[id] === undefined ? {} : depending(role, SPLIT[id][role].split(' '))),
          }),
        ],
  ),
);

const MEDDLED: readonly Mutant[] = ROLES.flatMap(role =>
  Object.entries(BROKEN[role]).map(([name, { text, always }]) =>
    mutant(role, name, text, {
      program: `ikc-${role}-${name}`,
      args: [],
      ...(always === undefined ? {} : depending(role, always)),
    }),
  ),
);

/** All there could be; what no case of a role sees is left out of `MUTANTS`. */
export const CANDIDATES: readonly Mutant[] = [...TRAPPED, ...MEDDLED];
export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);

export const MUTANT_PROGRAMS: Programs = Object.fromEntries(
  ROLES.flatMap(role =>
    Object.entries(BROKEN[role]).map(([name, { make }]) => [`ikc-${role}-${name}`, meddled(DAEMONS[role], make)] as const),
  ),
);
