/** Captures as a user meets them in each command: what is told of them, what is left out, and that this is said. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCapture } from '../../cli/captures.ts';
import { Found } from '../../cli/commands/grep.ts';
import { noteDropped } from '../../cli/in-part.ts';
import { Screen } from '../../cli/screen.ts';
import { FLOW_LIMIT } from '../../src/capture/accounts.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Item } from '../../src/trace/message.ts';
import { ascii, bytesOf, ethernet, ipv4, pcap, type TcpOptions, tcp, udpHeader } from '../capture/build.ts';
import { inProcess } from '../support/in-process.ts';
import { event } from '../trace/arbitrary.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-captures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const C = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 603 };
const client = (seq: number, text: string, more: Partial<TcpOptions> = {}): TcpOptions => ({
  ...C,
  seq,
  flags: 'PA',
  payload: ascii(text),
  ...more,
});
const captured = (name: string, packets: readonly TcpOptions[]): string =>
  file(name, pcap(packets.map(each => ({ bytes: ethernet(tcp(each)) }))));

describe('what is found', () => {
  const [one, long]: readonly [Item, Item] = [
    { kind: 'violation', clause: 'C', detail: 'd', offset: 0 },
    { kind: 'message', type: 't', fields: {}, bytes: utf8('x'.repeat(50)), ignorable: false },
  ];
  const found = (limits: readonly number[], items: readonly Item[], number = 5): readonly unknown[] => {
    const all = new Found(...limits);
    for (let index = 0; index < number; index++) all.add(event(index, { bytes: utf8('0123456789') }), items);
    return [all.told.map(each => (each as { index: number }).index), all.count, all.omitted];
  };

  it('are the first events up to the limit, and the first bytes of them and of their messages; the rest is counted', () => {
    expect(found([3], [])).toEqual([[0, 1, 2], 5, 2]);
    expect(found([5], [])).toEqual([[0, 1, 2, 3, 4], 5, 0]);
    expect(found([0], [])).toEqual([[], 5, 5]);
    expect(found([9, 20], [one])).toEqual([[0, 1], 5, 3]);
    // A message is told with the event that ends it, and may have come in very many.
    expect(found([9, 100], [long])).toEqual([[0, 1], 5, 3]);
  });

  it('has a limit that nobody has to give', () => {
    const all = new Found();
    for (let index = 0; index < 100_001; index++) all.add(event(0, { bytes: utf8('') }), []);
    expect([all.told.length, all.omitted]).toEqual([100_000, 1]);
  });
});

describe('a capture with very many streams', () => {
  it('says which of them import decodes no more', async () => {
    const datagrams = Array.from({ length: FLOW_LIMIT / 2 + 1 }, (_, index) => ({
      bytes: bytesOf(
        ethernet(ipv4(`10.1.${index >> 8}.${index & 255}`, `10.2.${index >> 8}.${index & 255}`, 17, udpHeader(513, 513, ascii('x')))),
      ),
    }));
    const path = file('sockets.pcap', pcap(datagrams));
    const { code, stdout } = await inProcess(['import', path, '--protocol', 'rwho']);
    expect(code).toBe(0);
    expect(stdout).toContain(`  … 9 962 more streams; --json tells of the first 10 000\n`);
    expect(stdout).toContain(
      `  2 streams beyond the first 10 000 put together and counted, and not decoded here; slipway grep ${path} channel:NAME decodes one\n`,
    );
    expect(stdout.match(/^ {2}udp\d+ /gm)).toHaveLength(40);
    const few = await inProcess(['import', file('few.pcap', pcap(datagrams.slice(0, 20))), '--protocol', 'rwho']);
    expect(few.stdout).not.toMatch(/more stream|beyond/);
  });

  it('says how many were decoded only in part, if any', () => {
    const said: string[] = [];
    const screen = Object.assign(new Screen({ json: true }), { note: (text: string) => said.push(text) });
    noteDropped(0, screen);
    noteDropped(1, screen);
    expect(said).toEqual([
      '1 stream decoded only in part: more than 32 768 were open, and these were silent longest; slipway grep FILE channel:NAME decodes one',
    ]);
  });

  it('is looked into stream by stream', async () => {
    const path = captured('two.pcap', [client(1, 'HELLO\r\n'), client(1, 'HELLO\r\n', { fromPort: 40_001 })]);
    expect((await inProcess(['grep', path, 'text=hello', 'kind:send'])).stdout).toMatch(/^2 events of 11$/m);
    expect((await inProcess(['grep', path, 'text=hello', 'kind:send', 'channel:TCP2>'])).stdout).toMatch(/^1 event of 11$/m);
  });
});

describe('a capture that is not whole', () => {
  const whole = pcap([{ bytes: ethernet(tcp(client(1, 'HELLO\r\n'))) }, { bytes: ethernet(tcp(client(20, 'x'))) }]);
  const path = file('cut.pcap', whole.subarray(0, whole.length - 3));

  it('is told as that by each command', async () => {
    const said =
      /^.*cut\.pcap: byte \d+: the file ends in the middle of a record, after \d+ of its bytes; what is before it was read; slipway import tells what could be read of the capture\n$/;
    for (const words of [
      ['grep', path, 'HELLO'],
      ['stats', path],
      ['export', path, '--as', 'mermaid', '--out', join(folder, 'x.mmd')],
      ['case-from', path, '--protocol', 'ikc', '--as', 'client', '--out', join(folder, 'x.case.json')],
    ])
      expect((await inProcess(words)).stderr).toMatch(said);
    const { stdout } = await inProcess(['import', path]);
    expect(stdout).toMatch(/ {2}\S*cut\.pcap: byte \d+: the file ends in the middle of a record/);
  });

  it('in memory has its first events, and says so', async () => {
    const [all, some] = [await loadCapture(path, []), await loadCapture(path, [], 3)];
    expect(all.problems).toHaveLength(1);
    expect([some.events.length, some.problems[0]?.message]).toEqual([3, 'only the first 3 events of the capture are here']);
    expect((await loadCapture(path, [], all.events.length)).problems).toHaveLength(1);
    expect(some.events).toEqual(all.events.slice(0, 3));
  });
});

describe('import', () => {
  it('tells of each stream what is missing and what is broken, what is spoken, and writes a trace that verifies', async () => {
    const path = captured('hole.pcap', [
      client(1, 'HELLO\r\n'),
      client(20, 'x'),
      { ...client(1, `${'y'.repeat(9_000)}\r\n`), fromPort: 40_001 },
    ]);
    const out = join(folder, 'hole.jsonl');
    const { code, stdout } = await inProcess(['import', path, '--protocol', 'ikc', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('  protocol ikc\n');
    expect(stdout).toMatch(
      /^ {2}tcp1 +10\.0\.0\.2:40000 > 10\.0\.0\.1:603 .* 1 message, 8 bytes > {2}0 messages, 0 bytes < {2}there before, open$/m,
    );
    expect(stdout).toMatch(/^ +> 12 bytes missing in the capture$/m);
    expect(stdout).toMatch(new RegExp(`^ {2}\\d+ events in ${out}; slipway show ${out} prints them$`, 'm'));
    expect(await inProcess(['verify', out])).toMatchObject({ code: 0 });
    const rover = captured('rover.pcap', [client(1, 'nonsense\r\n\r\n')]);
    expect((await inProcess(['import', rover, '--protocol', 'rover'])).stdout).toMatch(/^ +> breaks \S+ at byte \d+: /m);
    expect((await inProcess(['import', path])).stdout).toMatch(
      /^ {2}protocol ikc, guessed by 2 messages of 1 type; (?!ikc)\S+ would be next; --protocol says another$/m,
    );
    const twice = Array.from({ length: 105 }, () => ({ bytes: ethernet(ipv4('10.0.0.1', '10.0.0.2', 6, new Uint8Array(4))) }));
    expect((await inProcess(['import', file('broken.pcap', pcap(twice))])).stdout).toContain('  … 5 more problems\n');
  });

  it('that is stopped tells of what it has read, and the trace of that is whole', async () => {
    const some = (from: number): Uint8Array =>
      pcap(Array.from({ length: 6_000 }, (_, at) => ({ bytes: ethernet(tcp(client(1 + (from + at) * 7, 'HELLO\r\n'))) })));
    const path = file('long.pcap', Buffer.concat([pcap([]), ...[0, 6_000, 12_000, 18_000, 24_000].map(from => some(from).subarray(24))]));
    const out = join(folder, 'stopped.jsonl');
    const interrupt = (event: string | symbol): void => {
      if (event === 'SIGINT') setImmediate(() => process.emit('SIGINT'));
    };
    process.on('newListener', interrupt);
    const { code, stdout, stderr } = await inProcess(['import', path, '--protocol', 'ikc', '--out', out, '--json']);
    process.off('newListener', interrupt);
    const { bytes, events } = JSON.parse(stdout);
    expect([code, bytes > 0, bytes < readFileSync(path).length, events > 0]).toEqual([130, true, true, true]);
    expect(stderr).toMatch(
      /stopping at the next pause.*\n\S+long\.pcap: stopped after [\d ]+ bytes of it, of which this is the account\n$/,
    );
    expect(JSON.parse((await inProcess(['verify', out, '--json'])).stdout).files).toMatchObject([{ state: 'complete', events }]);
    expect(JSON.parse((await inProcess(['verify', out, '--json'])).stdout).files[0].verifiedBlocks).toBeGreaterThan(1);
  });

  it('refuses what is no capture, and a trace that cannot be written to its end', async () => {
    expect(await inProcess(['import', file('hello.pcap', ascii('hello'))])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hello.pcap: it begins as neither pcap, pcapng nor strace'),
    });
    const path = captured('fine.pcap', [client(1, 'HELLO\r\n')]);
    expect(await inProcess(['import', path, '--out', '/dev/full'])).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOSPC') });
  });

  it('counts packets of which a part was not captured', async () => {
    const bytes = ethernet(tcp(client(1, 'HELLO\r\n')));
    const path = file('snapped.pcap', pcap([{ bytes, original: bytes.length + 100 }]));
    expect((await inProcess(['import', path])).stdout).toMatch(/^\S+ {2}pcap, 1 packet, 1 connection, 1 cut short by the capture\n/);
  });

  it('leaves nothing behind of a trace that could not be made', async () => {
    const path = captured('fine.pcap', [client(1, 'HELLO\r\n')]);
    const before = readdirSync(folder);
    expect(await inProcess(['import', path, '--protocol', 'nobody', '--out', join(folder, 'never.jsonl')])).toMatchObject({ code: 2 });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('replay', () => {
  const [setup, run] = ['examples/ikc-setup.pcap', 'traces/lifetime/healthy@17.jsonl'];
  it.each([
    [[setup, '--as', 'server', '--profile', 'nope'], "there is no profile 'nope'; there are corrected and as-written"],
    [[setup, '--as', 'server', '--quirk', 'setup-unanswerd'], "there is no quirk 'setup-unanswerd'; did you mean setup-unanswered?"],
    [[run, '--profile', 'corrected'], '--profile: of a capture, or of a trace whose part of one role is played: --as names it'],
    [[run, setup], `${setup}: captures are replayed one at a time`],
    [[setup, run], `${setup}: captures are replayed one at a time`],
  ])('%j is refused, and not told as something that was done', async (words, why) => {
    expect(await inProcess(['replay', ...words])).toEqual({ code: 2, stdout: '', stderr: `slipway: ${why}\n` });
  });
});

describe('export', () => {
  const path = captured('talk.pcap', [{ ...C, seq: 0, flags: 'S' }, client(1, 'HELLO\r\n')]);

  it('has the form that is asked for, of one process or of all', async () => {
    const exported = async (...words: string[]): Promise<string> => (await inProcess(['export', path, ...words])).stdout;
    expect(await exported('--as', 'mermaid')).toMatch(
      /^sequenceDiagram\n {2}participant p0 as 10\.0\.0\.2\/client\n {2}participant p1 as /,
    );
    expect(await exported('--as', 'mermaid', '--process', '10.0.0.2/client')).not.toContain('10.0.0.1/603');
    expect(await exported('--as', 'svg')).toContain('<title>ikc/capture: What was captured in talk.pcap</title>');
    const lua = await exported('--as', 'lua');
    expect(lua).toContain('local protocol = Proto("slipway_ikc", "POE inter-kernel communication');
    expect(lua).toContain('["line text"] = ProtoField.string("slipway_ikc.line.text", "text")');
    expect(await exported('--as', 'markdown')).toMatch(
      /^# ikc\/capture\n[\s\S]*\nA trace of kind capture\. \*\*inconclusive\*\*: a capture is/,
    );
    const { traceEvents } = JSON.parse(await exported('--as', 'perfetto'));
    expect(traceEvents.map(({ name }: { readonly name: string }) => name)).toContain('line text=HELLO');
    expect(await inProcess(['export', path, '--as', 'pdf'])).toMatchObject({
      code: 2,
      stderr: 'slipway: --as pdf: the forms are pcapng, lua, perfetto, mermaid, svg, markdown\n',
    });
    expect(await inProcess(['export', path, '--as', 'svg', '--process', 'nobody'])).toMatchObject({
      code: 2,
      stderr: 'slipway: --process nobody: there are 10.0.0.2/client, 10.0.0.1/603\n',
    });
    const failure = ['export', 'traces/lonc/late-reply-pipelined@0.jsonl', '--as', 'svg', '--process', 'nobody'];
    expect((await inProcess(failure)).stderr).toMatch(/^slipway: --process nobody: there are srv1\/other-lond/);
    const out = join(folder, 'talk.pcapng');
    expect((await inProcess(['export', path, '--as', 'pcapng', '--out', out])).stdout).toMatch(/pcapng: [\d ]+ bytes, \d events\n$/);
    const capture = readFileSync(out, 'latin1');
    expect(capture).toMatch(/^\n\r\r\n[\s\S]*What was captured in talk\.pcap[\s\S]*ikc: line text=HELLO {2}\(bytes 0 to 6\)/);
  });

  it('as a capture is the same when it is imported', async () => {
    const out = join(folder, 'setup.pcapng');
    const flowOf = async (of: string) => {
      const { last, first, sent, received, from, to } = JSON.parse((await inProcess(['import', of, '--json'])).stdout).flows[0];
      return { took: last - first, sent, received, from, to };
    };
    expect((await inProcess(['export', 'examples/ikc-setup.pcap', '--as', 'pcapng', '--out', out])).code).toBe(0);
    const flow = await flowOf('examples/ikc-setup.pcap');
    expect(flow.took).toBe(13_500);
    expect(await flowOf(out)).toEqual(flow);
  });
});

describe('what cannot be meant', () => {
  const path = captured('greeting.pcap', [client(1, 'HELLO\r\n')]);

  it('is refused by grep as by show: a kind that there is not', async () => {
    const refused = { code: 2, stderr: expect.stringMatching(/there is no kind 'recieve'; did you mean receive or recv\?/) };
    expect(await inProcess(['show', path, '--kind', 'recieve'])).toMatchObject(refused);
    expect(await inProcess(['grep', path, 'kind:recieve'])).toMatchObject(refused);
    expect(await inProcess(['grep', path, '-kind:bogus'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("there is no kind 'bogus'"),
    });
    expect(await inProcess(['grep', path, 'kind:SEND'])).toMatchObject({ code: 0 });
    expect(await inProcess(['grep', path, '-kind:message', 'kind:life'])).toMatchObject({ stderr: '' });
  });

  it('is told where show is asked for what comes behind the end, of a capture and of a trace', async () => {
    const out = join(folder, 'hello.jsonl');
    await inProcess(['import', path, '--out', out]);
    for (const each of [path, out]) {
      const { stdout } = await inProcess(['stats', each, '--json']);
      const { events } = JSON.parse(stdout);
      expect((await inProcess(['show', each, '--from', String(events - 1)])).stderr).toBe('');
      expect(await inProcess(['show', each, '--from', String(events)])).toMatchObject({
        code: 0,
        stderr: `--from ${events}: the trace ends with event ${events - 1}\n`,
      });
    }
    expect((await inProcess(['show', file('none.pcap', pcap([])), '--from', '1'])).stderr).toBe('--from 1: there are no events\n');
  });

  it('is no case: of a capture in which nothing could be awaited', async () => {
    const quiet = captured('quiet.pcap', [
      client(1, '', { flags: 'S' }),
      { ...C, from: C.to, to: C.from, fromPort: 603, toPort: 40_000, seq: 9, ack: 2, flags: 'SA' },
    ]);
    for (const [command = '', name = ''] of [
      ['case-from', 'quiet.case.json'],
      ['scenario-from', 'quiet.test.ts'],
    ])
      expect(await inProcess([command, quiet, '--protocol', 'ikc', '--as', 'server', '--out', join(folder, name)])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /quiet\.pcap: 10\.0\.0\.1\/603 says nothing in it, and neither ends nor keeps silent: there is nothing/,
        ),
      });
    expect(readdirSync(folder).filter(name => name.startsWith('quiet.'))).toEqual(['quiet.pcap']);
  });
});

describe('diff of two captures', () => {
  it('says nothing of their plans, which are where they came from', async () => {
    const [one, other] = ['one.pcap', 'other.pcap'].map(name => captured(name, [client(1, 'HELLO\r\n')]));
    expect(await inProcess(['diff', one ?? '', other ?? ''])).toMatchObject({ code: 0, stdout: expect.not.stringContaining('plan') });
    expect((await inProcess(['diff', one ?? '', captured('third.pcap', [client(1, 'DONE\r\n')])])).stdout).not.toContain('plan');
  });
});
