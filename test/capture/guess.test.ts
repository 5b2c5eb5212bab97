/** Which protocol a stream speaks, and a capture: whoever recognises something, breaks off least, sees most in it; what most of the capture is decides the rest. */
import { describe, expect, it } from 'vitest';
import { lines, textLines } from '../../conformance/decoders.ts';
import { Guesses, settled, type Verdict } from '../../src/capture/guess.ts';
import { GUESS_HELD_LIMIT, GUESS_LIMIT, GUESS_LOOKS } from '../../src/capture/limits.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Decoder, Decoders } from '../../src/trace/message.ts';

const tcp = (decoder: Decoders['tcp']): Decoders => (decoder === undefined ? {} : { tcp: decoder });
/** As many types as there are words. */
const wordy = tcp(lines({ read: text => ({ type: text }) }));
const flat = tcp(textLines());
/** Of every line but those that begin with a dash. */
const picky = tcp(lines({ read: text => (text.startsWith('-') ? { clause: 'c', detail: 'd' } : { type: text }) }));
/** Takes any line, and knows one. */
const unsure = tcp(() => {
  let recognised = false;
  const decoder = textLines()();
  return {
    feed(bytes) {
      const items = decoder.feed(bytes);
      recognised ||= items.some(item => item.kind === 'message' && item.fields['text'] === 'mine');
      return items;
    },
    end: () => decoder.end(),
    get recognised() {
      return recognised;
    },
  };
});
const throwing = tcp(
  (): Decoder => ({
    feed() {
      throw new Error('no');
    },
    end: () => [],
  }),
);

type Said = readonly [side: 0 | 1, text: string | Uint8Array];
function verdict(
  known: Readonly<Record<string, Decoders>>,
  said: readonly Said[],
  { file, channel = 'tcp1' }: { readonly file?: string; readonly channel?: string } = {},
): Verdict {
  const guess = new Guesses(known, file).stream(channel, () => {});
  for (const [side, text] of said) {
    const bytes = typeof text === 'string' ? utf8(text) : text;
    guess.feed(side, bytes, 0, bytes.length);
  }
  guess.decide();
  return guess.verdict ?? { names: [], sure: false };
}
const TWO: readonly Said[] = [
  [0, 'one\ntwo\n'],
  [1, 'one\n'],
];

describe('a stream', () => {
  it('is of who recognises something, breaks off least, has most types, most messages; where all is equal of either', () => {
    expect(verdict({ nothing: {}, udp: { udp: textLines() }, flat }, TWO)).toEqual({ names: ['flat'], sure: true });
    expect(verdict({ unsure, flat }, TWO)).toEqual({ names: ['flat'], sure: true });
    expect(
      verdict({ unsure, wordy }, [
        [0, 'mine\n'],
        [1, 'x\n'],
      ]),
    ).toEqual({ names: ['wordy'], sure: true });
    expect(verdict({ picky, flat }, [...TWO, [1, '-\n']])).toEqual({ names: ['flat'], sure: true });
    expect(verdict({ flat, wordy }, TWO)).toEqual({ names: ['wordy'], sure: true });
    expect(verdict({ same: flat, again: flat }, TWO)).toEqual({ names: ['again', 'same'], sure: true });
  });

  it('in which nobody recognises anything could be of each that makes something of it, and of none where it is no text', () => {
    expect(verdict({ unsure, throwing }, TWO)).toEqual({ names: ['unsure'], sure: false });
    expect(verdict({ unsure }, [[0, Uint8Array.of(1, 2, 0x0a)]])).toEqual({ names: [], sure: false });
    expect(verdict({ picky }, [[0, '-\n']])).toEqual({ names: [], sure: false });
    expect(verdict({ flat }, [])).toEqual({ names: [], sure: false });
    expect(verdict({ flat }, TWO, { channel: 'pipe3' })).toEqual({ names: [], sure: false });
    expect(verdict({ throwing, flat }, TWO)).toEqual({ names: ['flat'], sure: true });
  });

  it('of which it is not sure is what most of the capture is, if that makes sense of it, and else nobody’s', () => {
    const either = { names: ['a', 'b'], sure: true };
    expect([settled(either, 'b'), settled(either, 'c'), settled(either, undefined)]).toEqual(['b', 'a', 'a']);
    const maybe = { names: ['a', 'b'], sure: false };
    expect([settled(maybe, 'b'), settled(maybe, 'c'), settled(maybe, undefined)]).toEqual(['b', undefined, undefined]);
  });

  it('that most of the capture is sure of is asked of nobody else', () => {
    const asked: string[] = [];
    const watched = (name: string, decoders: Decoders): Decoders =>
      tcp(program => {
        asked.push(name);
        return decoders.tcp?.(program);
      });
    const known = { unsure: watched('unsure', unsure), wordy: watched('wordy', wordy) };
    expect(verdict(known, [[0, 'mine\n']], { file: 'unsure' })).toEqual({ names: ['unsure'], sure: true });
    expect(asked).toEqual(['unsure']);
    expect(verdict(known, [[0, 'yours\n']], { file: 'unsure' })).toEqual({ names: ['wordy'], sure: true });
    expect(asked).toEqual(['unsure', 'unsure', 'wordy']);
  });

  it('is decided at the first look where only one knows it, at the last one in any case, and when both directions are over', () => {
    const decidedAfter = (known: Readonly<Record<string, Decoders>>): number => {
      const guess = new Guesses(known).stream('tcp1', () => {});
      let fed = 0;
      for (const line = utf8('xxxxxxx\n'); guess.verdict === undefined && fed < 2 * GUESS_LIMIT; fed += line.length)
        guess.feed(0, line, 0, line.length);
      return fed;
    };
    expect(decidedAfter({ flat, unsure })).toBe(GUESS_LOOKS[0]);
    expect(decidedAfter({ flat, wordy })).toBe(GUESS_LIMIT);
    expect(decidedAfter({})).toBe(GUESS_LOOKS[0]);
    const guess = new Guesses({ flat, wordy }).stream('tcp1', () => {});
    guess.feed(0, utf8('a\n'), 0, 2);
    guess.end(0, false);
    expect(guess.verdict).toBeUndefined();
    guess.end(1, true);
    expect(guess.verdict).toEqual({ names: ['flat', 'wordy'], sure: true });
  });

  it('of very many that are undecided is decided by what there is', () => {
    const all = new Guesses({ flat, wordy });
    const piece = new Uint8Array(60_000).fill(0x61);
    const streams = Array.from({ length: 1_000 }, (_, index) => {
      const guess = all.stream(`tcp${index}`, () => {});
      guess.feed(0, piece, 0, piece.length);
      expect(all.held).toBeLessThanOrEqual(GUESS_HELD_LIMIT);
      return guess;
    });
    expect(streams.findIndex(each => each.verdict !== undefined)).toBe(Math.floor(GUESS_HELD_LIMIT / piece.length));
    for (const each of streams) each.decide();
    expect(all.held).toBe(0);
  });
});

describe('a capture', () => {
  const best = (known: Readonly<Record<string, Decoders>>, streams: readonly (readonly Said[])[]) => {
    const all = new Guesses(known);
    for (const [index, said] of streams.entries()) {
      const guess = all.stream(`tcp${index}`, () => {});
      for (const [side, text] of said) guess.feed(side, utf8(String(text)), 0, String(text).length);
      guess.decide();
    }
    return all.best();
  };

  it('is what most bytes of messages are of, in streams that are surely of one', () => {
    expect(
      best({ unsure, picky }, [
        [[0, 'mine\n']],
        [
          [0, '-\n'],
          [1, 'mine\n'],
        ],
      ]),
    ).toEqual([
      { protocol: 'unsure', messages: 3, types: 1, broken: 0, streams: 1, bytes: 7 },
      { protocol: 'picky', messages: 2, types: 1, broken: 1, streams: 0, bytes: 0 },
    ]);
    expect(
      best({ unsure, picky }, [
        [[0, 'aa\n']],
        [[0, 'bbbb\n']],
        [
          [0, '-\n'],
          [1, 'mine\n'],
        ],
      ])[0],
    ).toMatchObject({ protocol: 'picky', streams: 2, bytes: 8 });
  });

  it('of which none is sure is of who breaks off least, has most types, most messages, or the first name', () => {
    expect(best({ unsure, other: unsure }, [[[0, 'a\n']]]).map(each => each.protocol)).toEqual(['other', 'unsure']);
    expect(best({ flat, wordy: {} }, [])).toEqual([]);
  });
});
