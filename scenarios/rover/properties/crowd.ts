/**
 * How many connections a daemon serves at once (R2), a second time: 256, so many more are told to come again, and who comes beside those is closed.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { after, type Instant, millis, seconds } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { latin1 } from '../parts/messages.ts';
import { DAEMON } from '../parts/network.ts';

const MOST = 256;
/** Until one that was told to come again has to have been closed. */
const TURNED_TIME = seconds(2);
const SLACK = millis(100);
const KINDS: readonly EventKind[] = ['accept', 'send', 'end', 'close', 'reset', 'exit', 'fire'];

interface Taken {
  readonly as: 'served' | 'turned' | 'cut';
  readonly at: Instant;
  said: string;
  /** No more is to be said. */
  ended: boolean;
}

class Crowd {
  readonly #open: Map<string, Taken> = new Map();

  see({ kind, channel, bytes, time }: TraceEvent): string | undefined {
    const late = this.#late(time);
    if (late !== undefined) return late;
    const key = channel.slice(0, -1);
    if (kind === 'accept') this.#open.set(key, { as: this.#next(), at: time, said: '', ended: false });
    const one = this.#open.get(key);
    if (one === undefined) return undefined;
    if (kind === 'close' && one.as === 'turned' && one.said === '') return 'closes a connection that it has to tell to come again';
    if (kind === 'close' || kind === 'reset') this.#open.delete(key);
    if (kind === 'end') one.ended = true;
    if (kind !== 'send' || bytes === undefined) return undefined;
    one.said += latin1(bytes);
    const isTurned = one.said.startsWith('HTTP/1.0 503 ') && one.said.includes('too many connections');
    return isTurned === (one.as === 'turned') ? undefined : `says '${one.said.slice(0, 12)}' to a connection that is to be ${one.as}`;
  }

  #next(): Taken['as'] {
    const open = [...this.#open.values()];
    if (open.filter(({ as }) => as === 'served').length < MOST) return 'served';
    return open.filter(({ as }) => as === 'turned').length < MOST ? 'turned' : 'cut';
  }

  #late(now: Instant): string | undefined {
    for (const { as, at, said, ended } of this.#open.values()) {
      if (as === 'cut' && now > at) return 'keeps a connection, and has too many of those that it has told to come again';
      if (as === 'turned' && (said === '' || !ended) && now > at)
        return 'does not tell a connection to come again, and serves enough of them';
      if (as === 'turned' && now > after(at, TURNED_TIME) && now > after(after(at, TURNED_TIME), SLACK))
        return 'keeps a connection that it has told to come again';
    }
    return undefined;
  }

  get sizes(): readonly number[] {
    return (['turned', 'cut'] as const).map(as => [...this.#open.values()].filter(each => each.as === as).length);
  }
}

export const turnsAway: AlwaysProperty = always(
  'turns-away',
  'A daemon serves 256 connections, tells 256 more to come again and closes those in 2 s, and closes all others at once.',
  () => {
    const crowds = new Map<string, Crowd>();
    return {
      see: event => {
        if (programOf(event.process) !== DAEMON) return undefined;
        const found = crowds.get(event.process) ?? new Crowd();
        crowds.set(event.process, found);
        const why = found.see(event);
        return why === undefined ? undefined : `${event.process} ${why}`;
      },
    };
  },
  KINDS,
);

export const turnedMet: SometimesProperty = sometimes(
  'turned-away',
  'Somebody is told to come again, because there are too many.',
  () => ({
    see: ({ kind, process, bytes }) =>
      kind === 'send' && programOf(process) === DAEMON && bytes !== undefined && latin1(bytes).includes('too many connections'),
  }),
  ['send'],
);
