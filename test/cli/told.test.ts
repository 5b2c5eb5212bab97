/** What the commands for traces and captures tell: all of it, as JSON as well; what is wrong with a file, and what of it was left out; and nothing that a terminal or a page obeys. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { grep } from '../../cli/commands/grep.ts';
import { Screen } from '../../cli/screen.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { readTrace } from '../../src/trace/read.ts';
import { ascii, ethernet, pcap, type TcpOptions, tcp } from '../capture/build.ts';
import { type Form, hostileTexts, leaksIn } from '../hostile/texts.ts';
import { inProcess } from '../support/in-process.ts';
import { ROOT } from '../support/slipway.ts';
import { event } from '../trace/arbitrary.ts';

// Two streams may be open, in the place of tens of thousands.
vi.mock('../../src/trace/decoded.ts', async original => {
  const real = await original<typeof import('../../src/trace/decoded.ts')>();
  const DecodedTrace = class extends real.DecodedTrace {
    constructor(decoders: Decoders, limit?: number) {
      super(decoders, narrow ? 2 : limit);
    }
  };
  return { ...real, DecodedTrace };
});
vi.mock('../../src/trace/capture/capture.ts', async original => {
  const real = await original<typeof import('../../src/trace/capture/capture.ts')>();
  return { ...real, captureOf: (...all: Parameters<typeof real.captureOf>) => ({ ...real.captureOf(...all), omitted: narrow ? 3 : 0 }) };
});
let narrow = false;

const folder = fs.mkdtempSync(join(tmpdir(), 'slipway-told-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const file = (name: string, content: string | Uint8Array): string => {
  fs.writeFileSync(inFolder(name), content);
  return inFolder(name);
};
const FAILURE = 'traces/lonc/late-reply-pipelined@0.jsonl';
const PASS = 'traces/lifetime/healthy@17.jsonl';
const OLD = 'test/trace/corpus/format-1.0-engine-3.jsonl';
const CAPTURE = 'examples/ikc-setup.pcap';
const AS = '--protocol ikc --as server';
/** `{at}` is the folder. */
const told = (line: string): ReturnType<typeof inProcess> => inProcess(line.split(' ').map(word => word.replace('{at}', folder)));

const said = (seq: number, fromPort: number, text: string): TcpOptions => ({
  ...{ from: '10.0.0.2', to: '10.0.0.1', toPort: 603, flags: 'PA' },
  ...{ seq, fromPort, payload: ascii(text) },
});
const captured = (packets: readonly TcpOptions[]): Uint8Array => pcap(packets.map(each => ({ bytes: ethernet(tcp(each)) })));

describe('as JSON', () => {
  const some = expect.anything();
  it.each([
    [
      `grep ${FAILURE} i:66`,
      {
        ...{ format: 'slipway-found', v: 1, file: FAILURE, omitted: 0 },
        events: [
          {
            ...{ index: 66, time: 6_046_090, process: 'h1/lonc-client.101', kind: 'send', cause: -1, message: 10 },
            ...{ channel: 'unix2>', bytes: '70696e670a' },
            messages: [
              {
                ...{ kind: 'message', type: 'line', bytes: '70696e67', offset: 9, ignorable: false },
                fields: { length: 4, text: 'ping' },
              },
            ],
          },
        ],
      },
    ],
    [
      `stats ${FAILURE}`,
      {
        ...{ format: 'slipway-stats', v: 1, file: FAILURE, name: 'lonc/late-reply-pipelined', state: 'complete', outcome: 'fail' },
        ...{ events: 93, duration: 306_551_982, channels: 4, kinds: some, processes: some, messages: some, violations: {}, undecoded: 0 },
        ...{ latency: some, timers: some },
      },
    ],
    [
      `show ${FAILURE}`,
      {
        ...{ format: 'slipway-shown', v: 1, header: some, events: 93, state: 'complete', problems: [] },
        footer: expect.objectContaining({ outcome: 'fail', check: 'answers-are-own', at: 92 }),
        story: expect.objectContaining({ property: 'answers-are-own' }),
      },
    ],
    [
      `show ${CAPTURE}`,
      {
        ...{ format: 'slipway-shown', v: 1, header: expect.objectContaining({ name: 'ikc/capture' }), events: 20 },
        ...{ state: 'complete', problems: [], footer: expect.objectContaining({ outcome: 'inconclusive', events: 20 }) },
      },
    ],
    [
      `import ${CAPTURE} --out {at}/out.jsonl`,
      {
        ...{
          format: 'slipway-import',
          v: 1,
          file: CAPTURE,
          kind: 'pcap',
          protocol: 'ikc',
          out: inFolder('out.jsonl'),
          bytes: 918,
          events: 20,
        },
        ...{ counts: { packets: 11, segments: 11, connections: 1, datagrams: 0, cut: 0, others: 0 }, began: 1_700_000_000_000_000 },
        ...{ guesses: [expect.objectContaining({ protocol: 'ikc' }), some], omitted: 0, problems: [], problemCount: 0 },
        flows: [
          {
            ...{
              channel: 'tcp1',
              protocol: 'ikc',
              offset: 94,
              from: '10.0.0.2:40000',
              to: '10.0.0.1:603',
              first: 1_500,
              last: some,
              midway: false,
              end: 'open',
            },
            ...{ sent: { bytes: 63, messages: 4, missing: 0 }, received: { bytes: 61, messages: 3, missing: 0 } },
          },
        ],
      },
    ],
    [
      `verify ${PASS} ${CAPTURE}`,
      {
        ...{ format: 'slipway-verified', v: 1 },
        files: [
          {
            ...{ file: PASS, state: 'complete', version: [1, 0], engine: 4, events: 57 },
            ...{ verifiedBlocks: 0, problems: [], damage: null },
          },
          {
            ...{ file: CAPTURE, state: 'unreadable', version: null, engine: null, events: 0, verifiedBlocks: 0, damage: null },
            problems: [expect.objectContaining({ advice: 'slipway import makes a trace of it' })],
          },
        ],
      },
    ],
    [
      `upgrade ${OLD} --out {at}/out.jsonl`,
      { format: 'slipway-upgraded', v: 1, file: OLD, out: inFolder('out.jsonl'), from: [1, 0], to: [1, 0], engine: 3, events: some },
    ],
    [
      `anonymise ${FAILURE} --out {at}/out.jsonl`,
      {
        format: 'slipway-anonymised',
        v: 1,
        file: FAILURE,
        out: inFolder('out.jsonl'),
        events: 93,
        values: 48,
        kept: 121,
        replaced: 1_777,
        disclosed: true,
      },
    ],
    [
      `diff ${FAILURE} ${PASS}`,
      {
        ...{ format: 'slipway-difference', v: 1, left: FAILURE, right: PASS, difference: some },
        otherwise: ['one is of lonc/late-reply-pipelined, the other of lifetime/healthy'],
      },
    ],
    [
      `case-from ${CAPTURE} ${AS} --out {at}/x.json`,
      { format: 'slipway-case-from', v: 1, out: inFolder('x.json'), id: 'ikc.server.captured.ikc-setup', steps: 9, left: [] },
    ],
    [
      `scenario-from ${CAPTURE} ${AS} --out {at}/x.test.ts`,
      { format: 'slipway-scenario-from', v: 1, out: inFolder('x.test.ts'), id: 'ikc.server.captured.ikc-setup', left: [] },
    ],
  ])('%s has all of it', async (line, whole) => {
    expect(JSON.parse((await told(`${line} --json`)).stdout)).toEqual(whole);
  });
});

describe('what is wrong with a file', () => {
  const whole = captured([said(1, 40_000, 'HELLO\r\n'), said(20, 40_000, 'x')]);
  file('cut.pcap', whole.subarray(0, whole.length - 3));
  file('packed.pcap.gz', gzipSync(whole).subarray(0, -9));
  file('cut.jsonl', fs.readFileSync(FAILURE, 'utf8').slice(0, 9_000));
  file('torn.jsonl.gz', gzipSync(fs.readFileSync(PASS)).subarray(0, -4));
  const PLACE = { cut: /cut\.pcap: byte \d+: the file ends/, short: /cut\.jsonl: line \d+ \(byte \d+\): the last line stops/ };

  it.each([
    ['grep {at}/cut.pcap HELLO --json', PLACE.cut],
    ['stats {at}/cut.pcap --json', PLACE.cut],
    ['export {at}/cut.pcap --as svg', PLACE.cut],
    ['anonymise {at}/cut.pcap --out {at}/out.jsonl --json', PLACE.cut],
    [`diff ${CAPTURE} {at}/cut.pcap`, PLACE.cut],
    [`diff {at}/cut.jsonl ${FAILURE}`, PLACE.short],
    ['grep {at}/cut.jsonl line', PLACE.short],
    ['stats {at}/cut.jsonl', PLACE.short],
    ['export {at}/cut.jsonl --as markdown', PLACE.short],
    ['anonymise {at}/cut.jsonl --out {at}/out.jsonl', PLACE.short],
    ['upgrade {at}/cut.jsonl --out {at}/out.jsonl', PLACE.short],
    ['shrink {at}/cut.jsonl', /cut\.jsonl: it has no end that says whether anything failed: line \d+ \(byte \d+\): the last line stops/],
    ['stats {at}/packed.pcap.gz', /packed\.pcap\.gz: byte \d+: gzip data ends after \d+ bytes without its trailer/],
  ])('is said by %s, with its place, beside the results', async (line, where) => {
    expect((await told(line)).stderr).toMatch(where);
  });

  it('is among what is shown, imported and verified', async () => {
    const shown = async (line: string): Promise<string> => (await told(line)).stdout;
    expect(await shown('show {at}/cut.pcap')).toMatch(/\n {2}byte \d+: the file ends/);
    expect(await shown('show {at}/cut.jsonl')).toMatch(/events; no end: incomplete\n {2}line \d+ \(byte \d+\): the last line stops/);
    for (const each of ['cut.pcap', 'cut.jsonl']) expect(JSON.parse(await shown(`show {at}/${each} --json`)).problems).not.toEqual([]);
    expect(await shown('import {at}/packed.pcap.gz')).toMatch(/packed\.pcap\.gz: byte \d+: gzip data ends/);
    expect(await told(`verify {at}/torn.jsonl.gz ${PASS}`)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ .*\n {4}gzip data ends after \d+ bytes without its trailer\n✓ .*\n1 trace of 2 as written\n$/),
    });
    expect(await shown('upgrade {at}/cut.jsonl --out {at}/out.jsonl')).toContain(', without an end, version');
    expect(await shown(`stats ${FAILURE}`)).toMatch(/^.*jsonl {2}lonc\/late-reply-pipelined, complete, fail\n/);
    expect(await shown('stats {at}/cut.jsonl')).toMatch(/, incomplete\n/);
  });

  it('is told of a capture in which nothing is', async () => {
    file('empty.pcap', pcap([]));
    expect((await told('import {at}/empty.pcap')).stdout).toMatch(/^\S+ {2}pcap, nothing in it\n/);
    expect((await told('stats {at}/empty.pcap')).stdout.split('\n')).toHaveLength(3);
  });
});

describe('of more than there is room for', () => {
  const talk = ['HELLO\r\n', 'IAM me\r\n', 'HELLO\r\n', 'HELLO\r\n'];
  file('three.pcap', captured(talk.map((text, at) => said(at === 3 ? 8 : 1, 40_000 + (at % 3), text))));

  it.each([
    'grep {at}/three.pcap kind:send',
    'stats {at}/three.pcap',
    'show {at}/three.pcap',
    'show {at}/three.pcap --past-cone 1',
    'export {at}/three.pcap --as mermaid',
  ])('%s says what was decoded only in part', async line => {
    narrow = true;
    const { stderr } = await told(line).finally(() => {
      narrow = false;
    });
    expect(stderr).toMatch(/^\d streams? decoded only in part: /);
    expect((await told(line)).stderr).toBe('');
  });

  it('a capture says how many packets are left out of it', async () => {
    narrow = true;
    const { stderr } = await told('export {at}/three.pcap --as pcapng --out {at}/x.pcapng').finally(() => {
      narrow = false;
    });
    expect(stderr).toMatch(/^\S+three\.pcap: 3 packets beyond the limit left out\n/);
  });

  it('what is looked for in one stream is decoded there', async () => {
    narrow = true;
    const { stderr, stdout } = await told('grep {at}/three.pcap channel:tcp1> kind:send text=HELLO').finally(() => {
      narrow = false;
    });
    expect([stderr, stdout.match(/^2 events of/m)?.length]).toEqual(['', 1]);
  });

  it('as JSON the first events are told, and how many more were found', async () => {
    const notes: string[] = [];
    const screen = Object.assign(new Screen({ json: true }), { note: (text: string) => notes.push(text), value: () => {} });
    await grep(FAILURE, ['kind:send'], [], screen, 3);
    await grep(FAILURE, ['kind:send'], [], screen, 17);
    expect(notes).toEqual(['only the first 3 events are told, 14 more were found']);
  });
});

describe('nothing that an implementation said', () => {
  /** A failure in which everything that may be any text is one that harms. */
  const { header, footer } = readTrace([fs.readFileSync(FAILURE)]);
  const events = hostileTexts.map((text, index) =>
    event(index, {
      ...{ process: `m/${text}`, channel: `tcp${index}>`, bytes: utf8(`${text}\n`), message: index + 1, data: { [text]: text } },
      kind: (['send', 'log', 'start'] as const)[index % 3] ?? 'log',
    }),
  );
  const texts = hostileTexts.filter(text => text.length < 1_000).join(' ');
  if (header === undefined || footer === undefined) throw new Error('a recorded trace is whole');
  const wholly = { name: `lonc/${texts}`, seed: texts, title: texts, plan: { [texts]: texts } };
  const ending = { outcome: 'fail', check: texts, at: events.length - 1, why: texts } as const;
  file('hostile.jsonl', [...encodeTrace({ ...header, ...wholly }, events, ending)].join(''));
  file('other.jsonl', [...encodeTrace({ ...header, ...wholly, seed: `${texts}2` }, events.slice(0, 9), { ...ending, at: 8 })].join(''));

  it.each<readonly [Form, string]>([
    ['plain', 'show {at}/hostile.jsonl'],
    ['plain', 'show {at}/hostile.jsonl --all'],
    ['json', 'show {at}/hostile.jsonl --json'],
    ['plain', 'grep {at}/hostile.jsonl -kind:nothing'],
    ['json', 'grep {at}/hostile.jsonl -kind:nothing --json'],
    ['plain', 'stats {at}/hostile.jsonl'],
    ['json', 'stats {at}/hostile.jsonl --json'],
    ['plain', 'verify {at}/hostile.jsonl'],
    ['plain', 'upgrade {at}/hostile.jsonl --out {at}/out.jsonl'],
    ['plain', 'anonymise {at}/hostile.jsonl --out {at}/out.jsonl'],
    ['plain', 'diff {at}/hostile.jsonl {at}/other.jsonl'],
    ['plain', 'diff {at}/hostile.jsonl {at}/other.jsonl --exact'],
    ['plain', 'diff {at}/hostile.jsonl --nearest'],
    ['plain', 'replay {at}/hostile.jsonl'],
    ['plain', 'export {at}/hostile.jsonl --as svg --process nobody'],
    ['plain', 'show {at}/hostile.jsonl --process nobody'],
    ['xml', 'export {at}/hostile.jsonl --as svg'],
    ['json', 'export {at}/hostile.jsonl --as perfetto'],
    ['plain', 'export {at}/hostile.jsonl --as mermaid'],
    ['markdown', 'export {at}/hostile.jsonl --as markdown'],
    ['plain', 'export {at}/hostile.jsonl --as lua'],
  ])('is obeyed by who reads it as %s: %s', async (form, line) => {
    const { code, stdout, stderr } = await told(line);
    expect(code).not.toBe(5);
    expect([...leaksIn(form, stdout), ...leaksIn('plain', stderr)]).toEqual([]);
  });
});

it('nor by a page', async () => {
  expect(await told('view {at}/hostile.jsonl {at}/other.jsonl --out {at}/x.html')).toMatchObject({ code: 0 });
  const page = fs.readFileSync(inFolder('x.html'), 'utf8');
  expect(page.match(/<\/?script/g)).toHaveLength(8);
  const [, json = ''] = /class="difference">(.*)<\/script>/.exec(page) ?? [];
  expect(leaksIn('html', json)).toEqual([]);
});

it('what a shell put into a descriptor is read as often as it takes', () => {
  const bash = (line: string): string => execFileSync('bash', ['-c', line], { cwd: ROOT, encoding: 'utf8' });
  expect(bash(`./slipway diff <(cat ${PASS}) <(cat ${PASS})`)).toBe('57 events, all of the same meaning\n');
  expect(bash(`cat ${CAPTURE} | ./slipway import /dev/stdin`)).toContain('  protocol ikc, guessed by ');
});

it.each([
  `export ${CAPTURE} --as svg --out {at}/there.out`,
  `import ${CAPTURE} --out {at}/there.out`,
  `anonymise ${CAPTURE} --out {at}/there.out`,
  `upgrade ${PASS} --out {at}/there.out`,
  `view ${PASS} --out {at}/there.out`,
  `case-from ${CAPTURE} ${AS} --out {at}/there.out`,
  `scenario-from ${CAPTURE} ${AS} --out {at}/there.test.ts`,
])('%s replaces what was there: who reads that has all of it', async line => {
  const path = file(/there\S*/.exec(line)?.[0] ?? '', 'as it was');
  const descriptor = fs.openSync(path, 'r');
  const before = fs.readdirSync(folder).length;
  expect(await told(line)).toMatchObject({ code: 0 });
  expect([fs.readFileSync(descriptor, 'utf8'), fs.readdirSync(folder).length]).toEqual(['as it was', before]);
  fs.closeSync(descriptor);
  expect(fs.readFileSync(path, 'utf8')).not.toBe('as it was');
});
