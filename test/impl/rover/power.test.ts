/**
 * Thirty requests of five streams, and a power cut at each call of storage that the server makes: the disk is looked at in every state in
 * which the cut may leave it, a second life begins on it, is looked at in the same way while it recovers, and is asked everything again.
 * RARE=1 gives each state a second life, and some a third; else one in so many has one.
 */
import { describe, expect, it } from 'vitest';
import { type DiskImage, type ImageLimits, imagesOf } from '../../../src/sim/disk/images.ts';
import { judgeImage, judgeOutcome } from './power/judge.ts';
import { REQUESTS, USERS } from './power/workload.ts';
import { type Promises, promises, run } from './power/world.ts';

const ALL = process.env['RARE'] !== undefined;
const FRESH: DiskImage = new Map([['/users', USERS]]);
/** One in so many states is gone on with. */
const SECOND_LIVES = ALL ? 1 : 6;
const THIRD_LIVES = ALL ? 400 : 1000;
/** Milliseconds that this may take. */
const LONG = ALL ? 1_800_000 : 120_000;

interface Counts {
  calls: number;
  states: number;
  lives: number;
  again: number;
  third: number;
  leftOut: number;
}

/** Names what fails. */
function at(what: string, act: () => void): void {
  try {
    act();
  } catch (thrown) {
    throw new Error(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function goOn(image: DiskImage, said: Promises, look?: Parameters<typeof run>[0]['look']): void {
  judgeOutcome(run({ image, said, order: 'at once', ...(look === undefined ? {} : { look }) }), said);
}

function everyCut(limits: ImageLimits): Counts {
  const counts: Counts = { calls: 0, states: 0, lives: 0, again: 0, third: 0, leftOut: 0 };
  const found: { readonly image: DiskImage; readonly said: Promises; readonly what: string }[] = [];
  const said = promises();
  const outcome = run({
    image: FRESH,
    said,
    order: 'turns',
    look: disk => {
      counts.calls++;
      const { images, leftOut } = imagesOf(disk, limits);
      counts.leftOut += leftOut;
      for (const [index, image] of images.entries()) {
        const what = `call ${counts.calls}, image ${index}`;
        at(what, () => judgeImage(image, said));
        if (counts.states++ % SECOND_LIVES === 0) found.push({ image, said: promises(said), what });
      }
    },
  });
  judgeOutcome(outcome, said);
  for (const { image, said: before, what } of found) {
    counts.lives++;
    const own = promises(before);
    const third: { readonly image: DiskImage; readonly said: Promises; readonly what: string }[] = [];
    let calls = 0;
    const look: Parameters<typeof run>[0]['look'] = (disk, serving) => {
      if (serving) return;
      calls++;
      const { images, leftOut } = imagesOf(disk, limits);
      counts.leftOut += leftOut;
      for (const [index, each] of images.entries()) {
        const again = `${what}, again at call ${calls}, image ${index}`;
        at(again, () => judgeImage(each, own));
        if (counts.again++ % THIRD_LIVES === 0) third.push({ image: each, said: promises(own), what: again });
      }
    };
    at(what, () => goOn(image, own, look));
    for (const { image: each, said: promised, what: again } of third) {
      counts.third++;
      at(again, () => goOn(each, promised));
    }
  }
  return counts;
}

const told = (what: string, counts: object): void => void process.stdout.write(`${what}: ${JSON.stringify(counts)}\n`);

describe('a power cut at every call', () => {
  it(
    'leaves what was promised, a prefix of each stream, and nothing that was done twice',
    () => {
      const counts = everyCut({ names: 'ordered', subsets: 8, tears: ALL ? 16 : 4, images: 2000 });
      told('power cuts of a Rover server', counts);
      expect(counts.leftOut).toBe(0);
      expect(counts.states).toBeGreaterThan(600);
      expect(counts.again).toBeGreaterThan(1000);
    },
    LONG,
  );

  it.runIf(ALL)(
    'also on a disk that keeps any changes of names, and any sectors',
    () => {
      const counts = everyCut({ names: 'any', sector: 512, subsets: 10, tears: 2, images: 5000 });
      told('power cuts of a Rover server, weaker disk', counts);
      expect(counts.states).toBeGreaterThan(600);
    },
    LONG,
  );
});

describe('a call of storage that fails', () => {
  const FAILURES = ['EIO', 'ENOSPC', 'forgotten'] as const;
  const EVERY = ALL ? 1 : 9;

  it(
    'is told to who waits, and all is done once in the end',
    () => {
      let calls = 0;
      const count = (): undefined => {
        calls++;
        return undefined;
      };
      run({ image: FRESH, said: promises(), order: 'turns', fails: count });
      const counts = { calls, runs: 0, struck: 0, failed: 0 };
      for (const failure of FAILURES)
        for (let strike = FAILURES.indexOf(failure); strike < calls; strike += EVERY) {
          const said = promises();
          let struck = false;
          const outcome = run({
            image: FRESH,
            said,
            order: 'turns',
            fails: (number, call) => {
              if (struck || number !== strike || (failure === 'forgotten' && call !== 'sync')) return undefined;
              struck = true;
              return failure;
            },
          });
          at(`${failure} at call ${strike}`, () => judgeOutcome(outcome, said));
          counts.runs++;
          if (struck) counts.struck++;
          if (outcome.logs.some(line => line.includes('log-failed'))) counts.failed++;
          // What is on the disk in the end has all of it, whatever failed on the way.
          const { images } = imagesOf(outcome.disk, { names: 'ordered', subsets: 8, tears: 4, images: 500 });
          for (const image of images) at(`${failure} at call ${strike}, afterwards`, () => judgeImage(image, said));
        }
      told('failed calls of a Rover server', counts);
      expect(counts.struck).toBeGreaterThan(30);
      expect(counts.failed).toBeGreaterThan(5);
    },
    LONG,
  );
});

it('thirty requests are asked', () => expect(REQUESTS).toHaveLength(30));
