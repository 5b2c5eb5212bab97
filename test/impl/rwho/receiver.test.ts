/** What becomes of datagrams: what Debian and netkit stored when they were sent them, and what was meant. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex, unhex, utf8 } from '../../../src/host/bytes.ts';
import { EDITIONS, QUIRK, type Quirk } from '../../../src/impl/rwho/quirks.ts';
import { parseRecord } from '../../../src/impl/rwho/record.ts';
import { decode } from '../../../src/impl/rwho/wire.ts';
import { OWN, report, run, type Setup, SPOOL, unstamped } from './bench.ts';

interface Case {
  readonly sent: readonly string[];
  readonly sport: number;
  readonly files: Readonly<Record<string, { readonly hex: string | null }>>;
}
interface NetkitCase {
  readonly after: number;
  readonly before: number;
  readonly files: Readonly<Record<string, { readonly hex: string | null }>>;
}
// A copy of what was captured; the tests fail where it has another form.
const vectors = JSON.parse(readFileSync(new URL('vectors/rwhod.json', import.meta.url), 'utf8')) as {
  readonly receiver_cases: { readonly cases: Readonly<Record<string, Case>> };
  readonly short_packets_unpatched_netkit_0_17: { readonly cases: Readonly<Record<string, NetkitCase>> };
};

const bytesOf = (text: string): Uint8Array => {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
};
const quirks = (slugs: readonly Quirk[]): readonly string[] => slugs.map(slug => `--quirk=${slug}`);

/** Permissions and symbolic links: a Host has neither. */
const NOT_OF_A_HOST = ['readonly_file', 'symlink_dangling'];
const cases = Object.entries(vectors.receiver_cases.cases).filter(([name]) => !NOT_OF_A_HOST.includes(name));

function setupOf(name: string, { sent, sport }: Case, args: readonly string[]): Setup {
  return {
    args,
    acts: sent.map((text, index) => [30 + index / 10, bench => bench.send(bytesOf(text), sport)]),
    directories: name === 'is_directory' ? [SPOOL, `${SPOOL}/whod.h1`] : [SPOOL],
  };
}

/** Files by host, the own one only where somebody forged it. */
const recordsOf = (files: ReadonlyMap<string, Uint8Array>, forged: boolean): Readonly<Record<string, string>> =>
  Object.fromEntries([...files].filter(([host]) => forged || host !== OWN).map(([host, bytes]) => [`whod.${host}`, unstamped(bytes)]));

const expectedOf = ({ files }: Case): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).flatMap(([name, file]) => (file.hex === null ? [] : [[name, unstamped(bytesOf(file.hex))]])));

describe('Debian', () => {
  test.each(cases)('%s', (name, vector) => {
    const { files, alive } = run(setupOf(name, vector, quirks(EDITIONS.debian)));
    expect(recordsOf(files, name === 'spoof_self')).toEqual(expectedOf(vector));
    expect(alive).toBe(2);
  });
});

/** Whole entries only, and nothing behind the name; the first of two reports of one second stays. */
function corrected(name: string, vector: Case): Readonly<Record<string, string>> {
  const expected = Object.keys(expectedOf(vector));
  if (name === 'spoof_self') return {};
  const first = new Map(
    vector.sent
      .map(bytesOf)
      .flatMap(bytes => [[decode(bytes)?.status.hostName, bytes] as const])
      .toReversed(),
  );
  return Object.fromEntries(
    expected.map(file => {
      const status = decode(first.get(file.slice(5)) ?? new Uint8Array(0))?.status;
      return [file, JSON.stringify({ ...status, receiveTime: 0 })];
    }),
  );
}

describe('corrected', () => {
  test.each(cases)('%s', (name, vector) => {
    const { files, alive } = run(setupOf(name, vector, []));
    const stored = [...files].filter(([host]) => host !== OWN);
    const found = stored.map(([host, bytes]) => [`whod.${host}`, JSON.stringify({ ...parseRecord(bytes), receiveTime: 0 })]);
    expect(Object.fromEntries(found)).toEqual(corrected(name, vector));
    for (const [, bytes] of stored) expect((bytes.length - 60) % 24).toBe(0);
    expect(alive).toBe(1);
  });
});

describe('netkit, short packets', () => {
  const whole = '010100006b021d8811223344683100000000000000000000000000000000000000000000000000000000000000000065000000ca0000012f6b00cc08';
  const entry = '7074732f30000000616c6963650000006b021d8800000005';
  test.each(Object.entries(vectors.short_packets_unpatched_netkit_0_17.cases))('%s', (name, { before, after, files }) => {
    const [, bits = '', length = ''] = /_(32|64)_(\d+)$/.exec(name) ?? [];
    const sent = bytesOf(whole + entry).subarray(0, Number(length));
    const { files: stored, ends } = run({ args: quirks(EDITIONS[bits === '32' ? 'netkit-32' : 'netkit-64']), acts: [[30, sent]] });
    const lengths = [...stored].filter(([host]) => host !== OWN).map(([host, bytes]) => [`whod.${host}`, bytes.length]);
    expect(lengths).toEqual(Object.entries(files).map(([file, { hex: text }]) => [file, (text?.length ?? 0) / 2]));
    expect(ends).toEqual(before === after ? [] : ['139']);
  });
});

describe('bad input', () => {
  test('every length from 0 to 2,000: less than a header is dropped, the rest is cut to whole entries', () => {
    const acts = Array.from({ length: 2_001 }, (_, length): readonly [number, Uint8Array] => {
      const bytes = new Uint8Array(length).fill(0x41);
      bytes.set(report(`h${length}`, length).subarray(0, length));
      return [1 + length / 100, bytes];
    });
    const { files, alive } = run({ acts });
    const stored = [...files].filter(([host]) => host !== OWN);
    expect(stored.map(([host]) => Number(host.slice(1))).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 1_941 }, (_, index) => 60 + index),
    );
    for (const [host, bytes] of stored) expect(bytes.length).toBe(60 + 24 * Math.min(42, Math.floor((Number(host.slice(1)) - 60) / 24)));
    expect(alive).toBe(1);
  });

  test.each([
    ['a slash', 'a/b'],
    ['a way out', '../../etc/x'],
    ['NUL first', '\0abc'],
    ['eight bits', 'h\u00e9'],
    ['nothing', ''],
    ['a blank', 'a b'],
    ['DEL', 'a\u007f'],
  ])('a name with %s is refused', (_what, name) => {
    const { files, logs, trace } = run({ acts: [[30, report(name, 30)]] });
    expect([...files.keys()]).toEqual([OWN]);
    expect(logs).toEqual(['bad-name']);
    const paths = trace.flatMap(({ kind, data }) =>
      kind === 'write' || kind === 'rename' ? [String(data?.['to'] ?? data?.['path'])] : [],
    );
    expect(paths.every(path => /^\/spool\/[^/]+$/.test(path))).toBe(true);
  });

  test.each([['..'], ['.'], ['-rf'], ['*']])('the name %s is a file of the spool', name => {
    expect([...run({ acts: [[30, report(name, 30)]] }).files.keys()].toSorted()).toEqual([name, OWN].toSorted());
  });

  test('a name of 32 bytes without NUL is its first 31', () => {
    const bytes = report('x', 30);
    bytes.fill(0x68, 12, 44);
    expect([...run({ acts: [[30, bytes]] }).files.keys()]).toContain('h'.repeat(31));
  });

  test.each([
    ['version', 0],
    ['type', 1],
  ])('another %s is refused', (_what, at) => {
    for (const value of [0, 2, 255]) {
      const bytes = report('x', 30);
      bytes[at] = value;
      const { files, logs } = run({ acts: [[30, bytes]] });
      expect([[...files.keys()], logs]).toEqual([[OWN], ['bad-version']]);
    }
  });

  test('another source port is refused, and its sender is named', () => {
    const { files, logs, trace } = run({ acts: [[30, bench => bench.send(report('x', 30), 5_130)]] });
    expect([[...files.keys()], logs]).toEqual([[OWN], ['bad-port']]);
    expect(trace.find(({ kind }) => kind === 'log')?.data).toMatchObject({ from: '10.0.0.2', port: 5_130 });
  });

  test('a time of sending that is ahead of our clock is as good as any', () => {
    expect([...run({ acts: [[30, report('x', 30, { sendTime: 2 ** 31 - 1 })]] }).files.keys()]).toContain('x');
  });

  test('ten thousand refusals are two lines of the log', () => {
    const acts = Array.from({ length: 10_000 }, (_, index) => [1 + index / 1_000, utf8('short')] as const);
    const { logs, trace } = run({ acts, until: 200 });
    expect(logs).toEqual(['short', 'short']);
    expect(trace.findLast(({ kind }) => kind === 'log')?.data).toMatchObject({ more: 9_999 });
    expect(run({ acts: acts.slice(0, 50), args: quirks([QUIRK.LOG_EVERYTHING]) }).logs.length).toBe(50);
  });
});

describe('as written', () => {
  const asWritten = ['--profile=as-written'];
  const others = (files: ReadonlyMap<string, Uint8Array>): readonly string[] => [...files.keys()].filter(name => name !== OWN);

  test('RW-02, RW-03: a short report is completed by the one before it', () => {
    const short = report('h', 31).subarray(0, 13);
    const { files } = run({
      args: asWritten,
      acts: [
        [30, report('charlie', 30)],
        [31, short],
      ],
    }); // prettier-ignore
    expect(others(files)).toEqual(['charlie', 'hharlie']);
    expect(files.get('hharlie')?.length).toBe(13);
    const one = run({
      args: asWritten,
      acts: [
        [30, report('charlie', 30)],
        [31, Uint8Array.of(255)],
      ],
    }); // prettier-ignore
    expect(one.files.get('charlie')?.length).toBe(1);
  });

  test('RW-06: any version is stored', () => {
    const bytes = report('x', 30);
    bytes[0] = 9;
    bytes[1] = 9;
    expect(others(run({ args: asWritten, acts: [[30, bytes]] }).files)).toEqual(['x']);
  });

  test('RW-07: 32 letters and load that is text are one name; a longer one kills', () => {
    const bytes = report('x', 30, { load: [0x61616161, 0x61616161, 0x61000000] });
    bytes.fill(0x68, 12, 44);
    const { files } = run({ args: asWritten, acts: [[30, bytes]] });
    expect(others(files)).toEqual([`${'h'.repeat(32)}${'a'.repeat(9)}`]);
    const all = report('x', 30);
    expect(run({ args: asWritten, acts: [[30, new Uint8Array(1_068).fill(0x61).fill(1, 0, 2)]] }).ends).toEqual(['139']);
    expect(hex(all.subarray(0, 2))).toBe('0101');
  });

  test('RW-08: a slash leads out of the spool, where there is a directory for it', () => {
    const out = (directories: readonly string[]): boolean =>
      run({ args: asWritten, directories, acts: [[30, report('x/../../f', 30)]] }).trace.some(
        ({ kind, data }) => kind === 'write' && data?.['path'] === '/spool/whod.x/../../f' && data['error'] === undefined,
      );
    expect(out([SPOOL, `${SPOOL}/whod.x`])).toBe(true);
    expect(out([SPOOL])).toBe(false);
  });

  test('RW-16: a stamp of 64 bits ends the name before it begins', () => {
    const { files } = run({ args: quirks([QUIRK.OVERRUN_STAMP]), acts: [[30, report('x', 30)]] });
    expect(parseRecord(files.get('x') ?? new Uint8Array(60))?.hostName).toBe('');
  });

  test('RW-31: half an entry is stored', () => {
    const bytes = new Uint8Array(109);
    bytes.set(report('x', 30));
    expect(run({ args: asWritten, acts: [[30, bytes]] }).files.get('x')?.length).toBe(109);
    expect(run({ acts: [[30, bytes]] }).files.get('x')?.length).toBe(108);
  });

  test('RW-42: anybody reports for this machine', () => {
    const forged = report(OWN, 30, { load: [99_999, 0, 0] });
    const load = (args: readonly string[]): number | undefined =>
      parseRecord(run({ args, acts: [[30, forged]] }).files.get(OWN) ?? new Uint8Array(0))?.load[0];
    expect(load(asWritten)).toBe(99_999);
    expect(load([])).toBe(0);
    expect(run({ acts: [[30, forged]] }).logs).toEqual(['own-name']);
  });
});
