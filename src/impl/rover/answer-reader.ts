/**
 * An answer as it arrives: `HTTP/1.1 100 Continue` is passed over. Any cutting of the bytes gives the same.
 * Lacks: time limits; what the answer means to a client.
 */
import { printable } from '../../host/bytes.ts';
import type { ByteQueue } from '../framing/byte-queue.ts';
import { type Need, Parser } from '../framing/parser.ts';
import { fieldOf, isRefusal } from './header.ts';
import { headerLine } from './lines.ts';
import { type Answer, FIELDS_MAX, HEADER_MAX, isStatus, NUMBER_MAX, OBJECT_BYTES_MAX, RESULTS, TYPES } from './wire.ts';

export type AnswerItem =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** These bytes are no answer of a Rover server. `offset`: of the first byte that is not read any more. */
  | { readonly kind: 'problem'; readonly problem: string; readonly offset: number };

const CONTINUES = 8;

export class AnswerReader {
  readonly #parser: Parser<AnswerItem> = new Parser<AnswerItem>(grammar);

  /** The one item there is, when it is whole. */
  feed(bytes: Uint8Array): AnswerItem | undefined {
    return this.#parser.push(bytes)[0];
  }

  /** The peer sends no more: what is missing; undefined behind a whole answer. */
  end(): string | undefined {
    const cut = this.#parser.finish();
    if (cut === undefined) return undefined;
    return cut.offset === 0 && cut.have === 0 ? 'no answer' : `the end in the middle of the ${cut.field} of an answer`;
  }
}

class Problem {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const TOO_LONG = new Problem(`a header of more than ${HEADER_MAX} bytes`);

function* grammar(input: ByteQueue, emit: (item: AnswerItem) => void): Generator<Need, void, void> {
  const answer = yield* read(input);
  emit(answer instanceof Problem ? { kind: 'problem', problem: answer.text, offset: input.consumed } : { kind: 'answer', answer });
}

function* read(input: ByteQueue): Generator<Need, Answer | Problem, void> {
  for (let count = 0; count <= CONTINUES; count++) {
    const start = input.consumed;
    const first = yield* headerLine(input, start + HEADER_MAX);
    if (first === undefined) return TOO_LONG;
    const [, code = ''] = /^HTTP\/1\.[0-9]+ ([0-9]{3})(?: .*)?$/.exec(first) ?? [];
    if (code === '') return new Problem(`no status line of HTTP: ${printable(first, 60)}`);
    const fields = yield* fieldLines(input, start);
    if (fields instanceof Problem) return fields;
    if (code !== '100') return yield* answerOf(Number(code), fields, input);
  }
  return new Problem(`more than ${CONTINUES} times 100 Continue`);
}

type Fields = ReadonlyMap<string, string>;

function* fieldLines(input: ByteQueue, start: number): Generator<Need, Fields | Problem, void> {
  const fields: Map<string, string> = new Map();
  for (let count = 0; ; count++) {
    const next = yield* headerLine(input, start + HEADER_MAX);
    if (next === undefined) return TOO_LONG;
    if (next === '') return fields;
    const field = fieldOf(next);
    if (isRefusal(field)) return new Problem(field.why);
    if (count === FIELDS_MAX) return new Problem(`more than ${FIELDS_MAX} fields in a header`);
    const name = field.name.toLowerCase();
    if (fields.has(name)) return new Problem(`field ${printable(name, 40)} twice`);
    fields.set(name, field.value);
  }
}

function* answerOf(status: number, fields: Fields, input: ByteQueue): Generator<Need, Answer | Problem, void> {
  if (!isStatus(status)) return new Problem(`status ${status} is none of a Rover server`);
  const result = RESULTS.find(each => each === fields.get('rover-result'));
  if (result === undefined) return new Problem('no Rover-Result');
  const length = numberIn(fields, 'content-length');
  if (length === undefined || length > OBJECT_BYTES_MAX) return new Problem('no Content-Length, or one that is too large');
  const [message, next] = [numberIn(fields, 'rover-message'), numberIn(fields, 'rover-next')];
  if (input.length < length) yield { field: 'body', bytes: length, boundary: false };
  const type = TYPES.find(each => each === fields.get('content-type')?.split(';', 1)[0]?.trim()) ?? 'application/octet-stream';
  return {
    status,
    result,
    type,
    body: input.take(length),
    ...(message === undefined ? {} : { message }),
    ...(next === undefined ? {} : { next }),
    ...(fields.get('rover-replayed') === 'yes' ? { replayed: true } : {}),
  };
}

function numberIn(fields: Fields, name: string): number | undefined {
  const text = fields.get(name);
  return text !== undefined && /^[0-9]{1,16}$/.test(text) && Number(text) <= NUMBER_MAX ? Number(text) : undefined;
}
