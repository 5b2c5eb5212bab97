/**
 * `node --import tsx bench/storable.ts`: images of requests of IKC, written and read, in MB of image a second of CPU time, beside
 * Perl's own nfreeze and thaw on the same data in turns in the same run. Absolute numbers are this machine's; the ratio is what to
 * compare. Without perl it says so and goes on.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { freeze } from '../src/impl/storable/freeze.ts';
import { thaw } from '../src/impl/storable/thaw.ts';
import type { PerlValue, Reference } from '../src/impl/storable/values.ts';

/** Many and short: what else the machine does then hits both sides of a turn alike. */
const TURNS = 30;
const TURN_MS = 20;
/** Between two looks at the clock, in bytes of image. */
const SLICE = 65_536;

const hash = (entries: Readonly<Record<string, PerlValue>>): Map<string, PerlValue> => new Map(Object.entries(entries));
const call = (params: PerlValue): Map<string, PerlValue> =>
  hash({
    event: 'poe://Inet/test/called',
    params,
    rsvp: hash({ kernel: 'CliName', session: 'keep', state: 'cb' }),
    from: hash({ kernel: 'host-6b022411-000059c8-00000001', session: 'test', state: 'IKC:proxy' }),
  });

/** What travels in a channel, from the usual to the large. */
const REQUESTS: Readonly<Record<string, Reference>> = {
  'a call with two numbers': call([1, 2]),
  'a call with 100 records': call(
    Array.from({ length: 100 }, (_, at) =>
      hash({ id: 100_000 + at, name: `user${at}`, mail: `user${at}@host.example.org`, groups: ['staff', 'users'], active: 1, note: null }),
    ),
  ),
  'a call with 10,000 numbers': call(Array.from({ length: 10_000 }, (_, at) => (at % 2 === 0 ? at : at % 100))),
  'a call with a text of 64 KiB': call('All work and no play makes Jack. '.repeat(2000)),
  'a call with 1,000 words in UTF-8': call(Array.from({ length: 1000 }, (_, at) => `Žluťoučký kůň ${at}`)),
};

/** Does it for about TURN_MS; how many times a second of CPU time. */
function measure(act: () => void, bytes: number): number {
  const before = process.cpuUsage();
  let times = 0;
  let micros = 0;
  while (micros < TURN_MS * 1000) {
    for (let done = 0; done < SLICE; done += bytes, times++) act();
    const { user, system } = process.cpuUsage(before);
    micros = user + system;
  }
  return (times * 1e6) / micros;
}

const median = (values: readonly number[]): number => [...values].sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

// ── the peer ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Peer {
  readonly version: string;
  measure(what: 'freeze' | 'thaw', hex: string): Promise<number>;
  close(): void;
}

/** Starts the peer, or says why not. */
async function startPeer(): Promise<Peer | undefined> {
  // Beside this file, or two folders up from where the build puts it.
  const program = ['storable/peer.pl', '../../bench/storable/peer.pl']
    .map(path => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn('perl', [program ?? 'peer.pl'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = new Promise<string>(resolve => child.on('error', error => resolve(error.message)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the peer ended before it answered');
    return line.value;
  };
  const begun = await Promise.race([next().then(version => ({ version })), failed.then(why => ({ why }))]);
  if ('why' in begun) {
    console.log(`perl is not measured: ${begun.why}\n`);
    return undefined;
  }
  return {
    version: begun.version,
    measure: async (what, hex) => {
      child.stdin.write(`${what} ${hex} ${TURN_MS}\n`);
      return Number(await next());
    },
    close: () => child.stdin.end(),
  };
}

// ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const peer = await startPeer();
console.log(`Node ${process.version}, ${process.platform} ${process.arch}${peer === undefined ? '' : `, ${peer.version}`}\n`);
console.log('MB/s of CPU time'.padEnd(44), '    bytes     ours     perl    ratio');
for (const [name, value] of Object.entries(REQUESTS)) {
  const image = freeze(value);
  const hex = Buffer.from(image).toString('hex');
  for (const what of ['freeze', 'thaw'] as const) {
    const act = what === 'freeze' ? () => freeze(value) : () => thaw(image);
    const ours: number[] = [];
    const theirs: number[] = [];
    // One turn before, in which the code is compiled.
    for (let turn = -1; turn < TURNS; turn++) {
      const rate = measure(act, image.length);
      const beside = await peer?.measure(what, hex);
      if (turn < 0) continue;
      ours.push(rate);
      if (beside !== undefined) theirs.push(beside);
    }
    const megabytes = (rate: number): string => ((rate * image.length) / 1e6).toFixed(1).padStart(8);
    const ratio = median(ours.map((rate, turn) => rate / (theirs[turn] ?? Number.NaN)));
    const last = theirs.length === 0 ? '' : `${megabytes(median(theirs))} ${ratio.toFixed(2).padStart(8)}`;
    console.log(`${what.padEnd(7)}${name.padEnd(37)} ${String(image.length).padStart(9)} ${megabytes(median(ours))} ${last}`);
  }
}
peer?.close();
