/**
 * Every power cut: a workload is made once, and at each call of storage the disk is looked at in every state in which a power cut may
 * leave it; a new life begins on each, and is cut at each of its calls as well. What was promised is there; what is there was told, in
 * order, each commit whole.
 */
import { describe, expect, it } from 'vitest';
import { type DiskImage, type ImageLimits, imagesOf } from '../../../src/sim/disk/images.ts';
import { must } from '../../sim/kit.ts';
import { Computer, type Failure } from './computer.ts';
import { type Account, account, Counter } from './counter.ts';

/** Numbers told in a turn; `close` ends a life, `crash` ends it without a word. */
type Step = readonly number[] | 'close' | 'crash';

/** Tiny segments, so that most lives begin several. */
const SEGMENT = 300;
const WORKLOAD: readonly Step[] = [[1], [2, 3], [4], 'crash', [5], [6, 7, 8], 'close', [9], [10], [11, 12], [13], 'close', [14]];

interface Counts {
  calls: number;
  states: number;
  again: number;
  leftOut: number;
}

/** What must be so after a power cut. */
function judge(image: DiskImage, { told, promised }: Account, what: string): Counter {
  const counter = new Counter(Computer.of(image), account(), SEGMENT);
  if (!counter.opened.ok) throw new Error(`${what}: ${counter.opened.refusal.what}, offset ${counter.opened.refusal.offset}`);
  const { known } = counter;
  for (const number of promised)
    if (!known.includes(number)) throw new Error(`${what}: ${number} was promised; known are ${known.join(' ')}`);
  if (known.some((number, at) => told.filter(each => known.includes(each))[at] !== number))
    throw new Error(`${what}: order ${known.join(' ')}`);
  return counter;
}

/** Does the workload, and shows the disk before each call. Returns what was told and promised. */
function perform(computer: Computer, steps: readonly Step[], kept: Account): void {
  let counter: Counter | undefined;
  for (const step of steps) {
    if (counter === undefined) {
      counter = new Counter(computer, kept, SEGMENT);
      must(counter.log.renew());
    }
    if (step === 'close') must(counter.log.close());
    if (step === 'close' || step === 'crash') {
      counter = undefined;
      continue;
    }
    for (const number of step) counter.tell(number);
    computer.turn();
  }
}

/** A life that only begins, and takes one more: cut at each of its calls. */
function cutAgain(image: DiskImage, kept: Account, limits: ImageLimits, counts: Counts, what: string): void {
  const computer = Computer.of(image, 'again');
  const own: Account = { ...account(), told: [...kept.told], promised: [...kept.promised] };
  const look = (): void => {
    const { images, leftOut } = imagesOf(computer.disk, limits);
    counts.again += images.length;
    counts.leftOut += leftOut;
    for (const [at, each] of images.entries()) judge(each, own, `${what}, again at call ${computer.calls}, image ${at}`);
  };
  computer.before = () => void look() as undefined;
  const counter = new Counter(computer, own, SEGMENT);
  must(counter.log.renew());
  counter.tell(99);
  computer.turn();
  computer.before = () => undefined;
  look();
  expect(own.promised).toContain(99);
}

function everyCut(limits: ImageLimits, again: ImageLimits | undefined): Counts {
  const counts: Counts = { calls: 0, states: 0, again: 0, leftOut: 0 };
  const kept = account();
  const computer = new Computer();
  const seen = new Set<string>();
  const look = (): void => {
    const { images, leftOut } = imagesOf(computer.disk, limits);
    counts.calls++;
    counts.states += images.length;
    counts.leftOut += leftOut;
    for (const [at, image] of images.entries()) {
      const what = `call ${computer.calls}, image ${at}`;
      judge(image, kept, what);
      // The same disk with the same promises has had its second life.
      const key = `${[...image].map(([path, content]) => `${path}=${typeof content === 'string' ? content : [...content].join()}`).join()} ${kept.promised.length}`;
      if (again !== undefined && !seen.has(key)) cutAgain(image, kept, again, counts, what);
      seen.add(key);
    }
  };
  computer.before = () => void look() as undefined;
  perform(computer, WORKLOAD, kept);
  look();
  expect(kept.promised).toEqual(Array.from({ length: 14 }, (_, at) => at + 1));
  return counts;
}

describe('a power cut at every call', () => {
  it('leaves what was promised, in every state of the disk, and again while the log is read', () => {
    const counts = everyCut(
      { names: 'ordered', subsets: 8, tears: 8, images: 4096 },
      { names: 'ordered', subsets: 8, tears: 4, images: 512 },
    );
    process.stdout.write(`power cuts of the log: ${JSON.stringify(counts)}\n`);
    expect(counts).toEqual({ calls: 78, states: 336, again: 7761, leftOut: 0 });
  });

  it('also on a disk that keeps any changes of names, and any sectors of a write', () => {
    const counts = everyCut({ names: 'any', sector: 64, subsets: 13, tears: 1, images: 20_000 }, undefined);
    process.stdout.write(`power cuts of the log, weaker disk: ${JSON.stringify(counts)}\n`);
    expect(counts).toEqual({ calls: 78, states: 1857, again: 0, leftOut: 0 });
  });
});

describe('a call that fails', () => {
  const FAILURES: readonly Failure[] = ['EIO', 'ENOSPC', 'partly', 'forgotten'];

  /** The workload without an end of a life, where what failed is tried again: from memory, or from what can be read. */
  function failing(at: number, failure: Failure, way: 'renew' | 'open', each: (computer: Computer, kept: Account) => void): boolean {
    const kept = account();
    const computer = new Computer();
    let struck = false;
    computer.before = (number, call) => {
      each(computer, kept);
      const strikes = number === at && (failure !== 'forgotten' || call === 'sync');
      struck ||= strikes;
      return strikes ? failure : undefined;
    };
    const begin = (): Counter | undefined => {
      const found = new Counter(computer, kept, SEGMENT);
      return found.opened.ok && found.log.renew().ok ? found : undefined;
    };
    let counter = begin();
    for (let number = 1; number <= 10; number++) {
      counter ??= begin();
      if (counter?.log.open === false && (way === 'open' || !counter.log.renew().ok)) counter = begin();
      counter?.tell(number);
      computer.turn();
    }
    computer.before = () => undefined;
    each(computer, kept);
    // A log that failed is as good as one that was read.
    expect([...kept.promised, ...kept.refused.map(({ number }) => number)].sort((one, other) => one - other)).toEqual(kept.told);
    expect(kept.refused.length).toBeLessThanOrEqual(1);
    return struck;
  }

  it.each(['renew', 'open'] as const)(
    'is told to whom it concerns, and loses nothing that was promised, power cuts after it included (%s)',
    way => {
      let states = 0;
      let failures = 0;
      for (const failure of FAILURES) {
        for (let at = 0; at < 60; at++) {
          let after = false;
          const each = (computer: Computer, kept: Account): void => {
            after ||= computer.calls > at;
            if (!after) return;
            const { images } = imagesOf(computer.disk, { names: 'ordered', subsets: 6, tears: 3, images: 512 });
            states += images.length;
            for (const [index, image] of images.entries())
              judge(image, kept, `${failure} at ${at}, call ${computer.calls}, image ${index}`);
          };
          if (failing(at, failure, way, each)) failures++;
        }
      }
      process.stdout.write(`failed calls (${way}): ${failures}, states of the disk after them: ${states}\n`);
      expect(failures).toBeGreaterThan(150);
    },
  );
});
