/**
 * What a command says to its client: kept until the command has ended (step 8 of the main loop).
 */
import { concat, EMPTY, utf8 } from '../../host/bytes.ts';
import { encodeAnswer } from './answer.ts';
import type { ContentType } from './wire.ts';

export interface OutputRules {
  /** RV-21: what is flushed waits for the end of the command all the same. */
  readonly keepsFlushed: boolean;
  /** RV-43: what a module prints is no part of the answer. */
  readonly keepsPrinted: boolean;
}

export class Output {
  readonly #rules: OutputRules;
  readonly #print: (text: string) => void;
  #parts: Uint8Array[] = [];
  #raw: Uint8Array[] = [];
  type: ContentType = 'text/plain';

  /** `print`: where it goes if it is no part of the answer. */
  constructor(rules: OutputRules, print: (text: string) => void) {
    this.#rules = rules;
    this.#print = print;
  }

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  flush(): void {
    if (this.#rules.keepsFlushed) return;
    this.#raw.push(encodeAnswer({ status: 200, result: 'done', type: this.type, body: this.body }));
    this.#parts = [];
  }

  /** For whoever looks for mistakes in a module. */
  debug(text: string): void {
    if (this.#rules.keepsPrinted) this.#print(text);
    else this.#raw.push(utf8(`${text}\n`));
  }

  get body(): Uint8Array {
    return this.#parts.length === 0 ? EMPTY : concat(this.#parts);
  }

  /** Bytes that are on the connection before the answer. None, but for the traps. */
  get raw(): Uint8Array {
    return this.#raw.length === 0 ? EMPTY : concat(this.#raw);
  }
}
