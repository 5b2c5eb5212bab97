/**
 * Traffic of real daemons on the loopback, recorded by tshark while a few cases of each suite are played against them: imported, decoded without a
 * violation that was not meant, exported again, and by Wireshark's own reading the same bytes in every stream, which the generated dissector shows without an error.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const SLIPWAY = fileURLToPath(new URL('../../dist/cli/slipway.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CI = process.env['CI'] !== undefined;
/** Capturing takes rights. */
const able = spawnSync('tshark', ['--version']).status === 0 && process.getuid?.() === 0;
if (!able) process.stderr.write('tshark is not here, or may not capture: nothing real was captured\n');

const folder = mkdtempSync(join(tmpdir(), 'slipway-captured-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  spawnSync(process.execPath, [SLIPWAY, ...args], { encoding: 'utf8', cwd: ROOT, maxBuffer: 1 << 28, timeout: 120_000 });

async function captured({ name, filter, args }: Live): Promise<string> {
  const file = join(folder, `${name}.pcapng`);
  const tshark = spawn('tshark', ['-i', 'lo', '-w', file, '-f', filter], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await capturing(tshark);
    // It says so a moment before it does.
    await new Promise(resolve => setTimeout(resolve, 1_500));
    const played = await new Promise<number | null>(resolve =>
      spawn(process.execPath, [SLIPWAY, 'conform', ...args], { cwd: ROOT, stdio: 'ignore' }).on('exit', resolve),
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

/** Bytes of each direction of each stream and each pair of datagram ends, by Wireshark. */
function payloads(file: string): ReadonlyMap<string, string> {
  const fields = [
    'ip.src',
    'ip.dst',
    'tcp.srcport',
    'tcp.dstport',
    'udp.srcport',
    'udp.dstport',
    'tcp.payload',
    'udp.payload',
    'data.data',
  ];
  // On a busy machine the kernel sends a segment again now and then.
  const filter = '(tcp.len > 0 and not tcp.analysis.retransmission and not tcp.analysis.spurious_retransmission) or udp';
  const options = ['-n', '-o', 'tcp.desegment_tcp_streams:FALSE'];
  const { status, stdout, stderr } = spawnSync(
    'tshark',
    ['-r', file, ...options, '-Y', filter, '-T', 'fields', '-E', 'separator=/t', ...fields.flatMap(field => ['-e', field])],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (status !== 0) throw new Error(stderr);
  const found = new Map<string, string>();
  for (const line of stdout.split('\n').filter(Boolean)) {
    const [from, to, a, b, c, d, stream, datagram] = line.split('\t');
    const key = `${from}:${a || c} > ${to}:${b || d}`;
    found.set(key, (found.get(key) ?? '') + (stream || datagram || ''));
  }
  return found;
}

/** Of long streams a difference would fill screens. */
const digests = (streams: ReadonlyMap<string, string>): readonly string[] =>
  [...streams].map(([key, bytes]) => `${key} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`).sort();

describe.skipIf(!able && !CI)('the traffic of a real daemon', () => {
  for (const live of LIVE)
    test(`of ${live.name} is imported, decoded, and exported as it was`, { timeout: 180_000 }, async () => {
      const file = await captured(live);
      const told = slipway(['import', file, '--json']);
      expect(told.stderr).toBe('');
      const account = JSON.parse(told.stdout);
      expect(account).toMatchObject({ kind: 'pcapng', problems: [] });
      expect(account.flows.length).toBeGreaterThan(0);
      expect(
        account.flows.every(
          (flow: { sent: { missing: number }; received: { missing: number } }) => flow.sent.missing + flow.received.missing === 0,
        ),
      ).toBe(true);
      expect(account.guesses.map((each: { protocol: string }) => each.protocol)).toContain(live.name);

      const trace = join(folder, `${live.name}.jsonl.gz`);
      expect(slipway(['import', file, '--protocol', live.name, '--out', trace]).status).toBe(0);
      const shown = slipway(['show', trace]).stdout;
      for (const type of live.types) expect(shown).toMatch(new RegExp(`^ +${type} `, 'm'));

      const [again, script] = [join(folder, `${live.name}-again.pcapng`), join(folder, `${live.name}.lua`)];
      expect(slipway(['export', trace, '--as', 'pcapng', '--out', again]).status).toBe(0);
      expect(slipway(['export', trace, '--as', 'lua', '--out', script]).status).toBe(0);
      const original = payloads(file);
      expect(original.size).toBeGreaterThan(0);
      expect(digests(payloads(again))).toEqual(digests(original));

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
