/**
 * What was said to a client in a capture, said again: a frame that has a name in it which is another in each run becomes text in which that name is
 * put in, with the lengths that it has then (frames.ts).
 * Lacks: texts of JSON; a name in a string of more than 255 bytes.
 */
import { concat, EMPTY, hex, utf8 } from '../../src/host/bytes.ts';
import type { Message, Retelling, Saved } from '../case.ts';

const [LF, NUL, SHORT] = [0x0a, 0x00, 0x0a];
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
/** Bytes of a frame with its length; a longer one is said as it was. */
const FRAME_MAX = 1_048_576;
/** What the text of a frame cannot have in a string. */
const UNSAYABLE = /[<>{}\r\n]|[^\x20-\x7e]/;

/** `saved`: names of then. */
export function frameRetelling(saved: Saved): Retelling {
  let held: Uint8Array = EMPTY;
  const next = (): Uint8Array | string | undefined => {
    const end = isDigit(held[0]) ? frameEnd(held) : held.indexOf(LF) + 1;
    if (end === undefined && held.length > FRAME_MAX) return taken(held.length);
    if (end === undefined || end === 0) return undefined;
    const isFrame = isDigit(held[0]);
    const whole = taken(end);
    return isFrame ? (retold(whole.subarray(whole.indexOf(NUL) + 1), saved) ?? whole) : whole;
  };
  const taken = (length: number): Uint8Array => {
    const bytes = held.slice(0, length);
    held = held.slice(length);
    return bytes;
  };
  return {
    feed(bytes) {
      held = concat([held, bytes]);
      const said: (Uint8Array | string)[] = [];
      for (let each = next(); each !== undefined; each = next()) said.push(each);
      return said;
    },
    end: () => (held.length === 0 ? [] : [taken(held.length)]),
  };
}

/** Where a frame ends, which begins with its length; 0 where it is none; `undefined`: not there yet. */
function frameEnd(bytes: Uint8Array): number | undefined {
  const at = bytes.indexOf(NUL);
  if (at < 0) return undefined;
  const size = Number(String.fromCharCode(...bytes.subarray(0, Math.min(at, 20))));
  if (!Number.isSafeInteger(size)) return bytes.length;
  return bytes.length < at + 1 + size ? undefined : at + 1 + size;
}

/** As text with names in it; `undefined`: there are none in it. */
function retold(payload: Uint8Array, saved: Saved): string | undefined {
  let text = '';
  let from = 0;
  for (let at = 0; at + 2 <= payload.length; at++) {
    const length = payload[at + 1] ?? 0;
    if (payload[at] !== SHORT || at + 2 + length > payload.length) continue;
    const named = namedIn(String.fromCharCode(...payload.subarray(at + 2, at + 2 + length)), saved);
    if (named === undefined) continue;
    text += `${hex(payload.subarray(from, at))}<${named}>`;
    from = at + 2 + length;
    at = from - 1;
  }
  return from === 0 ? undefined : `<<hex ${text}${hex(payload.subarray(from))}>>`;
}

/** The longest names first: one may be the beginning of another. */
function namedIn(string: string, saved: Saved): string | undefined {
  if (UNSAYABLE.test(string)) return undefined;
  const names = [...saved].sort(([, one], [, other]) => other.length - one.length);
  const found = names.find(([, value]) => string.includes(value));
  return found === undefined ? undefined : string.replace(found[1], `{${found[0]}}`);
}

/** How a client of ours is started to say what one has said in a capture: its name beside its own ones, and what it asked for, one after the other. */
export function clientStart(said: readonly Message[]): readonly string[] {
  const text = (message: Message, field: string): string => String(message.fields[field] ?? '');
  const names = said.filter(({ type }) => type === 'iam').map(each => text(each, 'name'));
  // The first is the id, one is the address; what else it is called was told it.
  const given = names.slice(1).filter(name => !/^[\d.]+:\d+$/.test(name));
  const serializers = said.flatMap(each => (each.type === 'line' ? (/^FREEZER (\w+)$/.exec(text(each, 'text'))?.slice(1) ?? []) : []));
  const asked = said
    .filter(({ type }) => type === 'frame')
    .map(each => `--${verbOf(each)}=${text(each, 'event')}${paramsOf(text(each, 'params'))}`);
  return [
    '--connect={address}',
    ...given.slice(0, 1).map(name => `--name=${name}`),
    ...serializers.slice(0, 1).map(name => `--serializer=${name}`),
    ...asked,
  ];
}

const verbOf = ({ fields }: Message): string => (fields['rsvp'] === '' ? 'post' : fields['list'] === true ? 'list' : 'call');

function paramsOf(shown: string): string {
  if (shown === 'undef' || utf8(shown).length > FRAME_MAX) return '';
  try {
    JSON.parse(shown);
    return ` ${shown}`;
  } catch {
    return '';
  }
}
