/**
 * `npm run bench`: what the engine costs, each figure beside its peers, measured in turn by the clock of the processor. Absolute
 * numbers are this machine's; the ratios are what to compare. Nothing here fails.
 */
import { loadProtocols } from '../protocols/index.ts';
import { planOf, runPlan } from '../src/check/run.ts';
import { utf8 } from '../src/host/bytes.ts';
import { encodeFrame, FrameDecoder } from '../src/impl/lifetime/wire.ts';
import { agendaRounds, emptyHeapRounds, FAKE_ROUNDS, fakeTimerRounds, PENDING, ROUNDS } from './agenda.ts';
import { bareDay, type DayRun, HOSTS, type JudgedDay, judgedDay } from './day.ts';
import { type Contender, interleaved } from './interleaved.ts';
import { realTrips, simulatedTrips } from './streams.ts';

const short = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(2)} M` : value >= 1e3 ? `${(value / 1e3).toFixed(1)} k` : value.toFixed(0);

/** One line each: its rate, and how many times that the first of them has. */
async function beside(...contenders: readonly Contender[]): Promise<void> {
  for (const [index, { name, unit, perSecond, firstIs }] of (await interleaved(contenders)).entries()) {
    const [lower, median, upper] = firstIs.map(ratio => ratio.toFixed(2));
    const ratio = index === 0 ? '' : `  the first is ${median} times that (${lower} to ${upper})`;
    console.log(`${`${index === 0 ? '' : '  '}${name}`.padEnd(58)} ${short(perSecond).padStart(9)} ${unit}${ratio}`);
  }
}

/** `work` does `amount` each time. */
function doing(name: string, unit: string, amount: number, work: () => void): Contender {
  return {
    name,
    unit,
    work: () => {
      work();
      return amount;
    },
  };
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}; per second of CPU\n`);
await beside(
  doing(`agenda, ${PENDING} pending`, 'events/s', ROUNDS, agendaRounds()),
  doing(`empty binary heap, ${PENDING} pending`, 'events/s', ROUNDS, emptyHeapRounds()),
  doing(`@sinonjs/fake-timers, ${PENDING} pending`, 'events/s', FAKE_ROUNDS, fakeTimerRounds()),
);

/** Of each scenario: there are many. */
const SCENARIO_ROUNDS = 7;
const EVENTS = 100_000;
const REAL_TRIPS = 5_000;
for (const bytes of [48, 512]) {
  await beside(
    {
      name: `${bytes}-byte TCP round trips in the world, fingerprint on`,
      unit: 'trips/s',
      work: () => simulatedTrips(EVENTS, bytes),
    },
    {
      name: 'real loopback TCP, node:net alone',
      unit: 'trips/s',
      work: async () => {
        await realTrips(REAL_TRIPS, bytes);
        return REAL_TRIPS;
      },
    },
  );
}

const frame = encodeFrame('lifetimeevent', Uint8Array.of(0, 0));
if (!frame.ok) throw new Error('a frame of 21 bytes must be encodable');
const FRAMES = 1_000;
const many = new Uint8Array(frame.bytes.length * FRAMES);
for (let index = 0; index < FRAMES; index++) many.set(frame.bytes, index * frame.bytes.length);
const text = utf8(JSON.stringify({ t: 'lifetimeevent', p: '0000' }));
const textDecoder = new TextDecoder();
await beside(
  doing('lifetime frames decoded, 1,000 in a chunk', 'frames/s', FRAMES, () => {
    if (new FrameDecoder().push(many).length !== FRAMES) throw new Error('frames are missing');
  }),
  doing('the same, a byte at a time', 'frames/s', FRAMES, () => {
    const decoder = new FrameDecoder();
    let decoded = 0;
    for (let index = 0; index < many.length; index++) decoded += decoder.push(many.subarray(index, index + 1)).length;
    if (decoded !== FRAMES) throw new Error('frames are missing');
  }),
  doing('JSON.parse of the same message as text', 'frames/s', FRAMES, () => {
    for (let index = 0; index < FRAMES; index++) JSON.parse(textDecoder.decode(text));
  }),
);

// The first day of a process has its code compiled on the way; the second is the one to compare.
const HOURS = 24;
showDay('judged', judgedDay(HOURS));
showDay('judged, again', judgedDay(HOURS));
showDay('bare', bareDay(HOURS));

function showDay(name: string, day: DayRun | JudgedDay): void {
  const { simulatedSeconds, events, cpuSeconds, fingerprint } = day;
  const title = `a day of ${HOSTS} hosts, a partition an hour, ${name}`;
  console.log(`${title.padEnd(58)} ${short(simulatedSeconds / cpuSeconds).padStart(9)} simulated s/CPU s`);
  console.log(
    `${`  the same, in recorded events (fingerprint ${fingerprint})`.padEnd(58)} ${short(events / cpuSeconds).padStart(9)} events/CPU s`,
  );
  if (!('violations' in day)) return;
  const up = day.violations.length === 0 ? 'all links are up at the end' : day.violations.join('; ');
  console.log(`  ${up}; the day had ${day.met.join(', ')}`);
}

for (const scenario of (await loadProtocols()).flatMap(each => each.scenarios)) {
  let seed = 0;
  const name = `scenario ${scenario.name}`;
  const work = (): number => {
    runPlan(scenario, planOf(scenario, seed, 'corrected'), seed);
    seed++;
    return 1;
  };
  const [rate] = await interleaved([{ name, unit: 'runs/s', work }], SCENARIO_ROUNDS);
  if (rate !== undefined) console.log(`${name.padEnd(58)} ${short(rate.perSecond).padStart(9)} runs/s`);
}
