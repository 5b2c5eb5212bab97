/**
 * Images that are sent, and what has to come back of each: of a piece alone, of what is refused, and at last of all of them in one array and
 * in one hash.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { exactAsk } from './exact-images.ts';
import { type Asked, Image } from './image.ts';
import { JSON_PIECES, JSON_REFUSED } from './json-pieces.ts';
import { PIECES, type Piece } from './pieces.ts';
import { ASKED_FOR, BEGINNINGS, NOBODY_ASKED, REFUSED, REFUSED_THERE } from './refused-pieces.ts';

/** Who asks, and who is asked. */
interface Ends {
  readonly own: string;
  readonly other: string;
}

const ALWAYS: Readonly<Record<string, Piece>> = { ...PIECES, ...ASKED_FOR };
const NEVER = { ...REFUSED, ...REFUSED_THERE };
export const NAMES: readonly string[] = [...Object.keys(ALWAYS), ...Object.keys(NEVER), ...Object.keys(BEGINNINGS)];
export const JSON_NAMES: readonly string[] = [...Object.keys(JSON_PIECES), ...Object.keys(JSON_REFUSED)];

export function asksOf(words: readonly string[], how: string, ends: Ends): readonly Asked[] {
  const parts = words.map(word => {
    const [name = '', size] = word.split('*');
    return { name, size: Number(size) };
  });
  if (how === 'exact') return parts.flatMap(({ size }) => exactAsk(size));
  if (how === 'json') return parts.flatMap(({ name, size }) => textOf(name, size, ends));
  const stored = parts.filter(({ name }) => (how === 'asked' ? PIECES : ALWAYS)[name] !== undefined && name !== 'as deep as may be');
  const one = (image: Image, name: string, size: number): void => ALWAYS[name]?.(image, size);
  return [
    ...parts.flatMap(({ name, size }) => askOf(name, size, how, ends)),
    askOfAll(
      'all in an array',
      how,
      ends,
      image => image.item(0x04) && image.array(stored.length, index => one(image, stored[index]?.name ?? '', stored[index]?.size ?? 0)),
    ),
    askOfAll(
      'all in a hash',
      how,
      ends,
      image => image.item(0x04) && image.hash(stored.map(({ name, size }, index) => [`${index} ${name}`, () => one(image, name, size)])),
    ),
  ];
}

function askOf(name: string, size: number, how: string, ends: Ends): readonly Asked[] {
  const isAsked = how === 'asked';
  const piece = ALWAYS[name];
  if (piece !== undefined) {
    const ask = askOfAll(`${name} of ${size}`, how, ends, image => piece(image, size));
    // Who asks for no code refuses that.
    const why = NOBODY_ASKED[name];
    return [isAsked && why !== undefined ? { ...ask, due: `A frame cannot be read: ${why}` } : ask];
  }
  const beginning = BEGINNINGS[name];
  if (beginning !== undefined)
    return [{ name, sent: Uint8Array.from(beginning.bytes), due: refusal(beginning.reason, beginning.offset, how) }];
  const refused = NEVER[name];
  if (refused === undefined || how === 'native') return [];
  let at = 0;
  let end = 0;
  const { sent } = askOfAll(name, how, ends, image => {
    at = image.at;
    refused.piece(image, size);
    end = image.at;
  });
  if (refused.offset !== undefined) return [{ name, sent, due: refusal(refused.reason, at + refused.offset, how) }];
  return [{ name, sent: sent.subarray(0, end), due: refusal(refused.reason, end, how) }];
}

/** The same call as a text. */
function textOf(name: string, size: number, { own, other }: Ends): readonly Asked[] {
  const back = `{"kernel":"${own}","session":"S","state":"back"}`;
  const asking = (params: string): Uint8Array => utf8(`{"event":"poe:/demo/echo","params":${params},"rsvp":${back}}`);
  const written = JSON_PIECES[name]?.(size);
  const refused = JSON_REFUSED[name];
  if (written === undefined) return refused === undefined ? [] : [{ name, sent: asking(refused), due: 'A frame cannot be read: ' }];
  const [sent, again] = written;
  const from = `{"kernel":"${other}","session":"demo","state":"IKC:proxy"}`;
  return [{ name: `${name} of ${size}`, sent: asking(sent), due: utf8(`{"event":${back},"params":${again},"from":${from}}`) }];
}

const refusal = (reason: string, offset: number, how: string): string =>
  how === 'asked' ? ` at offset ${offset}` : `refused ${reason} ${offset} `;

/** As the only element of an array, or as the params of a call. */
function askOfAll(name: string, how: string, ends: Ends, put: (image: Image) => void): Asked {
  const image = new Image(how === 'native');
  if (how === 'asked') call(image, ends, put);
  else image.array(1, () => put(image));
  const { sent, back } = image;
  return { name, sent, due: back };
}

const place = (kernel: string, session: string, state: string): readonly (readonly [string, string])[] => [
  ['kernel', kernel],
  ['session', session],
  ['state', state],
];

/** The request stands first, the answer behind it: the params are in both, and what is around them is in one of the two. */
function call(image: Image, { own, other }: Ends, put: (image: Image) => void): void {
  const around = (write: (part: Image) => void): readonly number[] => {
    const part = new Image();
    write(part);
    return [...part.back.subarray(2)];
  };
  const text = (value: string) => (part: Image) => part.string(value);
  const key = (name: string) => (part: Image) => part.key(name);
  const specifier =
    (...parts: Parameters<typeof place>) =>
    (part: Image) => {
      part.item(0x04);
      part.hash(place(...parts).map(([name, value]) => [name, () => part.string(value)]));
    };
  const back = specifier(own, 'S', 'back');
  // Items: the whole and its event; the whole, its event, what that points at, and its three parts.
  image.either([0x03, 0, 0, 0, 3], [0x03, 0, 0, 0, 3]);
  image.either([...around(text('poe:/demo/echo')), ...around(key('event'))], [...around(back), ...around(key('event'))]);
  image.skip(2, 6);
  put(image);
  image.either([...around(key('params'))], [...around(key('params'))]);
  image.either([...around(back), ...around(key('rsvp'))], [...around(specifier(other, 'demo', 'IKC:proxy')), ...around(key('from'))]);
}
