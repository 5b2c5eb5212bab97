/** Logs of strace: values, lines of calls that others interrupted, and a whole log of the real one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importFormatOf } from '../../src/capture/import.ts';
import { StraceImport } from '../../src/capture/strace/import.ts';
import { LineReader } from '../../src/capture/strace/line.ts';
import { valuesOf } from '../../src/capture/strace/value.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { formatData } from '../../src/trace/view.ts';
import { ascii } from './build.ts';

/** Of strace 6.1: two processes that talk over TCP and a pipe, a datagram, a file. */
const LOG = readFileSync(fileURLToPath(new URL('strace-6.1.log', import.meta.url)));
const T = '1700000000.000001';

function read(
  file: Uint8Array,
  cuts: readonly number[] = [],
): { readonly events: readonly TraceEvent[]; readonly problems: readonly string[] } {
  const events: TraceEvent[] = [];
  const reader = new StraceImport(event => events.push(event));
  let from = 0;
  for (const cut of [...cuts, file.length]) {
    reader.feed(file.subarray(from, cut));
    from = cut;
  }
  reader.end();
  return { events, problems: reader.problems.kept.map(({ offset, message }) => `${offset}: ${message}`) };
}

const shown = ({ process, kind, channel, bytes, data }: TraceEvent): string =>
  [
    process.replace(/^host\//, ''),
    kind,
    channel,
    bytes === undefined ? '' : JSON.stringify(Buffer.from(bytes).toString('latin1')),
    data === undefined ? '' : formatData(data),
  ]
    .filter(Boolean)
    .join(' ');
const told = (...lines: readonly string[]): readonly string[] => read(ascii(`${lines.join('\n')}\n`)).events.map(shown);

describe('values', () => {
  it('are strings, words, lists, structures and calls, inside each other', () => {
    const [descriptor, address, text, length] = valuesOf(
      '3, {sa_family=AF_INET, sin_port=htons(603), sin_addr=inet_addr("\\x31")}, "\\x00\\xffa\\n\\101"..., [128 => 16]',
    );
    expect(descriptor).toEqual({ is: 'word', text: '3' });
    expect(address).toMatchObject({ is: 'struct' });
    expect(text).toEqual({ is: 'bytes', bytes: Uint8Array.of(0, 255, 97, 10, 65), cut: true });
    expect(length).toEqual({ is: 'list', items: [{ is: 'word', text: '128 => 16' }] });
  });

  it('come to an end whatever the text is', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '(', ')', ',', '"', '\\', 'x', 'a', '=', '.', ' ', '/*', '*/'),
      maxLength: 200,
    });
    fc.assert(
      fc.property(hostile, text => Array.isArray(valuesOf(text))),
      { numRuns: 2_000 },
    );
    expect(valuesOf('['.repeat(100_000)).length).toBe(1);
  });
});

describe('lines', () => {
  it('of a call that others interrupted are one', () => {
    const reader = new LineReader();
    expect(reader.read(`7 ${T} read(3,  <unfinished ...>`)).toMatchObject({ begun: true, name: 'read' });
    expect(reader.read(`8 ${T} close(4) = 0`)).toMatchObject({ pid: 8, name: 'close', args: '4', result: 0 });
    const resumed = `7 ${T} <... read resumed>"\\x41", 10) = 1`;
    expect(reader.read(resumed)).toMatchObject({
      pid: 7,
      name: 'read',
      args: '3, "\\x41", 10',
      result: 1,
    });
    expect(reader.read(resumed)).toBe('read goes on, and has not begun');
  });

  it('without a process are of the one there is; with -f on a terminal they say it in brackets', () => {
    expect(new LineReader().read(`${T} close(4) = -1 EBADF (Bad file descriptor)`)).toMatchObject({ pid: 0, error: 'EBADF' });
    expect(new LineReader().read(`[pid   12] ${T} close(4) = 0`)).toMatchObject({ pid: 12 });
  });

  it('that are none are told', () => {
    expect(new LineReader().read('7 12:00:01 close(4) = 0')).toBe('it has no time as -ttt writes it');
    expect(new LineReader().read(`7 ${T} what is this`)).toBe('it is no call, no signal and no end');
    expect(new LineReader().read(`7 ${T} <... read resumed>) = 0`)).toBe('read goes on, and has not begun');
  });
});

describe('a log', () => {
  it('of the real strace is what the two processes did', () => {
    const { events, problems } = read(LOG);
    expect(problems).toEqual([]);
    const pids = [...new Set(events.map(({ process }) => process))];
    const names = new Map(pids.map((process, index) => [process, ['parent', 'child'][index] ?? process]));
    const lines = events.map(event => `${names.get(event.process)} ${shown(event).replace(/^\S+ /, '')}`.replace(/\b\d{4,5}\b/g, 'N'));
    expect(lines).toMatchSnapshot();
  });

  it('gives the same in any pieces', () => {
    const whole = read(LOG);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: LOG.length }), { maxLength: 8 }), cuts => {
        expect(
          read(
            LOG,
            [...cuts].sort((a, b) => a - b),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('is known by its first line', () => {
    expect(importFormatOf(LOG)).toBe('strace');
    expect(importFormatOf(ascii('{"format":"slipway-trace"'))).toBeUndefined();
    expect(importFormatOf(ascii('hello 1234 world'))).toBeUndefined();
  });

  it('says what was cut short by -s, and where', () => {
    const lines = [
      `7 ${T} socket(AF_INET, SOCK_STREAM, 0) = 3`,
      `7 ${T} connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("\\x31")}, 16) = 0`,
    ];
    const before = `${lines.join('\n')}\n`;
    const { problems, events } = read(ascii(`${before}7 ${T} write(3, "\\x41\\x42"..., 50) = 50\n`));
    expect(problems).toEqual([`${before.length}: write moved 50 bytes, and 2 of them are in the log: strace -s says how many are`]);
    expect(shown(events.at(-1) as TraceEvent)).toBe('process.7 send tcp1> "AB"');
  });

  it('puts vectors together, and takes as many bytes as the call moved', () => {
    const lines = [
      `7 ${T} pipe2([3, 4], O_CLOEXEC) = 0`,
      `7 ${T} writev(4, [{iov_base="\\x61\\x62", iov_len=2}, {iov_base="\\x63\\x64", iov_len=2}], 2) = 3`,
      `7 ${T} read(3, "\\x61\\x62\\x63\\x7a\\x7a", 10) = 3`,
    ];
    expect(told(...lines).slice(1)).toEqual(['process.7 send pipe1 "abc"', 'process.7 recv pipe1 "abc"']);
  });

  it('knows a child by the fork that is under way, and what it has from its parent', () => {
    const lines = [
      `7 ${T} pipe([3, 4]) = 0`,
      `7 ${T} clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>`,
      `8 ${T} write(4, "\\x61", 1) = 1`,
      `7 ${T} <... clone resumed>) = 8`,
      `7 ${T} close(4) = 0`,
      `8 ${T} exit_group(3) = ?`,
      `8 ${T} +++ exited with 3 +++`,
      `7 ${T} --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8} ---`,
      `7 ${T} wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8`,
    ];
    expect(told(...lines)).toEqual([
      'process.7 pipe read=3 write=4',
      'process.7 spawn args="" child=8 program=process',
      'process.8 attach pipe1 direction=write fd=4',
      'process.8 send pipe1 "a"',
      'process.8 close pipe1',
      'process.8 exit code=3',
      'process.7 signal action=delivered signal=SIGCHLD',
      'process.7 wait child=8 code=3',
    ]);
  });

  it('of threads is that of their process', () => {
    const lines = [
      `7 ${T} pipe([3, 4]) = 0`,
      `7 ${T} clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, stack=NULL}, 88) = 9`,
      `9 ${T} write(4, "\\x61", 1) = 1`,
      `9 ${T} +++ exited with 0 +++`,
      `7 ${T} read(3, "\\x61", 1) = 1`,
    ];
    expect(told(...lines).slice(1)).toEqual(['process.7 send pipe1 "a"', 'process.7 recv pipe1 "a"']);
  });

  it('of a thread that speaks before its making is told is that of its process', () => {
    const lines = [
      `7 ${T} pipe([3, 4]) = 0`,
      `7 ${T} clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, stack=NULL} <unfinished ...>`,
      `9 ${T} write(4, "\\x61", 1) = 1`,
      `7 ${T} <... clone3 resumed>, 88) = 9`,
      `7 ${T} close(4) = 0`,
    ];
    expect(told(...lines).slice(1)).toEqual(['process.7 send pipe1 "a"', 'process.7 close pipe1']);
  });

  it('says by which number a program was given a pipe, once it uses it, and that exec closes what is marked so', () => {
    const lines = [
      `7 ${T} pipe2([10, 11], O_CLOEXEC) = 0`,
      `7 ${T} pipe2([12, 13], O_CLOEXEC) = 0`,
      `7 ${T} fork() = 8`,
      `8 ${T} dup2(11, 3) = 3`,
      `8 ${T} dup3(12, 4, 0) = 4`,
      `8 ${T} fcntl(13, F_SETFD, 0) = 0`,
      `8 ${T} ioctl(13, FIOCLEX) = 0`,
      `8 ${T} execve("\\x2f\\x63", ["\\x63"], 0x7ffd /* 9 vars */) = 0`,
      `7 ${T} close(11) = 0`,
      `7 ${T} close(13) = 0`,
      `8 ${T} openat(AT_FDCWD, "\\x2f\\x70\\x72\\x6f\\x63\\x2f\\x73\\x65\\x6c\\x66\\x2f\\x66\\x64\\x2f\\x33", O_WRONLY) = 5`,
      `8 ${T} close(3) = 0`,
      `8 ${T} write(5, "\\x61", 1) = 1`,
      `8 ${T} write(5, "\\x62", 1) = 1`,
      `8 ${T} read(4, "", 1) = 0`,
      `8 ${T} close_range(5, 4294967295, 0) = 0`,
    ];
    expect(told(...lines).slice(3)).toEqual([
      'c.8 start args="" parent=0 program=/c',
      'process.7 close pipe2',
      'c.8 attach pipe1 direction=write fd=3',
      'c.8 send pipe1 "a"',
      'c.8 send pipe1 "b"',
      'c.8 attach pipe2 direction=read fd=4',
      'c.8 eof pipe2',
      'c.8 close pipe1',
    ]);
  });

  it('damaged anywhere ends, in bounds', () => {
    const byte = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 8 }), edits => {
        const damaged = Uint8Array.from(LOG);
        for (const { at, value } of edits) damaged[at % damaged.length] = value;
        for (const problem of read(damaged).problems) expect(problem).toMatch(/^\d+: ./);
      }),
      { numRuns: 200 },
    );
  });
});
