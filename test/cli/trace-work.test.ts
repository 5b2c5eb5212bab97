/** Work with traces, as a user meets it: what is shown, found, counted, given away, verified, written anew and compared. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { ROOT } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const recorded = (name: string): string => join(ROOT, 'traces', name);
const FAILURE = recorded('lonc/late-reply-pipelined@0.jsonl');
const PASS = recorded('lifetime/healthy@17.jsonl');
const OLD = join(ROOT, 'test/trace/corpus/format-1.0-engine-3.jsonl');

/** The numbers of the events that were printed. */
const eventsIn = (stdout: string): readonly number[] =>
  [...stdout.matchAll(/^ {0,6}(\d+) +\d+\.\d{6} s {2}\S/gm)].map(each => Number(each[1]));
const show = async (...args: string[]): Promise<readonly number[]> => eventsIn((await inProcess(['show', FAILURE, ...args])).stdout);

describe('show', () => {
  it('shows of a failure what it followed from, says how many were left out, and all with --all', async () => {
    const { stdout } = await inProcess(['show', FAILURE]);
    const shown = eventsIn(stdout);
    expect(shown.at(-1)).toBe(92);
    expect(shown.length).toBeLessThan(60);
    expect(stdout).toContain(`… ${93 - shown.length} more events that the failure did not follow from`);
    expect(stdout).toContain('answers-are-own: Every line');
    expect(await show('--all')).toHaveLength(93);
  });

  it('shows all of a run that passes', async () => {
    expect(eventsIn((await inProcess(['show', PASS])).stdout)).toHaveLength(57);
  });

  it('combines what is asked for', async () => {
    const [lines, messages, cone] = [await show('--kind', 'recv'), await show('--kind', 'message'), await show('--past-cone', '60')];
    expect(lines.length).toBeGreaterThan(5);
    expect(messages).toEqual(expect.arrayContaining([...lines]));
    expect(await show('--kind', 'recv', '--past-cone', '60')).toEqual(lines.filter(each => cone.includes(each)));
    expect(await show('--kind', 'recv,send', '--last', '3')).toEqual((await show('--kind', 'recv,send')).slice(-3));
    expect(await show('--around', '50')).toEqual(Array.from({ length: 21 }, (_, index) => 40 + index));
    expect(await show('--process', 'other-lond', '--kind', 'life')).toEqual([1]);
    const later = await show('--future-cone', '60');
    expect([later[0], later.at(-1), later.length > 5, later.length < 33]).toEqual([60, 92, true, true]);
    expect(await show('--from', '40', '--count', '3')).toEqual([40, 41, 42]);
    expect(await show('--past-cone', '--last', '1')).toEqual([92]);
  });

  it('says what the trace is, and of who asks for some events not the story, which is that of all', async () => {
    const [whole, some] = [await inProcess(['show', FAILURE]), await inProcess(['show', FAILURE, '--last', '3'])];
    for (const { stdout } of [whole, some])
      expect(stdout).toMatch(
        /^lonc\/late-reply-pipelined {2}shrunk, virtual clock, seed 0\n {2}Requests that were sent together .*\n {2}\{"count":0,"faults":\[\]/,
      );
    expect(some.stdout).not.toContain('answers-are-own: Every line');
    expect(some.stdout).toContain('… 90 more events; --all shows all\n93 events; fail answers-are-own at event 92: ');
  });

  it.each([
    [['--process', 'nobody'], "there is no process 'nobody'; there is srv1/other-lond.100, "],
    [['--kind', 'nothing'], "there is no kind 'nothing'; "],
    [['--past-cone', '93'], '--past-cone: there is no event 93; the trace has 93'],
    [['--future-cone', '93'], '--future-cone: there is no event 93; the trace has 93'],
  ])('%j is refused', async (words, why) => {
    expect(await inProcess(['show', FAILURE, ...words])).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  it('a cone of a run in which nothing decided needs its event', async () => {
    expect(await inProcess(['show', PASS, '--past-cone'])).toMatchObject({
      code: 2,
      stderr: 'slipway: --past-cone: no event decided in this trace, so it needs the number of one\n',
    });
  });

  it('of a capture, too', async () => {
    const { code, stdout } = await inProcess(['show', join(ROOT, 'test/capture/strace-6.1.log'), '--kind', 'signal']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('more event') });
  });
});

describe('show of a capture, as it is read', () => {
  const CAPTURE = join(ROOT, 'examples/ikc-setup.pcap');
  const shown = async (...args: string[]): Promise<readonly number[]> => eventsIn((await inProcess(['show', CAPTURE, ...args])).stdout);

  it('has the last events of those that are asked for, with their messages', async () => {
    const all = await shown();
    expect(all.length).toBeGreaterThan(10);
    expect(await shown('--last', '3')).toEqual(all.slice(-3));
    expect(await shown('--last', '100000')).toEqual(all);
    expect(await shown('--last', '0')).toEqual([]);
    const sends = await shown('--kind', 'send');
    expect(await shown('--kind', 'send', '--last', '2')).toEqual(sends.slice(-2));
    expect((await inProcess(['show', CAPTURE, '--last', '3'])).stdout).toContain(`… ${all.length - 3} more events`);
    const [whole, last] = [await inProcess(['show', CAPTURE]), await inProcess(['show', CAPTURE, '--kind', 'send', '--last', '1'])];
    const line = whole.stdout.split('\n').findIndex(each => each.startsWith(String(sends.at(-1)).padStart(7)));
    expect(last.stdout).toContain(
      whole.stdout
        .split('\n')
        .slice(line, line + 2)
        .join('\n'),
    );
  });

  it('says of a process that is not there which ones are, and of a cone the same as of a trace', async () => {
    expect(await inProcess(['show', CAPTURE, '--process', 'nobody'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no process 'nobody'"),
    });
    expect(await shown('--past-cone', '5')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await shown('--future-cone', '16')).toEqual([16, 17, 18, 19]);
  });
});

describe('grep', () => {
  it('finds messages, fields and words, and ends with 3 where there is none', async () => {
    const found = await inProcess(['grep', FAILURE, 'type:line', '-kind:recv', 'con_lost']);
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('1 event of 93') });
    expect(eventsIn(found.stdout)).toEqual([90]);
    expect(await inProcess(['grep', FAILURE, 'con_lost', 'kind:timer'])).toMatchObject({ code: 3, stdout: '0 events of 93\n' });
  });

  it('as JSON has the messages of each', async () => {
    const { stdout } = await inProcess(['grep', FAILURE, 'is:decided', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'slipway-found',
      events: [{ index: 92, messages: [{ fields: { text: 'reply-AAA' } }, { fields: { text: 'srv1' } }] }],
    });
  });
});

it('stats counts', async () => {
  const { code, stdout } = await inProcess(['stats', FAILURE]);
  expect(code).toBe(0);
  expect(stdout).toContain('93 events in 306.551982 s, 4 processes, 4 channels');
  expect(stdout).toMatch(/line +19 +18 +147/);
  const { stdout: json } = await inProcess(['stats', FAILURE, '--json']);
  expect(JSON.parse(json)).toMatchObject({ format: 'slipway-stats', events: 93, timers: { set: 10, fired: 5, cancelled: 4, pending: 1 } });
});

describe('anonymise', () => {
  it('writes a trace that verifies, says what it is, and has nothing of what was said', async () => {
    const out = inFolder('anonymous.jsonl');
    expect(await inProcess(['anonymise', FAILURE, '--out', out])).toMatchObject({ code: 0, stdout: expect.stringContaining('replaced') });
    expect(await inProcess(['verify', out])).toMatchObject({ code: 0 });
    const text = readFileSync(out, 'utf8');
    expect(text).toMatch(/^\{[^\n]*"kind":"anonymised"[^\n]*"plan":\{"anonymised":\{"from":"shrunk"/);
    for (const said of ['srv1', 'slow', 'reply-AAA']) {
      expect(text).not.toContain(said);
      expect(text).not.toContain(Buffer.from(said).toString('hex'));
    }
    expect((await inProcess(['show', out, '--kind', 'send'])).stdout).toContain('line length=4 text=ping');
    expect(await inProcess(['replay', out])).toMatchObject({
      code: 13,
      stdout: expect.stringContaining('an anonymised trace has no plan'),
    });
    expect(await inProcess(['shrink', out])).toMatchObject({ code: 2 });
  });

  it('of a capture is of its protocol, and says what can still be seen', async () => {
    const out = inFolder('capture-anonymous.jsonl');
    const { stdout } = await inProcess(['anonymise', join(ROOT, 'examples/ikc-setup.pcap'), '--out', out]);
    expect(stdout).toContain('\n  times, lengths, and which values are equal can still be seen; look at it before it is sent\n');
    expect(readFileSync(out, 'utf8')).toMatch(/^\{[^\n]*"name":"ikc\/anonymised"/);
  });

  it('and upgraded, what was cut short at writing is as long as it was', async () => {
    const [path, out] = [inFolder('short.jsonl'), inFolder('short-out.jsonl')];
    const whole = readFileSync(PASS, 'utf8').split('\n').slice(0, -2).join('\n');
    writeFileSync(path, `${whole.replace(/"len":21,"raw":"(\w{10})\w*"/, '"len":21,"raw":"$1"')}\n`);
    for (const verb of ['anonymise', 'upgrade']) {
      expect(await inProcess([verb, path, '--out', out])).toMatchObject({ code: 0 });
      expect(readFileSync(out, 'utf8')).toMatch(/"len":21,"raw":"\w{10}"/);
    }
  });

  it('of a trace of nobody knows what keeps nothing of any message', async () => {
    const [from, out] = [inFolder('stranger.jsonl'), inFolder('stranger-anonymous.jsonl')];
    const { stdout } = await inProcess(['upgrade', PASS, '--out', from]);
    expect(stdout).toContain('57 events');
    // Another name: its chain is made anew by hand, which nobody else would do.
    writeFileSync(from, `${readFileSync(from, 'utf8').split('\n').slice(0, -2).join('\n').replace('lifetime/healthy', 'nobody/knows')}\n`);
    const told = await inProcess(['anonymise', from, '--out', out]);
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nobody knows what is spoken in it, so nothing of any message was kept'),
    });
    expect(readFileSync(out, 'utf8')).not.toContain(Buffer.from('lifetimeevent').toString('hex'));
  });
});

describe('verify', () => {
  it('says of each trace whether it is as written', async () => {
    const { code, stdout } = await inProcess(['verify', PASS, FAILURE, OLD]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('3 traces of 3 as written') });
    expect(stdout).toContain('recorded with engine 3');
  });

  it.each([
    [
      'changed',
      (text: string) => text.replace('"raw":"01', '"raw":"02'),
      1,
      /✗ .*altered[\s\S]* {4}line \d+ \(byte \d+\): the block of events/,
    ],
    ['cut', (text: string) => text.slice(0, 3_000), 1, /✗ .*incomplete[\s\S]*line \d+ \(byte \d+\): the last line stops/],
    ['of a later version', (text: string) => text.replace('"v":[1,0]', '"v":[2,0]'), 13, /version 2\.0/],
    ['no trace', () => 'hello\n', 2, /✗ .*unreadable/],
  ])('a file that is %s', async (name, change, exit, said) => {
    const path = inFolder(`${name}.jsonl`);
    writeFileSync(path, change(readFileSync(PASS, 'utf8')));
    const { code, stdout } = await inProcess(['verify', path]);
    expect(code).toBe(exit);
    expect(stdout).toMatch(said);
    expect(await inProcess(['verify', PASS, path])).toMatchObject({ code: exit });
  });
});

describe('upgrade', () => {
  it('writes what this version writes: of a trace of today the same bytes', async () => {
    const out = inFolder('upgraded.jsonl');
    expect(await inProcess(['upgrade', PASS, '--out', out])).toMatchObject({ code: 0 });
    expect(readFileSync(out).equals(readFileSync(PASS))).toBe(true);
    expect(await inProcess(['upgrade', OLD, '--out', out])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('recorded with engine 3'),
    });
  });

  it('vouches for nothing that was changed', async () => {
    const [path, out] = [inFolder('forged.jsonl'), inFolder('forged-upgraded.jsonl')];
    writeFileSync(path, readFileSync(PASS, 'utf8').replace('"raw":"01', '"raw":"02'));
    for (const verb of ['upgrade', 'anonymise'])
      expect(await inProcess([verb, path, '--out', out])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/altered: line \d+ \(byte \d+\)/),
      });
  });
});

describe('diff', () => {
  it('of the same run with other chance in its delays may be nothing in meaning, and is something exactly', async () => {
    const out = inFolder('later.jsonl');
    const later = readFileSync(PASS, 'utf8')
      .split('\n')
      .slice(0, -2)
      .join('\n')
      .replaceAll(/"t":(\d+)/g, (_, t) => `"t":${Number(t) + 5}`);
    writeFileSync(out, `${later}\n`);
    expect(await inProcess(['diff', PASS, out])).toMatchObject({ code: 0, stdout: '57 events, all of the same meaning\n' });
    const exact = await inProcess(['diff', PASS, out, '--exact', '--json']);
    expect(exact.code).toBe(1);
    expect(JSON.parse(exact.stdout)).toMatchObject({ difference: { category: 'time', soft: true } });
  });

  it('says of which traces, where they part, and in what', async () => {
    const out = inFolder('seeds.jsonl');
    writeFileSync(out, `${readFileSync(PASS, 'utf8').split('\n').slice(0, 50).join('\n').replace('"seed":"17"', '"seed":"18"')}\n`);
    const of = async (...files: readonly string[]) => JSON.parse((await inProcess(['diff', ...files, '--json'])).stdout);
    const [shorter, longer] = [await of(PASS, out), await of(out, PASS)];
    expect(shorter).toMatchObject({ otherwise: ['their seeds differ: 17 and 18'], difference: { category: 'missing' } });
    expect(longer).toMatchObject({ otherwise: ['their seeds differ: 18 and 17'], difference: { category: 'extra' } });
    const [one, another] = [
      await of(PASS, recorded('lifetime/lost-shutdown@2.jsonl')),
      await of(recorded('lifetime/lost-shutdown@2.jsonl'), PASS),
    ];
    expect([one.difference.index, one.difference.category, another.difference.index]).toEqual([31, 'said', 33]);
  });

  it('of programs that were started otherwise says so', async () => {
    const out = inFolder('started.jsonl');
    writeFileSync(
      out,
      `${readFileSync(PASS, 'utf8').split('\n').slice(0, -2).join('\n').replace('"--stop-after=2 ', '"--stop-after=3 ')}\n`,
    );
    expect((await inProcess(['diff', PASS, out])).stdout).toMatch(
      /\n {2}m\/lifetime-parent was started with '--stop-after=2 .*', and with '--stop-after=3 .*'\n/,
    );
  });

  it('of two in which only that differs which always does finds nothing', async () => {
    const [capture, out] = [join(ROOT, 'examples/ikc-setup.pcap'), inFolder('other.pcap')];
    const changed = (from: string, to: string): void => writeFileSync(out, readFileSync(capture, 'latin1').replaceAll(from, to), 'latin1');
    changed('IAM site-6955b900', 'IAM site-6955b901');
    expect(await inProcess(['diff', capture, out])).toMatchObject({
      code: 0,
      stdout: '20 events, all of the same meaning\n',
    });
    changed('KERNEL=Tester', 'KERNEL=Toaster'.slice(0, 13));
    const { code, stdout } = await inProcess(['diff', capture, out, '--json']);
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 1, difference: { index: 4, category: 'said', soft: false } });
  });

  it('finds the nearest run that passes, says what is otherwise in it, and where they part', async () => {
    const { code, stdout } = await inProcess(['diff', FAILURE, '--nearest']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\+ the nearest run that passes, found after \d+ runs\n {2}with profile "corrected" instead of "as-written"\n/);
    expect(stdout).toMatch(/^DIFFERS /m);
    expect(await inProcess(['diff', FAILURE, '--nearest', '--runs', '1'])).toMatchObject({ code: 3 });
    expect((await inProcess(['diff', FAILURE, '--nearest', '--exact'])).stdout).toMatch(/^DIVERGED {2}data {2}at event 6 of 93/m);
  });
});
