/**
 * What each local client has asked on each of its connections and what it was answered, read off its own bytes.
 */

import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { LOCAL_PROGRAMS } from '../daemons/names.ts';
import { replyTo } from './asks.ts';
import { optionOf, programOf, streamOf } from './processes.ts';

export const EXCHANGE_KINDS: readonly EventKind[] = ['start', 'send', 'recv', 'eof', 'close', 'exit', 'power'];
export const CON_LOST = 'con_lost';

interface Talk {
  readonly process: string;
  readonly peer: string;
  /** Requests that wait for their answers. */
  readonly open: string[];
  sending: string;
  reading: string;
}

export interface Answer {
  readonly peer: string;
  /** The request that it answers; undefined: nothing was asked. */
  readonly request: string | undefined;
  readonly text: string;
  /** Whether the line had its end. */
  readonly whole: boolean;
}

export class Exchanges {
  readonly #peers = new Map<string, string>();
  readonly #talks = new Map<string, Talk>();
  outstanding = 0;
  asked = 0;

  /** The answers this event brings. */
  see(event: TraceEvent): readonly Answer[] {
    const { kind, process } = event;
    if (kind === 'power') this.#forgetAll();
    if (!LOCAL_PROGRAMS.includes(programOf(process))) return [];
    if (kind === 'start') this.#peers.set(process, optionOf(event, 'peer') ?? '');
    else if (kind === 'exit') this.#forgetAll(process);
    else if (kind === 'eof' || kind === 'close') {
      const cut = this.#end(streamOf(event));
      // A client that leaves has itself to blame for half a line.
      return kind === 'close' && event.data?.['error'] === undefined ? [] : cut;
    } else if (event.bytes !== undefined) {
      const talk = this.#talk(event);
      if (kind === 'send') this.#send(talk, latin1Of(event.bytes));
      else return this.#receive(talk, latin1Of(event.bytes));
    }
    return [];
  }

  /** Names a request that waits, for people. */
  get waiting(): string {
    for (const { process, open } of this.#talks.values()) if (open[0] !== undefined) return `'${open[0]}' of ${process}`;
    return 'nothing';
  }

  #talk(event: TraceEvent): Talk {
    const key = streamOf(event);
    const known = this.#talks.get(key);
    if (known !== undefined) return known;
    const { process } = event;
    const talk: Talk = { process, peer: this.#peers.get(process) ?? '', open: [], sending: '', reading: '' };
    this.#talks.set(key, talk);
    return talk;
  }

  #send(talk: Talk, text: string): void {
    const lines = (talk.sending + text).split('\n');
    talk.sending = lines.pop() ?? '';
    talk.open.push(...lines);
    this.outstanding += lines.length;
    this.asked += lines.length;
  }

  #receive(talk: Talk, text: string): readonly Answer[] {
    const lines = (talk.reading + text).split('\n');
    talk.reading = lines.pop() ?? '';
    return lines.map(line => {
      const request = talk.open.shift();
      if (request !== undefined) this.outstanding -= 1;
      return { peer: talk.peer, request, text: line, whole: true };
    });
  }

  #end(key: string): readonly Answer[] {
    const talk = this.#talks.get(key);
    if (talk === undefined) return [];
    this.#talks.delete(key);
    this.outstanding -= talk.open.length;
    const { peer, open, reading } = talk;
    return reading === '' ? [] : [{ peer, request: open[0], text: reading, whole: false }];
  }

  #forgetAll(process?: string): void {
    for (const [key, talk] of this.#talks) if (process === undefined || talk.process === process) this.#end(key);
  }
}

/** What is wrong with an answer; undefined: nothing. */
export function wrongAnswer({ peer, request, text, whole }: Answer): string | undefined {
  if (!whole) return `a line without its end: '${text}'`;
  if (request === undefined) return `a line that nobody asked for: '${text}'`;
  const expected = replyTo(peer, request);
  if (text === CON_LOST || expected === undefined || text === expected) return undefined;
  return `'${request}' to ${peer} was answered '${text}' instead of '${expected}'`;
}
