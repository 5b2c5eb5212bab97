/**
 * A capture of a real daemon, replayed in the simulator by ours: what it did is done again by the same profile and not by the other, and the first difference is
 * told; as a case it runs against the real daemon, and as a test under vitest.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { conversationOf } from '../../conformance/captured/lane.ts';
import { capturedRequirement, caseText, readCase } from '../../conformance/captured/suite.ts';
import { IKC } from '../../conformance/ikc/suite.ts';
import { BUILD_KEY, cipherFor, plainEncoder, sealed, sealedEncoder, sealedRetelling } from '../../conformance/lonc/channels.ts';
import { LONC } from '../../conformance/lonc/suite.ts';
import { CaptureImport } from '../../src/capture/import.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { modeOf } from '../../src/trace/varying.ts';
import { ascii, ethernet, pcap, type TcpOptions, tcp } from './build.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SLIPWAY = join(ROOT, 'slipway');
const folder = mkdtempSync(join(tmpdir(), 'slipway-replayed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const slipway = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [SLIPWAY, ...args], { encoding: 'utf8', cwd: ROOT, timeout: 240_000 });

// ── a capture by hand: what a server of IKC says to a client that asks in an old way ───────────────────────────────────

const C = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 603 };
const S = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 603, toPort: 40_000 };

/** `+` the client, `-` the server; each line goes on behind the one before. */
function captureOf(lines: readonly string[]): Uint8Array {
  const packets: { readonly options: TcpOptions; readonly after: number }[] = [
    { options: { ...C, seq: 100, flags: 'S' }, after: 0 },
    { options: { ...S, seq: 500, ack: 101, flags: 'SA' }, after: 1 },
  ];
  const next = { '+': 101, '-': 501 };
  for (const line of lines) {
    const [who, text] = [line.startsWith('+') ? '+' : '-', ascii(line.slice(1))] as const;
    packets.push({
      options: { ...(who === '+' ? C : S), seq: next[who], ack: next[who === '+' ? '-' : '+'], flags: 'PA', payload: text },
      after: 1,
    });
    next[who] += text.length;
  }
  return pcap(packets.map(({ options }, index) => ({ bytes: ethernet(tcp(options)), time: 1_700_000_000_000_000 + index * 1_000 })));
}

const greeting = (id: string): readonly string[] => ['+HELLO\r\n', `-IAM ${id}\r\n`];
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, `${name}.pcap`);
  writeFileSync(path, captureOf(lines));
  return path;
};
const CORRECTED = [...greeting('old-6955b900-00000001-00000001'), '+SETUP\r\n', '-NOT\r\n'];

describe('a capture', () => {
  test('is reproduced by who does the same, whatever it calls itself', () => {
    const path = file('corrected', [...greeting('other-0-0-0'), '+OK\r\n', '-IAM 10.0.0.1:603\r\n']);
    const { status, stdout } = slipway('replay', path, '--protocol', 'ikc', '--as', 'server', '--option=--listen={address}');
    expect(stdout).toContain('reproduced: ikc-server does what was captured: 2 messages on 1 stream of 10.0.0.1/603');
    expect(status).toBe(0);
  });

  test('is not reproduced by who does something else, and the first difference is told with what was agreed before it', () => {
    const path = file('difference', [...greeting('other-0-0-0'), '+WHAT\r\n', '-SORRY\r\n']);
    const { status, stdout } = slipway('replay', path, '--protocol', 'ikc', '--as', 'server');
    expect(status).toBe(11);
    expect(stdout).toContain('not-reproduced: ikc-server does something else at step 6 of 6, where the failure was');
    expect(stdout).toMatch(/agreed +it says on a: iam IAM other-0-0-0\n +agreed +it is told on a: WHAT\\r\\n\n/);
    expect(stdout).toMatch(/- captured +line SORRY \(line, text SORRY\) on a/);
    const told = JSON.parse(slipway('replay', path, '--protocol', 'ikc', '--as', 'server', '--json').stdout);
    expect(told).toMatchObject({
      format: 'slipway-capture-replay',
      verdict: 'not-reproduced',
      failure: { step: 5, requirement: 'ikc.server.captured' },
      difference: { step: 5, requirement: 'ikc.server.captured' },
      traps: [],
    });
  });

  test('of one profile is not what the other does', () => {
    // Of the trap B-T21 a server answers nothing to SETUP.
    const asked = ['--protocol', 'ikc', '--as', 'server', '--option=--listen={address}'];
    const path = file('setup', ['+SETUP KERNEL=x\r\n', '-NOT\r\n', ...greeting('old-0-0-0')]);
    expect(slipway('replay', path, ...asked).status).toBe(0);
    const { status, stdout } = slipway('replay', path, ...asked, '--quirk', 'setup-unanswered');
    expect(stdout).toContain('diverged: ikc-server --quirk=setup-unanswered does something else at step 4 of 6, and nothing had failed');
    expect(stdout).toMatch(/- captured +line NOT/);
    expect(status).toBe(12);
  });

  test('has the story that docs/traces.md shows', () => {
    const asked = ['--protocol', 'ikc', '--as', 'server', '--option=--listen={address}'];
    const { status, stdout } = slipway('replay', 'examples/ikc-setup.pcap', ...asked);
    expect(readFileSync(join(ROOT, 'docs/traces.md'), 'utf8')).toContain(`\`\`\`text\n${stdout}\`\`\``);
    expect(status).toBe(11);
  });

  test('of a server of Rover is judged by the field that says it, with the files that it had', () => {
    const body = 'USER=ann&HOST=h&MSGID=1&AUTH=s3cret&COMMAND=IMPORTDATA&OBJECT=Irolo__work';
    const answer = [
      'HTTP/1.0 200 OK',
      'Content-Type: text/plain',
      'Content-Length: 0',
      'Rover-Result: done',
      'Rover-Message: 1',
      'Rover-Next: 2',
    ];
    const path = file('rover', [`+POST / HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n${body}`, `-${answer.join('\r\n')}\r\n\r\n`]);
    const users = join(folder, 'site-users');
    writeFileSync(users, 'ann s3cret\n');
    const asked = ['replay', path, '--protocol', 'rover', '--as', 'daemon', '--place', `users=${users}`];
    expect(slipway(...asked).stdout).toContain('reproduced: rover does what was captured');
    const { status, stdout } = slipway(...asked, '--quirk', 'field-names-exact');
    expect(status).toBe(12);
    expect(stdout).toMatch(/\+ played +answer, status 411/);
  });

  test('without a role, or of a role that nobody has, is refused in one line', () => {
    const path = file('roles', CORRECTED);
    expect(slipway('replay', path)).toMatchObject({ status: 2, stdout: '' });
    expect(slipway('replay', path, '--protocol', 'ikc', '--as', 'hub').stderr).toBe(
      'slipway: ikc has no role hub; it has server, client\n',
    );
    expect(slipway('replay', path, '--protocol', 'ikc', '--as', 'client').status).not.toBe(1);
    expect(slipway('replay', path, '--protocol', 'ikc', '--as', 'server', '--lane', 'nobody').stderr).toContain(
      'no process nobody is in it; there are 10.0.0.2/client, 10.0.0.1/603',
    );
  });
});

function eventsOf(lines: readonly string[]): readonly TraceEvent[] {
  const all: TraceEvent[] = [];
  const reading = new CaptureImport({ take: event => all.push(event) });
  reading.feed(captureOf(lines));
  reading.end();
  return all;
}

describe('a case of a capture', () => {
  const events = eventsOf;
  const wiring = IKC.roles['server'] as NonNullable<(typeof IKC.roles)[string]>;
  const made = (lines: readonly string[]) =>
    conversationOf(events(lines), {
      role: 'server',
      wiring,
      requirement: capturedRequirement(IKC, 'server').id,
      id: 'ikc.server.captured.x',
      title: 'x',
    });

  test('says again what is bound of what was said to it', () => {
    const id = 'vm-6b0c148d-00004539-00000001';
    const { testCase } = made([...greeting(id), `+IAM ${id} too\r\n`, '-OK\r\n']);
    expect(testCase.steps).toContainEqual({
      verb: 'send',
      channel: 'a',
      hex: '49414d2020746f6f0d0a',
      insert: [{ at: 4, saved: 'captured-a' }],
    });
  });

  test('is text that can be read again', () => {
    const { testCase } = made(CORRECTED);
    expect(readCase(caseText(testCase), IKC)).toEqual(testCase);
    expect(readCase('{', IKC)).toMatch(/^it is no JSON/);
    expect(readCase(caseText(testCase).replace('"dial"', '"dail"'), IKC)).toMatch(/^steps\.1/);
    expect(readCase(caseText(testCase).replace('"10 s"', '"soon"'), IKC)).toMatch(/^steps\.1\.within: is a length of time/);
    expect(readCase(caseText(testCase).replaceAll('"channel":"a"', '"channel":"q"'), IKC)).toMatch(
      /^steps\.1: the role server has no channel q/,
    );
  });

  test('keeps a pause as a silence, and cuts a stream at a hole', () => {
    const gap = captureOf(CORRECTED);
    expect(gap.length).toBeGreaterThan(0);
    const all = events(CORRECTED).map(event =>
      event.index > 6 ? { ...event, time: (event.time + 5_000_000) as TraceEvent['time'] } : event,
    );
    const paused = conversationOf(all, { role: 'server', wiring, requirement: 'r', id: 'x', title: 'x' }).testCase;
    expect(paused.steps.map(({ verb }) => verb)).toContain('expect-silence');
    const hole: TraceEvent = {
      ...(all[5] as TraceEvent),
      kind: 'log',
      process: '10.0.0.1/603',
      channel: 'tcp1>',
      data: { event: 'hole', bytes: 3, severity: 'warning' },
      bytes: undefined,
    };
    const cut = conversationOf([...all.slice(0, 6), hole, ...all.slice(6)], {
      role: 'server',
      wiring,
      requirement: 'r',
      id: 'x',
      title: 'x',
    });
    expect(cut.left).toEqual(['what tcp1> has behind bytes that the capture has not']);
    expect(cut.testCase.steps.length).toBeLessThan(paused.steps.length);
  });

  test('compares a field as the first row says that fits', () => {
    const rows = [
      { type: 'line', field: 'text', when: '\\d+', mode: 'bound' },
      { type: '*', field: 'text', mode: 'structural' },
    ] as const;
    expect(modeOf(rows, 'line', 'text', '123')).toBe('bound');
    expect(modeOf(rows, 'line', 'text', '123x')).toBe('structural');
    expect(modeOf(rows, 'line', 'other', '1')).toBe('exact');
  });

  test('runs against the real daemon, and as a test of vitest', () => {
    const path = file('again', CORRECTED);
    const out = join(folder, 'again.case.json');
    const asked = ['--protocol', 'ikc', '--as', 'server'];
    expect(slipway('case-from', path, ...asked, '--out', out).status).toBe(0);
    const played = slipway('conform', 'ikc', '--role', 'server', '--case-file', out);
    expect(played.stdout).toMatch(/MUST +1 +0/);
    expect(played.status).toBe(0);
    writeFileSync(out, readFileSync(out, 'utf8').replace('"text":"NOT"', '"text":"YES"'));
    expect(slipway('conform', 'ikc', '--role', 'server', '--case-file', out)).toMatchObject({ status: 1 });
    expect(slipway('conform', 'ikc', '--case-file', out, '--sim')).toMatchObject({ status: 1 });
    const source = join(folder, 'again.test.ts');
    expect(slipway('scenario-from', path, ...asked, '--out', source).status).toBe(0);
    expect(readFileSync(source, 'utf8')).toContain('capturedTest({ protocol: "ikc" }, {');
  });
});

describe('what was encrypted with a key that a lond drew', () => {
  const report = join(folder, 'lonc');
  const trace = (name: string): string => join(report, `traces/lonc.lond.enc.${name}.jsonl`);
  const NAMES = ['request', 'new-key', 'eget'] as const;

  test('is encrypted again with the one that it draws now', () => {
    const selected = NAMES.flatMap(name => ['--case', `lonc.lond.enc.${name}`]);
    expect(slipway('conform', 'lonc', '--role', 'lond', '--sim', ...selected, '--report', report).stderr).toBe('');
    for (const name of NAMES) {
      const { status, stdout } = slipway('replay', trace(name), '--protocol', 'lonc', '--as', 'lond');
      expect(stdout).toContain('reproduced: lond does what was captured');
      expect(status).toBe(0);
    }
  });

  test('is clear text in a case, and what is answered otherwise is found', () => {
    const out = join(folder, 'sealed.case.json');
    expect(slipway('case-from', trace('eget'), '--protocol', 'lonc', '--as', 'lond', '--out', out).status).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(text).toContain('"as":"build-key"');
    const [, sealed = ''] = /\{"verb":"expect-sequence"[^\n]*"type":"enc","fields":\{"text":"([^"]+)"\}/.exec(text) ?? [];
    expect(sealed).toBe('secret');
    writeFileSync(out, text.replaceAll('"text":"secret"', '"text":"another"'));
    const { status, stdout } = slipway('conform', 'lonc', '--case-file', out, '--sim');
    expect(status).toBe(1);
    expect(stdout).toMatch(/received +enc, text secret/);
  });

  test('is held until its line is whole, whatever pieces it comes in, and left as it was where it cannot be said', () => {
    const ids = { server: 'srv1', client: 'cli1' };
    const [then, now] = ['11A7F7BBEF00A0B22', '33B8E9CCFA00B0C44'];
    const clear = 'get:dom:user:notes:a';
    const line = (text: string, key = then): string => `${sealed(cipherFor(ids, key), text)}\n`;
    const told = (text: string, size: number, key = then): string => {
      const retelling = sealedRetelling(ids)(new Map(key === '' ? [] : [[BUILD_KEY, key]]));
      const bytes = plainEncoder(text);
      const all: (Uint8Array | string)[] = [];
      for (let at = 0; at < bytes.length; at += size) all.push(...retelling.feed(bytes.subarray(at, at + size)));
      return [...all, ...retelling.end()].map(each => (typeof each === 'string' ? `<${each}>` : fromBytes(each))).join('');
    };
    const asked = `ping\n${line(clear)}encore\nenc:5`;
    for (const size of [1, 2, 3, 7, 1_000]) expect(told(asked, size)).toBe(`ping\n<encrypt:${clear}\n>encore\nenc:5`);
    const words = `say enc:${line('x')}`;
    for (const left of [line(clear, now), line('a\rb'), line('{build-key}'), words]) expect(told(left, 5)).toBe(left);
    expect(told(line(clear), 5, '')).toBe(line(clear));
    // What it says now is another text.
    const encode = sealedEncoder(ids);
    expect(fromBytes(encode(`encrypt:${clear}\n`, new Map([[BUILD_KEY, now]])))).toBe(line(clear, now));
    expect(line(clear, now)).not.toBe(line(clear));
  });

  test('a bound value that came in pieces is one', () => {
    const [events, wiring] = [eventsOf(['+init\n', '-100861774300123\n', '+10086', '+1774300123\n', '-ok\n']), LONC.roles['lond']];
    if (wiring === undefined) throw new Error('lonc has a lond');
    const { testCase } = conversationOf(events, { role: 'lond', wiring, requirement: 'r', id: 'x', title: 'x' });
    expect(testCase.steps.filter(({ verb }) => verb === 'send')).toEqual([
      { verb: 'send', channel: 'a', hex: '696e69740a' },
      { verb: 'send', channel: 'a', hex: '0a', insert: [{ at: 0, saved: 'captured-a' }] },
    ]);
  });
});

const fromBytes = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('cases of captures, as those of a suite', () => {
  const made = (name: string, text: string): string => {
    const out = join(folder, `${name}.case.json`);
    const path = file(name, CORRECTED);
    expect(slipway('case-from', path, '--protocol', 'ikc', '--as', 'server', '--out', out).status).toBe(0);
    writeFileSync(out, readFileSync(out, 'utf8').replace('"text":"NOT"', `"text":"${text}"`));
    return out;
  };
  const [good, bad] = [made('morning', 'NOT'), made('evening', 'YES')];
  const asked = ['conform', 'ikc', '--sim', '--case-file', good, bad];

  test('are played in the simulator, chosen by their names, and made a report that has nothing in it but them', () => {
    const report = join(folder, 'report');
    const { status, stdout } = slipway(...asked, '--report', report, '--pcap');
    expect(status).toBe(1);
    expect(stdout).toMatch(/MUST +1 +1/);
    const { rows, requirements } = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'));
    expect(rows.map((row: { case: string; verdict: string }) => `${row.case} ${row.verdict}`)).toEqual([
      'ikc.server.captured.evening fail',
      'ikc.server.captured.morning pass',
    ]);
    // What it shows, and what bytes break whatever a case is about.
    expect(requirements.map(({ id }: { id: string }) => id)).toEqual([
      ...['ikc.server.captured', 'ikc.server.frames', 'ikc.server.images', 'ikc.server.json', 'ikc.server.lines'],
    ]);
    expect(existsSync(join(report, 'captures/ikc.server.captured.morning.pcapng'))).toBe(true);
    // The command in the report is what judges the trace again; without the file nobody knows the case.
    const { replay } = rows[0].reproduce;
    const words = replay.split(' ').slice(1);
    expect(words).toContain('--case-file');
    expect(slipway(...words).stdout).toContain('reproduced: judged again: fail');
    const alone = slipway(...words.slice(0, 2));
    expect(alone.status).toBe(13);
    expect(alone.stdout).toContain("has no case 'ikc.server.captured.evening'; one of a file is judged beside it (--case-file)");
    const one = slipway(...asked, '--case', '*.morning', '--json');
    expect(one.status).toBe(0);
    expect(JSON.parse(one.stdout).rows).toHaveLength(1);
  });

  test('have a baseline, and are repeated', () => {
    const baseline = join(folder, 'baseline.json');
    expect(slipway(...asked, '--write-baseline', baseline).status).toBe(1);
    expect(slipway(...asked, '--baseline', baseline).status).toBe(0);
    const { rows } = JSON.parse(slipway(...asked, '--repeat', '3', '--json').stdout);
    expect(rows.map(({ attempts }: { attempts: { played: number } }) => attempts.played)).toEqual([3, 3]);
  });

  test('that are one twice are refused', () => {
    const { status, stderr } = slipway('conform', 'ikc', '--sim', '--case-file', good, good);
    expect(status).toBe(2);
    expect(stderr).toBe(`slipway: ${good}: its id is ikc.server.captured.morning, as that of ${good}; give one of them another\n`);
  });
});

const able = spawnSync('tshark', ['--version']).status === 0 && process.getuid?.() === 0;

describe.skipIf(!able && process.env['CI'] === undefined)('a failure captured in the field', () => {
  test('is reproduced by ours as it was written, and not by ours corrected', async () => {
    const path = join(folder, 'field.pcapng');
    const server = spawn(process.execPath, [SLIPWAY, 'serve', 'ikc-server', '--', '--listen=127.0.0.1:0', '--profile=as-written'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const port = await new Promise<number>(resolve => {
      let log = '';
      server.stderr.on('data', (bytes: Buffer) => {
        log += bytes.toString();
        const found = /"address":"127\.0\.0\.1:(\d+)"/.exec(log)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
    });
    const tshark = spawn('tshark', ['-i', 'lo', '-w', path, '-f', `tcp port ${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>(resolve => tshark.stderr.on('data', (bytes: Buffer) => bytes.toString().includes('Capturing') && resolve()));
    // It says so a moment before it does.
    await new Promise(resolve => setTimeout(resolve, 1_500));
    await new Promise<void>(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.write('SETUP KERNEL=x\r\nHELLO\r\n'));
      // By the trap nothing is answered to SETUP.
      socket.once('data', () => setTimeout(() => socket.end(), 1_500));
      socket.on('close', () => resolve());
    });
    await new Promise(resolve => setTimeout(resolve, 1_500));
    for (const child of [tshark, server]) {
      const gone = new Promise(resolve => child.on('exit', resolve));
      child.kill('SIGINT');
      await gone;
    }
    const asked = ['replay', path, '--protocol', 'ikc', '--as', 'server', '--option=--listen={address}'];
    const same = slipway(...asked, '--profile', 'as-written');
    expect(same.stdout).toContain('reproduced: ikc-server --profile=as-written does what was captured');
    const other = slipway(...asked);
    expect(other.stderr).toBe('');
    expect(other.stdout).toContain('not-reproduced: ikc-server does something else');
    expect(other.status).toBe(11);
  });
});
