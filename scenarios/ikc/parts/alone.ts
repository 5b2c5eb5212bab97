/**
 * What is promised of an image that nobody sends: each beginning of it is refused where it ends, what stands behind it is not read, each of its
 * values is told of, and it is stored again wherever in the writer's buffer it comes to lie.
 * Lacks: what is refused by itself (refused-pieces.ts), and what cannot be stored (unstorable.ts).
 */
import { concat, equalBytes, hex } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { thaw } from '../../../src/impl/storable/thaw.ts';
import { Image } from './image.ts';
import type { Piece } from './pieces.ts';
import { toldOf } from './refused-pieces.ts';

/** What is wrong, if anything is. */
type Verdict = string | undefined;

/** Longer ones are not cut at each byte. */
const CUT_MAX = 64;
/** Behind so many bytes the buffer of a writer has to grow for the first time. */
const BUFFER = 16_384;
/** Before a piece there: header and array, and the head of a string that fills the buffer up. */
const HEADS = 2 + 5 + 5;
/** A string of at least so many bytes, with what is before it, has its length in four bytes. */
const LONG = 512;
/** A long string has so many bytes more before it than an empty one. */
const LONGER = 3;
/** The limit of the buffer comes to lie at each of so many bytes, at the beginning of a piece and at its end. */
const EDGES = 12;
const BEHIND = Uint8Array.of(0x05, 0x04, 0xff);

const OPTIONS = { code: true, regexps: true } as const;

/** In the order of the network, and as a machine has it. */
export function wrongAlone(piece: Piece, size: number): Verdict {
  for (const native of [false, true]) {
    const image = new Image(native);
    const start = image.at;
    image.array(1, () => piece(image, size));
    const why = wrongValues(image) ?? wrongBehind(image) ?? (image.at > CUT_MAX ? undefined : wrongCut(image, start));
    if (why !== undefined) return `${native ? 'of a machine' : 'in network order'} ${why}`;
  }
  return wrongAtEdges(piece, size);
}

function wrongCut({ sent }: Image, start: number): Verdict {
  for (let end = start; end < sent.length; end++) {
    const cut = thaw(sent.subarray(0, end), OPTIONS);
    if (cut.ok || cut.reason !== 'truncated' || cut.offset !== end) return `cut at ${end}: ${cut.ok ? 'is read' : cut.message}`;
    const [, detail = '', count, there] =
      /: (one more byte is wanted|(\d+) bytes are wanted and (\d+) there|(\d+) items are announced, (\d+) bytes follow,) at /.exec(
        cut.message,
      ) ?? [];
    if (detail === '' || cut.message !== toldOf('truncated', detail, end) || Number(there) >= Number(count))
      return `cut at ${end} tells '${cut.message}'`;
  }
  return undefined;
}

function wrongBehind({ sent, back }: Image): Verdict {
  const read = thaw(concat([sent, BEHIND]), OPTIONS);
  if (!read.ok) return `with more behind it is refused: ${read.message}`;
  return equalBytes(freeze(read.value), back) ? undefined : 'with more behind it is another one';
}

function wrongValues({ sent, values }: Image): Verdict {
  const told = new Set<string>();
  thaw(sent, { ...OPTIONS, onValue: (at, length) => told.add(`${at} ${length}`) });
  const missing = [...values].find(each => !told.has(each));
  const more = [...told].find(each => !values.has(each));
  return missing === undefined && more === undefined
    ? undefined
    : `does not tell of ${missing ?? 'nothing'}, and tells of ${more ?? 'nothing'}`;
}

/** Stored behind a string that fills the buffer up to there. */
function wrongAtEdges(piece: Piece, size: number): Verdict {
  const image = new Image();
  image.array(2, index => (index === 0 ? image.string('') : piece(image, size)));
  const read = thaw(image.sent, OPTIONS);
  if (!read.ok || !Array.isArray(read.value)) return 'is refused behind a string';
  const back = image.back.subarray(HEADS - LONGER);
  for (let before = 0; before <= Math.min(back.length + 1, BUFFER - LONG); before++) {
    if (before > EDGES && before < back.length - EDGES) continue;
    const filled = BUFFER - before;
    read.value[0] = 'f'.repeat(filled - HEADS);
    const again = freeze(read.value);
    if (!equalBytes(again.subarray(filled), back)) return `behind ${filled} bytes is stored as ${hex(again.subarray(filled))}`;
  }
  return undefined;
}
