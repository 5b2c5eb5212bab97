/**
 * `node --import tsx bench/capture.ts [--bytes=40e6] [--without-trace]`: a capture of small packets (capture-file.ts), read by Slipway and by
 * `tshark -T fields` in turns in the same run. MB of file a second of CPU time, of each whole process or of the reading alone, and the most
 * memory that a process had. Of Slipway's command too: `dist` has to be there. Without tshark it says so. `--without-trace` leaves out
 * `--out`, which writes nearly three times the size of the capture.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lonc } from '../protocols/lonc.ts';
import { CaptureImport, type ImportOptions } from '../src/capture/import.ts';
import { writeCapture } from './capture-file.ts';

/** Of a large file, which takes long enough, one. */
const roundsOf = (bytes: number): number => (bytes > 5e8 ? 1 : 3);
/** Of a file that takes less, so many are read before anything is measured. */
const WARM_BYTES = 400e6;
const SLIPWAY = fileURLToPath(new URL('../slipway', import.meta.url));
/** Says at the end, on the third descriptor, how many kilobytes the process had. */
const TELL_MEMORY = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))`;
const TSHARK = 'tshark -T fields';

interface Cost {
  readonly seconds: number;
  /** MB; absent: not known. */
  readonly memory?: number;
}

/** A whole process: its CPU time as bash has it. */
function processOf(words: readonly string[]): Cost {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2> /dev/null';
  const { stderr, output } = spawnSync('bash', ['-c', script, 'x', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  if (user === undefined || system === undefined) throw new Error(`${words.join(' ')}: ${stderr}`);
  const kilobytes = Number(output[3] ?? 0);
  return { seconds: user + system, ...(kilobytes > 0 ? { memory: kilobytes / 1_000 } : {}) };
}

const slipway = (...words: readonly string[]): Cost => processOf([process.execPath, '--import', TELL_MEMORY, SLIPWAY, ...words]);

/** In this process, so without its start. */
function read(path: string, options: ImportOptions): Cost {
  const reading = new CaptureImport(options);
  const buffer = new Uint8Array(1 << 20);
  const file = openSync(path, 'r');
  const before = process.cpuUsage();
  for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) reading.feed(buffer.subarray(0, length));
  reading.end();
  const { user, system } = process.cpuUsage(before);
  closeSync(file);
  return { seconds: (user + system) / 1_000_000 };
}

const bytes = Number(process.argv.find(each => each.startsWith('--bytes='))?.slice('--bytes='.length) ?? 40e6);
const folder = mkdtempSync(join(tmpdir(), 'slipway-capture-'));
try {
  const file = join(folder, 'small.pcapng');
  const trace = join(folder, 'trace.jsonl');
  const written = writeCapture(file, bytes);
  const size = written.bytes / 1_000_000;
  process.stdout.write(`${size.toFixed(0)} MB, ${written.packets} packets of ${written.connections} connections\n`);
  const hasTshark = spawnSync('tshark', ['--version']).status === 0;
  const fields = ['frame.number', 'ip.src', 'tcp.stream', 'tcp.len'].flatMap(name => ['-e', name]);
  const contenders: Readonly<Record<string, () => Cost>> = {
    'streams put together': () => read(file, {}),
    'and lines decoded': () => read(file, lonc.decoders === undefined ? {} : { decoders: lonc.decoders }),
    'slipway import': () => slipway('import', file, '--protocol', 'lonc'),
    ...(process.argv.includes('--without-trace')
      ? {}
      : { 'slipway import --out': () => slipway('import', file, '--protocol', 'lonc', '--out', trace) }),
    ...(hasTshark ? { [TSHARK]: () => processOf(['tshark', '-n', '-r', file, '-T', 'fields', ...fields]) } : {}),
  };
  const costs = Object.entries(contenders).map(([name, cost]) => ({ name, cost, all: [] as Cost[] }));
  // In this process: while the first of it is read, its code is compiled.
  for (let read = 0; roundsOf(bytes) > 1 && read < WARM_BYTES; read += bytes) for (const { cost } of costs.slice(0, 2)) cost();
  for (let round = 0; round < roundsOf(bytes); round++) for (const { cost, all } of costs) all.push(cost());
  const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  const secondsOf = (name: string): number => median(costs.find(each => each.name === name)?.all.map(({ seconds }) => seconds) ?? []);
  for (const { name, all } of costs) {
    const memory = Math.max(0, ...all.map(each => each.memory ?? 0));
    const ratio = hasTshark ? `   ${(secondsOf(TSHARK) / secondsOf(name)).toFixed(1)} times tshark` : '';
    const peak = memory > 0 ? `   ${memory.toFixed(0)} MB of memory` : '';
    process.stdout.write(`${name.padEnd(22)} ${(size / secondsOf(name)).toFixed(1).padStart(7)} MB a second of CPU time${ratio}${peak}\n`);
  }
  if (!hasTshark) process.stdout.write('tshark is not here\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
