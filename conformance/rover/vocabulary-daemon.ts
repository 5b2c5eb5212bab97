/**
 * How the cases of a daemon are written: requests, each on a connection of its own, and what is awaited of them.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import {
  citing,
  DONE,
  deviating,
  ENDS,
  form,
  HELD,
  hears,
  importing,
  KILL,
  type Pairs,
  post,
  put,
  rowOf,
  START,
  setup,
  status,
  TERM,
  WITHIN,
} from './vocabulary.ts';

export * from './vocabulary.ts';

/** Where it listens, what it keeps its log in, and who its users are. */
export const OPTIONS: readonly string[] = ['--listen={address}', '--state={dir}/state', '--users={dir}/users', '--tests'];

/** Connections with a name of their own, and those that are taken one after the other. */
export const A = 'a';
export const B = 'b';
const NUMBERED = Array.from({ length: 24 }, (_, index) => `c${index + 1}`);
export const CONNECTIONS: readonly string[] = [A, B, ...NUMBERED];

export const calls = (channel: string): Step => ({ verb: 'dial', channel, to: { tcp: 'port' }, within: seconds(20) });
export const asks = (channel: string, what: Pairs | string): readonly Step[] => [
  calls(channel),
  put(channel, typeof what === 'string' ? what : post(form(what))),
];

/** A request and its answer; a step stands for itself. */
export type Turn = Step | readonly [what: Pairs | string, answer: Pattern];

const isStep = (turn: Turn): turn is Step => 'verb' in turn;
export function talk(...turns: readonly Turn[]): readonly Step[] {
  const free = NUMBERED.values();
  return turns.flatMap(turn => {
    if (isStep(turn)) return [turn];
    const channel = free.next().value ?? '';
    const heard = hears(channel, turn[1]);
    const leads = leadingTo(turn);
    return [...asks(channel, turn[0]), leads === undefined ? heard : citing(leads, heard)];
  });
}

/** What such an answer shows in cases of all kinds, whatever they are about. */
function leadingTo([what, awaited]: Exclude<Turn, Step>): string | undefined {
  if (awaited === HELD) return 'rover.daemon.held-status';
  const exports = typeof what !== 'string' && what['COMMAND'] === 'EXPORT';
  return exports && awaited === DONE ? 'rover.daemon.exports' : undefined;
}

/** Every case ends like this: an orderly end has cases of its own. */
const OVER: readonly Step[] = setup('the implementation is killed', KILL, ENDS);
const row = rowOf('daemon');
/** `shows` first what a failure breaks. */
export const daemonCase = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  row(name, title, shows, START, ...talk(...turns), ...OVER);
/** It ends by itself. */
export const endingCase = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  row(name, title, shows, START, ...talk(...turns));

/** Each of these is answered so, and takes no number from the right one behind them. */
export const malformed = (
  name: string,
  title: string,
  shows: string,
  deviation: string,
  answered: Pattern,
  ...whats: readonly (Pairs | string)[]
): Case =>
  deviating('import.text', deviation, daemonCase(name, title, shows, ...whats.map((what): Turn => [what, answered]), [importing(1), DONE]));
export const bad = (name: string, title: string, shows: string, deviation: string, ...whats: readonly (Pairs | string)[]): Case =>
  malformed(name, title, shows, deviation, status(400), ...whats);

/** The power of the machine stays: the parent is killed, the daemon ends with it, and both are started again. */
export const RESTART: readonly Step[] = [
  ...setup('it is killed', KILL, { verb: 'expect-refused', to: { tcp: 'port' }, within: WITHIN }, ENDS),
  START,
];
export const STOPS: readonly Step[] = [TERM, { verb: 'expect-exit', codes: [0], within: seconds(15) }];
