/** What a kernel asks of others: each call is settled once, subscriptions come and go, and what cannot be sent is told. */
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import type { Answer } from '../../../src/impl/ikc/awaited.ts';
import { Kernel } from '../../../src/impl/ikc/kernel.ts';
import { FRAME_MAX } from '../../../src/impl/ikc/limits.ts';
import type { Handler } from '../../../src/impl/ikc/sessions.ts';
import { type PerlValue, Scalar } from '../../../src/impl/storable/values.ts';
import { KERNEL, kernel, perl, plain, raw, run, SERVER, type Start } from './bench.ts';

const server: Start = { on: 'b', program: 'ikc-server', args: SERVER };
const shown = (answer: Answer): string => (answer.ok ? JSON.stringify(plain(answer.value)) : `${answer.failure}: ${answer.text}`);

/** A kernel that listens on `b`, with a session of these states; what it is told to log is logged. */
const listening =
  (states: Readonly<Record<string, Handler>>, act: (own: Kernel, say: (text: string) => void) => void = () => {}): Daemon =>
  host => {
    const own = new Kernel(host, { ...KERNEL, name: 'Inet', serializers: ['Storable', 'JSON'] });
    own.responder.sessions.define('S', states);
    act(own, text => host.log('info', 'said', { text }));
    const at = { transport: 'tcp', address: '0.0.0.0', port: 603 } as const;
    host.network.listen(at, { backlog: 8 }, { opened: () => {}, accept: stream => own.join(stream, 'server') });
  };
/** Connects as a kernel, and says what `act` tells it to. */
const asking = (act: (own: Kernel, say: (text: string) => void) => void, at = 1, serializer = 'Storable', name = 'Cli'): Start => ({
  program: kernel({ name, serializers: [serializer] }, (own, host) => ({
    opened: () => act(own, text => host.log('info', 'said', { text })),
  })),
  at,
});
const said = ({ fields }: ReturnType<typeof run>): readonly unknown[] => fields('said', 'text');

describe('a call is settled once', () => {
  test('by an answer, an error, a time that is over, or a kernel that is gone', () => {
    const silent: Handler = call => {
      call.later();
      return undefined;
    };
    const result = run([
      { on: 'b', program: listening({ here: ({ args }) => args[0] ?? null, silent }) },
      asking(({ outgoing, responder }, say) => {
        outgoing.call('poe:/S/here', [1], answer => say(shown(answer)));
        outgoing.call('poe:/S/gone', 1, answer => say(shown(answer)));
        outgoing.call('poe:/S/silent', 1, answer => say(shown(answer)), { timeout: seconds(2) });
        outgoing.call('poe:/S/silent', 1, answer => say(shown(answer)));
        say(`waits for ${responder.awaited.size}`);
      }),
      { on: 'b', program: host => void host.process.kill(101, 'SIGKILL'), at: 10 },
    ]);
    expect(said(result)).toEqual([
      'waits for 4',
      '[1]',
      expect.stringContaining("remote-error: Session 'S' has not published state 'gone' [poe:/S/gone] sent by ["),
      'unanswered: no answer came in time',
      'gone: the kernel is not connected any more',
    ]);
  });

  test('an answer that comes when its time is over is nobody’s', () => {
    const slow = asking(({ outgoing }, say) => {
      outgoing.call('poe:/demo/slow', 3_000, answer => say(shown(answer)), { timeout: seconds(1) });
      outgoing.call('poe:/demo/slow', 4_000, answer => say(shown(answer)));
    });
    const result = run([server, slow]);
    expect(said(result)).toEqual(['unanswered: no answer came in time', '4000']);
    expect(result.fields('refused', 'text')).toEqual([expect.stringContaining("Session 'IKC' has not published state 'response0'")]);
  });

  test('of what cannot be asked it is said at once', () => {
    const result = run([
      server,
      asking(({ outgoing, responder }, say) => {
        for (const to of ['poe://Nobody/S/e', 'poe:/S/', ': :', { kernel: '', session: '', state: 'e' }])
          outgoing.call(to, 1, answer => say(shown(answer)));
        outgoing.call('poe:/demo/echo', 'x'.repeat(FRAME_MAX), answer => say(shown(answer)));
        outgoing.call('poe:/demo/echo', 'still there', answer => say(shown(answer)));
        say(`waits for ${responder.awaited.size}`);
      }),
    ]);
    expect(said(result)).toEqual([
      "unknown-kernel: there is no kernel 'Nobody'",
      "unusable: a specifier of a session and a state is wanted, not 'poe:/S/'",
      "unusable: a specifier of a session and a state is wanted, not ': :'",
      "unusable: a specifier of a session and a state is wanted, not 'poe:/e'",
      expect.stringContaining('unsent: a frame of'),
      'waits for 1',
      '"still there"',
    ]);
  });

  test('at a shutdown', () => {
    const result = run([
      server,
      asking((own, say) => {
        own.outgoing.call('poe:/demo/slow', 5_000, answer => say(shown(answer)));
        own.responder.monitors.add('Inet', ({ change, name }) => say(`${change} ${name}`));
        own.shutdown();
        own.shutdown();
      }),
    ]);
    expect(said(result)).toEqual(['shut-down: this kernel is shutting down', 'shutdown Inet']);
  });
});

describe('an answer that has no form', () => {
  test.each([
    ['in JSON', 'JSON', new Scalar(1) as PerlValue, 'JSON has no form for a Scalar of Perl'],
    ['of any size', 'Storable', 'x'.repeat(FRAME_MAX), 'a frame of'],
  ])('%s is an error', (_, serializer, value, why) => {
    const result = run([
      { on: 'b', program: listening({ big: () => value, small: () => 1 }) },
      asking(
        ({ outgoing }, say) => {
          outgoing.call('poe:/S/big', null, answer => say(shown(answer)));
          outgoing.call('poe:/S/small', null, answer => say(shown(answer)));
        },
        1,
        serializer,
      ),
    ]);
    expect(said(result)).toEqual([expect.stringContaining(`remote-error: The answer cannot be sent: ${why}`), '1']);
  });
});

describe('to all kernels', () => {
  test('each is asked, and each answer is of its kernel', () => {
    const peer = (name: string): Start => ({
      program: kernel({ name }, ({ responder }) => {
        responder.sessions.define('S', { who: () => name });
        return {};
      }),
      at: 1,
    });
    const asker = listening({}, ({ outgoing, responder }, say) => {
      responder.monitors.add('*', ({ change, name, isId }) => {
        if (!isId && !name.includes(':')) say(`${change} ${name}`);
        if (name === 'C') outgoing.call('poe://*/S/who', null, answer => say(shown(answer)));
      });
    });
    const result = run([{ on: 'b', program: asker }, peer('A'), peer('B'), { ...peer('C'), at: 2 }]);
    expect(said(result).toSorted()).toEqual(['"A"', '"B"', '"C"', 'registered A', 'registered B', 'registered C']);
  });

  test('of nobody it is said', () => {
    const asker = listening({}, ({ outgoing }, say) => outgoing.call('poe://*/S/who', null, answer => say(shown(answer))));
    expect(said(run([{ on: 'b', program: asker }]))).toEqual(["unknown-kernel: there is no kernel '*'"]);
  });
});

describe('this kernel itself', () => {
  test('is a kernel like others, once what is being done has been done', () => {
    const asker = listening({ twice: ({ args }) => `${args[0]}${args[0]}` }, ({ outgoing }, say) => {
      outgoing.call('poe://Inet/S/twice', 'a', answer => say(shown(answer)));
      outgoing.call('poe://Inet/S/none', 'a', answer => say(shown(answer)));
      say('asked');
    });
    expect(said(run([{ on: 'b', program: asker }]))).toEqual([
      'asked',
      '"aa"',
      expect.stringContaining("remote-error: Session 'S' has not published state 'none'"),
    ]);
  });
});

describe('a handler', () => {
  test('answers later, once, or throws behind its promise; the peer hears one thing', () => {
    const states: Readonly<Record<string, Handler>> = {
      twice: call => {
        const later = call.later();
        later.answer(1);
        later.answer(2);
        later.refuse('x');
        return 3;
      },
      throws: call => {
        const later = call.later();
        later.refuse('first');
        throw new TypeError('what the peer is not told');
      },
      promises: call => {
        call.later();
        throw new TypeError('what the peer is not told');
      },
      list: call => (call.wantsList ? [1, 2] : 'one'),
    };
    const result = run([
      { on: 'b', program: listening(states) },
      {
        program: raw(['id1'], ({ send }) => {
          for (const state of Object.keys(states)) send(perl({ event: `poe:/S/${state}`, rsvp: { kernel: '', session: 'R', state } }));
          send(perl({ event: 'poe:/S/list', wantarray: 1, rsvp: { kernel: '', session: 'R', state: 'items' } }));
        }),
        at: 1,
      },
    ]);
    const heard = result.fields('frame', 'text').map(text => JSON.parse(String(text)));
    expect(heard.map(({ event, params }) => `${event.state} ${JSON.stringify(params)}`)).toEqual([
      'twice 1',
      'remote_error "first [poe:/S/throws]"',
      "remote_error \"State 'promises' of session 'S' has failed [poe:/S/promises]\"",
      'list "one"',
      'items [[1,2]]',
    ]);
    expect(result.fields('handler-failed', 'text')).toEqual(['what the peer is not told', 'what the peer is not told']);
  });

  test('gets what comes behind ? as its last argument', () => {
    const asker = listening({ all: ({ args }) => [...args] });
    const result = run([
      { on: 'b', program: asker },
      asking(({ outgoing }, say) => outgoing.call('poe:/S/all?more of it', 1, answer => say(shown(answer)))),
    ]);
    expect(said(result)).toEqual(['[1,"more of it"]']);
  });
});

describe('subscriptions', () => {
  test('are made, used, ended, and gone with their kernel', () => {
    const result = run([
      { on: 'b', program: listening({ note: ({ args }) => args[0] ?? null }) },
      asking(({ outgoing }, say) => {
        outgoing.subscribe(
          ['poe://Inet/S', 'poe:/S/note', 'poe://Inet/none', 'poe://Inet/S/none', 'poe://Nobody/S', 'poe://*/S', ':'],
          all => {
            for (const { specifier, missing } of all) say(`${specifier} ${missing ?? 'yes'}`);
            say(outgoing.proxies.join(' '));
            outgoing.unsubscribe('poe:/S');
            say(outgoing.proxies.join(' '));
            say(String(outgoing.postProxy('poe://Inet/S', 'note', [1])));
            say(String(outgoing.postProxy('poe:/S', 'note', [1])));
          },
        );
        outgoing.subscribe([], all => say(`none: ${all.length}`));
      }),
      { on: 'b', program: host => void host.process.kill(101, 'SIGKILL'), at: 10 },
    ]);
    expect(said(result)).toEqual(
      [
        'none: 0',
        'poe://Nobody/S there is no such kernel',
        'poe://*/S a session of one kernel can be subscribed to',
        ': a session of one kernel can be subscribed to',
        'poe://Inet/S yes',
        'poe:/S/note yes',
        'poe://Inet/none it is not published there',
        'poe://Inet/S/none it is not published there',
      ]
        .toSorted((a, b) => said(result).indexOf(a) - said(result).indexOf(b))
        .concat(['poe://Inet/S S poe:/S', 'poe://Inet/S S', 'undefined', 'there is no subscription of that name']),
    );
    expect(result.fields('request', 'state').filter(state => state === 'note')).toEqual(['note']);
  });

  test('end with the link', () => {
    const result = run([
      server,
      {
        program: kernel({ name: 'Cli' }, (own, host) => ({
          opened: () =>
            own.outgoing.subscribe(['poe://Inet/demo'], () => host.log('info', 'said', { text: own.outgoing.proxies.join(' ') })),
          closed: () => host.log('info', 'said', { text: `left: ${own.outgoing.proxies.join(' ')}` }),
        })),
        at: 1,
      },
      { on: 'b', program: host => void host.process.kill(101, 'SIGTERM'), at: 5 },
    ]);
    expect(said(result)).toEqual(['poe://Inet/demo demo', 'left: ']);
  });

  test('a receipt that never comes', () => {
    const deaf: Daemon = listening({}, ({ responder }) => {
      responder.sessions.define('IKC', { do_you_have: call => void call.later() });
    });
    const result = run(
      [
        { on: 'b', program: deaf },
        asking(({ outgoing }, say) => outgoing.subscribe(['poe://Inet/S'], ([one]) => say(String(one?.missing)))),
      ],
      { until: 70 },
    );
    expect(said(result)).toEqual(['no answer came in time']);
    expect(result.trace.findLast(event => event.data?.['event'] === 'said')?.time).toBeGreaterThan(60_000_000);
  });
});

test('what is published can be retracted, and published again', () => {
  const asker = listening({ a: () => 1, b: () => 2 }, ({ responder: { sessions } }, say) => {
    const tell = (): void => say(JSON.stringify(sessions.published.filter(([name]) => name === 'S')));
    tell();
    sessions.retract('S', ['a']);
    tell();
    sessions.retract('S');
    tell();
    sessions.publish('S', ['b', 'a']);
    tell();
    sessions.remove('S');
    tell();
  });
  expect(said(run([{ on: 'b', program: asker }]))).toEqual(['[["S",["a","b"]]]', '[["S",["b"]]]', '[]', '[["S",["b","a"]]]', '[]']);
});
