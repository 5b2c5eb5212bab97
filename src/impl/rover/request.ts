/**
 * A request of HTTP/1.x as it arrives: header, leave to go on where the peer waits for it, body. Any cutting of the bytes gives the
 * same items. After a refusal, and behind the body, everything is ignored.
 * Lacks: what the pairs in the body mean (form.ts), and time limits.
 */
import type { ByteQueue } from '../framing/byte-queue.ts';
import { type Need, Parser } from '../framing/parser.ts';
import {
  CORRECTED_HEADER,
  type Field,
  fieldOf,
  type Header,
  type HeaderRules,
  headerOf,
  isRefusal,
  type Refusal,
  requestLine,
  TOO_MANY_FIELDS,
} from './header.ts';
import { headerLine } from './lines.ts';
import { FIELDS_MAX, HEADER_MAX } from './wire.ts';

export type RequestItem =
  /** The peer is to be told `HTTP/1.1 100 Continue`. */
  | { readonly kind: 'continue' }
  | { readonly kind: 'request'; readonly header: Header; readonly body: Uint8Array }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };

export interface ReaderRules extends HeaderRules {
  /** RV-23: bytes of a header. */
  readonly headerMax: number;
}
export const CORRECTED_READER: ReaderRules = { ...CORRECTED_HEADER, headerMax: HEADER_MAX };

export class RequestReader {
  readonly #parser: Parser<RequestItem>;

  constructor(rules: ReaderRules = CORRECTED_READER) {
    this.#parser = new Parser<RequestItem>((input, emit) => grammar(input, emit, rules));
  }

  feed(bytes: Uint8Array): readonly RequestItem[] {
    return this.#parser.push(bytes);
  }

  /** Nothing has come yet. */
  get untouched(): boolean {
    return !this.#parser.stopped && this.#parser.offset === 0 && this.#parser.buffered === 0;
  }

  /** The request was read, or refused. */
  get over(): boolean {
    return this.#parser.stopped;
  }

  /** The peer sends no more. */
  end(): Refusal | undefined {
    const cut = this.#parser.finish();
    if (cut === undefined) return undefined;
    const { field, have, want } = cut;
    return {
      status: 400,
      why: field === 'body' ? `the end after ${have} of ${want} bytes of the body` : 'the end in the middle of the header',
    };
  }
}

function* grammar(input: ByteQueue, emit: (item: RequestItem) => void, rules: ReaderRules): Generator<Need, void, void> {
  const read = yield* headerLines(input, rules);
  if (isRefusal(read)) {
    emit({ kind: 'refusal', refusal: read });
    return;
  }
  if (read.header.waits) emit({ kind: 'continue' });
  const { length } = read.header;
  if (input.length < length) yield { field: 'body', bytes: length, boundary: false };
  emit({ kind: 'request', header: read.header, body: input.take(length) });
}

function* headerLines(input: ByteQueue, rules: ReaderRules): Generator<Need, { readonly header: Header } | Refusal, void> {
  const tooLong: Refusal = { status: 431, why: `a header of more than ${rules.headerMax} bytes` };
  const first = yield* headerLine(input, rules.headerMax);
  if (first === undefined) return tooLong;
  const request = requestLine(first);
  if (isRefusal(request)) return request;
  const fields: Field[] = [];
  for (;;) {
    const next = yield* headerLine(input, rules.headerMax);
    if (next === undefined) return tooLong;
    if (next === '') break;
    const field = fieldOf(next);
    if (isRefusal(field)) return field;
    fields.push(field);
    if (fields.length > FIELDS_MAX) return TOO_MANY_FIELDS;
  }
  const header = headerOf(request, fields, rules);
  return isRefusal(header) ? header : { header };
}
