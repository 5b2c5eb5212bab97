/** The proxy in the simulator: every fault in both directions, what it passes on, how much it holds, and that a seed says all of it. */
import { describe, expect, test } from 'vitest';
import type { Daemon, Host, Stream } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { parseRule, parseScript, type Rule } from '../../../src/impl/proxy/fault.ts';
import { HELD_LIMIT } from '../../../src/impl/proxy/flow.ts';
import { CONNECTIONS_LIMIT, type ProxyOptions, proxyDaemon } from '../../../src/impl/proxy/proxy.ts';
import { AT_ONCE, bytesOf, calling, echo, later, logging, nothing, PORT, SERVER, Stage, serving } from '../../sim/kit.ts';

const rule = (text: string): Rule => {
  const parsed = parseRule(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};

const LISTEN = { transport: 'tcp', address: '0.0.0.0', port: PORT } as const;
const TO = { transport: 'tcp', address: '10.0.0.2', port: PORT } as const;

/** The proxy is where clients call, the server behind it, and the client begins a second later. */
function stage(client: Daemon, server: Daemon, faults: readonly string[], more: Partial<ProxyOptions> = {}): Stage {
  const proxy = proxyDaemon({ listen: LISTEN, to: TO, rules: faults.map(rule), seed: 1, ...more });
  return Stage.of({ proxy, server, client }, { local: AT_ONCE });
}

const saying =
  (...texts: readonly string[]): Daemon =>
  host =>
    calling(stream => {
      for (const [index, text] of texts.entries()) later(host, millis(100 * index), () => stream.write(bytesOf(text)));
      return logging(host);
    })(host);
const recording: Daemon = serving((_, host) => logging(host));

/** What a program was told, as text: its bytes joined, its ends and errors in their places. */
function told(played: Stage, program: string): string {
  return played
    .of('log', program)
    .map(({ data }) => (data?.['event'] === 'data' ? String(data['text']) : `[${data?.['event']}]`))
    .join('');
}
const faultsOf = (played: Stage): readonly unknown[] =>
  played
    .of('log', 'proxy')
    .flatMap(({ data }) => (data?.['event'] === 'fault' ? [`${data['fault']} ${data['direction']} ${data['bytes']}`] : []));

describe('without faults', () => {
  test('everything passes, and so do half-closes', () => {
    const client = calling((stream, host) => {
      stream.write(bytesOf('ahoy'));
      stream.end();
      return logging(host);
    });
    const played = stage(client, echo, []);
    played.run(5);
    expect(told(played, 'client')).toBe('ahoy[end][close]');
    expect(played.logs('proxy')).toEqual(['listening', 'accepted', 'connected', 'ended', 'ended', 'closed']);
    expect(played.of('log', 'proxy').at(-1)?.data).toMatchObject({ how: 'end', up: 4, down: 4 });
  });

  test('a reset of either side reaches the other as one', () => {
    const breaks = (stream: Stream, host: Host) => {
      later(host, millis(200), () => stream.reset());
      return logging(host);
    };
    const ofClient = stage(calling(breaks), recording, []);
    ofClient.run(5);
    expect(told(ofClient, 'server')).toBe('[close-ECONNRESET]');
    const ofServer = stage(saying('ahoy'), serving(breaks), []);
    ofServer.run(5);
    expect(told(ofServer, 'client')).toBe('[close-ECONNRESET]');
  });

  test('nobody behind it is a reset', () => {
    const played = stage(saying('ahoy'), () => {}, []);
    played.run(5);
    expect(told(played, 'client')).toBe('[close-ECONNRESET]');
    expect(played.logs('proxy')).toEqual(['listening', 'accepted', 'unreachable', 'closed']);
  });

  test('an address that is taken ends it with a status of its own', () => {
    const proxy = proxyDaemon({ listen: LISTEN, to: TO, rules: [], seed: 1 });
    const played = Stage.of({ proxy }, { local: AT_ONCE });
    played.machine('proxy').start('proxy');
    played.run(1);
    expect(played.data('exit', 'code')).toEqual([1]);
    expect(played.logs()).toContain('cannot-listen');
  });
});

describe('a fault', () => {
  test.each([
    ['cut,after=3,direction=up', 'aho[end]', '[end]', 'cut'],
    ['reset,after=3,direction=up', 'aho[close-ECONNRESET]', '[close-ECONNRESET]', 'reset'],
    ['truncate,after=3,direction=up', 'aho[end]', '', undefined],
    ['half-open,after=3,direction=up', 'aho', '', undefined],
    ['hold,after=3,direction=up', 'aho', '', undefined],
    ['cut,after=0,direction=up', '[end]', '[end]', 'cut'],
    ['reset,after=150ms', 'ahoy[close-ECONNRESET]', '[close-ECONNRESET]', 'reset'],
    ['half-open,after=150ms', 'ahoy', '', undefined],
  ])('%s: the server hears %s and the client %s', (fault, server, client, how) => {
    const played = stage(saying('ahoy', '', '', ' there'), recording, [fault]);
    played.run(20);
    expect(told(played, 'server').replace('[end][close]', '[end]')).toBe(server);
    expect(told(played, 'client').replace('[end][close]', '[end]')).toBe(client);
    expect(played.of('log', 'proxy').find(({ data }) => data?.['event'] === 'closed')?.data?.['how']).toBe(how);
    expect(faultsOf(played).length).toBeGreaterThan(0);
  });

  test('of the other direction breaks the answer', () => {
    const played = stage(saying('ahoy'), echo, ['reset,after=2,direction=down']);
    played.run(5);
    expect(told(played, 'client')).toBe('ah[close-ECONNRESET]');
    expect(faultsOf(played)).toEqual(['reset down 2']);
  });

  test('half-open passes no end, whoever ends, and lets go when both have', () => {
    const client = calling((stream, host) => {
      later(host, seconds(1), () => stream.end());
      return logging(host);
    });
    const server = serving((stream, host) => {
      later(host, seconds(3), () => stream.end());
      return logging(host);
    });
    const played = stage(client, server, ['half-open']);
    played.run(3);
    expect([told(played, 'client'), told(played, 'server')]).toEqual(['', '']);
    expect(played.logs('proxy').at(-1)).toBe('ended');
    played.run(30);
    expect([told(played, 'client'), told(played, 'server')]).toEqual(['', '']);
    played.run(90);
    expect(played.of('log', 'proxy').at(-1)?.data).toMatchObject({ event: 'closed', how: 'half-open' });
  });

  test('delay brings everything later, in its order, the end as well', () => {
    const client = calling((stream, host) => {
      stream.write(bytesOf('one'));
      later(host, millis(10), () => stream.write(bytesOf('two')));
      later(host, millis(20), () => stream.end());
      return logging(host);
    });
    const played = stage(client, recording, ['delay=2s,jitter=1s,direction=up']);
    played.run(9);
    expect(told(played, 'server')).toBe('onetwo[end]');
    const [sent] = played.of('send', 'client');
    const [came] = played.of('log', 'server');
    expect((came?.time ?? 0) - (sent?.time ?? 0)).toBeGreaterThanOrEqual(seconds(2));
    expect((came?.time ?? 0) - (sent?.time ?? 0)).toBeLessThan(seconds(4));
  });

  test('split brings single bytes with pauses between them', () => {
    const played = stage(saying('ahoy there'), recording, ['split=1,gap=20ms']);
    played.run(9);
    expect(told(played, 'server')).toBe('ahoy there');
    expect(played.data('log', 'size', 'server')).toEqual(Array(10).fill(1));
  });

  test('throttle lets so many bytes a second through', () => {
    const played = stage(saying('x'.repeat(1_000)), recording, ['throttle=200']);
    played.run(1);
    const before = played.events.length;
    played.run(4.5);
    const passed = told(played, 'server').length;
    expect(before).toBeGreaterThan(0);
    expect(passed).toBeGreaterThan(500);
    expect(passed).toBeLessThan(750);
    played.run(9);
    expect(told(played, 'server').length).toBe(1_000);
  });

  test('hold for a time lets go again', () => {
    const played = stage(saying('ahoy'), recording, ['hold,for=3s']);
    played.run(3);
    expect(told(played, 'server')).toBe('');
    played.run(9);
    expect(told(played, 'server')).toBe('ahoy');
  });

  test('is done to the connections that it names', () => {
    const both: Daemon = host => {
      saying('one')(host);
      later(host, seconds(2), () => saying('two')(host));
    };
    const played = stage(both, echo, ['reset,after=0,connection=2']);
    played.run(9);
    expect(told(played, 'client')).toBe('one[close-ECONNRESET]');
  });
});

describe('what it draws', () => {
  const many: Daemon = host => {
    for (let index = 0; index < 40; index++) saying('x'.repeat(100))(host);
  };
  const faults = ['cut,after=1..90,direction=up,chance=50'];
  const drawn = (seed: number): readonly unknown[] => {
    const played = stage(many, recording, faults, { seed });
    played.run(9);
    return faultsOf(played).toSorted();
  };

  test('follows from the seed, and differs from connection to connection', () => {
    const [first, again, other] = [drawn(1), drawn(1), drawn(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThan(30);
    expect(new Set(first).size).toBeGreaterThan(5);
  });
});

describe('back-pressure', () => {
  test('a reader that stands still makes the sender wait, and the proxy hold no more than its limit', () => {
    const size = 4 * HELD_LIMIT;
    const client = calling((stream, host) => {
      stream.write(new Uint8Array(size));
      return logging(host);
    });
    const server = serving((stream, host) => {
      stream.pause();
      later(host, seconds(5), () => stream.resume());
      return { data: bytes => host.log('info', 'size', { size: bytes.length }) };
    });
    const played = stage(client, server, []);
    played.run(4);
    const sum = (values: readonly unknown[]): number => values.reduce<number>((total, value) => total + Number(value), 0);
    const taken = sum(played.of('recv', 'proxy').map(({ bytes }) => bytes?.length));
    const given = sum(played.of('send', 'proxy').map(({ bytes }) => bytes?.length));
    expect(taken - given).toBeLessThanOrEqual(HELD_LIMIT + 65_536);
    expect(taken).toBeLessThan(size);
    expect(played.of('pause', 'proxy').length).toBeGreaterThan(1);
    played.run(60);
    expect(sum(played.data('log', 'size', 'server'))).toBe(size);
  });

  test('a delay holds no more either, and loses nothing', () => {
    const size = 3 * HELD_LIMIT;
    const client = calling((stream, host) => {
      stream.write(new Uint8Array(size));
      return logging(host);
    });
    const server = serving((_, host) => ({ data: bytes => host.log('info', 'size', { size: bytes.length }) }));
    const played = stage(client, server, ['delay=1s']);
    played.run(2);
    const taken = played.of('recv', 'proxy').reduce((total, { bytes }) => total + (bytes?.length ?? 0), 0);
    expect(taken).toBeLessThanOrEqual(HELD_LIMIT + 65_536);
    played.run(60);
    expect(played.data('log', 'size', 'server').reduce<number>((total, each) => total + Number(each), 0)).toBe(size);
  });

  test('more connections than it takes are reset', () => {
    const client: Daemon = host => {
      for (let index = 0; index < CONNECTIONS_LIMIT + 2; index++)
        host.clock.setTimer(millis(1_000 + index), () =>
          host.network.connect({ transport: 'tcp', address: SERVER, port: PORT }, {}, () => ({
            data: () => {},
            close: error => host.log('info', `close-${error?.code}`),
          })),
        );
    };
    const played = stage(
      client,
      serving(() => nothing),
      [],
    );
    played.run(9);
    expect(played.logs('client')).toEqual(['close-ECONNRESET', 'close-ECONNRESET']);
    expect(played.logs('proxy').filter(each => each === 'refused').length).toBe(2);
  });
});

test('SIGTERM and the end of the first connection end it at once, with 0, and its socket file is gone', () => {
  const listen = { transport: 'unix', path: '/run/proxy' } as const;
  const calls =
    (act: (host: Host, stream: Stream) => void): Daemon =>
    host =>
      later(host, seconds(1), () =>
        host.network.connect(listen, {}, result => {
          if (result.ok) later(host, seconds(1), () => act(host, result.value));
          return logging(host);
        }),
      );
  const unix = { transport: 'unix', path: '/run/server' } as const;
  const server: Daemon = host =>
    host.network.listen(unix, { backlog: 1 }, { opened: () => {}, accept: stream => ({ data: () => {}, end: () => stream.end() }) });
  for (const once of [true, false]) {
    const client = calls((host, stream) => {
      if (once) stream.end();
      else host.process.kill(Number(host.process.args[0]), 'SIGTERM');
    });
    const played = new Stage({ proxy: proxyDaemon({ listen, to: unix, rules: [], once }), server, client }, { local: AT_ONCE });
    const machine = played.add('m', ['/run']);
    const pid = machine.start('proxy');
    for (const name of ['server', 'client']) machine.start(name, [String(pid)]);
    played.run(5);
    expect(played.of('exit', 'proxy').map(({ data }) => data?.['code'])).toEqual([0]);
    expect(played.of('log', 'proxy').at(-1)?.data).toMatchObject({ event: 'over', why: once ? 'once' : 'SIGTERM', connections: 1 });
    expect(played.data('unlink', 'error', 'proxy')).toEqual([undefined]);
  }
});

describe('a rule as text', () => {
  test('says what, when, where and how often', () => {
    expect(parseRule('delay=200ms,jitter=50ms,after=3s,for=2m,direction=up,connection=2-4,chance=20')).toEqual({
      effect: { kind: 'delay', by: 200_000, jitter: 50_000 },
      after: { unit: 'time', least: 3_000_000, most: 3_000_000 },
      lasting: 120_000_000,
      directions: ['up'],
      connections: { from: 2, to: 4 },
      chance: 20,
    });
    expect(parseRule('split=1')).toMatchObject({ effect: { kind: 'split', bytes: 1, gap: 1_000 }, directions: ['up', 'down'] });
    expect(parseRule('reset,after=0..500')).toMatchObject({ after: { unit: 'bytes', least: 0, most: 500 } });
  });

  test.each([
    ['', 'it begins with one of'],
    ['drop', 'it begins with one of'],
    ['toString', 'it begins with one of'],
    ['delay', 'it needs how much: delay=200ms'],
    ['delay=5', "'5' is not a time up to a day"],
    ['delay=99999999m', 'is not a time up to a day'],
    ['split=0', "'0' is not a whole number from 1"],
    ['split=1e3', 'is not a whole number'],
    ['cut=100', "cut takes no '=': cut,after=100"],
    ['cut,after', "'after' is not name=value"],
    ['cut,after=1,after=2', 'once for each name'],
    ['cut,for=2s', "cut has no 'for'"],
    ['cut,after=5..1', 'the least comes first'],
    ['cut,after=1..2..3', 'give one, or LEAST..MOST'],
    ['cut,after=1..2s', "'1' is not a time"],
    ['cut,direction=left', 'choose up, down or both'],
    ['cut,connection=4-2', 'give a number, or FROM-TO'],
    ['cut,chance=0', "'0' is not a whole number from 1 to 100"],
    ['cut,\u001b[2J=1', String.raw`'\u{1b}[2J=1' is not name=value`],
  ])('%s is refused in a line', (text, why) => {
    const said = parseRule(text);
    expect(said).toContain(why);
    expect(said).not.toMatch(/\p{Cc}/u);
  });

  test('a script has one on each line, and says in which one something is wrong', () => {
    expect(parseScript('# all\n\n  cut,after=1 # the first\nsplit=1\n')).toHaveLength(2);
    expect(parseScript('split=1\n\nfoo\n')).toMatch(/^line 3: fault 'foo': /);
  });
});
