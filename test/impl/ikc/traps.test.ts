/** Each trap of the responder, as written and corrected, seen by a peer that says what it likes. */
import { describe, expect, test } from 'vitest';
import type { Daemon } from '../../../src/host/host.ts';
import { Kernel } from '../../../src/impl/ikc/kernel.ts';
import { type Quirk, TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { KERNEL, perl, quirk, type Raw, type Run, raw, run, SERVER, type Start } from './bench.ts';

/** Frames that the peers were sent, in order. */
const frames = (result: Run): readonly string[] => result.fields('frame', 'text').map(String);
const server = (quirks: readonly Quirk[] = []): Start => ({ on: 'b', program: 'ikc-server', args: [...SERVER, ...quirks.map(quirk)] });
const died = ({ ends }: Run): boolean => ends.includes('ikc-server 255');

/** A peer of these names, which sends one request after the other, a second apart. */
const peer = (names: readonly string[], at: number, ...requests: readonly (object | ((raw: Raw) => void))[]): Start => ({
  program: raw(names, self => {
    for (const [index, request] of requests.entries())
      self.host.clock.setTimer((index * 1_000_000) as Parameters<typeof self.host.clock.setTimer>[0], () => {
        if (typeof request === 'function') request(self);
        else self.send(perl(request));
      });
  }),
  at,
});
const PING = { event: 'poe:/IKC/ping', params: 'PING', rsvp: { kernel: 'id1', session: 'S', state: 'pong' } };

describe('B-T11: what kills the published kernel is an answer of ours', () => {
  const rows: readonly (readonly [string, object | ((raw: Raw) => void), RegExp])[] = [
    ['a frame that cannot be thawed', self => self.frame(new Uint8Array([5, 11, 99])), /A frame cannot be read: no such opcode/],
    ['a frame of no bytes', self => self.bytes('0\0'), /A frame cannot be read/],
    ['an array', [1, 2], /A request is a hash/],
    [
      'an rsvp that is text, and no specifier',
      { event: 'poe:/demo/echo', params: 1, rsvp: 'poe://a b c:/' },
      /The rsvp of the request is no valid/,
    ],
    ['an rsvp that is a number', { event: 'poe:/demo/echo', params: 1, rsvp: 5 }, /The rsvp of the request is no valid/],
    [
      'an rsvp without a state',
      { event: 'poe:/demo/echo', params: 1, rsvp: { kernel: 'id1', session: 'S' } },
      /The rsvp of the request is no valid/,
    ],
    ['do_you_have with text', { event: 'poe:/IKC/do_you_have', params: 'x', rsvp: PING.rsvp }, /do_you_have takes a specifier/],
    [
      'do_you_have with a bad specifier',
      { event: 'poe:/IKC/do_you_have', params: ['poe://:', 'id1'], rsvp: PING.rsvp },
      /do_you_have takes/,
    ],
    ['a handler that throws', { event: 'poe:/demo/fail', params: null }, /This state fails/],
  ];

  test.each(rows)('%s', (_, request, text) => {
    const corrected = run([server(), peer(['id1'], 1, request, PING), peer(['id2'], 1)]);
    expect(died(corrected)).toBe(false);
    const [error = '', pong] = frames(corrected);
    expect(JSON.parse(error)).toMatchObject({
      event: { kernel: 'id1', session: 'IKC', state: 'remote_error' },
      is_error: 1,
      params: expect.stringMatching(text),
    });
    expect(pong).toContain('PONG');
    expect(corrected.logs('own-2')).toEqual([]);
    const asWritten = run([server(['frame-kills']), peer(['id1'], 1, request, PING), peer(['id2'], 1)]);
    expect(died(asWritten)).toBe(true);
    // The others read the end of file.
    expect(asWritten.logs('own-2')).toEqual(['eof']);
  });

  test('an error about an error is not sent, and a bad event is no death', () => {
    const result = run([server(['frame-kills']), peer(['id1'], 1, { event: 'poe:/none/x', is_error: 1 }, { event: 'poe://:' }, PING)]);
    expect(frames(result).length).toBe(2);
    expect(frames(result)[0]).toContain('The event of the request is no valid specifier');
    expect(result.fields('refused', 'told')).toEqual([false, true]);
  });
});

test('B-T12: a name that no specifier can have', () => {
  expect(died(run([server(), peer(['id1', 'a:b'], 1, PING)]))).toBe(false);
  expect(died(run([server(['unaddressable-name-kills']), peer(['id1', 'a:b'], 1, PING)]))).toBe(true);
});

test('B-T13: no kernel is the first peer', () => {
  const forward = { event: 'poe:/demo/forward', params: ['poe:/S/there', 5] };
  const corrected = run([server(), peer(['id1'], 1), peer(['id2'], 2, forward)]);
  expect(corrected.logs('own-1')).toEqual([expect.stringContaining('"params":5')]);
  const asWritten = run([server(['default-kernel-unset']), peer(['id1'], 1), peer(['id2'], 2, forward)]);
  expect(asWritten.logs('own-1')).toEqual([]);
  expect(asWritten.fields('unknown-kernel', 'name')).toEqual(['HASH(0x0)']);
});

test('B-T14: a wildcard goes to the peers, as it is', () => {
  const forward = { event: 'poe:/demo/forward', params: ['poe://*/demo/note', 5] };
  const corrected = run([server(), peer(['id1'], 1), peer(['id2'], 2, forward)]);
  expect(frames(corrected)).toEqual(
    frames(corrected).filter(text => text.includes('"event":"poe://*/demo/note"') || text.includes('"state":"note"')),
  );
  expect(frames(corrected).length).toBe(2);
  expect(frames(corrected).join()).not.toContain('errors_to');
  expect(corrected.fields('noted', 'count')).toEqual([]);
  const asWritten = run([server(['wildcard-leaks']), peer(['id1'], 1), peer(['id2'], 2, forward)]);
  expect(frames(asWritten).filter(text => text.includes('errors_to') && text.includes('"call"')).length).toBe(2);
  expect(asWritten.fields('noted', 'count')).toEqual([1]);
});

test('B-T15: who leaves takes its own names only', () => {
  const toSame = { event: 'poe:/demo/forward', params: ['poe://Same/S/e', 1] };
  const starts = (quirks: readonly Quirk[]): readonly Start[] => [
    server(quirks),
    peer(['id1', 'Same'], 1),
    peer(['id2', 'Same'], 2, self => self.stream.end()),
    peer(['id3'], 5, toSame),
  ];
  expect(run(starts([])).logs('own-1')).toEqual([expect.stringContaining('"params":1')]);
  const asWritten = run(starts(['alias-stolen']));
  expect(asWritten.logs('own-1')).toEqual([]);
  expect(frames(asWritten)[0]).toContain("there is no kernel 'Same'");
});

test('B-T16: who says the id of another one takes nothing from it', () => {
  const starts = (quirks: readonly Quirk[]): readonly Start[] => [
    server(quirks),
    peer(['id1'], 1, PING, ...Array.from({ length: 5 }, () => () => {}), PING),
    peer(['id1', 'Other'], 2, PING, self => self.stream.end()),
  ];
  const corrected = run(starts([]), { until: 20 });
  expect(corrected.fields('id-taken', 'kernel')).toEqual(['id1']);
  // The namesake is answered, too: an answer goes to whoever asks.
  expect(corrected.logs('own-1').length).toBe(2);
  expect(corrected.logs('own-2').filter(line => line.includes('PONG')).length).toBe(1);
  expect(
    run(starts(['id-spoofed']), { until: 20 })
      .logs('own-1')
      .at(-1),
  ).toBe('eof');
});

test('B-T16: who says our id is nobody, and we stay', () => {
  const forward = { event: 'poe:/demo/forward', params: ['poe://Inet/demo/note', 1] };
  const spoof: Daemon = host => {
    // The id of the server is in the first line that it sends.
    host.network.connect({ transport: 'tcp', address: '10.0.0.2', port: 603 }, {}, result => {
      if (!result.ok) throw new Error(result.error.code);
      result.value.write(new TextEncoder().encode('HELLO\r\n'));
      return {
        data: bytes => {
          const [, id] = /^IAM (\S+)/.exec(new TextDecoder().decode(bytes)) ?? [];
          result.value.end();
          if (id !== undefined) raw([id], self => self.stream.end())(host);
        },
      };
    });
  };
  const ids = (quirks: readonly Quirk[]): Run => run([server(quirks), { program: spoof, at: 1 }, peer(['id3'], 5, forward)]);
  expect(ids([]).fields('noted', 'count')).toEqual([1]);
  expect(ids([]).fields('unregistered', 'isId')).toEqual([]);
  // Its id is gone; it still has its name.
  expect(ids(['id-spoofed']).fields('unregistered', 'isId')).toEqual([true]);
});

test('B-T17: nothing is an answer', () => {
  const calls = [
    { event: 'poe:/demo/void', params: null, rsvp: PING.rsvp },
    { event: 'poe:/demo/void', params: null, rsvp: PING.rsvp, wantarray: 1 },
    PING,
  ];
  expect(frames(run([server(), peer(['id1'], 1, ...calls)])).map(text => JSON.parse(text).params)).toEqual([null, [], 'PONG']);
  expect(frames(run([server(['undef-unanswered']), peer(['id1'], 1, ...calls)])).map(text => JSON.parse(text).params)).toEqual(['PONG']);
});

describe('B-T18', () => {
  test('an rsvp names the kernel that asks', () => {
    const third = { event: 'poe:/demo/echo', params: 'gotcha', rsvp: { kernel: 'id1', session: 'S', state: 'e' } };
    const corrected = run([server(), peer(['id1'], 1), peer(['id2'], 2, third)]);
    expect(corrected.logs('own-1')).toEqual([]);
    expect(frames(corrected)[0]).toContain("An answer goes to the kernel that asks, and that is not 'id1'");
    const asWritten = run([server(['permission-unbound']), peer(['id1'], 1), peer(['id2'], 2, third)]);
    expect(asWritten.logs('own-1')).toEqual([expect.stringContaining('gotcha')]);
  });

  /** Asks kernel `id1` as soon as `id2` is there as well. */
  const asker =
    (quirks: readonly Quirk[]): Daemon =>
    host => {
      const own = new Kernel(host, { ...KERNEL, name: 'Inet', quirks: new Set(quirks) });
      own.responder.monitors.add('id2', ({ change }) => {
        if (change === 'registered')
          own.outgoing.call('poe://id1/S/question', 1, answer =>
            host.log('info', 'settled', answer.ok ? { value: String(answer.value) } : { text: answer.text }),
          );
      });
      const at = { transport: 'tcp', address: '0.0.0.0', port: 603 } as const;
      host.network.listen(at, { backlog: 8 }, { opened: () => {}, accept: stream => own.join(stream, 'server') });
    };
  const answerTo = (value: string): object => ({ event: { kernel: 'Inet', session: 'IKC', state: 'response0' }, params: value });

  test.each([
    ['corrected', [], [expect.stringContaining('value=true')]],
    ['as written', ['permission-unbound'] as const, [expect.stringContaining('value=false')]],
  ])('an answer is of the peer that was asked, %s', (_, quirks, settled) => {
    const result = run([
      { on: 'b', program: asker(quirks) },
      peer(
        ['id1'],
        1,
        () => {},
        () => {},
        () => {},
        () => {},
        answerTo('true'),
      ),
      peer(['id2'], 2, answerTo('false')),
    ]);
    expect(result.logs('own-0').filter(line => line.startsWith('settled'))).toEqual(settled);
    // Settled once, whoever comes later.
    expect(result.fields('refused', 'told').length).toBe(1);
  });
});

test('B-T19: a client that subscribes when it connects', () => {
  const client: Start = {
    program: 'ikc-client',
    args: ['--connect=10.0.0.2:603', '--subscribe=poe://Inet/demo', '--call=poe:/demo/add [1]'],
    at: 1,
  };
  const corrected = run([server(), client]);
  expect(corrected.ends).toEqual(['ikc-client 0']);
  expect(corrected.fields('answer', 'value')).toEqual(['1']);
  const asWritten = run([server(), { ...client, args: [...(client.args ?? []), quirk('state-subscription-kills')] }]);
  expect(asWritten.ends).toEqual(['ikc-client 255']);
});

test('B-T28: an error tells what was asked for', () => {
  const [corrected = ''] = frames(run([server(), peer(['id1'], 1, { event: 'poe:/none/x' })]));
  expect(corrected).toContain("Session 'none' is not available for remote kernels [poe:/none/x]");
  const [asWritten = ''] = frames(run([server(['errors-tell-all']), peer(['id1'], 1, { event: 'poe:/none/x' })]));
  expect(asWritten).toContain('IKC=>[remote_error, do_you_have, ping]\\n    demo=>[echo, add');
  const [event = ''] = frames(run([server(['errors-tell-all']), peer(['id1'], 1, { event: 'poe://:' })]));
  expect(event).toContain('Responder.pm line 317');
});

test('with all of them honest kernels still talk', () => {
  const all = TRAPS.flatMap(({ side, quirk: slug }) => (side === 'responder' && slug !== undefined ? [quirk(slug)] : []));
  const calls = ['--call=poe://Inet/demo/add [1,2]', '--post=poe://Inet/demo/note', '--call=poe://Inet/demo/count'];
  const client: Start = { program: 'ikc-client', args: ['--connect=10.0.0.2:603', ...all, ...calls], at: 1 };
  const result = run([{ on: 'b', program: 'ikc-server', args: [...SERVER, ...all] }, client]);
  expect(result.fields('answer', 'value')).toEqual(['3', '1']);
  expect(result.ends).toEqual(['ikc-client 0']);
});
