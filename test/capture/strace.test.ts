/** Logs of strace: values, lines of calls that others interrupted, and a whole log of the real one. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importFormatOf } from '../../src/capture/import.ts';
import { FIFO_LIMIT, LINE_LIMIT, PROCESS_LIMIT } from '../../src/capture/limits.ts';
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

  it('have a comment between them, and bytes in octal digits', () => {
    expect(valuesOf('0x1, /* 9 vars */ "\\377\\12z"')).toEqual([
      { is: 'word', text: '0x1' },
      { is: 'bytes', bytes: Uint8Array.of(255, 10, 122), cut: false },
    ]);
    expect(valuesOf('/* a */3')).toEqual([{ is: 'word', text: '3' }]);
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

  it('has no word of what was cut short where all that moved is there', () => {
    const lines = [`7 ${T} pipe([3, 4]) = 0`, String.raw`7 ${T} write(4, "\x41\x42"..., 2) = 2`, ''];
    expect(read(ascii(lines.join('\n'))).problems).toEqual([]);
  });

  it('ends without the end of a line, and never goes back in time', () => {
    const lines = [
      '7 1700000000.000009 pipe([3, 4]) = 0',
      '7 1700000000.000002 close(4) = 0',
      '7 1700000000.000011 close(3) = 0',
      '7 1700000000.000019999 pipe([3, 4]) = 0',
    ];
    const { events } = read(ascii(lines.join('\n')));
    expect(events.map(({ time, kind }) => `${time} ${kind}`)).toEqual(['0 pipe', '0 close', '10 pipe']);
  });

  it('has sockets of all families, connected and bound, and what went wrong with them', () => {
    const six =
      '{sa_family=AF_INET6, sin6_port=htons(603), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "\\x3a\\x3a\\x31", &sin6_addr), sin6_scope_id=0}, 28';
    const four = (port: number): string => `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("\\x31")}, 16`;
    const lines = [
      'socket(AF_INET6, SOCK_STREAM, 0) = 3',
      `connect(3, ${six}) = -1 EINPROGRESS (Operation now in progress)`,
      String.raw`write(3, "\x61", 1) = -1 EPIPE (Broken pipe)`,
      String.raw`write(3, "\x61", 1) = -1 EAGAIN (Resource temporarily unavailable)`,
      'socket(AF_INET, SOCK_STREAM, 0) = 4',
      `connect(4, ${four(1)}) = -1 ECONNREFUSED (Connection refused)`,
      'socket(AF_INET, SOCK_DGRAM, 0) = 5',
      `bind(5, ${four(0)}) = 0`,
      `getsockname(5, ${four(4711)}) = 0`,
      `getsockname(5, ${four(4712)}) = 0`,
      `connect(5, ${four(513)}) = 0`,
      String.raw`write(5, "\x61", 1) = 1`,
      `bind(4, ${four(0)}) = 0`,
      'listen(4, 5) = 0',
      `getsockname(4, ${four(4713)}) = 0`,
      `accept(4, ${four(2)}) = 6`,
      String.raw`read(6, "\x61", 9) = 1`,
      'shutdown(6, SHUT_RD) = 0',
      'shutdown(6, SHUT_RDWR) = 0',
    ];
    expect(told(...lines.map(line => `7 ${T} ${line}`)).map(line => line.replace(/^process\.7 /, ''))).toEqual([
      ...['connect to="[::1]:603"', 'open tcp1>', 'close tcp1> error=EPIPE'],
      ...['connect to=1:1', 'open error=ECONNREFUSED'],
      ...['bind udp2 at=1:0', 'bind udp2 at=1:4711', 'datagram udp2 "a" to=1:513'],
      ...['listen at=1:0', 'listen at=1:4713', 'accept tcp3< peer=1:2', 'recv tcp3> "a"', 'end tcp3<'],
    ]);
  });

  it('knows how a process died, and what has its number afterwards is another', () => {
    const lines = [
      `7 ${T} execve("\\x2f\\x61", [], 0x1 /* 1 var */) = 0`,
      `7 ${T} pipe([3, 4]) = 0`,
      `7 ${T} read(3,  <unfinished ...>`,
      `7 ${T} +++ killed by SIGSEGV (core dumped) +++`,
      String.raw`7 ${T} write(4, "\x61", 1) = 1`,
      `7 ${T} <... read resumed>"", 9) = 0`,
    ];
    expect(told(...lines).slice(1)).toEqual(['a.7 pipe read=3 write=4', 'a.7 close pipe1', 'a.7 exit signal=SIGSEGV']);
    expect(read(ascii(lines.join('\n'))).problems).toEqual([expect.stringContaining('read goes on, and has not begun')]);
  });

  it('closes what it had open where it was the last who had it, and only then', () => {
    const pipes = [`7 ${T} pipe([3, 4]) = 0`, `7 ${T} pipe([5, 6]) = 0`];
    const closed = (...lines: readonly string[]): readonly string[] =>
      told(...pipes, ...lines.map(line => `7 ${T} ${line}`)).filter(line => / close /.test(line));
    const [one, two] = ['process.7 close pipe1', 'process.7 close pipe2'];
    expect(closed('close_range(4, 6, 0) = 0')).toEqual([one, two]);
    expect(closed('close_range(4, 5, 0) = 0')).toEqual([one]);
    expect(closed('close_range(4, 6, CLOSE_RANGE_CLOEXEC) = 0')).toEqual([]);
    expect(closed('dup2(4, 4) = 4', 'close(4) = 0')).toEqual([one]);
    expect(closed('dup2(4, 9) = 9', 'close(4) = 0')).toEqual([]);
    expect(closed('dup2(4, 6) = 6', 'close(4) = 0', 'close(6) = 0')).toEqual([one]);
    expect(closed('fork() = 8', 'close(4) = 0')).toEqual([]);
    // What is closed and given away again under the same number has no mark of before.
    expect(closed('fcntl(4, F_SETFD, FD_CLOEXEC) = 0', 'close(4) = 0', 'pipe([3, 4]) = 0', 'execve("\\x61", [], 0x1) = 0')).toEqual([one]);
  });

  it('knows no child by a fork where two are under way, and none by one that failed', () => {
    const lines = [
      `7 ${T} pipe([3, 4]) = 0`,
      `9 ${T} pipe([3, 4]) = 0`,
      ...[7, 9].map(pid => `${pid} ${T} clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>`),
      String.raw`8 ${T} write(4, "\x61", 1) = 1`,
      ...[7, 9].map(pid => `${pid} ${T} <... clone resumed>) = -1 EAGAIN (Resource temporarily unavailable)`),
      String.raw`10 ${T} write(4, "\x61", 1) = 1`,
    ];
    expect(told(...lines)).toEqual(['process.7 pipe read=3 write=4', 'process.9 pipe read=3 write=4']);
  });

  it('says which number a program was given first where it has more than one', () => {
    const lines = ['pipe([3, 4]) = 0', 'dup2(4, 9) = 9', 'execve("\\x61", [], 0x1) = 0', String.raw`write(9, "\x61", 1) = 1`];
    expect(told(...lines.map(line => `7 ${T} ${line}`)).slice(2)).toEqual(['a.7 attach pipe1 direction=write fd=4', 'a.7 send pipe1 "a"']);
  });

  it('of too many processes, and calls under way, tells, and a line that has no end ends it', () => {
    const processes = Array.from({ length: PROCESS_LIMIT + 1 }, (_, pid) => `${pid} ${T} close(3) = 0\n`);
    expect(read(ascii(processes.join(''))).problems).toEqual([expect.stringContaining(`more than ${PROCESS_LIMIT} processes`)]);
    const calls = new LineReader();
    const begin = (pid: number) => calls.read(`${pid} ${T} read(3, <unfinished ...>`);
    for (let pid = 0; pid < PROCESS_LIMIT; pid++) expect(typeof begin(pid)).toBe('object');
    expect(begin(PROCESS_LIMIT)).toBe(`more than ${PROCESS_LIMIT} calls are under way`);
    const reader = new StraceImport(() => {});
    reader.feed(new Uint8Array(LINE_LIMIT).fill(97));
    expect(reader.reading).toBe(true);
    reader.feed(ascii('aa'));
    expect([reader.reading, reader.problems.kept.map(({ message }) => message)]).toEqual([
      ...[false, [`a line of more than ${LINE_LIMIT} bytes; nothing after it is read`]],
    ]);
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

  /** `/tmp/f` as strace writes it. */
  const [F, G] = [String.raw`"\x2f\x66"`, String.raw`"\x2f\x67"`];

  it('follows a named pipe by its path, whoever opens it', () => {
    const lines = [
      `7 ${T} mknodat(AT_FDCWD, ${F}, S_IFIFO|0644) = 0`,
      `7 ${T} openat(AT_FDCWD, ${F}, O_WRONLY|O_CLOEXEC <unfinished ...>`,
      `8 ${T} openat(AT_FDCWD, ${F}, O_RDONLY) = 3`,
      `7 ${T} <... openat resumed>) = 4`,
      String.raw`7 ${T} write(4, "\x61", 1) = 1`,
      String.raw`8 ${T} read(3, "\x61", 100) = 1`,
      `7 ${T} close(4) = 0`,
      `8 ${T} read(3, "", 100) = 0`,
      `9 ${T} open(${F}, O_RDWR) = 5`,
      String.raw`9 ${T} write(5, "\x62", 1) = 1`,
      String.raw`9 ${T} read(5, "\x62", 1) = 1`,
    ];
    expect(told(...lines)).toEqual([
      'process.8 pipe pipe1 path=/f read=3',
      'process.7 pipe pipe1 path=/f write=4',
      'process.7 send pipe1 "a"',
      'process.8 recv pipe1 "a"',
      'process.7 close pipe1',
      'process.8 eof pipe1',
      'process.9 pipe pipe1 path=/f read=5 write=5',
      'process.9 send pipe1 "b"',
      'process.9 recv pipe1 "b"',
    ]);
  });

  it('knows a named pipe by a stat(2), by the name that it was given, and not behind its end', () => {
    const lines = [
      `7 ${T} newfstatat(AT_FDCWD, ${F}, {st_mode=S_IFIFO|0644, st_size=0, ...}, 0) = 0`,
      `7 ${T} stat(${G}, {st_mode=S_IFREG|0644, st_size=0, ...}) = 0`,
      `7 ${T} open(${G}, O_RDONLY) = 3`,
      `7 ${T} rename(${F}, ${G}) = 0`,
      `7 ${T} open(${F}, O_RDONLY) = 3`,
      `7 ${T} open(${G}, O_RDONLY|O_NONBLOCK) = 4`,
      `7 ${T} unlink(${G}) = 0`,
      `7 ${T} open(${G}, O_WRONLY|O_CREAT, 0644) = 5`,
      String.raw`7 ${T} write(5, "\x61", 1) = 1`,
      `7 ${T} mknod(${F}, S_IFIFO|0600) = -1 EEXIST (File exists)`,
      `7 ${T} mknod(${F}, S_IFSOCK|0600) = 0`,
      `7 ${T} open(${F}, O_RDONLY) = 6`,
      `7 ${T} mknod(${G}, S_IFIFO|0600) = 0`,
      `7 ${T} open(${G}, O_WRONLY|O_NONBLOCK) = -1 ENXIO (No such device or address)`,
      `7 ${T} open(${G}, O_WRONLY) = 7`,
    ];
    expect(told(...lines)).toEqual([
      'process.7 rename path=/f to=/g',
      'process.7 pipe pipe1 path=/g read=4',
      'process.7 unlink path=/g',
      'process.7 append "a" path=/g',
      'process.7 pipe pipe2 path=/g write=7',
    ]);
  });

  it('takes a file that was given the name of a named pipe for a file', () => {
    const lines = [`7 ${T} mknod(${F}, S_IFIFO|0600) = 0`, `7 ${T} rename(${G}, ${F}) = 0`, `7 ${T} open(${F}, O_RDONLY) = 3`];
    expect(told(...lines)).toEqual(['process.7 rename path=/g to=/f']);
  });

  describe('has names relative to folders', () => {
    /** As strace writes it. */
    const name = (text: string): string => `"${[...ascii(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
    const makes = (pid: number, path: string): string => `${pid} ${T} mknodat(AT_FDCWD, ${name(path)}, S_IFIFO|0644) = 0`;
    const opens = (pid: number, path: string, folder: number | 'AT_FDCWD' = 'AT_FDCWD'): string =>
      `${pid} ${T} openat(${folder}, ${name(path)}, O_RDONLY) = 9`;
    const goes = (pid: number, path: string): string => `${pid} ${T} chdir(${name(path)}) = 0`;
    const isIn = (pid: number, path: string): string => `${pid} ${T} getcwd(${name(path)}, 4096) = ${path.length + 1}`;
    const forks = (pid: number, child: number): string => `${pid} ${T} fork() = ${child}`;
    /** The channels of the named pipes that were opened. */
    const opened = (...lines: readonly string[]): readonly string[] =>
      told(...lines).flatMap(line => /^\S+ pipe (pipe\d+) /.exec(line)?.[1] ?? []);

    it('that the log tells, and keeps apart those of two folders', () => {
      const two = [goes(7, '/a'), makes(7, 'f'), goes(8, '/b'), makes(8, 'f')];
      expect(opened(...two, opens(7, 'f'), opens(8, 'f'), opens(9, '/a/f'), opens(9, '/b//./f'))).toEqual([
        ...['pipe1', 'pipe2', 'pipe1', 'pipe2'],
      ]);
      expect(opened(...two, goes(7, '../b'), opens(7, 'f'), goes(7, 'c'), opens(7, '../f'), opens(7, '../../a/f'))).toEqual([
        ...['pipe2', 'pipe2', 'pipe1'],
      ]);
      expect(opened(goes(7, '/'), makes(7, 'f'), opens(8, '/../f'))).toEqual(['pipe1']);
      expect(
        opened(makes(7, '/b/f'), goes(7, '/a'), `7 ${T} chdir(${name('/b')}) = -1 ENOENT (No such file or directory)`, opens(7, 'f')),
      ).toEqual([]);
    });

    it('of its parent, which the log has not told, and of nobody else', () => {
      expect(opened(makes(7, 'f'), forks(7, 8), opens(8, 'f'), opens(9, 'f'))).toEqual(['pipe1']);
      expect(opened(makes(7, 'f'), makes(9, 'f'), opens(7, 'f'), opens(9, 'f'))).toEqual(['pipe1', 'pipe2']);
      expect(opened(makes(7, '../../f'), opens(7, 'f'), opens(7, '../f'))).toEqual([]);
      // Up and down again may be somewhere else.
      expect(
        opened(
          makes(7, 'f'),
          forks(7, 8),
          goes(8, 'a'),
          opens(8, '../f'),
          opens(8, '../../f'),
          goes(8, '../..'),
          makes(8, 'g'),
          opens(7, '../g'),
        ),
      ).toEqual([...['pipe1', 'pipe2']]);
    });

    it('once the log tells of a folder, for all who have it, and what was there before', () => {
      expect(opened(makes(7, 'f'), forks(7, 8), isIn(7, '/a'), opens(9, '/a/f'), opens(7, 'f'), opens(8, 'f'), opens(8, '/a/f'))).toEqual([
        ...['pipe1', 'pipe1', 'pipe1', 'pipe1'],
      ]);
      expect(opened(makes(7, 'f'), goes(7, 'b'), isIn(7, '/a/b'), opens(9, '/a/f'), opens(7, '../f'))).toEqual(['pipe1', 'pipe1']);
      expect(opened(makes(7, 'f'), isIn(7, '/'), opens(9, '/f'))).toEqual(['pipe1']);
      expect(opened(makes(7, 'f'), goes(7, 'b\nc'), isIn(7, '/a/b\nc'), opens(9, '/a/f'))).toEqual(['pipe1']);
      // The tenth that is unknown is not in the first.
      const ten = Array.from({ length: 10 }, (_, at) => makes(20 + at, 'f'));
      expect(opened(...ten, isIn(20, '/a'), opens(29, 'f'), opens(9, '/a/f'))).toEqual(['pipe10', 'pipe1']);
      // A link: what it was before is not known even now.
      expect(opened(makes(7, 'f'), goes(7, 'b'), isIn(7, '/a/c'), opens(9, '/a/f'), makes(7, 'g'), opens(9, '/a/c/g'))).toEqual(['pipe2']);
    });

    it('that are open, and says where nobody knows which', () => {
      const opensFolder = `7 ${T} openat(AT_FDCWD, ${name('/a')}, O_RDONLY|O_DIRECTORY) = 4`;
      expect(
        opened(
          opensFolder,
          `7 ${T} mknodat(4, ${name('f')}, S_IFIFO|0644) = 0`,
          opens(8, '/a/f'),
          `7 ${T} fchdir(4) = 0`,
          opens(7, 'f'),
          opens(7, 'f', 4),
        ),
      ).toEqual(['pipe1', 'pipe1', 'pipe1']);
      expect(
        opened(
          opensFolder,
          `7 ${T} renameat(4, ${name('f')}, AT_FDCWD, ${name('/g')}) = 0`,
          makes(7, '/a/f'),
          `7 ${T} renameat2(AT_FDCWD, ${name('/a/f')}, 4, ${name('g')}, 0) = 0`,
          opens(7, '/a/g'),
          `7 ${T} unlinkat(4, ${name('g')}, 0) = 0`,
          opens(7, '/a/g'),
        ),
      ).toEqual(['pipe1']);
      const { problems } = read(
        ascii([makes(7, 'f'), `7 ${T} mknodat(5, ${name('f')}, S_IFIFO|0644) = 0`, opens(7, 'f', 5), ''].join('\n')),
      );
      expect(problems).toEqual([
        expect.stringContaining('f is in a folder of which the log does not tell where it is: it is not followed'),
      ]);
      expect(
        opened(makes(7, 'f'), `7 ${T} mknodat(5, ${name('f')}, S_IFIFO|0644) = 0`, opens(7, 'f', 5), `7 ${T} fchdir(5) = 0`, opens(7, 'f')),
      ).toEqual([]);
    });

    it('by a statx(2) as well', () => {
      const answer = `{stx_mask=STATX_BASIC_STATS, stx_mode=S_IFIFO|0644, stx_size=0, ...}`;
      expect(
        opened(goes(7, '/a'), `7 ${T} statx(AT_FDCWD, ${name('f')}, AT_STATX_SYNC_AS_STAT, STATX_ALL, ${answer}) = 0`, opens(8, '/a/f')),
      ).toEqual(['pipe1']);
    });

    it('and is synced as a file where it is one', () => {
      expect(
        told(
          `7 ${T} openat(AT_FDCWD, ${name('/a')}, O_RDONLY) = 4`,
          `7 ${T} fsync(4) = 0`,
          `7 ${T} read(4, "", 1) = 0`,
          `7 ${T} close(4) = 0`,
        ),
      ).toEqual([]);
    });
  });

  it('of too many named pipes tells, and takes those beyond for files', () => {
    const lines = Array.from({ length: FIFO_LIMIT + 1 }, (_, number) => `7 ${T} mknod("n${number}", S_IFIFO|0600) = 0`);
    const { events, problems } = read(
      ascii([...lines, `7 ${T} open("n0", O_RDONLY) = 3`, `7 ${T} open("n${FIFO_LIMIT}", O_RDONLY) = 4`, ''].join('\n')),
    );
    expect(events.map(shown)).toEqual(['process.7 pipe pipe1 path=n0 read=3']);
    expect(problems).toEqual([expect.stringContaining(`more than ${FIFO_LIMIT} named pipes: n${FIFO_LIMIT} is not followed`)]);
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
