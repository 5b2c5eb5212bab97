/**
 * What a client tells of its steps: a log event for each, and a line of JSON for what came of it.
 */
import { printable, textOf } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import type { Output } from '../command-line/output.ts';
import type { PerlValue } from '../storable/values.ts';
import type { Answer } from './awaited.ts';
import { jsonOf } from './json.ts';

/** How much of a value or a text is logged, in characters. */
const SHOWN_MAX = 1_000;

const FORMS = {
  /** Steps are numbered from 1, over all connections. */
  asked: { step: 'number', verb: 'string', to: 'string' },
  answer: { step: 'number', to: 'string', value: 'string' },
  subscribed: { step: 'number', to: 'string' },
  finished: { steps: 'number', failed: 'number' },
} as const;
const WARNINGS = { error: { step: 'number', to: 'string', failure: 'string', text: 'string' } } as const;
export const clientLog: Logs<typeof FORMS> = logs(FORMS);
export const clientWarning: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');

export class Telling {
  readonly #host: Host;
  readonly #output: Output;
  #failed = 0;

  constructor(host: Host, output: Output) {
    this.#host = host;
    this.#output = output;
  }

  asked(step: number, verb: string, to: string): void {
    clientLog(this.#host).asked({ step, verb, to: printable(to) });
  }

  answered(step: number, to: string, answer: Answer): void {
    if (!answer.ok) {
      this.failed(step, to, answer.failure, answer.text);
      return;
    }
    const value = jsonText(answer.value) ?? NO_FORM;
    clientLog(this.#host).answer({ step, to: printable(to), value: printable(value, SHOWN_MAX) });
    this.#print({ to, answer: answer.value });
  }

  subscribed(step: number, to: string): void {
    clientLog(this.#host).subscribed({ step, to: printable(to) });
    this.#print({ subscribed: to });
  }

  failed(step: number, to: string, failure: string, text: string): void {
    clientWarning(this.#host).error({ step, to: printable(to), failure, text: printable(text, SHOWN_MAX) });
    this.#failed += 1;
    this.#print({ to, error: text });
  }

  /** Of no step. */
  error(text: string): void {
    this.#failed += 1;
    this.#print({ error: text });
  }

  /** `then` is called with how many have failed, when what was printed has been taken. */
  finished(steps: number, then: (failed: number) => void): void {
    this.#output.whenTaken(() => {
      clientLog(this.#host).finished({ steps, failed: this.#failed });
      then(this.#failed);
    });
  }

  #print(line: Readonly<Record<string, PerlValue>>): void {
    this.#output.line(jsonText(new Map(Object.entries(line))) ?? JSON.stringify({ error: NO_FORM }));
  }
}

const NO_FORM = 'a value that JSON has no form for';

/** Undefined where JSON has no form for it. */
function jsonText(value: PerlValue): string | undefined {
  const json = jsonOf(value);
  return json.ok ? textOf(json.bytes) : undefined;
}
