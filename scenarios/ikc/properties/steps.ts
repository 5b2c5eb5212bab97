/**
 * What clients are promised: each step has one outcome, its own, in order; and the last one comes.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { printable } from '../../../src/host/bytes.ts';
import type { Span } from '../../../src/host/time.ts';
import { connectionLog } from '../../../src/impl/ikc/client.ts';
import { linkNoted } from '../../../src/impl/ikc/log.ts';
import { clientLog, clientWarning } from '../../../src/impl/ikc/telling.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { CLIENT, LITE } from '../parts/network.ts';
import { type Step, stepsIn } from '../parts/steps.ts';

const KINDS: readonly EventKind[] = ['start', 'log', 'open', 'eof', 'close', 'fault', 'exit', 'power'];
/** What may become of any step when its link is gone, or was never there. */
const LOST: readonly string[] = ['gone', 'unsent', 'shut-down', 'missing'];
/** And when nobody has told that it is. */
const SILENT: readonly string[] = ['unanswered', 'missing'];

const isClient = ({ process }: TraceEvent): boolean => [CLIENT, LITE].includes(programOf(process));

class Client {
  readonly #steps: readonly Step[];
  readonly #most: number;
  readonly #isLite: boolean;
  /** The number of the last step that was begun, and whether it is over. */
  #at = 0;
  #over = true;
  /** Its link has ended since that step began. */
  #lost = false;
  /** It has none, or one that is at its end. */
  #down = false;

  constructor(start: TraceEvent) {
    this.#isLite = programOf(start.process) === LITE;
    const { steps, repeat } = stepsIn(start, this.#isLite);
    this.#steps = steps;
    this.#most = steps.length * repeat;
  }

  see(event: TraceEvent, faulty: boolean): string | undefined {
    // Until the other end has read what there is, a link that is at its end looks open.
    if (linkNoted['link-closed'].of(event) !== undefined || event.kind === 'eof') {
      this.#lost = true;
      this.#down = true;
    }
    if (linkNoted['link-open'].of(event) !== undefined) this.#down = false;
    if (this.#isLite) this.#ofLite(event);
    const asked = clientLog.asked.of(event);
    if (asked !== undefined) return this.#begins(asked.step, asked.to);
    const answer = clientLog.answer.of(event);
    if (answer !== undefined) return this.#ends(answer.step, { json: answer.value }, faulty);
    const failed = clientWarning.error.of(event);
    // What a server that ends has not finished it refuses.
    const ends = failed?.text.startsWith('The kernel is shutting down') === true;
    if (ends) this.#lost = true;
    if (failed !== undefined) return this.#ends(failed.step, { failure: ends ? 'shut-down' : failed.failure }, faulty);
    const subscribed = clientLog.subscribed.of(event);
    if (subscribed !== undefined) return this.#ends(subscribed.step, { subscribed: true }, faulty);
    return undefined;
  }

  /** It logs nothing of its connection, and makes one when it wants it. */
  #ofLite({ kind, data }: TraceEvent): void {
    if ((kind === 'close' || kind === 'open') && data?.['error'] !== undefined) {
      this.#lost = true;
      this.#down = true;
    } else if (kind === 'open') this.#down = false;
  }

  get #step(): Step | undefined {
    return this.#steps[(this.#at - 1) % this.#steps.length];
  }

  #begins(number: number, to: string): string | undefined {
    // A post has no outcome.
    if (!this.#over && this.#step?.verb !== 'post') return `begins step ${number} while step ${this.#at} has no outcome`;
    if (number !== this.#at + 1 || number > this.#most) return `begins step ${number} of ${this.#most} after step ${this.#at}`;
    this.#at = number;
    this.#over = false;
    this.#lost = this.#down;
    return printable(this.#step?.to ?? '') === to ? undefined : `asks ${to} in step ${number}, and was told ${this.#step?.to}`;
  }

  #ends(number: number, is: NonNullable<Step['due']>, faulty: boolean): string | undefined {
    if (number !== this.#at || this.#over)
      return `has an outcome of step ${number} while ${this.#over ? 'none is on its way' : `step ${this.#at} is`}`;
    this.#over = true;
    const due = this.#step?.due;
    const shown = JSON.stringify(is);
    if ('failure' in is && this.#lost && LOST.includes(is.failure)) return undefined;
    if ('failure' in is && faulty && (SILENT.includes(is.failure) || (this.#isLite && is.failure === 'unsent'))) return undefined;
    // The first kernel may be about to leave.
    if ('failure' in is && is.failure === 'remote-error' && this.#step?.mayBeRefused === true) return undefined;
    if (due === undefined) return `a post has an outcome in step ${number}: ${shown}`;
    if ('number' in due) return 'json' in is && /^\d+$/.test(is.json) ? undefined : `step ${number} must give a number, and gave ${shown}`;
    return plainDigits(JSON.stringify(due)) === plainDigits(shown)
      ? undefined
      : `step ${number} must give ${JSON.stringify(due)}, and gave ${shown}`;
  }
}

/** A number of more than 32 bits is a text of Perl. */
const plainDigits = (json: string): string => json.replace(/\\"(-?\d+)\\"/g, '$1');

/** `machines`: of those of these only, where others are called by whom nobody can rely on. */
export const outcomesAreOwn = (machines?: readonly string[]): AlwaysProperty =>
  always(
    'outcomes-are-own',
    'Each step of a client has one outcome before the next one begins, and it is the one that this step must have.',
    () => {
      const clients = new Map<string, Client>();
      let faulty = false;
      return {
        see: event => {
          const { kind, process } = event;
          if (kind === 'fault') faulty = true;
          if (!isClient(event) || !isOf(process, machines)) return undefined;
          if (kind === 'start') clients.set(process, new Client(event));
          const why = clients.get(process)?.see(event, faulty);
          return why === undefined ? undefined : `${process} ${why}`;
        },
      };
    },
    KINDS,
  );

const isOf = (process: string, machines: readonly string[] | undefined): boolean =>
  machines === undefined || machines.includes(machineOf(process));

/** A client that is killed is not waited for. */
export const allFinish = (within: Span, machines?: readonly string[]): EventuallyProperty =>
  eventually(
    'all-finish',
    'Every client comes to the end of its steps.',
    { within },
    () => {
      const left = new Set<string>();
      return {
        see: event => {
          const { kind, process, data } = event;
          if (kind === 'start' && isClient(event) && isOf(process, machines)) left.add(process);
          if (kind === 'exit' || clientLog.finished.of(event) !== undefined) left.delete(process);
          if (kind === 'power') for (const each of left) if (each.startsWith(`${String(data?.['machine'])}/`)) left.delete(each);
          return left.size === 0;
        },
        missing: () => `${[...left].join(', ')} ${left.size === 1 ? 'has' : 'have'} not finished`,
      };
    },
    KINDS,
  );

const met = (name: string, text: string, see: (event: TraceEvent) => boolean): SometimesProperty =>
  sometimes(name, text, () => ({ see }), ['log']);
export const answeredMet: SometimesProperty = met('answered', 'A step is answered.', event => clientLog.answer.of(event) !== undefined);
export const refusedMet: SometimesProperty = met(
  'refused',
  'A step ends with an error of the peer.',
  event => clientWarning.error.of(event)?.failure === 'remote-error',
);
export const goneMet: SometimesProperty = met(
  'lost-with-its-link',
  'The link breaks between a question and its answer.',
  event => clientWarning.error.of(event)?.failure === 'gone',
);
export const againMet: SometimesProperty = met(
  'connected-again',
  'A client that lost its link tries again.',
  event => connectionLog.reconnecting.of(event) !== undefined,
);
