/**
 * Traffic of real daemons on a loopback of their own, recorded by tshark while a few cases of each suite are played against them: imported, decoded without a
 * violation that was not meant, exported again, and by Wireshark's own reading the same bytes in every stream, which the generated dissector shows without an error.
 */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SLIPWAY = fileURLToPath(new URL('../../slipway', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CI = process.env['CI'] !== undefined;
/** Capturing takes rights, and so does a network. */
const able = spawnSync('tshark', ['--version']).status === 0 && spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
if (!able) process.stderr.write('tshark is not here, or may not capture, or there are no namespaces: nothing real was captured\n');

const folder = mkdtempSync(join(tmpdir(), 'slipway-captured-'));

/** A network with nothing but its loopback, on which nobody else says anything; it lives until its input ends. */
let network: ChildProcess;
beforeAll(async () => {
  network = spawn('unshare', ['-n', 'sh', '-c', 'ip link set lo up && echo up && exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (able) await new Promise(resolve => network.stdout?.once('data', resolve));
});
afterAll(() => {
  network.stdin?.end();
  rmSync(folder, { recursive: true, force: true });
});
const within = (command: string, args: readonly string[], stdio: StdioOptions): ChildProcess =>
  spawn('nsenter', ['-t', `${network.pid}`, '-n', command, ...args], { cwd: ROOT, stdio });

interface Live {
  readonly name: string;
  readonly filter: string;
  /** Of `conform`. */
  readonly args: readonly string[];
  /** Messages that must be among those that are decoded. */
  readonly types: readonly string[];
}

const LIVE: readonly Live[] = [
  { name: 'ikc', filter: 'tcp', args: ['ikc', '--role', 'server', '--case', 'ikc.server.lines.*'], types: ['iam', 'line'] },
  { name: 'lonc', filter: 'tcp', args: ['lonc', '--role', 'lond', '--case', 'lonc.lond.lines.*'], types: ['line'] },
  { name: 'lonc', filter: 'tcp', args: ['lonc', '--role', 'lond-client', '--case', 'lonc.lond-client.dialogue.echo*'], types: ['line'] },
  { name: 'rover', filter: 'tcp', args: ['rover', '--role', 'daemon', '--case', 'rover.daemon.order.*'], types: ['request', 'answer'] },
  { name: 'rwho', filter: 'udp', args: ['rwho', '--role', 'sender', '--case', 'rwho.sender.layout'], types: ['report'] },
];

/** Waits until tshark says that it captures. */
function capturing(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (bytes: Buffer) => bytes.toString().includes('Capturing') && resolve());
    child.on('exit', () => reject(new Error('tshark has ended')));
  });
}

const slipway = (args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [SLIPWAY, ...args], { encoding: 'utf8', cwd: ROOT, maxBuffer: 1 << 28, timeout: 240_000 });

async function captured({ name, filter, args }: Live): Promise<string> {
  const file = join(folder, `${name}-${args[2]}.pcapng`);
  const tshark = within('tshark', ['-i', 'lo', '-w', file, '-f', filter], ['ignore', 'ignore', 'pipe']);
  try {
    await capturing(tshark);
    // It says so a moment before it does.
    await new Promise(resolve => setTimeout(resolve, 1_500));
    const played = await new Promise<number | null>(resolve =>
      within(process.execPath, [SLIPWAY, 'conform', ...args], 'ignore').on('exit', resolve),
    );
    expect(played).toBe(0);
    // What the kernel has still to hand over.
    await new Promise(resolve => setTimeout(resolve, 1_500));
  } finally {
    const gone = new Promise(resolve => tshark.on('exit', resolve));
    tshark.kill('SIGINT');
    await gone;
  }
  return file;
}

function tshark(file: string, filter: string, fields: readonly string[]): readonly (readonly string[])[] {
  const options = ['-n', '-o', 'tcp.desegment_tcp_streams:FALSE', '-Y', filter, '-T', 'fields', '-E', 'separator=/t'];
  const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, ...options, ...fields.flatMap(field => ['-e', field])], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => line.split('\t'));
}

const ENDS = ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'udp.srcport', 'udp.dstport'];
const endsOf = ([from, to, a, b, c, d]: readonly string[]): readonly [string, string] => [`${from}:${a || c}`, `${to}:${b || d}`];

/** Streams in which Wireshark sees that something came twice, late or not at all, as on a busy loopback: what it takes for their bytes is no measure. */
const uneven = (file: string): ReadonlySet<string> =>
  new Set(tshark(file, 'tcp.analysis.flags', ENDS).flatMap(row => [endsOf(row).join(' > '), endsOf(row).toReversed().join(' > ')]));

/** Bytes of each direction of each stream and each pair of datagram ends, by Wireshark: their length and a digest. */
function payloads(file: string, without: ReadonlySet<string>): readonly string[] {
  const found = new Map<string, string>();
  for (const row of tshark(file, 'tcp.len > 0 or udp', [...ENDS, 'tcp.payload', 'udp.payload'])) {
    const key = endsOf(row).join(' > ');
    if (!without.has(key)) found.set(key, (found.get(key) ?? '') + (row[6] || row[7] || ''));
  }
  return [...found].map(([key, bytes]) => `${key} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`).sort();
}

describe.skipIf(!able && !CI)('the traffic of a real daemon', () => {
  for (const live of LIVE)
    test(`of ${live.name}, ${live.args[2]}, is imported, decoded, and exported as it was`, async () => {
      const file = await captured(live);
      const told = slipway(['import', file, '--json']);
      expect(told.stderr).toBe('');
      const account = JSON.parse(told.stdout);
      expect(account).toMatchObject({ kind: 'pcapng' });
      expect(account.flows.length).toBeGreaterThan(0);
      // On a busy machine the kernel may have no room for all of it.
      const whole = account.flows.filter(
        (flow: { sent: { missing: number }; received: { missing: number } }) => flow.sent.missing + flow.received.missing === 0,
      );
      expect(whole.length).toBeGreaterThan(0);
      expect(account.guesses.map((each: { protocol: string }) => each.protocol)).toContain(live.name);

      const trace = join(folder, `${live.name}.jsonl.gz`);
      expect(slipway(['import', file, '--protocol', live.name, '--out', trace]).status).toBe(0);
      const shown = slipway(['show', trace]).stdout;
      for (const type of live.types) expect(shown).toMatch(new RegExp(`^ +${type} `, 'm'));

      const [again, script] = [join(folder, `${live.name}-again.pcapng`), join(folder, `${live.name}.lua`)];
      expect(slipway(['export', trace, '--as', 'pcapng', '--out', again]).status).toBe(0);
      expect(slipway(['export', trace, '--as', 'lua', '--out', script]).status).toBe(0);
      const without = uneven(file);
      const original = payloads(file, without);
      expect(original.length).toBeGreaterThan(0);
      expect(payloads(again, without)).toEqual(original);

      const dissected = spawnSync(
        'tshark',
        ['-r', again, '-X', `lua_script:${script}`, '-T', 'fields', '-e', `slipway_${live.name}.type`],
        {
          encoding: 'utf8',
          maxBuffer: 1 << 28,
        },
      );
      expect(dissected.status).toBe(0);
      expect(dissected.stderr.replace(/^Running as user.*\n/m, '')).toBe('');
      const types = new Set(dissected.stdout.split(/[\n,]/));
      for (const type of live.types) expect(types).toContain(type);
      expect(dissected.stdout).not.toMatch(/Lua Error/i);
      expect(statSync(file).size).toBeGreaterThan(0);
      expect(existsSync(again) && readFileSync(again).length > 0).toBe(true);
    });
});
