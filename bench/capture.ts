/**
 * `node --import tsx bench/capture.ts [megabytes]`: a capture of small packets, read by Slipway and by `tshark -T fields` in turns in the same run: MB of file a
 * second of CPU time of each whole process. Slipway tells what is in it, and writes the trace as well. Without tshark it says so.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CaptureImport } from '../src/capture/import.ts';

const ROUNDS = 3;
const CONNECTIONS = 2_000;
const SLIPWAY = fileURLToPath(new URL('../dist/cli/slipway.js', import.meta.url));

/** pcapng, Ethernet, IPv4, TCP, payloads of 1 to 64 bytes: on the whole some 120 bytes a packet. */
function write(path: string, megabytes: number): number {
  const file = openSync(path, 'w');
  const block = Buffer.alloc(1 << 20);
  let used = 0;
  let packets = 0;
  let written = 0;
  const sequence = Array.from({ length: CONNECTIONS }, () => [1_000, 5_000]);
  const flush = (): void => {
    written += writeSync(file, block, 0, used);
    used = 0;
  };
  const header = Buffer.from(
    '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000' + '01000000140000000100000000000400' + '14000000',
    'hex',
  );
  header.copy(block);
  used = header.length;
  let random = 1;
  while (written + used < megabytes * 1_000_000) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    const connection = (random >>> 8) % CONNECTIONS;
    const direction = (random >>> 5) & 1;
    const size = 1 + ((random >>> 20) & 63);
    const length = 54 + size;
    const padded = (length + 3) & ~3;
    if (used + padded + 32 > block.length) flush();
    const at = used;
    used += padded + 32;
    block.fill(0, at, used);
    const micros = 1_700_000_000_000_000 + packets * 5;
    for (const [offset, value] of [
      [0, 6],
      [4, padded + 32],
      [8, 0],
      [12, Math.floor(micros / 2 ** 32)],
      [16, micros % 2 ** 32],
      [20, length],
      [24, length],
    ] as const)
      block.writeUInt32LE(value >>> 0, at + offset);
    block.writeUInt32LE(padded + 32, at + padded + 28);
    const ip = at + 28 + 14;
    block.writeUInt16BE(0x0800, ip - 2);
    block[ip] = 0x45;
    block.writeUInt16BE(40 + size, ip + 2);
    block[ip + 8] = 64;
    block[ip + 9] = 6;
    const [client, server] = [0x0a00_0002 + Math.floor(connection / 500), 0x0a00_0001];
    block.writeUInt32BE(direction === 0 ? client : server, ip + 12);
    block.writeUInt32BE(direction === 0 ? server : client, ip + 16);
    const port = 40_000 + (connection % 500);
    block.writeUInt16BE(direction === 0 ? port : 9_090, ip + 20);
    block.writeUInt16BE(direction === 0 ? 9_090 : port, ip + 22);
    const own = sequence[connection] ?? [0, 0];
    block.writeUInt32BE((own[direction] ?? 0) >>> 0, ip + 24);
    block.writeUInt32BE((own[1 - direction] ?? 0) >>> 0, ip + 28);
    own[direction] = (own[direction] ?? 0) + size;
    block[ip + 32] = 0x50;
    block[ip + 33] = 0x18;
    block.writeUInt16BE(65_535, ip + 34);
    block.fill(0x61, ip + 40, ip + 40 + size - 1);
    block[ip + 40 + size - 1] = 0x0a;
    packets++;
  }
  flush();
  closeSync(file);
  return packets;
}

/** CPU seconds of a whole process, by bash's time. */
function secondsOf(words: readonly string[]): number {
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2> /dev/null', 'x', ...words], {
    encoding: 'utf8',
  });
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  if (user === undefined || system === undefined) throw new Error(`${words.join(' ')}: ${stderr}`);
  return user + system;
}

/** CPU seconds of reading it here, with nothing decoded. */
function read(path: string, take: (() => void) | undefined): number {
  const reading = new CaptureImport(take === undefined ? {} : { take });
  const buffer = new Uint8Array(1 << 20);
  const file = openSync(path, 'r');
  const before = process.cpuUsage();
  for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) reading.feed(buffer.subarray(0, length));
  reading.end();
  const { user, system } = process.cpuUsage(before);
  closeSync(file);
  return (user + system) / 1_000_000;
}

const megabytes = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'slipway-capture-'));
try {
  const file = join(folder, 'small.pcapng');
  const packets = write(file, megabytes);
  const size = statSync(file).size / 1_000_000;
  process.stdout.write(`${size.toFixed(0)} MB, ${packets} packets of ${CONNECTIONS} connections\n`);
  const contenders: Readonly<Record<string, readonly string[]>> = {
    'slipway import': [process.execPath, SLIPWAY, 'import', file, '--protocol', 'lonc'],
    'slipway import --out': [process.execPath, SLIPWAY, 'import', file, '--protocol', 'lonc', '--out', join(folder, 'trace.jsonl')],
    'tshark -T fields': [
      'tshark',
      '-n',
      '-r',
      file,
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      'ip.src',
      '-e',
      'tcp.stream',
      '-e',
      'tcp.len',
    ],
  };
  const all: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, words] of Object.entries(contenders)) {
      if (words[0] === 'tshark' && spawnSync('tshark', ['--version']).status !== 0) continue;
      all[name] = [...(all[name] ?? []), size / secondsOf(words)];
    }
  for (const [name, take] of [
    ['streams put together', undefined],
    ['the same, as events', () => {}],
  ] as const)
    all[`${name}, in this process`] = Array.from({ length: ROUNDS }, () => size / read(file, take));
  const median = (rates: readonly number[]): number => rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
  for (const [name, rates] of Object.entries(all))
    process.stdout.write(
      `${name.padEnd(38)} ${median(rates).toFixed(1).padStart(7)} MB a second of CPU time   ${(median(rates) / (median(all['tshark -T fields'] ?? []) || 1)).toFixed(1)} times tshark\n`,
    );
  if (all['tshark -T fields'] === undefined) process.stdout.write('tshark is not here\n');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
