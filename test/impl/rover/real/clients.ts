/**
 * Clients of a real Rover daemon that dies and comes back: each has a stream of its own, asks for the next when the last is answered, and
 * asks the same again when there was no answer. Each answer that they get says how often a thing was done; what they were told is kept.
 */
import { expect } from 'vitest';
import type { RealRover } from '../../../../bench/rover/real.ts';
import { textOf } from '../../../../src/host/bytes.ts';
import type { Prng } from '../../../../src/sim/core/prng.ts';

/** Every so many requests is a delivery of the Agent; the others add a card. */
const DELIVERY = 4;
/** Every so many are asked before the one that is due. */
const EARLY = 7;
/** Answers that the daemon keeps, less some that may have come meanwhile. */
const KEPT = 60;

export class Client {
  /** The first that has no last answer. */
  next = 1;
  /** Bodies, as they were told. */
  readonly told = new Map<number, string>();
  readonly #place: string;
  /** What makes requests larger. */
  readonly #padding: string;

  constructor(place: string, padding = '') {
    this.#place = place;
    this.#padding = padding;
  }

  /** Until the daemon is gone, or `until` requests are answered. Busy is asked again. */
  async ask(rover: RealRover, until: number = Number.POSITIVE_INFINITY): Promise<void> {
    while (this.next <= until) {
      if (this.next % EARLY === 0) {
        const early = await rover.ask(this.#request(this.next + 1));
        if (early === undefined) return;
        // A request of an earlier life may be known already; a disk may be full.
        expect(['held', 'done', 'busy']).toContain(early.result);
      }
      const answer = await rover.ask(this.#request(this.next));
      if (answer === undefined) return;
      if (answer.result !== 'done') {
        expect(['busy', 'held'], textOf(answer.body)).toContain(answer.result);
        await new Promise(resolve => setTimeout(resolve, 50));
        continue;
      }
      expect(textOf(answer.body)).toBe(this.#expected(this.next));
      this.told.set(this.next++, textOf(answer.body));
    }
  }

  /** What was asked and not answered is asked until it is. */
  async settle(rover: RealRover): Promise<void> {
    await this.ask(rover, this.next % EARLY === 0 ? this.next + 1 : this.next);
  }

  /** Asks again for what was told: the same answer, and nothing is done for it. */
  async askAgain(rover: RealRover, prng: Prng, count: number): Promise<number> {
    let asked = 0;
    for (; asked < count && this.told.size > 0; asked++) {
      const number = prng.between(Math.max(1, this.next - KEPT), this.next - 1);
      const answer = await rover.ask(this.#request(number));
      if (answer === undefined) return asked;
      expect({ number, body: textOf(answer.body), replayed: answer.replayed }).toEqual({
        number,
        body: this.told.get(number),
        replayed: true,
      });
    }
    return asked;
  }

  /** All that was done, as the daemon gives it back. */
  async judge(rover: RealRover): Promise<void> {
    const cards = await rover.ask({ ...this.#request(this.next), COMMAND: 'IMPORTDATA', OBJECT: `Irolo__${this.#place}` });
    const numbers = Array.from({ length: this.next - 1 }, (_, at) => at + 1).filter(number => number % DELIVERY !== 0);
    const lines = numbers.map(number => `n${number}\t${number}${this.#padding}\n`).sort();
    expect(textOf(cards?.body ?? new Uint8Array(0))).toBe(lines.join(''));
    this.next++;
  }

  /** Of the file of deliveries, in their order. */
  get deliveries(): readonly string[] {
    return Array.from({ length: this.next - 1 }, (_, at) => at + 1)
      .filter(number => number % DELIVERY === 0 && this.told.has(number))
      .map(number => `ann ${this.#place} 0 ${number} line ${number}${this.#padding}`);
  }

  #request(number: number): Readonly<Record<string, string | number>> {
    const who = { USER: 'ann', HOST: this.#place, MSGID: number, AUTH: 's3cret', COMMAND: 'EXPORT' };
    if (number % DELIVERY === 0) return { ...who, OBJECT: `Agent__${this.#place}`, DATA: `line ${number}${this.#padding}` };
    return { ...who, OBJECT: `Irolo__${this.#place}`, DATA: `n${number}\t${number}${this.#padding}` };
  }

  #expected(number: number): string {
    return number % DELIVERY === 0 ? 'delivered\n' : `${number - Math.floor(number / DELIVERY)} cards\n`;
  }
}
