/**
 * A connection of IKC as messages: lines, then frames, told apart by how they begin, because no line of the protocol begins with a digit
 * and every frame does. So whoever switches too early or too late is seen as well.
 *
 *   iam     a line that tells a name: its `text` and the `name`
 *   line    any other: its `text`
 *   frame   a request, by value: `event`, `from` and `rsvp` as specifiers ('' where there is none) and the parts of the last two, `params` and
 *           the whole as they read (shown.ts), its `keys`, whether it is an `error`, wants a `list`, is `json`, names in `from` and
 *           `rsvp` a `known` kernel, which the sender has announced; the bytes of its payload as
 *           `size`; of an error what it is `about`, and whether it `tells` what nobody has asked for
 *
 * Lacks: what a request must be; a frame of anything else has its `value` and is no request.
 */
import { textOf as utf8Of } from '../../src/host/bytes.ts';
import type { ByteQueue } from '../../src/impl/framing/byte-queue.ts';
import { type Need, Parser } from '../../src/impl/framing/parser.ts';
import { byCharacters, latin1 } from '../../src/impl/storable/text.ts';
import { thaw } from '../../src/impl/storable/thaw.ts';
import { type PerlValue, textOf } from '../../src/impl/storable/values.ts';
import type { Decoder, FieldValue, Item } from '../case.ts';
import { shown } from './shown.ts';

/** What is looked at: a longer one breaks the format. */
const LINE_MAX = 65_536;
const DIGITS_MAX = 20;
const FRAME_MAX = 1_000_000;

const [LF, CR, NUL] = [0x0a, 0x0d, 0x00];
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** The clauses that bytes can break. */
export const LINES = 'B3';
export const FRAMES = 'B6';
export const IMAGES = 'B7';

export const JSON_TEXT = 'JSON';

export function ikcDecoder(): Decoder {
  /** Bytes of a line or a header that has begun. */
  let begun = 0;
  /** What the sender has told of itself. */
  const names: Set<string> = new Set();
  /** A name or a request came, and not only lines, as many protocols have them. */
  let recognised = false;
  const parser = new Parser<Item>(function* (input, emit) {
    for (;;) {
      const start = input.consumed;
      const next = function* (boundary = false): Generator<Need, number, void> {
        if (input.length === 0) yield { field: 'line or frame', bytes: 1, boundary };
        begun = input.consumed + 1 - start;
        return input.byte();
      };
      const first = yield* next(true);
      const item = isDigit(first) ? yield* frame(first, start, input, next, names) : yield* line(first, start, next);
      begun = 0;
      emit(item);
      if (item.kind === 'violation') return;
      if (item.type === 'iam') names.add(String(item.fields['name']));
      if (item.type !== 'line' || WORDS.test(String(item.fields['text']))) recognised = true;
    }
  });
  return {
    feed: bytes => parser.push(bytes),
    end() {
      const cut = parser.finish();
      if (cut === undefined) return [];
      return [
        {
          kind: 'violation',
          clause: FRAMES,
          detail: `the end in the middle of a line or a frame, after ${this.held} of its bytes`,
          offset: cut.offset,
        },
      ];
    },
    get held() {
      return begun + parser.buffered;
    },
    get recognised() {
      return recognised;
    },
  };
}

/** How a client of this protocol sets up. */
const WORDS = /^(?:SETUP\s+\w+=|FREEZER\s+\w)/;

type Next = (boundary?: boolean) => Generator<Need, number, void>;

const violation = (clause: string, detail: string, offset: number): Item => ({ kind: 'violation', clause, detail, offset });

function* line(first: number, start: number, next: Next): Generator<Need, Item, void> {
  const bytes = [first];
  while (bytes.at(-1) !== LF) {
    if (bytes.length > LINE_MAX) return violation(LINES, `a line of more than ${LINE_MAX} bytes`, start);
    bytes.push(yield* next());
  }
  if (bytes.at(-2) !== CR) return violation(LINES, 'a line that ends with a line feed alone', start);
  const whole = Uint8Array.from(bytes);
  const text = latin1(whole, 0, whole.length - 2);
  const [, name] = /^IAM\s+([-:.A-Za-z0-9_]+)$/.exec(text) ?? [];
  const message = { kind: 'message', bytes: whole, offset: start, ignorable: false } as const;
  return name === undefined ? { ...message, type: 'line', fields: { text } } : { ...message, type: 'iam', fields: { text, name } };
}

function* frame(first: number, start: number, input: ByteQueue, next: Next, names: ReadonlySet<string>): Generator<Need, Item, void> {
  const header = [first];
  for (let byte = yield* next(); byte !== NUL; byte = yield* next()) {
    header.push(byte);
    if (!isDigit(byte)) return violation(FRAMES, `byte ${byte} in the length of a frame`, start);
    if (header.length > DIGITS_MAX) return violation(FRAMES, `a length of more than ${DIGITS_MAX} digits`, start);
  }
  const size = Number(String.fromCharCode(...header));
  if (size > FRAME_MAX) return violation(FRAMES, `a frame of ${size} bytes; ${FRAME_MAX} are looked at`, start);
  if (input.length < size) yield { field: 'payload', bytes: size, boundary: false };
  const payload = input.take(size);
  const value = readIn(payload);
  if (typeof value === 'string') return violation(payload[0] === BRACE ? JSON_TEXT : IMAGES, value, start);
  return {
    kind: 'message',
    type: 'frame',
    fields: { ...fieldsOf(value.value, size, names), json: payload[0] === BRACE },
    bytes: payload,
    offset: start,
    ignorable: false,
  };
}

// ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

const BRACE = 0x7b;

/** Of an image or, as a request of JSON begins, of a text; or why there is none. */
function readIn(payload: Uint8Array): { readonly value: PerlValue } | string {
  if (payload[0] !== BRACE) {
    const thawed = thaw(payload, { regexps: true });
    return thawed.ok ? thawed : `no image: ${thawed.message}`;
  }
  try {
    return { value: perlOf(JSON.parse(utf8Of(payload))) };
  } catch (error) {
    return `no JSON: ${error instanceof Error ? error.message : ''}`;
  }
}

export function perlOf(json: unknown): PerlValue {
  if (Array.isArray(json)) return json.map(perlOf);
  if (typeof json === 'object' && json !== null) return new Map(Object.entries(json).map(([key, value]) => [key, perlOf(value)]));
  return typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean' ? json : null;
}

const PARTS = ['kernel', 'session', 'state'] as const;

function fieldsOf(value: PerlValue, size: number, names: ReadonlySet<string>): Readonly<Record<string, FieldValue>> {
  const whole = { value: shown(value), size };
  if (!(value instanceof Map)) return whole;
  const at = (key: string): PerlValue => value.get(key) ?? null;
  const [event, from, rsvp] = [at('event'), at('from'), at('rsvp')].map(specifier);
  return {
    event: event?.text ?? '',
    params: shown(at('params')),
    from: from?.text ?? '',
    rsvp: rsvp?.text ?? '',
    error: truth(at('is_error')),
    list: truth(at('wantarray')),
    keys: [...value.keys()].sort(byCharacters).join(','),
    ...saidOf(textOf(at('params'))),
    known: [from, rsvp].every(each => each === undefined || names.has(each.parts[0] ?? '')),
    ...partsOf('event', event),
    ...partsOf('from', from),
    ...partsOf('rsvp', rsvp),
    ...whole,
  };
}

interface Specifier {
  readonly text: string;
  readonly parts: readonly string[];
}

/** A text is one as it is; its parts are not looked for. */
function specifier(value: PerlValue): Specifier | undefined {
  const text = textOf(value);
  if (text !== undefined) return { text, parts: /^poe:\/\/([^/]*)\/([^/]*)\/(.*)$/.exec(text)?.slice(1) ?? [] };
  if (!(value instanceof Map)) return undefined;
  const parts = PARTS.map(part => textOf(value.get(part)) ?? '');
  const [kernel = '', ...rest] = parts;
  return { text: `poe:${kernel === '' ? '' : `//${kernel}`}${rest.map(part => (part === '' ? '' : `/${part}`)).join('')}`, parts };
}

const partsOf = (name: string, found: Specifier | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(PARTS.map((part, index) => [`${name}-${part}`, found?.parts[index] ?? '']));

/** Of the text of an error: the session and state in brackets that it is about, and whether it tells what nobody has asked for. */
const saidOf = (text = ''): Readonly<Record<string, FieldValue>> => ({
  about: /\[poe:(?:\/\/[^\]/]*)?([^\]]*)\]/.exec(text)?.[1] ?? '',
  tells: /do_you_have| at \S+ line [0-9]/.test(text),
});

const truth = (value: PerlValue): boolean => !['undef', '0', '""'].includes(shown(value));
