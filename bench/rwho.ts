/**
 * `node dist/bench/rwho.js`: a simulated day of machines that all run rwhod, on one network that broadcasts, and told of
 * neighbours instead.
 *
 *     --hosts=N        1000 if absent
 *     --bystanders=N   machines on the same network without a rwhod, 0 if absent
 *     --hours=N        24 if absent; fractions may be given
 *     --only=PART      broadcast or neighbours; both if absent
 *     --seed=TEXT      the same seed gives the same fingerprint
 *     --progress       how far it is, on standard error; also without it if that is a terminal
 *
 * Neighbours: nothing broadcasts, and each machine but the first is told of one before it, so that all make a tree of eight
 * branches at each knot; all forward.
 */
import { instantOf } from '../src/host/time.ts';
import { rwhod } from '../src/impl/rwho/rwhod.ts';
import { World } from '../src/sim/world.ts';

const args = process.argv.slice(2);
const text = (name: string): string | undefined => args.find(each => each.startsWith(`--${name}=`))?.slice(name.length + 3);

function number(name: string, fallback: number, least: number, most: number): number {
  const value = Number(text(name) ?? fallback);
  if (!(value >= least && value <= most)) throw new Error(`--${name}=${text(name)}: give a number from ${least} to ${most}`);
  return value;
}

const hosts = Math.floor(number('hosts', 1_000, 2, 60_000));
const bystanders = Math.floor(number('bystanders', 0, 0, 60_000));
const hours = number('hours', 24, 0.1, 240);
const only = text('only');
const seed = text('seed') ?? 'day';
const INTERVAL = 180;
const BRANCHES = 8;
const SPOOL = '/spool';
/** Of kibibytes. */
const MEBIBYTE = 1_024;
/** Simulated seconds between two lines of progress. */
const STEP = 360;
const watched = args.includes('--progress') || process.stderr.isTTY;

type Part = 'broadcast' | 'neighbours';

function addressOf(index: number): string {
  return `10.0.${(index + 1) >> 8}.${(index + 1) & 255}`;
}

interface Counts {
  sent: number;
  received: number;
  broadcast: number;
}

/** The network of all, and who is counted on it. */
function build(part: Part, counts: Counts): World {
  const sink = ({ kind, data }: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> | undefined }): void => {
    if (kind === 'receive') counts.received += 1;
    if (kind !== 'datagram') return;
    counts.sent += 1;
    if (String(data?.['to']).startsWith('10.0.255.255:')) counts.broadcast += 1;
  };
  const world = new World({ seed, programs: { rwhod }, sink });
  const broadcasts = part === 'broadcast';
  for (let index = 0; index < hosts + bystanders; index++) {
    const machine = world.machine(`m${index}`, {
      addresses: [{ address: addressOf(index), netmask: '255.255.0.0', broadcasts }],
      directories: [SPOOL],
    });
    const configured = broadcasts || index === 0 ? [] : ['--forward', `--neighbour=${addressOf(Math.floor((index - 1) / BRANCHES))}`];
    const forwards = broadcasts || index > 0 ? configured : ['--forward'];
    // Not all in one instant: nobody switches on a thousand machines at once.
    const at = Math.floor((index * INTERVAL * 1e6) / hosts);
    if (index < hosts) world.at(instantOf(at), () => void machine.start('rwhod', [`--spool=${SPOOL}`, ...forwards]));
  }
  return world;
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
  readonly events: number;
}

/** Of this process so far, in seconds. The clock of the processor does not count what others do beside it. */
function spent(world: World): Spent {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now() / 1_000, cpu: (user + system) / 1e6, events: world.events };
}

/** In steps, so that somebody can watch. */
function runWatched(world: World, end: number): void {
  let before = spent(world);
  for (let at = Math.min(end, STEP); ; at = Math.min(end, at + STEP)) {
    world.run(instantOf(at * 1e6));
    const now = spent(world);
    if (watched) {
      const events = now.events - before.events;
      const [rate, each] = [events / (now.wall - before.wall), ((now.cpu - before.cpu) * 1e6) / Math.max(1, events)];
      const memory = process.memoryUsage.rss() / MEBIBYTE / MEBIBYTE;
      process.stderr.write(
        `${(at / 3_600).toFixed(2)} h of ${hours}: ${(now.events / 1e6).toFixed(1)} M events, ${(rate / 1_000).toFixed(0)} k/s, ` +
          `${each.toFixed(2)} us of CPU each, ${memory.toFixed(0)} MiB\n`,
      );
    }
    before = now;
    if (at === end) return;
  }
}

function day(part: Part): void {
  const counts: Counts = { sent: 0, received: 0, broadcast: 0 };
  const world = build(part, counts);
  const start = spent(world);
  const simulated = hours * 3_600;
  runWatched(world, simulated);
  const finish = spent(world);
  if (world.bugs.length > 0) throw world.bugs[0];
  const [wall, cpu] = [finish.wall - start.wall, finish.cpu - start.cpu];
  const memory = process.resourceUsage().maxRSS / MEBIBYTE;
  const intervals = simulated / INTERVAL;
  const perServer = counts.received / hosts / intervals;
  const perBystander = counts.broadcast / intervals;
  console.log(`${part}: ${hosts} hosts${bystanders > 0 ? `, ${bystanders} bystanders` : ''}, ${hours} h, seed ${seed}`);
  console.log(`  wall time            ${wall.toFixed(1)} s, ${(simulated / wall).toFixed(1)} simulated seconds a second`);
  console.log(`  CPU time             ${cpu.toFixed(1)} s`);
  console.log(`  peak memory so far   ${memory.toFixed(0)} MiB`);
  console.log(`  events               ${world.events}, ${(world.events / wall / 1_000).toFixed(0)} k/s`);
  console.log(`  datagrams sent       ${counts.sent}, ${(counts.sent / hosts / intervals).toFixed(2)} per host and interval`);
  console.log(`  datagrams delivered  ${counts.received}, ${((cpu * 1e6) / counts.received).toFixed(2)} us of CPU each`);
  console.log(`  datagrams processed  ${perServer.toFixed(1)} per host and interval; by a host without rwhod ${perBystander.toFixed(1)}`);
  console.log(`  fingerprint          ${world.fingerprint()}`);
  console.log(
    `  in a line            ${hosts} hosts, ${hours} h, ${(counts.received / 1e6).toFixed(1)} M datagrams delivered, ` +
      `${(world.events / 1e6).toFixed(1)} M events: ${(wall / 60).toFixed(1)} minutes, ${memory.toFixed(0)} MiB\n`,
  );
}

console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
if (only !== 'neighbours') day('broadcast');
if (only !== 'broadcast') day('neighbours');
