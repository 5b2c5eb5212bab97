/**
 * What clients print (README.md of ikc, B14): a line of JSON for what came of each step, the same that is logged; and how they end.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { printable, textOf } from '../../../src/host/bytes.ts';
import { linkNoted } from '../../../src/impl/ikc/log.ts';
import { warned } from '../../../src/impl/ikc/responder-log.ts';
import { clientLog, clientWarning } from '../../../src/impl/ikc/telling.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { CLIENT, LITE } from '../parts/network.ts';

const OUT = 'out';
const SHOWN = 1_000;
/** Of no step, and of nothing that is logged: it could not connect, or has no answer to what it asks behind the last post. */
const UNLOGGED =
  /^(?:cannot connect to .*: E[A-Z]+|no answer came in time|the kernel is not connected any more|this kernel is shutting down|the link is closed)$/;

class Printed {
  /** What was logged last, as the line has to have it; undefined where there is none to come. */
  #due: Readonly<Record<string, string>> | undefined;
  #failed = 0;
  #finished = false;
  #held = '';
  /** What it has logged of errors that it was told, and of links that have ended. */
  readonly #told: Set<string> = new Set();

  see(event: TraceEvent): string | undefined {
    const { kind, channel, bytes, data } = event;
    if (kind === 'send' && channel.startsWith(OUT) && bytes !== undefined) return this.#prints(textOf(bytes));
    if (kind === 'exit' && this.#finished && data?.['signal'] !== 'SIGKILL' && data?.['code'] !== (this.#failed === 0 ? 0 : 1))
      return `ends with ${String(data?.['code'] ?? data?.['signal'])}, and ${this.#failed} have failed`;
    if (kind !== 'log') return undefined;
    const told = warned['remote-error'].of(event)?.text ?? linkNoted['link-closed'].of(event)?.why;
    if (told !== undefined) this.#told.add(told);
    if (this.#due !== undefined) return `does not print ${JSON.stringify(this.#due)}`;
    const [answer, error] = [clientLog.answer.of(event), clientWarning.error.of(event)];
    const [subscribed, finished] = [clientLog.subscribed.of(event), clientLog.finished.of(event)];
    if (answer !== undefined) this.#due = { to: answer.to, answer: answer.value };
    if (error !== undefined) this.#due = { to: error.to, error: error.text };
    if (subscribed !== undefined) this.#due = { subscribed: subscribed.to };
    if (finished === undefined) return undefined;
    this.#finished = true;
    return finished.failed === this.#failed ? undefined : `says that ${finished.failed} have failed, and it was ${this.#failed}`;
  }

  #prints(text: string): string | undefined {
    this.#held += text;
    if (!this.#held.endsWith('\n')) return undefined;
    const line = this.#held.slice(0, -1);
    this.#held = '';
    const json = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if ('error' in json) this.#failed += 1;
    const due = this.#due;
    this.#due = undefined;
    const is = Object.fromEntries(Object.entries(json).map(([key, value]) => [key, shownAs(key, value)]));
    if ('error' in json && [...String(json['error'])].length > SHOWN + 1)
      return `prints an error of ${String(json['error']).length} characters`;
    if (due === undefined) return this.#isOfNoStep(json) ? undefined : `prints ${line}, of nothing that came`;
    return JSON.stringify(is) === JSON.stringify(due) ? undefined : `prints ${line}, and logs ${JSON.stringify(due)}`;
  }

  /** An error of no step is not logged as one. */
  #isOfNoStep(json: Readonly<Record<string, unknown>>): boolean {
    const error = String(json['error']);
    return Object.keys(json).join() === 'error' && (this.#told.has(error) || UNLOGGED.test(error));
  }
}

/** A specifier as any text, a value and an error at some length. */
const shownAs = (key: string, value: unknown): string => {
  if (key === 'answer') return printable(JSON.stringify(value), SHOWN);
  return key === 'error' ? printable(String(value), SHOWN) : printable(String(value));
};

export const printsWhatComes: AlwaysProperty = always(
  'prints-what-comes',
  'A client prints what comes of each step, as it logs it, and ends with 1 where something has failed.',
  () => {
    const clients = new Map<string, Printed>();
    return {
      see: event => {
        const { kind, process, data } = event;
        const program = programOf(process);
        if (kind === 'power')
          for (const each of [...clients.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) clients.delete(each);
        if (program !== CLIENT && program !== LITE) return undefined;
        if (kind === 'start') clients.set(process, new Printed());
        const why = clients.get(process)?.see(event);
        if (kind === 'exit') clients.delete(process);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  ['start', 'send', 'log', 'exit', 'power'],
);
