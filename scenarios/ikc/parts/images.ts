/**
 * Images that are sent, and what has to come back of each: of a piece alone, of what is refused, and at last of all of them in one array and
 * in one hash.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { wrongAlone } from './alone.ts';
import { exactAsk } from './exact-images.ts';
import { type Asked, Image } from './image.ts';
import { JSON_PIECES, JSON_REFUSED } from './json-pieces.ts';
import { few, PIECES, type Piece } from './pieces.ts';
import { ASKED_FOR, BEGINNINGS, NOBODY_ASKED, REFUSED, REFUSED_THEN, REFUSED_THERE, toldOf } from './refused-pieces.ts';

/** Who asks, and who is asked. */
interface Ends {
  readonly own: string;
  readonly other: string;
}

const ALWAYS: Readonly<Record<string, Piece>> = { ...PIECES, ...ASKED_FOR };
const NEVER = { ...REFUSED, ...REFUSED_THERE, ...REFUSED_THEN };
/** They take a byte or a few each, and so all of them are sent to a mirror in each run, and some of them to a hub. */
const ALL_REFUSED: readonly string[] = [...Object.keys(NEVER), ...Object.keys(BEGINNINGS)];
const TURNS = 4;
/** All that there is of a machine. */
const OF_A_MACHINE: readonly string[] = ['integers of a machine', 'doubles of a machine'];
export const NAMES: readonly string[] = Object.keys(ALWAYS);
export const JSON_NAMES: readonly string[] = [...Object.keys(JSON_PIECES), ...Object.keys(JSON_REFUSED)];

export function asksOf(words: readonly string[], how: string, ends: Ends): readonly Asked[] {
  const parts = partsOf(words);
  if (how === 'exact') return parts.flatMap(({ size }) => exactAsk(size));
  if (how === 'json') return parts.flatMap(({ name, size }) => textOf(name, size, ends));
  const stored = parts.filter(({ name }) => (how === 'asked' ? PIECES : ALWAYS)[name] !== undefined && name !== 'as deep as may be');
  const one = (image: Image, name: string, size: number): void => ALWAYS[name]?.(image, size);
  const turn = (parts[0]?.size ?? 0) % TURNS;
  const always = how === 'native' ? OF_A_MACHINE : ALL_REFUSED.filter((_, index) => how === 'whole' || index % TURNS === turn);
  return [
    ...parts.flatMap(({ name, size }) => askOf(name, size, how, ends)),
    ...always.flatMap(name => askOf(name, 0, how, ends)),
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

/** Of each piece whether what needs no network holds of it. */
export const aloneOf = (words: readonly string[]): readonly { readonly name: string; readonly wrong: string | undefined }[] =>
  partsOf(words).flatMap(({ name, size }) => {
    const piece = ALWAYS[name];
    return piece === undefined || name === 'as deep as may be' ? [] : [{ name: `${name} of ${size}`, wrong: wrongAlone(piece, few(size)) }];
  });

interface Part {
  readonly name: string;
  readonly size: number;
}

function partsOf(words: readonly string[]): readonly Part[] {
  return words.map(word => {
    const [name = '', size] = word.split('*');
    return { name, size: Number(size) };
  });
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
  if (beginning !== undefined) {
    const { bytes, reason, detail, offset } = beginning;
    return [{ name, sent: Uint8Array.from(bytes), due: refusal(reason, offset, toldOf(reason, detail, offset), how) }];
  }
  const refused = NEVER[name];
  if (refused === undefined || how === 'native' || (isAsked && name in REFUSED_THEN)) return [];
  let at = 0;
  let end = 0;
  let items = 0;
  const { sent } = askOfAll(name, how, ends, image => {
    at = image.at;
    items = image.items;
    refused.piece(image, size);
    end = image.at;
  });
  const { reason, offset } = refused;
  const where = offset === undefined ? end : at + offset;
  const due = refusal(reason, where, toldOf(reason, refused.detail(items), where), how);
  return [{ name, sent: offset === undefined ? sent.subarray(0, end) : sent, due }];
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

/** A mirror says all that it was told; a kernel tells it in an error. */
const refusal = (reason: string, offset: number, told: string, how: string): string | Uint8Array =>
  how === 'asked' ? `A frame cannot be read: ${told}` : utf8(`refused ${reason} ${offset} ${told}`);

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
