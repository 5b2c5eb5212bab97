/**
 * NO LIVELOCK: nobody goes round and round without getting anywhere. What counts is a chain of events, each brought about by the one before
 * it, in which nobody waits: no timer of a millisecond or more, no second at rest. In such a chain a process does not have the same few
 * events, with the same content, a thousand times one after the other.
 * Lacks: rounds with a delay, which are an honest retry; rounds that count something on the wire; chains over more than HORIZON events.
 */
import { millis, seconds } from '../../host/time.ts';
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysMonitor, type AlwaysProperty, always } from '../property.ts';

/** The same again, so often. */
export const LIVELOCK_ROUNDS = 1_000;
/** Events of one process in one round, at the most. */
export const LIVELOCK_ROUND = 16;

/** A timer of this length is a delay. */
const DELAY = millis(1);
/** Whoever had no event for so long has waited. */
const REST = seconds(1);
/** A cause that lies further back than this many events is a delay as well. A power of 2. */
const HORIZON = 4_096;

const WAITED = -1;

export const noLivelock: AlwaysProperty = always(
  'no-livelock',
  `No process has the same up to ${LIVELOCK_ROUND} events ${LIVELOCK_ROUNDS} times without a delay and with nothing new.`,
  () => new LivelockMonitor(),
);

/** Of one process. */
interface Going {
  /** Events in the chain that its last event ends. */
  length: number;
  time: number;
  /** Who brought the last one about that another process did. */
  by: string;
  /** Its last events in the chain, once that is long: what they were, the newest at `count - 1`. */
  readonly recent: number[];
  readonly kinds: EventKind[];
  count: number;
  /** By the length of a round: for how many events it has been the same as a round before. */
  readonly same: number[];
}

class LivelockMonitor implements AlwaysMonitor {
  readonly #going = new Map<string, Going>();
  /** By the number of an event, modulo HORIZON: the length of its chain, or WAITED for what follows from it; and whose it is. */
  readonly #lengths = new Int32Array(HORIZON);
  readonly #whose: string[] = [];

  see(event: TraceEvent): string | undefined {
    const { process, index, cause } = event;
    const slot = index & (HORIZON - 1);
    if (process === '') {
      this.#lengths[slot] = 0;
      return undefined;
    }
    const going = this.#of(process, event.time);
    const known = cause >= 0 && index - cause < HORIZON;
    const before = known ? (this.#lengths[cause & (HORIZON - 1)] ?? 0) : going.length;
    if (known) going.by = this.#whose[cause & (HORIZON - 1)] ?? process;
    going.length = isDelay(event) || event.time - going.time >= REST || (cause >= 0 && !known) ? 0 : before + 1;
    going.time = event.time;
    this.#lengths[slot] = isLong(event) ? WAITED : going.length;
    this.#whose[slot] = process;
    if (going.length < LIVELOCK_ROUNDS) {
      going.count = 0;
      return undefined;
    }
    return this.#round(process, going, event);
  }

  #of(process: string, time: number): Going {
    let going = this.#going.get(process);
    if (going === undefined) {
      going = { length: 0, time, by: process, recent: [], kinds: [], count: 0, same: [] };
      this.#going.set(process, going);
    }
    return going;
  }

  #round(process: string, going: Going, event: TraceEvent): string | undefined {
    const { recent, kinds, same } = going;
    if (going.count === 0) same.fill(0);
    const content = contentOf(event);
    // Of how many reads something comes is chance.
    if (event.kind === 'recv' && going.count > 0 && recent[(going.count - 1) % LIVELOCK_ROUND] === content) return undefined;
    for (let round = 1; round <= Math.min(LIVELOCK_ROUND, going.count); round++) {
      const like = recent[(going.count - round) % LIVELOCK_ROUND] === content;
      const run = like ? (same[round] ?? 0) + 1 : 0;
      same[round] = run;
      if (run < round * (LIVELOCK_ROUNDS - 1)) continue;
      const last = Array.from({ length: round }, (_, back) => kinds[(going.count - round + back) % LIVELOCK_ROUND]);
      const other = going.by === process ? '' : `, with ${going.by}`;
      return `${process} has gone round ${LIVELOCK_ROUNDS} times without a delay and with nothing new${other}: ${last.join(', ')}`;
    }
    recent[going.count % LIVELOCK_ROUND] = content;
    kinds[going.count % LIVELOCK_ROUND] = event.kind;
    going.count++;
    return undefined;
  }
}

/** What begins without anything before it; a drain follows from somebody who reads at his own pace. */
function isDelay({ kind, cause }: TraceEvent): boolean {
  return kind === 'drain' || ((kind === 'signal' || kind === 'start') && cause < 0);
}

/** The timer that it sets is a delay. */
const isLong = ({ kind, data }: TraceEvent): boolean => kind === 'timer' && Number(data?.['delay']) >= DELAY;

/** Numbers that a Host gives, and chance: new ones are nothing new. What is read was new when it was sent. */
const GIVEN: readonly string[] = ['id', 'child', 'target', 'fd', 'read', 'write', 'at', 'peer', 'from', 'value', 'parent'];

function contentOf({ kind, channel, bytes, data }: TraceEvent): number {
  let hash = mixed(mixed(SEED, kind), channel.replace(/\d+/g, ''));
  if (bytes !== undefined && kind !== 'random' && kind !== 'recv') for (const byte of bytes) hash = step(hash, byte);
  for (const [key, value] of Object.entries(data ?? {})) if (!GIVEN.includes(key)) hash = mixed(mixed(hash, key), String(value));
  return hash;
}

// FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
const SEED = 0x811c_9dc5;
const step = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x0100_0193);
function mixed(hash: number, text: string): number {
  let result = hash;
  for (let at = 0; at < text.length; at++) result = step(result, text.charCodeAt(at));
  return step(result, 0);
}
