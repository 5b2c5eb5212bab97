/**
 * Work measured beside its peers, in turn and by the clock of the processor, so that others who use the machine change no ratio: a
 * busy moment meets all of them, and the median over the rounds leaves it out.
 * Lacks: work that waits for another process, whose time is not this one's.
 */

export interface Contender {
  readonly name: string;
  readonly unit: string;
  /** Does some of the work, and says how much that was. */
  work(): number | Promise<number>;
}

export interface Rate {
  readonly name: string;
  readonly unit: string;
  /** Of CPU time, the median. */
  readonly perSecond: number;
  /** How many times the rate of this one the first has: the median of the rounds, and the quartiles. */
  readonly firstIs: readonly [lower: number, median: number, upper: number];
}

const ROUNDS = 15;
/** Of CPU, so that reading the clock counts for nothing. */
const SLICE_MICROS = 30_000;

/** The first is measured beside each of the others. Each has had one round before, in which its code is compiled. */
export async function interleaved(contenders: readonly Contender[], rounds = ROUNDS): Promise<readonly Rate[]> {
  const rates: number[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      // Whoever is first in one round is last in the next.
      const index = round % 2 === 0 ? turn : contenders.length - 1 - turn;
      const contender = contenders[index];
      if (contender === undefined) continue;
      const rate = await rateOf(contender);
      if (round >= 0) rates[index]?.push(rate);
    }
  }
  const first = rates[0] ?? [];
  return contenders.map(({ name, unit }, index) => {
    const own = rates[index] ?? [];
    const ratios = own.map((rate, round) => (first[round] ?? Number.NaN) / rate);
    return { name, unit, perSecond: quantile(own, 0.5), firstIs: [quantile(ratios, 0.25), quantile(ratios, 0.5), quantile(ratios, 0.75)] };
  });
}

async function rateOf({ work }: Contender): Promise<number> {
  const before = process.cpuUsage();
  let amount = 0;
  let micros = 0;
  while (micros < SLICE_MICROS) {
    amount += await work();
    const { user, system } = process.cpuUsage(before);
    micros = user + system;
  }
  return (amount * 1e6) / micros;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}
