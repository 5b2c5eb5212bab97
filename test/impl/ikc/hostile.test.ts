/** Whatever a peer says, the server is still there, the peer is told what was wrong, and nobody else notices. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, unhex, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { NEGOTIATING_MAX } from '../../../src/impl/ikc/kernel.ts';
import { LATER_MAX } from '../../../src/impl/ikc/postponed.ts';
import { readRequest } from '../../../src/impl/ikc/request.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { Blessed, type PerlValue, Scalar, Utf8 } from '../../../src/impl/storable/values.ts';
import { perl, plain, type Raw, raw, run, SERVER, type Start } from './bench.ts';

const server = (...args: readonly string[]): Start => ({ on: 'b', program: 'ikc-server', args: [...SERVER, ...args] });
const honest: Start = {
  program: 'ikc-client',
  args: ['--connect=10.0.0.2:603', '--repeat=10', '--pause=500', '--call=poe:/demo/add [1,2]'],
  at: 1,
};
const rsvp = { kernel: 'id1', session: 'S', state: 'here' };
const hostile = (act: (self: Raw) => void, heard?: (request: PerlValue) => void): Start => ({ program: raw(['id1'], act, heard), at: 2 });
const bytes = (hex: string): Uint8Array => unhex(hex.replaceAll(' ', '')) ?? new Uint8Array();

describe('images', () => {
  const deep = (depth: number): Uint8Array =>
    concat([bytes('050b'), ...Array.from({ length: depth }, () => bytes('02 00000001 04')), bytes('02 00000000')]);
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['an array of 2^31-1 items', bytes('050b 02 7fffffff')],
    ['a hash of 2^31-1 pairs', bytes('050b 03 7fffffff')],
    ['a string of 2^31-1 bytes', bytes('050b 04 01 7fffffff')],
    ['a depth of 100,000', deep(100_000)],
    ['no bytes', new Uint8Array()],
    ['another major version', bytes('070b 02 00000000')],
    ['native numbers of another machine', bytes('040b 04 31323334 04 04 04 08')],
    ['a subroutine', bytes('050b 04 1a 0a 01 61')],
    ['an opcode that is none', bytes('050b 63')],
    ['text', utf8('GET / HTTP/1.1')],
  ];

  test.each(rows)('%s', (_, image) => {
    const { fields, logs, ends } = run([
      server(),
      honest,
      hostile(self => {
        self.frame(image);
        self.send(perl({ event: 'poe:/IKC/ping', params: 'PING', rsvp }));
      }),
    ]);
    const [error = '', pong] = logs('own-2');
    expect(error).toContain('A frame cannot be read: ');
    expect(pong).toContain('PONG');
    expect(fields('answer', 'value').length).toBe(10);
    expect(ends).toEqual(['ikc-client 0']);
  });

  test('one that is cut at each of its bytes', () => {
    const image = freeze(perl({ event: 'poe:/demo/echo', params: { x: [1, 'two', null] }, rsvp }));
    const { logs, fields } = run([
      server(),
      honest,
      hostile(self => {
        for (let length = 0; length <= image.length; length++) self.frame(image.subarray(0, length));
      }),
    ]);
    const heard = logs('own-2');
    expect(heard.length).toBe(image.length + 1);
    expect(heard.filter(line => line.includes('A frame cannot be read')).length).toBe(image.length);
    expect(heard.at(-1)).toContain('"two"');
    expect(fields('answer', 'value').length).toBe(10);
  });
});

describe('values', () => {
  const names = fc.constantFrom('id1', 'Inet', '*', '', 'nobody', 'poe:', 'x'.repeat(2_000), 'a\0b', '\u00e9', '\u{1f600}');
  const places = fc.constantFrom('demo', 'IKC', 'nothing', '');
  const states = fc.constantFrom(
    'echo',
    'add',
    'void',
    'fail',
    'list',
    'note',
    'count',
    'forward',
    'slow',
    'do_you_have',
    'ping',
    'remote_error',
    'shutdown',
    'IKC:proxy',
    'response0',
    '',
    '__proto__',
    'constructor',
  );
  const specifier = fc.oneof(
    fc
      .record({ kernel: names, session: places, state: states }, { requiredKeys: [] })
      .map(each => new Map<string, PerlValue>(Object.entries(each))),
    fc.tuple(names, places, states).map(([kernel, session, state]) => `poe://${kernel}/${session}/${state}`),
  );
  const { value } = fc.letrec<{ value: PerlValue }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<PerlValue>(
        null,
        0,
        -1,
        1,
        250,
        2 ** 31,
        0.5,
        '',
        '0',
        'PING',
        'echo',
        new Utf8('x'),
        new Scalar('s'),
        new Blessed('C', [1]),
      ),
      specifier,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 3 }).map(each => new Map(Object.entries(each))),
    ),
  }));
  const request = fc
    .record(
      {
        event: fc.oneof(specifier, value),
        params: value,
        from: value,
        rsvp: fc.oneof(fc.constant(new Map<string, PerlValue>(Object.entries(rsvp))), value),
        wantarray: value,
        is_error: value,
        errors_to: value,
        call: value,
      },
      { requiredKeys: [] },
    )
    .map(each => new Map<string, PerlValue>(Object.entries(each)));

  test('reading a request throws at nothing', () => {
    fc.assert(
      fc.property(fc.oneof(request, value), each => void readRequest(each)),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('no request ends the server, and each call of a state that answers is answered once', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 20, maxLength: 60 }), requests => {
        let pongs = 0;
        const { ends, fields } = run(
          [
            server(),
            { ...honest, args: honest.args?.map(each => each.replace('10', '2').replace('2.0.0', '10.0.0')) ?? [] },
            hostile(
              self => {
                for (const each of requests) {
                  self.send(each);
                  self.send(perl({ event: 'poe:/IKC/ping', rsvp: { ...rsvp, state: 'pong' } }));
                }
              },
              each => {
                if (JSON.stringify(plain(each)).includes('"state":"pong"')) pongs += 1;
              },
            ),
          ],
          { until: 30 },
        );
        expect(pongs).toBe(requests.length);
        expect(ends).toEqual(['ikc-client 0']);
        expect(fields('answer', 'value')).toEqual(['3', '3']);
      }),
      { numRuns: 25, seed: 2 },
    );
  });
});

describe('numbers', () => {
  test('calls that are answered later: as many as the limit, and one more', () => {
    for (const count of [LATER_MAX - 1, LATER_MAX, LATER_MAX + 1]) {
      const heard: string[] = [];
      run([
        server(),
        hostile(
          self => {
            for (let index = 0; index < count; index++) self.send(perl({ event: 'poe:/demo/slow', params: 5_000, rsvp }));
          },
          each => heard.push(JSON.stringify(plain(each))),
        ),
      ]);
      expect(heard.filter(each => each.includes('"params":5000')).length).toBe(Math.min(count, LATER_MAX));
      expect(heard.filter(each => each.includes('Too many calls')).length).toBe(Math.max(0, count - LATER_MAX));
    }
  });

  test('connections that say nothing do not keep others out', () => {
    const silent: Daemon = host => {
      let count = 0;
      const more = (): void => {
        for (let index = 0; index < 100 && count < NEGOTIATING_MAX + 500; index++, count++)
          host.network.connect({ transport: 'tcp', address: '10.0.0.2', port: 603 }, {}, () => ({ data: () => {} }));
        if (count < NEGOTIATING_MAX + 500) host.clock.setTimer(millis(50), more);
      };
      more();
    };
    const { fields, ends, trace } = run([server(), { program: silent }, { ...honest, at: 3 }], { until: 60 });
    expect(fields('answer', 'value').length).toBe(10);
    expect(ends).toEqual(['ikc-client 0']);
    const closed = trace.filter(event => event.data?.['event'] === 'link-closed').map(event => event.time);
    // The oldest at once, the others when their time is over.
    const early = closed.filter(time => time < 10_000_000).length;
    expect(early).toBeGreaterThan(400);
    expect(closed.length - early).toBeLessThanOrEqual(NEGOTIATING_MAX);
    expect(closed.length).toBeGreaterThan(NEGOTIATING_MAX + 400);
  });

  test('text of errors is shown, cut and printable', () => {
    const text = `\u001b[31m${'x'.repeat(5_000)}`;
    const { fields } = run([server(), hostile(self => self.send(perl({ event: 'poe:/IKC/remote_error', params: text, is_error: 1 })))]);
    const [shown] = fields('remote-error', 'text').map(String);
    expect(shown?.startsWith('\\u{1b}[31m')).toBe(true);
    expect(shown?.length).toBeLessThan(1_100);
  });

  test('a peer that does not read is not read, and the others are served', () => {
    const large = 'x'.repeat(1_000_000);
    const { fields, ends } = run([
      server(),
      honest,
      hostile(self => {
        self.stream.pause();
        for (let index = 0; index < 40; index++) self.send(perl({ event: 'poe:/demo/echo', params: large, rsvp }));
      }),
    ]);
    expect(fields('answer', 'value').length).toBe(10);
    expect(ends).toEqual(['ikc-client 0']);
    expect(fields('request', 'state').filter(state => state === 'echo').length).toBeLessThan(10);
  });
});

describe('many kernels', () => {
  const faults = [
    { kind: 'segmentation', at: seconds(0), duration: seconds(60), most: 3 },
    { kind: 'latency', at: seconds(4), duration: seconds(5), extra: millis(300) },
  ] as const;

  test.each([2, 10, 30])('%i: every step has one outcome, whatever goes wrong', count => {
    const clients = Array.from(
      { length: count },
      (_, index): Start => ({
        program: 'ikc-client',
        args: [
          '--connect=10.0.0.2:603',
          `--name=K${index}`,
          '--repeat=5',
          '--pause=700',
          '--reconnect',
          '--call=poe:/demo/add [1,2]',
          '--call=poe:/demo/slow 300',
          '--call=poe:/demo/fail',
        ],
        at: 1 + (index % 5) * 0.3,
      }),
    );
    const kill: Start = { on: 'b', program: host => void host.process.kill(101, 'SIGKILL'), at: 7 };
    const { trace, ends } = run([server(), ...clients, kill, { ...server(), at: 8 }], { faults, until: 120, seed: `${count}` });
    const outcomes = new Map<string, number>();
    for (const { data, process } of trace) {
      if (data?.['event'] !== 'answer' && data?.['event'] !== 'error') continue;
      const key = `${process} ${data['step']}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    }
    expect(outcomes.size).toBe(count * 15);
    expect(new Set(outcomes.values())).toEqual(new Set([1]));
    expect(ends.filter(each => each === 'ikc-client 1').length).toBe(count);
  });
});
