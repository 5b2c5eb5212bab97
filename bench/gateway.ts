/**
 * `node dist/bench/gateway.js`: what the gateway and lond of LON-CAPA carry, on the real kernel and in the world.
 *
 *     --requests=N    in all, 100000 if absent        --clients=N  50 if absent
 *     --kill          lond is killed three times, the gateway child once; or, by name, --kills=lond-child,gateway-child
 *     --only=PART     real, bare, world, exchange or mesh; all if absent, and only then ratios
 *     --hours=N       of the mesh, 24 if absent
 *     --json          only the real part, and its result as one line of JSON, for tests
 *
 * Every part has a limit of its own, and all together end within ten minutes.
 */
import { runBare } from './gateway/bare.ts';
import { runExchange } from './gateway/exchange.ts';
import { type RealRun, runReal, type Victim } from './gateway/real.ts';
import { runSimulated, type SimulatedRun } from './gateway/simulated.ts';

const args = process.argv.slice(2);
const json = args.includes('--json');
const kills = victims(args.includes('--kill') ? 'lond-child,gateway-child,lond-child,lond-child' : (text('kills') ?? ''));
const requests = number('requests', 100_000);
const clients = number('clients', 50);
/** Limits of the parts: with start, stop and recovery less than ten minutes. */
const REAL_MS = 200_000;
/** A test waits less long. */
const JSON_MS = 40_000;
const BARE_MS = 60_000;
const WORLD_MS = 90_000;
const MESH = 10;
const MESH_IDLE = 600;

function text(name: string): string | undefined {
  return args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function number(name: string, fallback: number): number {
  const value = Number(text(name) ?? fallback);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name}=${text(name)}: give a whole number from 1`);
  return value;
}

function victims(names: string): readonly Victim[] {
  return names
    .split(',')
    .filter(Boolean)
    .map(name => {
      if (name === 'lond-child' || name === 'gateway-child') return name;
      throw new Error(`--kills=${names}: write lond-child and gateway-child, with commas`);
    });
}

const only = text('only');
const wanted = (part: string): boolean => (json ? part === 'real' : only === undefined || only === part);
const rate = (tally: { readonly own: number; readonly lost: number; readonly seconds: number }): number =>
  (tally.own + tally.lost) / tally.seconds;
/** Without the pauses after kills. */
const servedRate = (run: RealRun): number =>
  rate({ ...run, seconds: run.seconds - run.pauses.reduce((sum, [, seconds]) => sum + seconds, 0) });
const round = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

if (!json) console.log(`Node ${process.version}, ${process.platform} ${process.arch}; ${requests} requests, ${clients} clients\n`);

const real = wanted('real') ? await runReal({ clients, requests, kills, limitMs: json ? JSON_MS : REAL_MS }) : undefined;
if (real !== undefined && json) console.log(JSON.stringify(real));
else if (real !== undefined) {
  const pauses = real.pauses.map(([victim, seconds]) => `${victim} ${seconds.toFixed(1)} s`).join(', ');
  console.log(`gateway and lond on the kernel: ${round(rate(real))} requests/s in ${real.seconds.toFixed(1)} s`);
  console.log(`  ${real.own} own, ${real.lost} con_lost, ${real.unanswered} unanswered, ${real.strange.length} of others`);
  for (const each of real.strange) console.log(`    ${each}`);
  if (pauses !== '') console.log(`  without service after a kill: ${pauses}; without these pauses ${round(servedRate(real))} requests/s`);
  const clean = real.endings.filter(({ code }) => code === 0).length;
  console.log(`  at SIGTERM ${clean} of ${real.endings.length} daemons ended with status 0; processes left: ${real.left.length}`);
}

const bare = wanted('bare') ? await runBare({ clients, requests, limitMs: BARE_MS }) : undefined;
if (bare !== undefined) {
  console.log(`\nbare Node echo, the same hops, one line outstanding: ${round(rate(bare))} requests/s`);
  if (real !== undefined) console.log(`  gateway and lond / bare: ${(servedRate(real) / rate(bare)).toFixed(2)}`);
}

if (wanted('world')) {
  const world = runSimulated({ hosts: 2, clients, idle: 0, requests, kills, until: 86_400, limitMs: WORLD_MS });
  showWorld('the same in the world, 2 hosts', world);
  if (real !== undefined) console.log(`  world / kernel: ${(rate(world) / servedRate(real)).toFixed(2)}`);
}

if (wanted('exchange')) {
  const { result, own, lost, cut, seconds } = runExchange(clients, requests);
  const kills = result.firings.map(
    ({ fault, fired }) => `${'program' in fault ? fault.program : fault.kind} ${fired > 0 ? 'killed' : 'spared'}`,
  );
  console.log(`\nscenario lonc/exchange, both ways, judged: ${result.outcome} in ${seconds.toFixed(1)} s; ${kills.join(', ')}`);
  console.log(`  ${own} own, ${lost} con_lost, ${cut} cut off; ${round(result.eventCount / seconds)} events a wall second`);
  for (const { property, why } of result.violations) console.log(`  ${property}: ${why}`);
}

if (wanted('mesh')) {
  const until = number('hours', 24) * 3_600;
  const mesh = runSimulated({
    hosts: MESH,
    clients: MESH - 1,
    idle: MESH_IDLE,
    requests: Number.MAX_SAFE_INTEGER,
    kills: [],
    until,
    limitMs: WORLD_MS,
  });
  showWorld(`mesh of ${MESH} hosts, each asks every other one every ${MESH_IDLE} s`, mesh);
}

function showWorld(name: string, run: SimulatedRun): void {
  const { own, lost, strange, bugs, processes, events, seconds, simulatedSeconds } = run;
  console.log(
    `\n${name}: ${round(rate(run))} requests, ${round(simulatedSeconds / seconds)} simulated seconds, ${round(events / seconds)} events a wall second`,
  );
  console.log(`  ${own} own, ${lost} con_lost, ${strange.length} of others, ${bugs.length} bugs; ${processes} processes`);
  console.log(
    `  ${simulatedSeconds.toFixed(0)} simulated seconds in ${seconds.toFixed(1)} s; ${round(events / (own + lost))} events a request`,
  );
}
