/**
 * What is another value in each play: a message that is awaited saves it, and where a peer repeats it, the one of now is said.
 * Lacks: values that are shorter than three characters; values that are not said as they are, but for those that a channel keeps (`as`).
 */
import { concat, EMPTY, hex, unhex, utf8 } from '../../src/host/bytes.ts';
import { rowOf, type Varying } from '../../src/trace/varying.ts';
import type { ExpectedMessage, FieldPattern, Message, Save, Step } from '../case.ts';

/** Shorter ones stand in too many messages by accident. */
const BOUND_LEAST = 3;
/** Where nothing is said of a field. */
const EXACT: Pick<Varying, 'mode' | 'as'> = { mode: 'exact' };

export class BoundValues {
  readonly #varies: readonly Varying[];
  /** Captured text, by the name under which a play saves its own. */
  readonly #bound = new Map<string, string>();
  /** The same, and what is bound twice: decoders look for it. */
  readonly saved: Map<string, string> = new Map();

  constructor(varies: readonly Varying[]) {
    this.#varies = varies;
  }

  expected(message: Message): ExpectedMessage {
    const fields: Record<string, FieldPattern> = {};
    const save: Save[] = [];
    for (const [field, value] of Object.entries(message.fields)) {
      const text = String(value);
      const { mode, as = `captured-${letters(this.#bound.size)}` } = rowOf(this.#varies, message.type, field, text) ?? EXACT;
      if (mode === 'exact') fields[field] = value;
      else if (mode !== 'ignore') fields[field] = { form: 'any' };
      if (mode !== 'bound' || text.length < BOUND_LEAST) continue;
      save.push({ field, as });
      this.saved.set(as, text);
      // Of two equal values the first one is bound.
      if (![...this.#bound.values()].includes(text)) this.#bound.set(as, text);
    }
    const [first = ''] = Object.values(message.fields).map(String);
    return {
      message: { type: message.type, fields, name: first === '' ? message.type : `${message.type} ${first.slice(0, 60)}` },
      times: 'one',
      ...(save.length === 0 ? {} : { save }),
    };
  }

  /** What is said, behind what was said before and has no bound value in it: one may begin there. */
  said(bytes: Uint8Array, before = ''): Pick<Step & { readonly verb: 'send' }, 'hex' | 'insert'> {
    const longest = Math.max(0, ...[...this.#bound.values()].map(text => utf8(text).length));
    const looked = Math.max(0, before.length - 2 * longest);
    const again = concat([unhex(before.slice(looked)) ?? EMPTY, bytes]);
    const insert: { at: number; saved: string }[] = [];
    let digits = before.slice(0, looked);
    let at = 0;
    while (at < again.length) {
      const found = this.#at(again, at);
      if (found === undefined) digits += hex(again.subarray(at, ++at));
      else {
        insert.push({ at: digits.length / 2, saved: found.name });
        at += found.length;
      }
    }
    return { hex: digits, ...(insert.length === 0 ? {} : { insert }) };
  }

  #at(bytes: Uint8Array, at: number): { readonly name: string; readonly length: number } | undefined {
    for (const [name, text] of this.#bound) {
      const wanted = utf8(text);
      if (wanted.every((byte, index) => bytes[at + index] === byte)) return { name, length: wanted.length };
    }
    return undefined;
  }
}

/** The names of saved values have no digits. */
const letters = (number: number): string =>
  number.toString(26).replace(/./g, digit => String.fromCharCode(97 + Number.parseInt(digit, 26)));
