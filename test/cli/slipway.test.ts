/** The command as a user meets it: one clear line and the right exit code for everything that can be wrong. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ENGINE_VERSION } from '../../src/trace/event.ts';
import { inProcess } from '../support/in-process.ts';
import { command, ROOT, slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);

/** '' for a process that has gone. */
function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** Complaints are one line on standard error, or commander's two. */
const complaint = (stderr: string): string => stderr.trim();

describe('wrong use ends with 2 and one line', () => {
  it.each([
    [['run', 'lifetime/helthy'], "there is no scenario 'lifetime/helthy'; did you mean lifetime/healthy?"],
    [['run', 'nothing-like-it'], "there is no scenario 'nothing-like-it'"],
    [['run', '--seeds', '9..3'], '--seeds 9..3: the first seed is greater than the last'],
    [['run', '--seeds', '1-3'], "--seeds must look like 0..199, not '1-3'"],
    [['run', 'lifetime/healthy', '--seed', '-1'], '--seed must be an integer'],
    [['run', 'lifetime/healthy', '--seed', '4294967296'], '--seed must be an integer'],
    [['run', 'lifetime/healthy', '--seed', '1', '--seeds', '1..2'], 'exclude each other'],
    [['run', '--seed', '1'], '--seed runs one scenario'],
    [['run', '--trace', 'x'], '--trace needs --seed'],
    [['run', '--minutes', '0'], '--minutes must be a number above 0'],
    [['run', '--profile', 'both-of-them'], '--profile must be'],
    [['run', '--sed', '1'], "unknown option '--sed'"],
    [['shrink', 'missing.jsonl'], 'missing.jsonl: cannot be read: ENOENT'],
    [['replay', ROOT], 'cannot be read: EISDIR'],
    [['diff', 'traces/lifetime/healthy@17.jsonl'], 'name two traces, or one and --nearest'],
    [['diff', 'a.jsonl', 'b.jsonl', '--nearest'], '--nearest looks for the other trace, so none is named'],
    [['diff', 'traces/lifetime/healthy@17.jsonl', '--nearest'], 'nothing failed in this trace'],
    [['show', 'a.jsonl', '--kind', 'sent'], "there is no kind 'sent'; did you mean send or end or stat?"],
    [['show', 'a.jsonl', '--kind', 'nothing-like-it'], "there is no kind 'nothing-like-it'; there is start, spawn, wait"],
    [['show', 'a.jsonl', '--last', '-1'], '--last is a whole number'],
    [['show', 'traces/lifetime/healthy@17.jsonl', '--past-cone'], '--past-cone: no event decided in this trace'],
    [['show', 'traces/lifetime/healthy@17.jsonl', '--around', '5', '--future-cone', '99'], 'there is no event 99; the trace has 57'],
    [['show', 'traces/lifetime/healthy@17.jsonl', '--process', 'lifetime-chil.1'], "there is no process 'lifetime-chil.1'"],
    [['grep', 'a.jsonl', 'm:many'], 'm:many: a number is meant'],
    [['grep', 'a.jsonl', '--jsno', 'x'], "unknown option '--jsno'"],
    [['anonymise', 'a.jsonl'], "required option '-o, --out <file>' not specified"],
    [['upgrade', 'test/capture/strace-6.1.log', '--out', 'out/x.jsonl'], 'not a trace; slipway import makes one of a capture'],
    [['verify', 'a.jsonl'], 'a.jsonl: cannot be read: ENOENT'],
    [['view', 'missing.jsonl'], 'missing.jsonl: cannot be read: ENOENT'],
    [['view', `${ROOT}README.md`], 'not a trace'],
    [['view', `${ROOT}traces/lifetime/healthy@17.jsonl`, '-o', ROOT], 'it is a folder; name a file'],
    [['conform', 'lifetyme'], "there is no suite 'lifetyme'; did you mean lifetime?"],
    [['conform', 'lifetime', '--role', 'uncle'], "has no role 'uncle'; it has child, parent"],
    [['conform', 'lifetime', '--patience', '0'], '--patience must be a number'],
    [['conform', 'lifetime', '--exec', ''], '--exec names no program'],
    [['conform', 'lifetime', '--exec', 'true', '--', 'true'], 'exclude each other'],
    [['conform', 'lifetime', '--claim', 'flying'], "has no claim 'flying'"],
    [['serve', 'lifetime-uncle'], "there is no daemon 'lifetime-uncle'"],
    [['list', 'things'], "there is no list of 'things'"],
    [['list', 'quirk'], "there is no list of 'quirk'; did you mean quirks?"],
    [['proxy'], "slipway: required option '--listen <address>' not specified"],
    [['explain', 'DC-99'], "nothing is called 'DC-99'"],
    [['explain', 'DC-4'], "slipway explain DC-04'"],
    [['explain', 'c5'], "did you mean C5? '"],
    [['explain', 'lifetime.child.start.database-frist'], "slipway explain lifetime.child.start.database-first'"],
    [['explain', 'lifetyme'], "did you mean lifetime? 'slipway explain lifetime'"],
    [['explain', 'nothing-like-it'], "slipway list KIND' shows what there is; KIND is one of scenarios, "],
    [['frobnicate'], "unknown command 'frobnicate'"],
  ])('slipway %j', async (args, said) => {
    const { code, stderr, stdout } = await inProcess(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(complaint(stderr)).toContain(said);
    expect(complaint(stderr).split('\n').length).toBeLessThanOrEqual(3);
  });

  it.each([[['run', 'lifetime/helthy']], [['frobnicate']]])('slipway %j, as a process', async args => {
    expect(await slipway(args)).toEqual(await inProcess(args));
  });
});

describe('run', () => {
  it('of one seed writes a trace that replays, plain and packed alike', async () => {
    const plain = inFolder('run.jsonl');
    const packed = inFolder('run.jsonl.gz');
    const args = ['run', 'lifetime/healthy', '--profile', 'corrected', '--seed', '5', '--trace'];
    expect(await inProcess([...args, plain])).toMatchObject({ code: 0 });
    expect(await inProcess([...args, packed])).toMatchObject({ code: 0 });
    expect(gunzipSync(readFileSync(packed)).equals(readFileSync(plain))).toBe(true);
    const replayed = await inProcess(['replay', plain, packed, '--json']);
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.stdout).replays).toMatchObject([{ verdict: 'reproduced' }, { verdict: 'reproduced' }]);
  });

  it('ends with 1 where a property fails, and says how to see it again', async () => {
    const { code, stdout } = await inProcess(['run', 'lifetime/coalesced-frames', '--profile', 'as-written', '--seed', '0']);
    expect(code).toBe(1);
    expect(stdout).toContain('run lifetime/coalesced-frames --profile as-written --seed 0 --trace');
  });

  it('sweeps with --json', async () => {
    const { code, stdout } = await slipway(['run', 'lifetime/lost-shutdown', '--seeds', '0..19', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).sweeps).toMatchObject([
      { verdict: 'holds', counts: { profile: 'corrected', runs: 20, failed: 0 } },
      { counts: { profile: 'as-written', runs: 20 } },
    ]);
  });

  it('stops at Ctrl-C with what it has', async () => {
    const { code, stdout } = await slipway(['run', 'lifetime/healthy', '--minutes', '5'], { interrupt: { signal: 'SIGINT' } });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^stopped; .* of (.* )?2 sweeps/m);
  });

  it('gives the same fingerprints in a second process', async () => {
    const { code, stdout } = await slipway(['run', 'lifetime/chaos', '--seeds', '0..9', '--check-determinism', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ equal: 20, mismatches: [] });
    expect(code).toBe(0);
  });
});

describe('traces from elsewhere', () => {
  const recorded = inFolder('recorded.jsonl');
  const failing = inFolder('failing.jsonl');

  it('are recorded first', async () => {
    expect(await inProcess(['run', 'lifetime/healthy', '--profile', 'corrected', '--seed', '1', '--trace', recorded])).toMatchObject({
      code: 0,
    });
    expect(
      await inProcess(['run', 'lifetime/coalesced-frames', '--profile', 'as-written', '--seed', '0', '--trace', failing]),
    ).toMatchObject({ code: 1 });
  });

  const altered = (name: string, alter: (lines: string[]) => string[]): string => {
    const path = inFolder(name);
    writeFileSync(path, alter(readFileSync(recorded, 'utf8').split('\n')).join('\n'));
    return path;
  };
  const replace = (from: string, to: string) => (lines: string[]) =>
    lines.map((line, index) => (index === 0 ? line.replace(from, to) : line));

  it('a truncated one is compared as a beginning', async () => {
    const path = altered('cut.jsonl', lines => [...lines.slice(0, 20), (lines[20] ?? '').slice(0, 30)]);
    const { code, stdout } = await inProcess(['replay', path]);
    expect(code).toBe(0);
    expect(stdout).toContain('the recording has no end');
  });

  it('a truncated packed one too', async () => {
    const whole = inFolder('whole.jsonl.gz');
    await inProcess(['run', 'lifetime/healthy', '--profile', 'corrected', '--seed', '1', '--trace', whole]);
    const bytes = readFileSync(whole);
    const path = inFolder('cut.jsonl.gz');
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.9)));
    const { code, stdout, stderr } = await inProcess(['replay', path]);
    expect({ code, fault: stderr.includes('fault of its own') }).toEqual({ code: 0, fault: false });
    expect(stdout).toContain('no end');
  });

  it('a newer major version is unreplayable', async () => {
    const { code, stderr } = await inProcess(['replay', altered('newer.jsonl', replace('"v":[1,0]', '"v":[2,0]'))]);
    expect(code).toBe(13);
    expect(complaint(stderr)).toContain('version');
  });

  it('another engine is unreplayable', async () => {
    const { code, stdout } = await inProcess(['replay', altered('engine.jsonl', replace(`"engine":${ENGINE_VERSION}`, '"engine":99'))]);
    expect(code).toBe(13);
    expect(stdout).toContain('engine 99');
  });

  it('an unknown scenario is unreplayable', async () => {
    const { code, stdout } = await inProcess(['replay', altered('unknown.jsonl', replace('lifetime/healthy', 'lifetime/\\u001b[31m'))]);
    expect(code).toBe(13);
    expect(stdout).toContain('\\u{1b}[31m');
    expect(stdout).not.toContain('\u001b[31m');
  });

  it('a changed event diverges, and the event is shown', async () => {
    const path = altered('changed.jsonl', lines => lines.map((line, index) => (index === 12 ? line.replace(/"t":(\d+)/, '"t":1') : line)));
    const { code, stdout } = await inProcess(['replay', path]);
    expect(code).toBe(12);
    expect(stdout).toMatch(/^ *- /m);
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello\n'],
    ['binary', '\u0000\u0001\u0002'],
    ['json', '{"format":"other"}\n'],
  ])('%s is not a trace', async (name, content) => {
    const path = inFolder(`not-${name}.jsonl`);
    writeFileSync(path, content);
    const { code, stderr } = await inProcess(['replay', path]);
    expect(code).toBe(2);
    expect(complaint(stderr)).toContain('not a trace');
    expect(complaint(stderr).split('\n')).toHaveLength(1);
  });

  it('shrink makes a smaller trace that fails in the same way', async () => {
    const out = inFolder('small.jsonl');
    const { code, stdout } = await slipway(['shrink', failing, '--out', out, '--runs', '200', '--json']);
    expect(code).toBe(0);
    const { violation } = JSON.parse(stdout);
    const last = readFileSync(out, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ k: 'end', outcome: 'fail', check: violation.property });
    expect(await inProcess(['replay', out])).toMatchObject({ code: 0 });
    expect(readFileSync(out).length).toBeLessThan(readFileSync(failing).length);
  });

  it('shrink refuses a trace in which nothing failed', async () => {
    expect(await inProcess(['shrink', recorded])).toMatchObject({ code: 2 });
  });

  it('show prints the events asked for, and the outcome', async () => {
    const { code, stdout } = await inProcess(['show', failing, '--from', '10', '--count', '3']);
    expect(code).toBe(0);
    expect(stdout.match(/^ +\d+ +\d+\.\d{6} s /gm)).toHaveLength(3);
    expect(stdout).toMatch(/^\d+ events; fail /m);
  });

  it('diff of a trace with itself finds nothing', async () => {
    expect(await inProcess(['diff', recorded, recorded])).toMatchObject({ code: 0 });
  });
});

describe('conform', () => {
  const some = ['--case', 'lifetime.child.start.*'];

  it('cannot reach an implementation that does not exist', async () => {
    const { code, stderr } = await slipway(['conform', 'lifetime', '--exec', '/no/such/child']);
    expect(code).toBe(4);
    expect(complaint(stderr)).toContain('/no/such/child');
  });

  it('ran nothing when no case matches', async () => {
    const { code, stderr } = await inProcess(['conform', 'lifetime', '--case', 'no.such.*']);
    expect(code).toBe(3);
    expect(complaint(stderr)).toContain('no.such.*');
  });

  it('finds an implementation that is none', async () => {
    const { code, stdout } = await slipway(['conform', 'lifetime', '--exec', 'true', ...some, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ conforms: false });
  });

  it('writes report and evidence, and the evidence gives the same verdicts', async () => {
    const report = inFolder('report');
    const { code } = await slipway(['conform', 'lifetime', '--sim', '--report', report, ...some]);
    expect(code).toBe(0);
    const traces = readdirSync(join(report, 'traces')).map(name => join(report, 'traces', name));
    expect(traces.length).toBeGreaterThan(0);
    expect(existsSync(join(report, 'report.json'))).toBe(true);
    expect(await slipway(['replay', ...traces])).toMatchObject({ code: 0 });
  });

  it('takes the implementation along when it is terminated', async () => {
    const marker = `${60_000 + process.pid}`;
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, ${marker})`;
    const command = ['conform', 'lifetime', '--case', 'lifetime.child.start.*', '--', process.execPath, '-e', stubborn, '--'];
    // The command itself has the marker in its arguments as well.
    const bearers = (): number =>
      readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && commandLineOf(pid).includes(`}, ${marker})`)).length;
    const { code } = await slipway(command, { interrupt: { signal: 'SIGTERM', once: () => bearers() > 1 } });
    expect(code).toBe(143);
    // Who is killed takes a moment to be gone.
    await expect.poll(bearers, { timeout: 60_000 }).toBe(0);
  });

  it('says so when the report cannot be written', async () => {
    const blocked = inFolder('blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const { code, stderr } = await slipway(['conform', 'lifetime', '--sim', '--report', join(blocked, 'report'), ...some]);
    expect(code).toBe(2);
    expect(complaint(stderr)).toContain('ENOTDIR: a part of the path is a file');
  });

  it.skipIf(process.getuid?.() === 0)('says so without permission', async () => {
    const closed = inFolder('closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    expect(await slipway(['conform', 'lifetime', '--sim', '--report', join(closed, 'report'), ...some])).toMatchObject({ code: 2 });
  });
});

describe('the rest', () => {
  it('colours nothing that is not a terminal', async () => {
    const { stdout } = await slipway(['run', 'lifetime/healthy', '--seeds', '0..1']);
    expect(stdout).not.toContain('\u001b');
  });

  it('colours when it is forced to', async () => {
    const { stdout } = await slipway(['list', 'faults'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\u001b[1m');
  });

  it('shows two examples at least with --help of each command', async () => {
    const { stdout } = await inProcess(['--help']);
    const names = [...(stdout.split(/^Exit codes:/m)[0] ?? '').matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name]) =>
      name === undefined ? [] : [name],
    );
    expect(names.length).toBeGreaterThan(12);
    for (const name of names.filter(each => each !== 'help')) {
      const help = await inProcess([name, '--help']);
      expect(help.code, name).toBe(0);
      expect(help.stdout, name).toMatch(/Examples:\n {2}slipway .*\n {2}slipway /);
    }
  });

  it.each([
    'scenarios',
    'properties',
    'recordings',
    'faults',
    'quirks',
    'suites',
    'cases',
    'requirements',
    'clauses',
    'mutants',
    'daemons',
    'exit-codes',
  ])('lists %s, and each can be explained', async kind => {
    const { code, stdout } = await inProcess(['list', kind, '--json']);
    expect(code).toBe(0);
    const entries: { id: string }[] = JSON.parse(stdout);
    expect(entries.length).toBeGreaterThan(0);
    if (kind === 'recordings') return;
    const id = entries.at(-1)?.id.split(':').at(-1) ?? '';
    expect(await inProcess(['explain', id])).toMatchObject({ code: 0 });
  });

  it('diff says of runs with other plans in what these differ', async () => {
    const [one, other] = [inFolder('one.jsonl'), inFolder('other.jsonl')];
    for (const [seed, path] of [['1', one] as const, ['2', other] as const])
      expect(await inProcess(['run', 'lifetime/healthy', '--seed', seed, '--trace', path])).toMatchObject({ code: 0 });
    expect((await inProcess(['diff', one, other])).stdout).toMatch(/^- .*one\.jsonl\n\+ .*other\.jsonl\n {2}their plans differ in \w+/);
  });

  it('says that what a module brings has no scenarios', async () => {
    const path = inFolder('bare.mjs');
    writeFileSync(path, `export default { protocols: [{ name: 'bare', daemons: {} }] };`);
    const { code, stderr } = await inProcess(['--load', path, 'run']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^slipway: what .*bare\.mjs brings has no scenarios; /) });
    expect((await inProcess(['--load', path, 'explain', 'bare'])).stdout).toContain('bare  (protocol)');
  });

  it('lists what a module brings before what is ours', async () => {
    const path = inFolder('first.mjs');
    writeFileSync(path, `export default { protocols: [{ name: 'first', daemons: { 'first-daemon': () => {} } }] };`);
    expect((await inProcess(['--load', path, 'list', 'daemons'])).stdout).toMatch(/^first-daemon /);
  });

  it('serve becomes the daemon', async () => {
    const { code, stdout } = await slipway(['serve', 'lifetime-parent', '--', '--stop-after=200', '--', 'lifetime-child']);
    expect(code).toBe(0);
    expect(stdout).toContain('{"event":"ended","code":0}');
  });
});

describe('the command from its sources, without a build', () => {
  it.each(['run lifetime/healthy --seeds 0..3', 'conform lifetime --role child --sim', 'exhaust lifetime/chaos --faults kill'])(
    '%s',
    async line => {
      const ended = await command('npm', ['run', '--silent', 'slipway', '--', ...line.split(' ')]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
    },
  );
});
