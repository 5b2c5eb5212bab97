/**
 * Messages that could not be sent yet: one file each, in the directory `delayed`, named
 * `<epoch>.<count>.<pid>.<command>.<host>` (or, older, `<epoch>.<command>.<host>`). Spec: README.md, L5.
 * Lacks: an order between processes within one second, and one across a clock that is set back.
 */

import { equalBytes } from '../../host/bytes.ts';
import type { Host, Storage } from '../../host/host.ts';
import { compareCodeUnits } from '../../host/order.ts';
import type { Result } from '../../host/result.ts';
import { fail, ok } from '../../host/result.ts';
import { epochOf } from '../calendar/ctime.ts';
import { latin1Of } from './latin1.ts';
import { discreet, lineOf, REQUEST_MAX, recorded, secretPrefix } from './wire.ts';

/** Files looked at in one pass; the others wait for the next. */
export const DELAYED_MAX = 1_024;
/** How much of a command is in the name of its file. */
const NAME_PART = 16;

interface DelayedName {
  readonly name: string;
  readonly peer: string;
  readonly order: readonly [epoch: number, count: number, pid: number];
}

export interface DelayedRules {
  /** L5: whether a file of that name is for that host. */
  readonly isFor: (name: string, peer: string) => boolean;
  /** L5: the order in which they are sent: oldest first. */
  readonly inOrder: (names: readonly string[]) => readonly string[];
  /** L5: what a text of a file says: one ended line, or nothing that can be sent. */
  readonly contentOf: (text: string) => DelayedContent;
  /** L5: after a message without an answer none is sent for DELAYED_SCAN. */
  readonly restsUnanswered: boolean;
  /** L5: files are looked for after every reconnect, and every DELAYED_SCAN. */
  readonly looksAgain: boolean;
  /** L8: what the log shows of a command that was sent. */
  readonly shown: (command: string) => string;
  /** L5: what the permanent log keeps of it. */
  readonly recorded: (command: string) => string;
}

export const CORRECTED: DelayedRules = {
  isFor: (name, peer) => parseName(name)?.peer === peer,
  inOrder: names => names.toSorted(older),
  contentOf,
  restsUnanswered: true,
  looksAgain: true,
  shown: discreet,
  recorded,
};

/** The files for a peer, in the order in which they are to be sent. */
export function delayedFiles(
  storage: Storage,
  directory: string,
  peer: string,
  { isFor, inOrder }: DelayedRules = CORRECTED,
): Result<readonly string[]> {
  const listed = storage.list(directory);
  return listed.ok ? ok(inOrder(listed.value.filter(name => isFor(name, peer))).slice(0, DELAYED_MAX)) : listed;
}

function older(left: string, right: string): number {
  const [one, other] = [parseName(left), parseName(right)];
  for (const at of [0, 1, 2] as const) {
    const difference = (one?.order[at] ?? 0) - (other?.order[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareCodeUnits(left, right);
}

function parseName(name: string): DelayedName | undefined {
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, epoch, count, pid, peer = ''] = numbered;
    return { name, peer, order: [Number(epoch), Number(count), Number(pid)] };
  }
  const [, epoch, peer] = PLAIN.exec(name) ?? [];
  return peer === undefined ? undefined : { name, peer, order: [Number(epoch), -1, -1] };
}

/** What a file says: a command, nothing that can be sent, or nothing at all now. */
export type DelayedContent =
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

export function readDelayed(storage: Storage, path: string, rules: DelayedRules = CORRECTED): DelayedContent {
  const status = storage.stat(path);
  // Whoever can write into the directory can put anything there.
  if (status.ok && status.value.size > REQUEST_MAX + 1) return { kind: 'malformed', detail: `more than ${REQUEST_MAX} bytes` };
  const file = storage.read(path);
  return file.ok ? rules.contentOf(latin1Of(file.value)) : { kind: 'unreadable', detail: file.error.code };
}

function contentOf(text: string): DelayedContent {
  const lines = text.split('\n');
  const [first = ''] = lines;
  if (lines.length < 2) return { kind: 'malformed', detail: 'the line has no end: it was cut off' };
  if (lines.length > 2 || lines[1] !== '') return { kind: 'malformed', detail: 'more than one line' };
  return first === '' ? { kind: 'malformed', detail: 'an empty line' } : { kind: 'command', text: first };
}

/** Renames what will never be sent, so that it is not looked at again. */
export const setAside = (storage: Storage, path: string): Result<void> => storage.rename(path, `${path}.bad`);

/**
 * Writes a command durably. When this succeeds it will be sent, some time, once or more often; when it fails it will not,
 * unless the disk does not even remove what was written.
 */
export function storeDelayed(
  host: Host,
  directory: string,
  message: { readonly command: string; readonly peer: string; readonly count: number },
): Result<void> {
  const { storage, process, clock } = host;
  // What `readDelayed` would set aside must not be taken.
  if (message.command === '' || message.command.length > REQUEST_MAX) return fail('EMSGSIZE', `a command of 1 to ${REQUEST_MAX} bytes`);
  const bytes = lineOf(message.command);
  // The name is shown in logs: nothing that is a secret goes into it.
  const part = (secretPrefix(message.command) ?? message.command.slice(0, NAME_PART)).replace(/\W/g, '');
  const nameOf = (count: number): string => `${directory}/${epochOf(clock.wall())}.${count}.${process.pid}.${part}.${message.peer}`;
  // Whoever has this name was promised to be sent: another one of this process, or of one that had its pid in this second.
  let count = message.count;
  while (storage.stat(nameOf(count)).ok) count += 1;
  const path = nameOf(count);
  // The name of a draft begins with a dot, and is nobody's: it is not sent before it is whole.
  const draft = `${directory}/.${process.pid}.${message.count}`;
  // Who is told con_failed may do it another way: it must not be done again from here.
  const undo = <Failure>(failure: Failure): Failure => {
    for (const file of [draft, path]) storage.unlink(file);
    return failure;
  };
  for (const step of [
    () => storage.write(draft, bytes),
    () => storage.sync(draft),
    () => storage.rename(draft, path),
    () => storage.sync(directory),
  ]) {
    const done = step();
    if (!done.ok) return undo(done);
  }
  const back = storage.read(path);
  if (!back.ok) return undo(back);
  return equalBytes(back.value, bytes) ? ok(undefined) : undo(fail('EIO', `read back ${path}`));
}

const NUMBERED = /^([0-9]{1,12})\.([0-9]{1,12})\.([0-9]{1,12})\.[A-Za-z0-9_]*\.(.+)$/;
const PLAIN = /^([0-9]{1,12})\.[A-Za-z0-9_]*\.(.+)$/;
