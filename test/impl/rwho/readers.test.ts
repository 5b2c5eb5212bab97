/** ruptime and rwho, byte for byte what the published programs printed over the same files. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../../src/host/bytes.ts';
import { ok } from '../../../src/host/result.ts';
import { ruptime } from '../../../src/impl/rwho/readers/ruptime.ts';
import { rwho } from '../../../src/impl/rwho/readers/rwho.ts';
import { terminalBytes } from '../../../src/impl/rwho/readers/spool-files.ts';
import { CORRECTED, VARIANTS, variantNamed } from '../../../src/impl/rwho/readers/variant.ts';
import { recordOf } from '../../../src/impl/rwho/record.ts';
import { stampOf } from '../../../src/impl/rwho/time.ts';
import type { Status } from '../../../src/impl/rwho/wire.ts';
import type { Files } from './images.ts';
import { bytesOf, SPOOL, storageOf } from './images.ts';

interface Run {
  readonly args: readonly string[];
  readonly rc: number;
  readonly stderr: string;
  readonly stdout: readonly string[];
}
interface Vector {
  readonly desc: string;
  readonly files: Readonly<Record<string, 'DIR' | 'DANGLING' | { readonly hex: string }>>;
  readonly now: number;
  readonly readdir_order: readonly string[];
  readonly outputs: Readonly<Record<string, { readonly ruptime: readonly Run[]; readonly rwho: readonly Run[] }>>;
}

// A copy of what the programs printed; the tests fail where it has another form.
const vectors = JSON.parse(readFileSync(new URL('vectors/ruptime.json', import.meta.url), 'utf8')) as {
  readonly cases: Readonly<Record<string, Vector>>;
};
const NAMES: Readonly<Record<string, string>> = {
  'debian_0.17-15': 'debian',
  'netkit_0.17': 'netkit',
  'bsd44_8.2_ilp32': 'bsd44',
  'bsd44_8.2_lp64': 'bsd44-lp64',
  'bsd43reno_5.8_ilp32': 'reno',
};
function filesOf({ files }: Vector): Files {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? file : bytesOf(file.hex)]));
}

const runs = Object.entries(vectors.cases).flatMap(([name, vector]) =>
  Object.entries(vector.outputs).flatMap(([program, outputs]) =>
    (['ruptime', 'rwho'] as const).flatMap(command =>
      outputs[command].map(run => ({
        title: `${name}: ${NAMES[program]} ${command} ${run.args.join(' ')}`,
        vector,
        program,
        command,
        run,
      })),
    ),
  ),
);
/** 4.4BSD's rwho reads a directory as -1 bytes and dies of it (RW-33): nobody has to. */
const comparable = runs.filter(({ run }) => run.rc >= 0);

describe('what the published readers printed', () => {
  test.each(comparable.map(each => [each.title, each] as const))('%s', (_title, { vector, program, command, run }) => {
    const variant = variantNamed(NAMES[program] ?? '');
    if (variant === undefined) throw new Error(`no variant for ${program}`);
    const options = { storage: storageOf(filesOf(vector), vector.readdir_order), spool: SPOOL, now: vector.now, variant, zone: () => 0 };
    const answer = command === 'ruptime' ? ruptime(run.args, options) : rwho(run.args, options);
    expect(answer.out).toEqual(run.stdout);
    expect(answer.err.map(line => `${line}\n`).join('')).toBe(run.stderr);
    expect(answer.status).toBe(run.rc);
  });

  test('are as many as there were', () => {
    expect(comparable.length).toBeGreaterThan(300);
  });
});

// ── what they meant ─────────────────────────────────────────────────────────────────────────────────────────────────

const NOW = 1_700_000_000;
const report = (hostName: string, more: Partial<Status> = {}, at = NOW): Uint8Array =>
  recordOf(
    { sendTime: stampOf(at), receiveTime: 0, hostName, load: [0, 0, 0], bootTime: stampOf(at - 3_600), entries: [], ...more },
    more.receiveTime ?? stampOf(at),
  );
const person = (name: string, line = 'pts/0', idle = 0) => ({ line, name, loginTime: stampOf(NOW - 60), idle });

const over = (files: Files, now = NOW, variant = CORRECTED) => {
  const options = { storage: storageOf(files), spool: SPOOL, now, variant, zone: () => 0 };
  return { ruptime: (...args: readonly string[]) => ruptime(args, options), rwho: (...args: readonly string[]) => rwho(args, options) };
};

describe('corrected', () => {
  test.each([2026, 2037, 2039, 2105, 2107])('hosts are up and down in %d as well, and logins have their date', year => {
    const now = Date.UTC(year, 5, 1, 12) / 1_000;
    const files = {
      'whod.a': report('a', { entries: [{ line: 'pts/0', name: 'ada', loginTime: stampOf(now - 60), idle: 0 }] }, now - 10),
      'whod.b': report('b', {}, now - 700),
    };
    const { ruptime: lines, rwho: people } = over(files, now);
    expect(lines().out).toEqual(['a             up       1:00,     1 user,   load 0.00, 0.00, 0.00', 'b           down       0:12']);
    expect(people().out).toEqual(['ada      a:pts/0 Jun  1 11:59']);
    // Debian's for 34 years nobody is down, and then everybody (RW-18, RW-19).
    const debian = over(files, now, variantNamed('debian')).ruptime();
    if (year > 2038) expect(debian.hosts.map(({ up }) => up)).toEqual(year < 2072 ? [true, true] : [false, false]);
  });

  test('one line for each host, of its newest record', () => {
    const files = { 'whod.a': report('a', { load: [100, 0, 0] }, NOW - 100), 'whod.alias': report('a', { load: [200, 0, 0] }, NOW - 10) };
    expect(over(files).ruptime().hosts).toMatchObject([{ name: 'a', load: [200, 0, 0] }]);
    expect(over(files, NOW, variantNamed('debian')).ruptime().hosts).toHaveLength(2);
  });

  test('loads in order, also those that are as far apart as numbers can be', () => {
    const files = Object.fromEntries(
      [2 ** 31 - 1, -(2 ** 31), 0].map((load, index) => [`whod.${index}`, report(`h${index}`, { load: [load, 0, 0] })]),
    );
    expect(
      over(files)
        .ruptime('-l')
        .hosts.map(each => each.name),
    ).toEqual(['h0', 'h2', 'h1']);
    expect(
      over(files)
        .ruptime('-rl')
        .hosts.map(each => each.name),
    ).toEqual(['h1', 'h2', 'h0']);
  });

  test('columns that stand apart, whatever is in them', () => {
    const files = {
      'whod.a': report('a-name-of-31-letters-and-no-less', { load: [0, 0, 12_345] }),
      'whod.b': report('twelve-chars', {}, NOW - 900),
    };
    expect(over(files).ruptime().out).toEqual([
      'a-name-of-31-letters-and-no-les  up       1:00,     0 users,  load  0.00,  0.00, 123.45',
      'twelve-chars                   down       0:15',
    ]);
  });

  test('nothing that a terminal would obey', () => {
    const sequence = '\u001b]0;x\u0007';
    const files = { 'whod.a': report(`a${sequence}`, { entries: [person(`\u001b[2J`, sequence)] }) };
    for (const line of [...over(files).ruptime().out, ...over(files).rwho().out]) expect(line).toMatch(/^[ -~]*$/);
  });

  test('more than a thousand people', () => {
    const entries = Array.from({ length: 42 }, (_, index) => person(`u${index}`));
    const files = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`whod.${index}`, report(`h${index}`, { entries })]));
    expect(over(files).rwho().out).toHaveLength(24 * 42);
    expect(over(files, NOW, variantNamed('debian')).rwho()).toMatchObject({ out: ['too many users'], status: 1 });
  });

  test.each([
    [34, 1_000, 0],
    [35, 1, 1],
  ])('of 23 hosts with 42 people and one with %d the published readers print %d lines', (last, lines, status) => {
    const people = (count: number) => Array.from({ length: count }, (_, index) => person(`u${index}`));
    const files = Object.fromEntries(
      Array.from({ length: 24 }, (_, index) => [`whod.${index}`, report(`h${index}`, { entries: people(index < 23 ? 42 : last) })]),
    );
    for (const variant of VARIANTS.filter(each => each !== CORRECTED)) {
      const answer = over(files, NOW, variant).rwho();
      expect([answer.out.length, answer.status]).toEqual([lines, status]);
    }
  });

  test('a record of any length and any bytes is read without harm', () => {
    const files = Object.fromEntries(
      Array.from({ length: 2_001 }, (_, length) => [`whod.${length}`, new Uint8Array(length).fill(length % 251)]),
    );
    for (const variant of VARIANTS) {
      expect(over(files, NOW, variant).ruptime('-al').status).toBe(0);
      expect(over(files, NOW, variant).rwho('-a').status).toBeLessThanOrEqual(1);
    }
  });
});

test('rows of BSD without a NUL end where its buffer does', () => {
  const files = { 'whod.0': report('a', {}), 'whod.1': new Uint8Array(1_068).fill(0x61), 'whod.2': new Uint8Array(1_068).fill(0x62) };
  const answer = over(files, 0x61616161, variantNamed('bsd44')).rwho('-a');
  expect(answer.out).toHaveLength(84);
  for (const line of answer.out) expect(line.length).toBeLessThan(2 * 8_192 + 40);
});

describe('nothing to show', () => {
  test.each([
    ['corrected', ['ruptime: no hosts in /spool.'], [], 1],
    ['debian', ['ruptime: no hosts in /spool.'], [], 1],
    ['bsd44', [], ['ruptime: no hosts in /spool.'], 0],
    ['reno', ['ruptime: no hosts in /spool.'], [], 1],
  ] as const)('%s says so', (name, out, err, status) => {
    const answer = over({ other: report('x') }, NOW, variantNamed(name) ?? CORRECTED).ruptime();
    expect(answer).toMatchObject({ out, err, status });
  });

  test('a spool that is not there is named; nobody logged in is nothing', () => {
    const options = { storage: storageOf({}, []), spool: '/nowhere', now: NOW, variant: CORRECTED, zone: () => 0 };
    expect(ruptime([], options)).toMatchObject({ err: ['ruptime: /nowhere: No such file or directory'], status: 1 });
    expect(rwho([], options)).toMatchObject({ status: 1 });
    expect(over({}).rwho()).toMatchObject({ out: [], err: [], status: 0 });
  });

  test('what goes to the terminal is bytes where the readers were published, and text where they are corrected', () => {
    const { out } = over({ 'whod.a': report('a', { entries: [person('\xe9ve')] }) }, NOW, variantNamed('debian')).rwho();
    expect([...terminalBytes(out, variantNamed('debian') ?? CORRECTED).slice(0, 4)]).toEqual([0xe9, 0x76, 0x65, 0x20]);
    expect([...terminalBytes(out, CORRECTED).slice(0, 4)]).toEqual([0xc3, 0xa9, 0x76, 0x65]);
    const nowhere = { storage: { ...storageOf({}), list: () => ok([]) }, spool: '/\u20ac', now: NOW, zone: () => 0 };
    for (const variant of VARIANTS.filter(({ noHosts }) => noHosts.stream === 'out')) {
      expect(textOf(terminalBytes(ruptime([], { ...nowhere, variant }).out, variant))).toBe('ruptime: no hosts in /\u20ac.\n');
    }
  });

  test('options that nobody knows, operands where they are refused', () => {
    expect(over({}).ruptime('-x')).toMatchObject({ err: ['usage: ruptime [-alrut]'], status: 1 });
    expect(over({}).rwho('-q')).toMatchObject({ err: ['usage: rwho [-a]'], status: 1 });
    expect(over({}, NOW, variantNamed('bsd44')).ruptime('host')).toMatchObject({ err: ['usage: ruptime [-alrut]'], status: 1 });
    expect(over({ 'whod.a': report('a') }).ruptime('host')).toMatchObject({ status: 0 });
  });
});
