/**
 * `npm run bench`: what the engine costs, each figure beside its peer in the same run. Absolute numbers are this machine's;
 * the ratios are what to compare. Nothing here fails.
 */
import { Bench } from 'tinybench';
import { loadProtocols } from '../protocols/index.ts';
import { planOf, runPlan } from '../src/check/run.ts';
import { utf8 } from '../src/host/bytes.ts';
import { encodeFrame, FrameDecoder } from '../src/impl/lifetime/wire.ts';
import { agendaRounds, emptyHeapRounds, FAKE_ROUNDS, fakeTimerRounds, PENDING, ROUNDS } from './agenda.ts';
import { bareDay, type DayRun, HOSTS, type JudgedDay, judgedDay } from './day.ts';
import { realTrips, simulatedTrips } from './streams.ts';

interface Figure {
  readonly name: string;
  readonly perSecond: number;
  readonly unit: string;
}

const figures: Figure[] = [];

/** Median rate of `work`, which does `amount` of something in each call. */
async function measure(name: string, unit: string, amount: number | (() => number), work: () => void | Promise<void>): Promise<number> {
  const bench = new Bench({ time: 1_500, warmupTime: 300 });
  bench.add(name, work);
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`${name} could not be measured`);
  const perSecond = ((typeof amount === 'number' ? amount : amount()) * 1_000) / result.latency.p50;
  figures.push({ name, perSecond, unit });
  console.log(`${name.padEnd(58)} ${short(perSecond).padStart(9)} ${unit}`);
  return perSecond;
}

const short = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(2)} M` : value >= 1e3 ? `${(value / 1e3).toFixed(1)} k` : value.toFixed(0);
const ratio = (text: string, value: number): void => console.log(`  ${text}: ${value.toFixed(2)}`);

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
const agenda = await measure(`agenda, ${PENDING} pending`, 'events/s', ROUNDS, agendaRounds());
const heap = await measure(`  empty binary heap, ${PENDING} pending`, 'events/s', ROUNDS, emptyHeapRounds());
const fake = await measure(`  @sinonjs/fake-timers, ${PENDING} pending`, 'events/s', FAKE_ROUNDS, fakeTimerRounds());
ratio('agenda / empty heap', agenda / heap);
ratio('agenda / fake-timers', agenda / fake);

let simulated = { trips: 0, events: 0 };
const EVENTS = 200_000;
const trips = await measure(
  '48-byte TCP round trips in the world, fingerprint on',
  'trips/s',
  () => simulated.trips,
  () => {
    simulated = simulatedTrips(EVENTS);
  },
);
console.log(`${'  the same, in recorded events'.padEnd(58)} ${short((trips / simulated.trips) * simulated.events).padStart(9)} events/s`);
const REAL_TRIPS = 10_000;
const real = await measure('  real loopback TCP, node:net alone', 'trips/s', REAL_TRIPS, () => realTrips(REAL_TRIPS));
ratio('simulated / real round trips', trips / real);

const frame = encodeFrame('lifetimeevent', Uint8Array.of(0, 0));
if (!frame.ok) throw new Error('a frame of 21 bytes must be encodable');
const FRAMES = 1_000;
const many = new Uint8Array(frame.bytes.length * FRAMES);
for (let index = 0; index < FRAMES; index++) many.set(frame.bytes, index * frame.bytes.length);
await measure('lifetime frames decoded, 1,000 in a chunk', 'frames/s', FRAMES, () => {
  if (new FrameDecoder().push(many).length !== FRAMES) throw new Error('frames are missing');
});
await measure('  the same, a byte at a time', 'frames/s', FRAMES, () => {
  const decoder = new FrameDecoder();
  let decoded = 0;
  for (let index = 0; index < many.length; index++) decoded += decoder.push(many.subarray(index, index + 1)).length;
  if (decoded !== FRAMES) throw new Error('frames are missing');
});
const text = utf8(JSON.stringify({ t: 'lifetimeevent', p: '0000' }));
await measure('  peer: JSON.parse of the same message as text', 'messages/s', FRAMES, () => {
  const decoder = new TextDecoder();
  for (let index = 0; index < FRAMES; index++) JSON.parse(decoder.decode(text));
});

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
  await measure(`scenario ${scenario.name}`, 'runs/s', 1, () => {
    runPlan(scenario, planOf(scenario, seed, 'corrected'), seed);
    seed++;
  });
}
