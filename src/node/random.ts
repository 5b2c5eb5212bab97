/**
 * Chance, from the kernel's generator.
 * Lacks: seeds. What a run on the real Host drew can be seen in its trace, not drawn again.
 */
import { randomFillSync } from 'node:crypto';
import type { Random } from '../host/host.ts';
import type { Crossings } from './crossings.ts';
import type { Image } from './guard.ts';

export class NodeRandom implements Random {
  readonly #image: Image;
  readonly #crossings: Crossings;

  constructor(image: Image, crossings: Crossings) {
    this.#image = image;
    this.#crossings = crossings;
  }

  below(bound: number): number {
    this.#image.check();
    if (!Number.isInteger(bound) || bound < 1 || bound > SPAN) throw new RangeError(`random bound ${bound} is not 1..2^32`);
    const value = uniform(bound);
    this.#crossings.report('random', { of: bound, value });
    return value;
  }

  fill(target: Uint8Array): void {
    this.#image.check();
    randomFillSync(target);
    this.#crossings.report('random', undefined, undefined, target.slice());
  }
}

/** Rejects the words above the last whole multiple of `bound`, so that none is likelier. */
function uniform(bound: number): number {
  const limit = SPAN - (SPAN % bound);
  const word = new Uint32Array(1);
  do randomFillSync(word);
  while ((word[0] ?? 0) >= limit);
  return (word[0] ?? 0) % bound;
}

const SPAN = 2 ** 32;
