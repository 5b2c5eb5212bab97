/**
 * What a lond does for the answer to pong: it asks the gateway child of its own machine for its caller, and has to say what that said, or
 * con_lost; a connection may take so long, and then again the reply (README.md of lonc, L2 and L6).
 */
import { after, type Instant } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { CON_LOST, FAREWELL, REVERSE_PING_MAX } from './facts.ts';

export interface Ping {
  readonly caller: string;
  /** What has to be said, and when: not before, and then at once. */
  answer: string;
  at: Instant;
  /** It has to be sent now. */
  mute: boolean;
  said: string;
  over: boolean;
}

export class ReversePings {
  /** By the index of their connect, then by stream. */
  readonly #pings = new Map<string | number, Ping>();
  readonly #waiting: Ping[] = [];

  /** Somebody has said pong: the lond calls now. */
  begin(caller: string, now: Instant): Ping {
    const ping: Ping = { caller, answer: CON_LOST, at: now, mute: false, said: '', over: false };
    this.#waiting.push(ping);
    return ping;
  }

  /** The ping that this event is about, if it is another one now. */
  see({ kind, time, index, cause, channel, data }: TraceEvent, text: string): Ping | undefined {
    if (kind === 'connect') return this.#calls(String(data?.['to']), index, time);
    const stream = channel.slice(0, -1);
    const ping = this.#pings.get(kind === 'open' ? cause : stream);
    if (ping === undefined || ping.over) return undefined;
    if (kind === 'send') {
      ping.mute = ping.mute && text !== 'ping\n';
      return undefined;
    }
    if (kind === 'open' && data?.['error'] === undefined) {
      this.#pings.set(stream, ping);
      ping.at = after(time, FAREWELL);
      ping.mute = true;
      return ping;
    }
    if (kind === 'recv') {
      ping.said += text;
      const end = ping.said.indexOf('\n');
      if (end < 0) return undefined;
      ping.answer = ping.said.slice(0, Math.min(end, REVERSE_PING_MAX));
    } else if (kind !== 'open' && kind !== 'eof' && data?.['error'] === undefined) return undefined;
    ping.over = true;
    ping.at = time;
    return ping;
  }

  #calls(to: string, index: number, time: Instant): Ping | undefined {
    const at = this.#waiting.findIndex(({ caller }) => to === `unix:/s/${caller}`);
    const [ping] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (ping === undefined) return undefined;
    this.#pings.set(index, ping);
    ping.at = after(time, FAREWELL);
    return ping;
  }
}
