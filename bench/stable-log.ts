/**
 * `npm run bench:stable-log`: what it costs that nothing is forgotten. In turns, on the same disk, by the clock on the wall, since most of
 * it is waiting: a bare loop that appends and syncs the same bytes; the log with one client, and with fifty that commit in one turn; and the
 * Rover daemon, with one client and fifty. A commit, or a request, has as many bytes in the bare loop as it has in the log.
 * Absolute numbers are this disk's; the ratios are what to compare. On a disk in memory they say nothing.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '../src/host/bytes.ts';
import type { Host } from '../src/host/host.ts';
import { openLog, type StableLog } from '../src/impl/stable-log/log.ts';
import { FRAME_BYTES } from '../src/impl/stable-log/segment.ts';
import { createNodeHost } from '../src/node/host.ts';
import { RealRover } from './rover/real.ts';

const TURNS = 15;
const TURN_MS = 300;
const CLIENTS = 50;
const PAYLOAD = new Uint8Array(200);
const ENTRY_BYTES = 5;

const folder = fs.mkdtempSync(join(process.argv[2] ?? tmpdir(), 'slipway-log-'));
// Beside this file, or two folders up from where the build puts it.
const ROOT =
  ['../', '../../'].map(path => fileURLToPath(new URL(path, import.meta.url))).find(path => fs.existsSync(`${path}package.json`)) ?? '';

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const median = (values: readonly number[]): number => [...values].sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

/** How many a second. */
async function rate(round: () => number | Promise<number>): Promise<number> {
  const begun = now();
  let done = 0;
  while (now() - begun < TURN_MS) done += await round();
  return (done * 1000) / (now() - begun);
}

// ── the contenders ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Appends and syncs so many bytes, as a program does that has nothing else to do. */
function bare(bytes: number): () => number {
  const file = fs.openSync(join(folder, `bare-${bytes}`), 'a');
  const content = new Uint8Array(bytes);
  return () => {
    fs.writeSync(file, content);
    fs.fsyncSync(file);
    return 1;
  };
}

function logOn(host: Host): StableLog {
  const opened = openLog(host, { folder: join(folder, 'log'), segment: 64 * 2 ** 20, checkpoint: () => [] });
  if (!opened.ok) throw new Error(opened.refusal.what);
  const renewed = opened.log.renew();
  if (!renewed.ok) throw new Error(renewed.error.call);
  return opened.log;
}

/** `count` commits in one turn, and their end. */
const commits =
  (log: StableLog, count: number): (() => Promise<number>) =>
  () =>
    new Promise((resolve, reject) => {
      for (let one = 1; one <= count; one++)
        log.commit([{ kind: 1, payload: PAYLOAD }], result => {
          if (!result.ok) reject(new Error(result.error.call));
          else if (one === count) resolve(count);
        });
    });

/** Each client has a stream of its own, and asks for the next when the last is answered: `count` at a time. */
function requests(rover: RealRover, count: number): () => Promise<number> {
  const numbers: number[] = Array.from({ length: count }, () => 0);
  const one = async (client: number): Promise<number> => {
    const number = (numbers[client] ?? 0) + 1;
    numbers[client] = number;
    const answer = await rover.ask({
      USER: 'ann',
      HOST: `of-${count}-${client}`,
      MSGID: number,
      ACKED: number - 1,
      AUTH: 's3cret',
      COMMAND: 'EXPORT',
      OBJECT: `Irolo__${client}`,
      DATA: `name\t${number}`.padEnd(100, '.'),
    });
    if (answer?.result !== 'done') throw new Error(`request ${number} of client ${client}: ${answer?.status ?? 'no answer'}`);
    return 1;
  };
  // All at once, again and again: the daemon's turns have what has come meanwhile.
  return async () => (await Promise.all(numbers.map((_, client) => one(client)))).length;
}

// ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const guest = createNodeHost({ programs: {}, programsModule: '', program: 'bench', onExit: () => {} });
const log = logOn(guest.host);
fs.writeFileSync(join(folder, 'users'), utf8('ann s3cret\n'));
const rover = await RealRover.start({
  root: ROOT,
  state: join(folder, 'state'),
  args: [`--users=${join(folder, 'users')}`, '--segment=67108864'],
});
if (rover.port === undefined) throw new Error('the daemon does not listen: npm run build');

/** Bytes of the newest segment of the daemon's log. */
const logged = (): number => {
  const name =
    fs
      .readdirSync(join(folder, 'state'))
      .filter(each => each.startsWith('log.'))
      .sort()
      .at(-1) ?? '';
  return fs.statSync(join(folder, 'state', name)).size;
};
const before = logged();
const asked = await requests(rover, 10)();
const ofRequest = Math.round((logged() - before) / asked);
const ofCommit = FRAME_BYTES + ENTRY_BYTES + PAYLOAD.length;

const contenders: readonly (readonly [name: string, unit: string, round: () => number | Promise<number>])[] = [
  [`bare loop, ${ofCommit} bytes and a sync each`, 'syncs/s', bare(ofCommit)],
  ['log, one client', 'commits/s', commits(log, 1)],
  [`log, ${CLIENTS} commits a turn`, 'commits/s', commits(log, CLIENTS)],
  [`bare loop, ${ofRequest} bytes and a sync each`, 'syncs/s', bare(ofRequest)],
  ['Rover daemon, one client', 'requests/s', requests(rover, 1)],
  [`Rover daemon, ${CLIENTS} clients`, 'requests/s', requests(rover, CLIENTS)],
];
const rates = contenders.map((): number[] => []);
for (let turn = -1; turn < TURNS; turn++) {
  for (const [index, [, , round]] of contenders.entries()) {
    const found = await rate(round);
    if (turn >= 0) rates[index]?.push(found);
  }
}
console.log(`Node ${process.version}, ${process.platform} ${process.arch}, ${folder}\n`);
for (const [index, [name, unit]] of contenders.entries()) {
  const own = rates[index] ?? [];
  const base = rates[index < 3 ? 0 : 3] ?? [];
  const ratio = median(own.map((value, turn) => value / (base[turn] ?? Number.NaN)));
  console.log(`${name.padEnd(44)} ${median(own).toFixed(0).padStart(8)} ${unit.padEnd(11)} ${ratio.toFixed(2)} times the bare loop`);
}
await rover.kill('SIGTERM');
await guest.close();
fs.rmSync(folder, { recursive: true });
