/**
 * What comes on a connection or a pipe as one message: an answer of HTTP/1, that of a CGI program, or a request that is handed on.
 *
 *   answer    its `status` and `reason`; whether the request was `done`, or is `held`; its `result`, `message` and `next` (numbers; -1 where
 *             there is none), whether it was `replayed`, its media `type`, whether it `allows` POST, may be tried again (`retry`), its body as
 *             `text` and `hex`, and whether its length and status are told
 *   continue  the word that a body may come
 *   request   its `method`, and the pairs of its body, by token; its `number` and `epoch`
 *   told      what a client tells of an answer: `number`, `status`, `result`, `body`
 *   line      of standard error: its `text`, and whether it has the `mark` of a case in it
 *
 * Lacks: chunked bodies, and folded fields: an answer with one of them breaks the form.
 */
import { concat, EMPTY, hex, textOf } from '../../src/host/bytes.ts';
import type { Decoder, FieldValue, Item } from '../case.ts';
import { lines } from '../decoders.ts';
import { MARK } from './vocabulary.ts';

/** The clauses that bytes can break. */
export const FORM = 'R5';
export const LENGTH = 'length';

const [LF, CR] = [0x0a, 0x0d];
const HEAD_MAX = 65_536;
const BODY_MAX = 900_000;

/** What a first line says, or that it is none of this kind. */
type Start = (line: string) => Readonly<Record<string, FieldValue>> | undefined;

const statusOf = (found: RegExpExecArray | null): ReturnType<Start> =>
  found === null ? undefined : { status: Number(found[1]), reason: found[2] ?? '' };
const ANSWER: Start = line => statusOf(/^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(line));
const REQUEST: Start = line => {
  const [, method] = /^([A-Z]+) \S+ HTTP\/1\.[01]$/.exec(line) ?? [];
  return method === undefined ? undefined : { method };
};

export const answerDecoder = (): Decoder => new HttpDecoder({ answer: ANSWER });
export const requestDecoder = (): Decoder => new HttpDecoder({ request: REQUEST });
/** Of a connection, whichever of its directions it is. */
export const eitherDecoder = (): Decoder => new HttpDecoder({ answer: ANSWER, request: REQUEST });
export const cgiDecoder = (): Decoder => new HttpDecoder({});

/** Of standard output of a client; other lines are not looked at. */
export const toldDecoder: () => Decoder = lines({
  read: text => {
    const [whole, number, status, result = '', body = ''] = /^(\d+) (\d{3}) ([a-z]+)(?: (.*))?$/.exec(text) ?? [];
    if (whole === undefined) return { type: 'line', fields: { text }, ignorable: true };
    return { type: 'told', fields: { number: Number(number), status: Number(status), result, body } };
  },
});

export const errorDecoder: () => Decoder = lines({
  read: text => ({ type: 'line', fields: { text, mark: text.includes(MARK) }, ignorable: true }),
});

type Kind = 'answer' | 'request';
type Starts = Partial<Readonly<Record<Kind, Start>>>;
/** A message whose first line has been read. */
interface Begun {
  readonly kind: Kind;
  readonly start: Readonly<Record<string, FieldValue>>;
}

class HttpDecoder implements Decoder {
  readonly #starts: Starts;
  #held: Uint8Array = EMPTY;
  #offset = 0;
  #over = false;
  #answered = false;
  #recognised = false;

  /** By what may come. With none the form is that of a CGI program: only fields, of which one may be the status. */
  constructor(starts: Starts) {
    this.#starts = starts;
  }

  get held(): number {
    return this.#over ? 0 : this.#held.length;
  }

  /** Not only HTTP of anybody: a field or a token of Rover. */
  get recognised(): boolean {
    this.#recognised ||= !this.#over && OWN.test(textOf(this.#held.subarray(0, OWN_MAX)));
    return this.#recognised;
  }

  feed(bytes: Uint8Array): readonly Item[] {
    this.#held = concat([this.#held, bytes]);
    return this.#items(false);
  }

  end(): readonly Item[] {
    return this.#items(true);
  }

  #items(ended: boolean): readonly Item[] {
    const items: Item[] = [];
    for (let item = this.#next(ended); item !== undefined; item = this.#next(ended)) {
      items.push(item);
      if (item.kind === 'violation') this.#over = true;
    }
    return items;
  }

  #violation(clause: string, detail: string): Item {
    return { kind: 'violation', clause, detail, offset: this.#offset };
  }

  #next(ended: boolean): Item | undefined {
    if (this.#over || this.#held.length === 0) return undefined;
    if (this.#answered) return this.#violation(LENGTH, `${this.#held.length} bytes behind the answer`);
    const head = headOf(this.#held);
    if (head === undefined) {
      if (this.#held.length > HEAD_MAX) return this.#violation(FORM, `a header of more than ${HEAD_MAX} bytes`);
      return ended ? this.#violation(FORM, `the end in the header, after ${this.#held.length} bytes`) : undefined;
    }
    const [first = '', ...others] = head.lines;
    const begun = this.#begin(first);
    if (begun === undefined) return this.#violation(FORM, 'its first line is none of HTTP/1');
    const fields = fieldsOf(this.#isCgi ? head.lines : others);
    if (typeof fields === 'string') return this.#violation(FORM, fields);
    if (begun.start['status'] === 100) return this.#taken(head.size, 'continue', begun.start);
    return this.#body(head.size, begun, fields, ended);
  }

  get #isCgi(): boolean {
    return Object.keys(this.#starts).length === 0;
  }

  #begin(line: string): Begun | undefined {
    if (this.#isCgi) return { kind: 'answer', start: {} };
    for (const kind of ['answer', 'request'] as const) {
      const start = this.#starts[kind]?.(line);
      if (start !== undefined) return { kind, start };
    }
    return undefined;
  }

  #body(size: number, { kind, start }: Begun, fields: ReadonlyMap<string, string>, ended: boolean): Item | undefined {
    const told = fields.get('content-length');
    if (told !== undefined && !/^\d{1,9}$/.test(told)) return this.#violation(LENGTH, 'a Content-Length that is no number');
    const there = this.#held.length - size;
    if (told === undefined && there > BODY_MAX) return this.#violation(LENGTH, `a body of more than ${BODY_MAX} bytes`);
    const length = told === undefined ? there : Number(told);
    if (length > there) return ended ? this.#violation(LENGTH, `${there} bytes of a body of ${length}`) : undefined;
    // One whose length was not told ends with its stream.
    if (!ended && told === undefined) return undefined;
    const body = this.#held.slice(size, size + length);
    const more = kind === 'request' ? pairsOf(textOf(body)) : answerOf(start, fields, body, this.#isCgi);
    if (more === undefined) return this.#violation(FORM, 'its Status is none');
    return this.#taken(size + length, kind, { ...start, ...more });
  }

  #taken(size: number, type: string, fields: Readonly<Record<string, FieldValue>>): Item {
    const item: Item = { kind: 'message', type, fields, bytes: this.#held.slice(0, size), offset: this.#offset, ignorable: false };
    this.#recognised ||= OWN.test(textOf(item.bytes.subarray(0, OWN_MAX)));
    this.#held = this.#held.slice(size);
    this.#offset += size;
    this.#answered = type === 'answer';
    return item;
  }
}

/** Of an answer, of a request. */
const OWN =
  /^(?:POST \S+ HTTP\/1\.[01]\r?\n(?:[^\r\n]+\r?\n)*\r?\n(?:[^&]*&)*(?:MSGID|COMMAND)=|HTTP\/1\.[01] \d{3}[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*rover-\w+:)/i;
const OWN_MAX = 4_096;

/** The lines before the empty one, and how many bytes that is. */
function headOf(bytes: Uint8Array): { readonly lines: readonly string[]; readonly size: number } | undefined {
  for (let at = bytes.indexOf(LF); at >= 0 && at < HEAD_MAX; at = bytes.indexOf(LF, at + 1)) {
    const size = bytes[at + 1] === LF ? at + 2 : bytes[at + 1] === CR && bytes[at + 2] === LF ? at + 3 : 0;
    if (size > 0) return { lines: textOf(bytes.subarray(0, at)).replace(/\r$/, '').split(/\r?\n/), size };
  }
  return undefined;
}

/** By name in small letters; or what is wrong. */
function fieldsOf(lines: readonly string[]): ReadonlyMap<string, string> | string {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#-'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === '') return 'a line in its header that is no field';
    if (fields.has(name.toLowerCase()) && name.toLowerCase() === 'content-length') return 'Content-Length twice';
    fields.set(name.toLowerCase(), value);
  }
  return fields;
}

function answerOf(
  start: Readonly<Record<string, FieldValue>>,
  fields: ReadonlyMap<string, string>,
  body: Uint8Array,
  cgi: boolean,
): Readonly<Record<string, FieldValue>> | undefined {
  const told = cgi ? statusOf(/^(\d{3})(?: (.*))?$/.exec(fields.get('status') ?? '200 OK')) : start;
  if (told === undefined) return undefined;
  const status = Number(told['status']);
  const number = (name: string): number => (/^\d+$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : -1);
  const text = textOf(body);
  return {
    ...told,
    status,
    done: status >= 200 && status < 300 && status !== 202,
    held: status === 202,
    result: fields.get('rover-result') ?? '',
    message: number('rover-message'),
    next: number('rover-next'),
    replayed: fields.get('rover-replayed')?.toLowerCase() === 'yes',
    type: (fields.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    allows: (fields.get('allow') ?? '').split(',').some(each => each.trim() === 'POST'),
    retry: number('retry-after'),
    'length-told': fields.has('content-length'),
    'status-told': !cgi || fields.has('status'),
    text,
    hex: hex(body),
  };
}

/** Of a body in the form encoding, what stands for each token as it stands there, decoded; two of them as numbers, to be compared. */
function pairsOf(body: string): Readonly<Record<string, FieldValue>> {
  const pairs = new Map(
    body.split('&').map(pair => {
      const [name = '', value = ''] = pair.split(/=(.*)/s).slice(0, 2);
      return [name, decoded(value)];
    }),
  );
  return { ...Object.fromEntries(pairs), number: Number(pairs.get('MSGID') ?? -1), epoch: Number(pairs.get('EPOCH') ?? -1) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
