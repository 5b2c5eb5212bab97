/**
 * What the log of a child has to tell of its life, line by line: how grave it is, and with which words.
 */
import { printable } from '../../../src/host/bytes.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import type { Extra } from './told.ts';

/** Bytes of frames that may wait for a parent that does not read. */
const QUEUE_MOST = 2_097_152;
/** How grave each is. */
const SEVERITIES: Readonly<Record<string, string>> = {
  usage: 'error',
  'bad-descriptor': 'error',
  'control-failed': 'error',
  'shutdown-requested': 'info',
  running: 'info',
  'server-stopped': 'info',
  'listen-failed': 'warning',
  'database-open-failed': 'error',
  'database-close-failed': 'error',
  'message-refused': 'error',
  'pipe-failed': 'error',
  'events-lost': 'warning',
};

export class ChildLog {
  readonly #wrong: readonly string[];
  readonly #refused: Extra[];
  readonly #failures: { readonly at: string; readonly error: unknown }[] = [];
  readonly #logged: Map<string, TraceEvent> = new Map();
  #asked: string | undefined;

  /** `wrong`: of its command line. */
  constructor(wrong: readonly string[], extras: readonly Extra[]) {
    this.#wrong = wrong;
    this.#refused = extras.filter(each => each.refused !== undefined);
  }

  asked(why: string): void {
    this.#asked ??= why;
  }

  failed(failure: { readonly at: string; readonly error: unknown }): void {
    this.#failures.push(failure);
  }

  line(event: TraceEvent): string | undefined {
    const { severity, event: slug, ...fields } = event.data ?? {};
    const name = String(slug);
    const says = `its log says ${String(severity)} ${name} ${JSON.stringify(fields)}`;
    if (SEVERITIES[name] !== severity) return says;
    const isOdd = this.#isOdd(name, fields);
    if (name !== 'listen-failed' && name !== 'message-refused' && this.#logged.has(name)) return `${says} once more`;
    this.#logged.set(name, event);
    return isOdd ? says : undefined;
  }

  #isOdd(name: string, fields: Readonly<Record<string, unknown>>): boolean {
    switch (name) {
      case 'usage':
        return !this.#wrong.some(each => String(fields['text']).includes(each));
      case 'shutdown-requested':
        return fields['reason'] !== this.#asked;
      case 'listen-failed': {
        const expected = this.#failures.shift();
        return fields['at'] !== expected?.at || fields['error'] !== expected?.error;
      }
      case 'message-refused': {
        const expected = this.#refused.shift();
        const [kind, id] = expected?.payload ?? [];
        const isNamed =
          'type' in fields ? fields['type'] === printable(expected?.type ?? '') : fields['kind'] === kind && fields['id'] === id;
        return !isNamed || fields['reason'] !== expected?.refused;
      }
      case 'pipe-failed':
        return !/^(?:more than 2097152 bytes are waiting: the parent does not read|closed|E[A-Z]+ .+)$/.test(String(fields['reason']));
      default:
        return false;
    }
  }

  /** Whether it has kept to the limit of what waits in it, when it is asked to stop in RUN. */
  overflowed(waiting: number | undefined): string | undefined {
    if (waiting === undefined || !this.#logged.has('running')) return undefined;
    const told = String(this.#logged.get('pipe-failed')?.data?.['reason']).startsWith('more than');
    return told === waiting > QUEUE_MOST ? undefined : `${waiting} bytes wait, and its log ${told ? 'complains' : 'says nothing'}`;
  }

  /** What is missing of a start, once its server is complete. */
  get unstarted(): string | undefined {
    return this.#without('running');
  }

  /** What is missing of a stop: it was asked for, and its server is gone. */
  get unstopped(): string | undefined {
    return this.#without('shutdown-requested') ?? this.#without('server-stopped');
  }

  /** What of its life it has not told by its end. */
  get untold(): string | undefined {
    const [failure] = this.#failures;
    if (failure !== undefined) return `it does not tell its log that it could not bind ${failure.at}`;
    if (this.#asked !== undefined && !this.#logged.has('shutdown-requested')) return this.#without('shutdown-requested');
    return this.#logged.has('running') ? this.unstopped : undefined;
  }

  #without(name: string): string | undefined {
    return this.#logged.has(name) ? undefined : `it does not tell its log: ${name}`;
  }

  /** It has passed over what it had to refuse. */
  get unrefused(): string | undefined {
    const [left] = this.#refused;
    return left === undefined ? undefined : `it does not tell its log that ${left.type} is refused: ${left.refused}`;
  }

  /** Why it should not have ended as one does whose options are wrong. */
  get unused(): string | undefined {
    return this.#logged.has('usage') || this.#logged.has('bad-descriptor')
      ? undefined
      : 'it ends as by a wrong option, and does not say which';
  }

  /** Of what it had to say, what it has not said: nobody knows how much of the last message has arrived, unless it was `cut` for sure. */
  lost(owed: number, said: number, cut: boolean): string | undefined {
    // Who was stopped while it started had less to say.
    if (!this.#logged.has('running')) return undefined;
    const counted = Number(this.#logged.get('events-lost')?.data?.['count'] ?? 0);
    const missing = owed - said;
    // The message that met the error is lost as well.
    const broke = /^E[A-Z]+ /.test(String(this.#logged.get('pipe-failed')?.data?.['reason']));
    return (counted === missing && !broke && !cut) || counted === missing + 1
      ? undefined
      : `${missing} messages were not sent, and its log says ${counted}`;
  }
}
