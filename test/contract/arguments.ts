/**
 * Arguments that no kernel takes: what every Host refuses before anything happens, and with which code.
 */
import { utf8 } from '../../src/host/bytes.ts';
import type { DatagramOptions, DatagramSocket, Endpoint, Host, Severity } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import type { Disposition, Signal } from '../../src/host/signal.ts';
import { type Duration, micros, millis, seconds } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf, type Stage } from './case.ts';
import {
  attach,
  connectOutcome,
  converse,
  IGNORE,
  LOOPBACK,
  listening,
  listenOutcome,
  outcome,
  pause,
  reaped,
  tcpAt,
  throws,
  unixAt,
} from './kit.ts';
import { at, bound } from './post.ts';
import { alone, namesIn } from './storage.ts';
import { answerOf, type Story } from './story.ts';

const SECTION = 'arguments';
/** What no C string can be: with a NUL in it, and with half of a surrogate pair, either half. */
const UNFIT: readonly string[] = ['a\0b', '\0', 'half\ud83d', '\udea2half', '\ud83d\ud83d\udea2'];
/** Neither a number of one family nor of the other. */
const NO_ADDRESSES: readonly string[] = [
  '256.1.1.1',
  '',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '127.x.y.z',
  ':::',
  '1::2::3',
  '::g',
  '1:2:3',
];
const NO_PORTS: readonly number[] = [70_000, 65_536, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY];
/** Of one argument with its NUL, as Linux has it. */
const LONGEST_ARGUMENT = 131_071;

const distinct = (outcomes: readonly string[]): string => [...new Set(outcomes)].join(' ');

function everyStorageCall(host: Host, path: string): string {
  const { storage } = host;
  const nothing = utf8('');
  return distinct(
    [
      storage.read(path),
      storage.write(path, nothing),
      storage.append(path, nothing),
      storage.rename(path, 'x'),
      storage.rename('f', path),
      storage.unlink(path),
      storage.makeDirectory(path),
      storage.list(path),
      storage.stat(path),
      storage.sync(path),
    ].map(outcome),
  );
}

function* bindingOf(host: Host, address: string, port: number, options: DatagramOptions = {}): Story<string> {
  const result = yield* answerOf<Result<DatagramSocket>>(opened => host.network.bind({ address, port }, options, { opened, message() {} }));
  if (result.ok) result.value.close();
  return outcome(result);
}

const endpoints: readonly Endpoint[] = [...NO_ADDRESSES.map(address => tcpAt(9, address)), ...NO_PORTS.map(port => tcpAt(port))];

/** What each of several answers is, once each. */
function* gathered(stories: readonly Story<string>[]): Story<string> {
  const seen: string[] = [];
  for (const story of stories) seen.push(yield* story);
  return distinct(seen);
}

/** A child with this backlog is stopped; how many of `count` connections are taken meanwhile. */
function* stoppedWith(host: Host, stage: Stage, backlog: number, count: number): Story<string> {
  const { pid, output } = converse(host, stage, 'server', [String(backlog)]);
  yield* output.untilText('ready');
  must(host.process.kill(pid, 'SIGSTOP'));
  const results: string[] = [];
  for (let tried = 0; tried < count; tried++) {
    results.push(
      yield* answerOf<string>(answer =>
        host.network.connect(unixAt('s'), {}, opened => {
          answer(outcome(opened));
          return IGNORE;
        }),
      ),
    );
  }
  must(host.process.kill(pid, 'SIGKILL'));
  yield* reaped(host);
  return results.join(' ');
}

function* server(host: Host): Story<void> {
  const output = attach(host, 1, 'write');
  yield* listening(host, unixAt('s'), () => IGNORE, Number(host.process.args[0]));
  output.write('ready');
  yield* pause(host, seconds(15));
}

export const ARGUMENTS: readonly ContractCase[] = [
  alone(
    'path-unfit',
    'A path with a NUL or half of a surrogate pair in it is EINVAL to every call, and nothing is made, shortened or replaced.',
    host => {
      must(host.storage.write('f', utf8('')));
      return [...UNFIT.map(path => everyStorageCall(host, path)), everyStorageCall(host, 'missing\0/x'), namesIn(host, '.')];
    },
    [...UNFIT.map(() => 'EINVAL'), 'EINVAL', 'f'],
  ),

  contractCase(SECTION, {
    name: 'unix-path-unfit',
    purpose: 'The path of a Unix-domain socket is text for the kernel too: EINVAL to listen and to connect. An empty one is ENOENT.',
    roles: {
      *main(host, { saw }) {
        yield* listening(host, unixAt('a'));
        saw(yield* gathered(UNFIT.map(path => listenOutcome(host, unixAt(path)))));
        saw(yield* gathered(UNFIT.map(path => connectOutcome(host, unixAt(path)))));
        saw(`empty: ${yield* listenOutcome(host, unixAt(''))} ${yield* connectOutcome(host, unixAt(''))}`);
        saw(namesIn(host, '.'));
      },
    },
    expect: { main: ['EINVAL', 'EINVAL', 'empty: ENOENT ENOENT', 'a'] },
  }),

  contractCase(SECTION, {
    name: 'unix-path-with-slash',
    purpose: 'No socket is made where slashes follow the name: ENOENT, or EADDRINUSE if anything is there; none is reached so either.',
    roles: {
      *main(host, { saw }) {
        must(host.storage.write('f', utf8('')));
        must(host.storage.makeDirectory('d'));
        yield* listening(host, unixAt('s'));
        for (const path of ['sock/', 'sock//', 'd/sock/', 'missing/sock/', 'f/', 's/', 'd/', '.', 'd/..'])
          saw(`${path} ${yield* listenOutcome(host, unixAt(path))} ${yield* connectOutcome(host, unixAt(path))}`);
        saw(namesIn(host, '.'));
      },
    },
    expect: {
      main: [
        'sock/ ENOENT ENOENT',
        'sock// ENOENT ENOENT',
        'd/sock/ ENOENT ENOENT',
        'missing/sock/ ENOENT ENOENT',
        'f/ EADDRINUSE ENOTDIR',
        's/ EADDRINUSE ENOTDIR',
        'd/ EADDRINUSE ECONNREFUSED',
        '. EADDRINUSE ECONNREFUSED',
        'd/.. EADDRINUSE ECONNREFUSED',
        'd,f,s',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-listen-refused',
    purpose: 'To listen at what is no address or no port is EINVAL; names are not looked up.',
    roles: {
      *main(host, { saw }) {
        saw(yield* gathered(endpoints.map(endpoint => listenOutcome(host, endpoint))));
      },
    },
    expect: { main: ['EINVAL'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-connect-refused',
    purpose: 'To connect to, or from, what is no address or no port is EINVAL, at once.',
    roles: {
      *main(host, { saw }) {
        const before = host.clock.monotonic();
        saw(yield* gathered(endpoints.map(endpoint => connectOutcome(host, endpoint))));
        saw(`from: ${yield* gathered(NO_ADDRESSES.map(from => connectOutcome(host, tcpAt(9), { from })))}`);
        saw(`at once: ${host.clock.monotonic() - before < seconds(2)}`);
        saw(`to port 0: ${yield* connectOutcome(host, tcpAt(0))}`);
      },
    },
    expect: { main: ['EINVAL', 'from: EINVAL', 'at once: true', 'to port 0: ECONNREFUSED'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-bind-refused',
    purpose: 'A datagram socket at what is no address or no port, with a group that is none, or a TTL of more than a byte, is EINVAL.',
    roles: {
      *main(host, { saw }) {
        saw(yield* gathered(NO_ADDRESSES.map(address => bindingOf(host, address, 0))));
        saw(yield* gathered(NO_PORTS.map(port => bindingOf(host, LOOPBACK, port))));
        saw(yield* gathered(['1.2.3.4', '', '256.0.0.1', 'ff'].map(group => bindingOf(host, '0.0.0.0', 0, { groups: [group] }))));
        saw(yield* gathered([-1, 256, 1.5, Number.NaN].map(multicastTtl => bindingOf(host, '0.0.0.0', 0, { multicastTtl }))));
        saw(yield* gathered([0, 1, 255].map(multicastTtl => bindingOf(host, '0.0.0.0', 0, { multicastTtl }))));
      },
    },
    expect: { main: ['EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'ok'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-destination-refused',
    purpose: 'Nothing can be sent to port 0, to what is no address or no port (EINVAL), or from IPv4 to IPv6 (EAFNOSUPPORT).',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at(LOOPBACK));
        saw(`port 0: ${yield* one.send('x', at(LOOPBACK, 0))}`);
        saw(yield* gathered(NO_PORTS.map(port => one.send('x', at(LOOPBACK, port)))));
        saw(yield* gathered(NO_ADDRESSES.map(address => one.send('x', at(address, 9)))));
        saw(`IPv6: ${yield* one.send('x', at('::1', 9))}`);
        saw(`itself still: ${yield* one.send('x', one.socket.local)}`);
        yield* one.untilReceived(1);
        saw(one.texts);
      },
    },
    expect: { main: ['port 0: EINVAL', 'EINVAL', 'EINVAL', 'IPv6: EAFNOSUPPORT', 'itself still: ok', '"x"'] },
  }),

  contractCase(SECTION, {
    name: 'datagram-order-of-errors',
    purpose: 'More than the length field can tell is EMSGSIZE before the destination is looked at; what IPv4 cannot carry, after it.',
    roles: {
      *main(host, { saw }) {
        const one = yield* bound(host, at('0.0.0.0'));
        const sent = (length: number, to: string, port: number): Story<string> => one.send(new Uint8Array(length), at(to, port));
        saw(`to port 0: ${yield* sent(65_536, LOOPBACK, 0)} ${yield* sent(65_535, LOOPBACK, 0)}`);
        saw(`broadcast, not asked for: ${yield* sent(65_536, '127.255.255.255', 9)} ${yield* sent(65_508, '127.255.255.255', 9)}`);
        saw(`loopback: ${yield* sent(65_508, LOOPBACK, 9)} ${yield* sent(65_507, LOOPBACK, 9)}`);
      },
    },
    expect: { main: ['to port 0: EMSGSIZE EINVAL', 'broadcast, not asked for: EMSGSIZE EACCES', 'loopback: EMSGSIZE ok'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-unfit',
    purpose: 'A program or an argument that no C string can be is EINVAL to spawn and to exec, and no child comes of it.',
    roles: {
      *main(host, { saw, program }) {
        const child = program('child');
        saw(distinct(UNFIT.map(text => outcome(host.process.spawn(child, ['before', text])))));
        saw(distinct(UNFIT.map(text => outcome(host.process.exec(child, [text])))));
        saw(distinct(UNFIT.map(text => outcome(host.process.spawn(text, [])))));
        saw(distinct(UNFIT.map(text => outcome(host.process.exec(text, [])))));
        yield resume =>
          host.process.wait(result => {
            saw(outcome(result));
            resume();
          });
      },
      child(host, { saw }) {
        saw(JSON.stringify(host.process.args));
        host.process.exit(0);
      },
    },
    expect: { main: ['EINVAL', 'EINVAL', 'EINVAL', 'EINVAL', 'ECHILD'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-longest-argument',
    purpose: 'An argument of 131071 bytes arrives; one more, which makes 128 KiB with its NUL, is E2BIG (execve(2)), to spawn and to exec.',
    roles: {
      *main(host, { saw, start, program }) {
        const longer = 'x'.repeat(LONGEST_ARGUMENT + 1);
        saw(`longer: ${outcome(host.process.spawn(program('child'), [longer]))} ${outcome(host.process.exec(program('child'), [longer]))}`);
        saw(`in bytes: ${outcome(host.process.spawn(program('child'), ['é'.repeat(65_536)]))}`);
        start('child', ['x'.repeat(LONGEST_ARGUMENT)]);
        saw((yield* reaped(host)).how);
      },
      child(host, { saw }) {
        saw(`${host.process.args.map(({ length }) => length)}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['longer: E2BIG E2BIG', 'in bytes: E2BIG', 'exit 0'], child: ['131071'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-all-arguments',
    purpose: 'All arguments together have room for well over a megabyte, not for two: E2BIG, each with its NUL and a pointer.',
    roles: {
      *main(host, { saw, start, program }) {
        const parts = (count: number): readonly string[] => Array.from({ length: count }, () => 'x'.repeat(100_000));
        saw(`2.1 million bytes: ${outcome(host.process.spawn(program('child'), parts(21)))}`);
        saw(
          `240000 of nothing: ${outcome(
            host.process.spawn(
              program('child'),
              Array.from({ length: 240_000 }, () => ''),
            ),
          )}`,
        );
        saw(`exec: ${outcome(host.process.exec(program('child'), parts(21)))}`);
        start('child', parts(18));
        saw((yield* reaped(host)).how);
      },
      child(host, { saw }) {
        saw(`${host.process.args.length}: ${host.process.args.reduce((sum, { length }) => sum + length, 0)}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['2.1 million bytes: E2BIG', '240000 of nothing: E2BIG', 'exec: E2BIG', 'exit 0'], child: ['18: 1800000'] },
  }),

  contractCase(SECTION, {
    name: 'spawn-program-name',
    purpose: 'The name of a program is the name of a file: none is ENOENT, one of more than 255 bytes or 4095 in all ENAMETOOLONG.',
    roles: {
      main(host, { saw }) {
        const names = ['', 'no-such-program', './no-such-program', 'n'.repeat(256), `./${'n'.repeat(256)}`, './'.repeat(2_048)];
        for (const name of names)
          saw(`${name.slice(0, 17)}: ${outcome(host.process.spawn(name, []))} ${outcome(host.process.exec(name, []))}`);
        host.process.exit(0);
      },
    },
    expect: {
      main: [
        ': ENOENT ENOENT',
        'no-such-program: ENOENT ENOENT',
        './no-such-program: ENOENT ENOENT',
        `${'n'.repeat(17)}: ENAMETOOLONG ENAMETOOLONG`,
        `./${'n'.repeat(15)}: ENAMETOOLONG ENAMETOOLONG`,
        `${'./'.repeat(8)}.: ENAMETOOLONG ENAMETOOLONG`,
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'descriptor-impossible',
    purpose: 'A number that no descriptor can have is EBADF: to attach, to close, to give away, and to give it to a child as.',
    roles: {
      main(host, { saw, program }) {
        const { descriptors, process } = host;
        const numbers = [-1, 1.5, Number.NaN, 1_000_000, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY];
        saw(`attach: ${distinct(numbers.map(number => outcome(descriptors.attach(number, 'read', IGNORE))))}`);
        saw(`close: ${distinct(numbers.map(number => outcome(descriptors.close(number))))}`);
        const { read } = must(descriptors.pipe());
        const given = (own: number, number: number): string =>
          outcome(process.spawn(program('child'), [], { descriptors: { [number]: own } }));
        saw(`given: ${distinct(numbers.map(number => given(number, 3)))}`);
        saw(`as: ${distinct(numbers.map(number => given(read, number)))}`);
        saw(`still there: ${outcome(descriptors.close(read))}`);
        process.exit(0);
      },
      child: host => host.process.exit(0),
    },
    expect: { main: ['attach: EBADF', 'close: EBADF', 'given: EBADF', 'as: EBADF', 'still there: ok'] },
  }),

  contractCase(SECTION, {
    name: 'kill-no-pid',
    purpose: 'A number that no process can have is ESRCH.',
    roles: {
      main(host, { saw }) {
        const numbers = [0, -1, 1.5, Number.NaN, 2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY];
        saw(distinct(numbers.flatMap(number => [outcome(host.process.kill(number, 0)), outcome(host.process.kill(number, 'SIGTERM'))])));
        host.process.exit(0);
      },
    },
    expect: { main: ['ESRCH'] },
  }),

  contractCase(SECTION, {
    name: 'backlog-zero',
    purpose: 'A backlog of 0 lets one connection wait (Linux compares with >).',
    roles: {
      *main(host, stage) {
        stage.saw(yield* stoppedWith(host, stage, 0, 3));
      },
      server,
    },
    expect: { main: ['ok EAGAIN EAGAIN'] },
  }),

  contractCase(SECTION, {
    name: 'backlog-negative',
    purpose: 'A backlog below zero is a large one: listen(2) takes it for a number without sign, and cuts it at somaxconn.',
    roles: {
      *main(host, stage) {
        stage.saw(yield* stoppedWith(host, stage, -1, 6));
      },
      server,
    },
    expect: { main: ['ok ok ok ok ok ok'] },
  }),

  contractCase(SECTION, {
    name: 'timer-odd-delays',
    purpose: 'A delay below zero is none, a part of a microsecond counts as nothing, and one without end never comes.',
    roles: {
      *main(host, { saw }) {
        const order: string[] = [];
        const timer = (name: string, delay: number): void => void host.clock.setTimer(delay as Duration, () => void order.push(name));
        timer('part', 0.9);
        timer('zero', 0);
        timer('negative', -5);
        timer('far below', Number.NEGATIVE_INFINITY);
        timer('endless', Number.POSITIVE_INFINITY);
        timer('beyond exactness', 2 ** 62);
        timer('285 years', Number.MAX_SAFE_INTEGER);
        yield* pause(host, millis(30));
        saw(order.join());
        host.clock.setTimer(Number.POSITIVE_INFINITY as Duration, () => saw('never')).cancel();
        yield* pause(host, micros(1.5));
        saw('over');
      },
    },
    expect: { main: ['part,zero,negative,far below', 'over'] },
  }),

  contractCase(SECTION, {
    name: 'no-such-thing',
    purpose:
      'A signal, a disposition, a severity and a delay that there are not throw, and nothing was done: only a program that no compiler saw has them.',
    roles: {
      *main(host, { saw }) {
        const { signals, process, log, clock } = host;
        const signal = 'SIGNONE' as Signal;
        const calls: readonly (() => unknown)[] = [
          () => signals.handle(signal, 'ignore'),
          () => signals.handle('SIGUSR1', 'none' as Disposition),
          () => signals.mask('block', ['SIGUSR1', signal]),
          () => process.kill(process.pid, signal),
          () => log('notice' as Severity, 'never'),
          () => clock.setTimer(undefined as unknown as Duration, () => saw('never')),
          () => signals.alarm(Number.NaN as Duration),
        ];
        saw(distinct(calls.map(call => String(throws(call)))));
        saw(`blocked: ${signals.mask('block', []).join(' ') || 'none'}`);
        yield* pause(host);
      },
    },
    expect: { main: ['true', 'blocked: none'] },
  }),
];

export const programs = programsOf(ARGUMENTS);
