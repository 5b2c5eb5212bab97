/** Links between processes of a simulated world: over TCP and Unix-domain sockets, in any segmentation; slow, silent and vanishing peers. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Endpoint, Host, Stream } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { linkRules } from '../../../src/impl/ikc/as-written-link.ts';
import { NEGOTIATION_TIMEOUT, UNSENT_MAX } from '../../../src/impl/ikc/limits.ts';
import { type Link, type LinkListener, type LinkOptions, makeLink } from '../../../src/impl/ikc/link.ts';
import { QUIRK, type Quirk } from '../../../src/impl/ikc/quirks.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';
import { AT_SERVER, PORT, Stage } from '../../sim/kit.ts';
import { AS_CLIENT } from './hand.ts';

const UNIX: Endpoint = { transport: 'unix', path: '/run/ikc.sock' };

interface Kernel {
  readonly quirks?: readonly Quirk[];
  readonly at?: Endpoint;
  readonly serializers?: readonly string[];
  readonly on?: Partial<LinkListener>;
  /** What all of it has been told is added to. */
  readonly told: string[];
}

function optionsOf(role: 'server' | 'client', number: number, { quirks = [], serializers = ['Storable', 'JSON'] }: Kernel): LinkOptions {
  const rules = linkRules(new Set(quirks));
  return { role, number, id: `${role}-id`, name: role, aliases: [], serializers: [...serializers], timeout: NEGOTIATION_TIMEOUT, rules };
}

const listenerOf = (name: string, { on = {}, told }: Kernel): LinkListener => ({
  opened: link => {
    told.push(`${name} opened ${link.peer?.id} ${link.peer?.aliases.join(',')}`);
    on.opened?.(link);
  },
  request: (link, request) => on.request?.(link, request),
  unreadable: (_, why) => void told.push(`${name} unreadable ${why}`),
  unsendable: (_, _request, why) => void told.push(`${name} unsendable ${why}`),
  closed: (link, why) => {
    told.push(`${name} closed ${why}`);
    on.closed?.(link, why);
  },
});

const server =
  (kernel: Kernel): Daemon =>
  host => {
    host.signals.handle('SIGPIPE', 'ignore');
    let number = 0;
    const at = kernel.at ?? { transport: 'tcp', address: '0.0.0.0', port: PORT };
    host.network.listen(
      at,
      { backlog: 4_000 },
      {
        opened: () => {},
        accept: stream => makeLink(host, stream, optionsOf('server', ++number, kernel), listenerOf('server', kernel)).handler,
      },
    );
  };

const client =
  (kernel: Kernel): Daemon =>
  host => {
    host.signals.handle('SIGPIPE', 'ignore');
    host.clock.setTimer(seconds(1), () =>
      host.network.connect(kernel.at ?? AT_SERVER, {}, result => {
        if (!result.ok) throw new Error(result.error.code);
        return makeLink(host, result.value, optionsOf('client', 1, kernel), listenerOf('client', kernel)).handler;
      }),
    );
  };

/** Connects a second later, and does with the stream what it is told; it hears nothing. */
const raw =
  (act: (stream: Stream, host: Host) => void, count = 1): Daemon =>
  host => {
    host.signals.handle('SIGPIPE', 'ignore');
    for (let index = 0; index < count; index++)
      host.clock.setTimer(seconds(1), () =>
        host.network.connect(AT_SERVER, {}, result => {
          if (result.ok) act(result.value, host);
          return { data: () => {} };
        }),
      );
  };

function run(stage: Stage, until: number): void {
  stage.run(until, 5_000_000);
  expect(stage.of('bug')).toEqual([]);
}

/** Sends so many requests, and says that it is ready when all have come back. */
const asker = (count: number, told: string[]): Partial<LinkListener> => {
  const back: PerlValue[] = [];
  return {
    opened: link => {
      for (let index = 0; index < count; index++) link.send([index, 'x'.repeat(index)]);
    },
    request: (link, request) => {
      back.push(request);
      if (back.length < count) return;
      const inOrder = back.every((each, index) => Array.isArray(each) && each[0] === index && each[1] === 'x'.repeat(index));
      told.push(`client has all back, in order: ${inOrder}`);
      link.shutdown();
    },
  };
};
const echo: Partial<LinkListener> = { request: (link, request) => void link.send(request) };

describe.each([
  ['TCP', undefined],
  ['a Unix-domain socket', UNIX],
] as const)('over %s', (_, at) => {
  test.each(['a', 'b', 'c', 'd'])('requests go and come back in order, and both ends are told of the end (seed %s)', seed => {
    const told: string[] = [];
    const kernel = at === undefined ? { told } : { told, at };
    const programs = { a: server({ ...kernel, on: echo }), b: client({ ...kernel, serializers: ['JSON'], on: asker(300, told) }) };
    const stage = new Stage(programs, { seed });
    stage.add('a', ['/run']).start('a');
    if (at === undefined) stage.add('b').start('b');
    else stage.machine('a').start('b');
    run(stage, 60);
    const own = at === undefined ? 'b' : 'a';
    expect(told.filter(each => each.includes('opened'))).toEqual([
      expect.stringMatching(
        at === undefined
          ? /^server opened client-id 10\.0\.0\.2:\d+,client$/
          : /^server opened client-id unix:_run_ikc\.sock:\d+-1,client$/,
      ),
      expect.stringMatching(
        at === undefined ? /^client opened server-id 10\.0\.0\.1:7000,server$/ : /^client opened server-id unix:_run_ikc\.sock,server$/,
      ),
    ]);
    expect(told.slice(2)).toEqual([
      'client has all back, in order: true',
      'server closed the peer ended between frames',
      'client closed shutdown',
    ]);
    expect(stage.of('log', own).length).toBeGreaterThan(0);
  });
});

test('what was accepted is delivered before the end, however much it is', () => {
  const told: string[] = [];
  let bytes = 0;
  const programs = {
    a: server({
      told,
      on: {
        request: link => {
          for (let index = 0; index < 20; index++) link.send(['x'.repeat(1_000_000)]);
          link.shutdown();
        },
      },
    }),
    b: client({
      told,
      on: {
        opened: link => void link.send([]),
        request: (_, request) => {
          bytes += String(request).length;
        },
      },
    }),
  };
  run(Stage.of(programs), 200);
  expect(bytes).toBe(20_000_000);
  expect(told.slice(2).toSorted()).toEqual(['client closed the peer ended between frames', 'server closed shutdown']);
});

test('a peer that does not read is given up, and nobody else is', () => {
  const told: string[] = [];
  const links: Link[] = [];
  let heard = 0;
  const programs = {
    a: server({
      told,
      on: {
        opened: link => void links.push(link),
        request: () => {
          // To all that are there, as a request to every kernel does.
          for (const each of links) for (let index = 0; index < 5; index++) each.send(['x'.repeat(1_000_000)]);
        },
      },
    }),
    b: raw(stream => {
      stream.write(utf8(AS_CLIENT.map(each => `${each}\r\n`).join('')));
      stream.pause();
    }),
    c: client({
      told,
      on: {
        opened: link => {
          for (let index = 0; index < 20; index++) link.send([index]);
        },
        request: () => {
          heard += 1;
        },
      },
    }),
  };
  run(Stage.of(programs), 200);
  expect(heard).toBe(100);
  expect(told.filter(each => each.includes('closed'))).toEqual([
    expect.stringMatching(/^server closed \d+ bytes are unsent: the peer does not read$/),
  ]);
  expect(Number(/\d+/.exec(told.find(each => each.includes('closed')) ?? '')?.[0])).toBeLessThan(UNSENT_MAX + 2_000_000);
});

describe('silence', () => {
  const silent = (quirks: readonly Quirk[], count: number): readonly string[] => {
    const told: string[] = [];
    const programs = {
      a: server({ told, quirks, on: echo }),
      b: raw(stream => void stream.write(utf8('HELLO\r\n')), count),
      c: client({ told, on: asker(10, told) }),
    };
    run(Stage.of(programs), 300);
    return told;
  };

  test('10,000 peers that stop in the negotiation are closed in time, and others are served meanwhile', () => {
    const told = silent([], 10_000);
    expect(told.filter(each => each === 'server closed the negotiation was not over in time, but in phase 001')).toHaveLength(10_000);
    expect(told.indexOf('client has all back, in order: true')).toBeLessThan(10);
  });

  test('as written they stay', () => {
    const told = silent([QUIRK.NEGOTIATE_FOREVER], 10);
    expect(told.filter(each => each.includes('closed'))).toEqual(['server closed the peer ended between frames', 'client closed shutdown']);
  });
});

test('a peer that vanishes in the midst of a frame, and one that is reset', () => {
  const told: string[] = [];
  const open = utf8(AS_CLIENT.map(each => `${each}\r\n`).join(''));
  const programs = {
    a: server({ told }),
    b: raw((stream, host) => {
      stream.write(open);
      stream.write(utf8('100\0abc'));
      host.clock.setTimer(seconds(2), () => stream.close());
    }),
    c: raw((stream, host) => {
      stream.write(open);
      host.clock.setTimer(seconds(4), () => stream.reset());
    }),
  };
  run(Stage.of(programs), 100);
  expect(told.filter(each => each.includes('closed'))).toEqual([
    'server closed the peer ended after 3 of 100 bytes of a frame',
    'server closed the stream broke: ECONNRESET',
  ]);
});

test('the same seed gives the same trace, and each phase is in it', () => {
  const traced = (): readonly unknown[] => {
    const told: string[] = [];
    const stage = Stage.of({ a: server({ told, on: echo }), b: client({ told, on: asker(20, told) }) });
    run(stage, 60);
    return stage.events.map(({ time, process, kind, data }) => [time, process, kind, data]);
  };
  const once = traced();
  expect(traced()).toEqual(once);
  const phases = once.filter(each => JSON.stringify(each).includes('"event":"phase"'));
  expect(phases).toHaveLength(8);
});
