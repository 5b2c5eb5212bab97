/**
 * The session `demo`: a state for each thing that an answer can be.
 */
import type { Host } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { millis } from '../../host/time.ts';
import type { PerlValue } from '../storable/values.ts';
import type { Outgoing } from './outgoing.ts';
import { type Handler, type Invocation, List, Refusal } from './sessions.ts';
import { formatSpecifier, scalarText, specifierOf } from './specifier.ts';

export const DEMO = 'demo';
/** The longest that `slow` takes, in milliseconds. */
export const SLOW_MAX = 3_600_000;

export const demoLog: Logs<{ noted: { count: 'number' } }> = logs({ noted: { count: 'number' } });

export function demo(host: Host, outgoing: Outgoing): Readonly<Record<string, Handler>> {
  let count = 0;
  return {
    /** Its argument. */
    echo: ({ args }) => args[0] ?? null,
    /** The sum of a list of integers. */
    add: ({ args: [list = null] }) => sum(list),
    /** Nothing. */
    void: () => undefined,
    /** A remote error. */
    fail: () => {
      throw new Refusal('This state fails');
    },
    /** Three items; whoever wants one gets the last. */
    list: () => new List(['one', 'two', 'three']),
    /** Its argument, after so many milliseconds. */
    slow: call => slow(host, call),
    /** A post: it is counted. */
    note: () => {
      count += 1;
      demoLog(host).noted({ count });
      return undefined;
    },
    /** How often `note` was called. */
    count: () => count,
    /** A specifier and its parameters: they are posted there. */
    forward: ({ args: [what = null] }) => forward(outgoing, what),
  };
}

function sum(list: PerlValue): number {
  if (!Array.isArray(list)) throw new Refusal('add takes a list of integers');
  let total = 0;
  for (const each of list) {
    total += integerOf(each);
    if (!Number.isSafeInteger(total)) throw new Refusal('add takes integers whose sum is below 2^53');
  }
  return total;
}

/** Perl may send digits as well. */
function integerOf(value: PerlValue): number {
  const text = scalarText(value);
  if (text === undefined || !/^-?[0-9]{1,16}$/.test(text)) throw new Refusal('add takes a list of integers');
  return Number(text);
}

function slow(host: Host, call: Invocation): undefined {
  const [delay = null] = call.args;
  const text = scalarText(delay);
  if (text === undefined || !/^[0-9]{1,7}$/.test(text) || Number(text) > SLOW_MAX)
    throw new Refusal(`slow takes a number of milliseconds, up to ${SLOW_MAX}`);
  const later = call.later();
  host.clock.setTimer(millis(Number(text)), () => later.answer(delay));
}

function forward(outgoing: Outgoing, what: PerlValue): undefined {
  const to = Array.isArray(what) ? specifierOf(what[0]) : undefined;
  if (to === undefined || !Array.isArray(what)) throw new Refusal('forward takes a specifier and the parameters for it');
  const problem = outgoing.post(to, what[1] ?? null, DEMO);
  if (problem !== undefined) throw new Refusal(`Not forwarded to ${formatSpecifier(to)}: ${problem}`);
}
