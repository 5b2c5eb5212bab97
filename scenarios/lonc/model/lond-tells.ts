/**
 * When the process of a lond that serves has to say what of its callers (README.md of lonc, L8 and L10).
 */

import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { JournalModel } from './journal.ts';

/** What was said to a caller last. */
interface Caller {
  readonly address: string;
  lines: number;
  last: string;
}

export class LondTells {
  readonly #journal: JournalModel;
  /** Host ids by address. */
  readonly #hosts: ReadonlyMap<string, string>;
  readonly #callers = new Map<string, Caller>();
  #listens = false;
  #isBound = false;

  constructor(journal: JournalModel, hosts: ReadonlyMap<string, string>) {
    this.#journal = journal;
    this.#hosts = hosts;
  }

  get doing(): string {
    return 'Serving';
  }

  see({ kind, channel, bytes, data }: TraceEvent): string | undefined {
    const stream = channel.slice(0, -1);
    switch (kind) {
      case 'accept':
        this.#callers.set(stream, { address: String(data?.['peer']).split(':')[0] ?? '', lines: 0, last: '' });
        return this.#listens ? undefined : 'serves, and has not said that it listens';
      case 'listen':
        this.#isBound = data?.['error'] === undefined;
        if (data?.['error'] !== undefined) this.#journal.owe('not-listening', `Cannot listen on port 5663: ${String(data['error'])}`);
        return undefined;
      case 'send':
        if (channel.startsWith('tcp')) this.#replies(stream, latin1Of(bytes ?? NONE));
        return undefined;
      case 'close':
        this.#callers.delete(stream);
        return undefined;
      case 'signal':
        if (data?.['signal'] === 'SIGUSR1') this.#journal.owe('status');
        return undefined;
      case 'log':
        return this.#says(String(data?.['event']), String(data?.['text']));
      default:
        return undefined;
    }
  }

  #replies(stream: string, text: string): void {
    const caller = this.#callers.get(stream);
    if (caller === undefined) return;
    caller.lines += 1;
    // The challenge, and what is said to its echo; or to who is not wanted.
    if (caller.lines === 2 && text === 'ok\n') this.#journal.owe('admitted', `Established connection: ${this.#hosts.get(caller.address)}`);
    if (text === 'refused\n' && caller.last === 'bye\n') this.#journal.owe('refused');
    caller.last = text;
  }

  #says(slug: string, text: string): string | undefined {
    if (slug === 'listening') this.#listens = true;
    if (slug === 'listening' && !this.#isBound) return `says '${text}', and it could not`;
    return STRICT.includes(slug) && !this.#journal.owes(slug) ? `says '${text}', and it is not so` : undefined;
  }
}

const STRICT = ['admitted', 'refused', 'not-listening'];
const NONE = new Uint8Array(0);
