/** The small client, at our server and at one that says what it likes. */
import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Stream } from '../../../src/host/host.ts';
import { AS_WRITTEN_LITE, liteRules } from '../../../src/impl/ikc/as-written-lite.ts';
import { CORRECTED_LITE } from '../../../src/impl/ikc/client-lite.ts';
import { DIGITS_MAX, FRAME_MAX, LINE_MAX } from '../../../src/impl/ikc/limits.ts';
import { CORRECTED_LITE_READER, LiteReader } from '../../../src/impl/ikc/lite-reader.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { decisions } from '../decisions.ts';
import { perl, quirk, run, SERVER, type Start } from './bench.ts';

const server: Start = { on: 'b', program: 'ikc-server', args: SERVER };
const lite = (...args: readonly string[]): Start => ({
  program: 'ikc-lite',
  args: ['--connect=10.0.0.2:603', '--name=Lite', ...args],
  at: 1,
});

test('the traps and the decisions of the small client', () => {
  const own = TRAPS.filter(({ side }) => side === 'lite');
  expect(decisions(CORRECTED_LITE, AS_WRITTEN_LITE, own)).toEqual({ idle: [], unplayed: [], shared: {} });
  expect(liteRules(new Set())).toBe(CORRECTED_LITE);
});

test.each(['Storable', 'JSON'])('at our server, in %s', serializer => {
  const { fields, ends } = run([
    server,
    lite(
      `--serializer=${serializer}`,
      '--call=poe:/demo/add [1,2]',
      '--list=poe://Inet/demo/list',
      '--post=poe:/demo/note',
      '--call=poe:/demo/count',
      '--post=poe:/none/x',
      '--call=poe:/demo/fail',
      '--call=poe:/demo/void',
      '--call=poe:/demo/echo ["x"]',
    ),
  ]);
  expect(fields('answer', 'value')).toEqual(['3', '["one","two","three"]', '1', 'null', '["x"]']);
  // That of the post is not taken for one of the call behind it.
  expect(fields('error', 'text')).toEqual(['This state fails [poe://10.0.0.2:603/demo/fail] sent by [poe://Lite/IKCLite/response3]']);
  expect(ends).toEqual(['ikc-lite 1']);
});

test('a server that has been started anew is connected to anew', () => {
  const { fields, ends } = run([
    server,
    lite('--pause=4000', '--call=poe:/demo/add [1]', '--call=poe:/demo/add [2]'),
    { on: 'b', program: host => void host.process.kill(101, 'SIGKILL'), at: 6 },
    { ...server, at: 7 },
  ]);
  expect([fields('answer', 'value'), ends]).toEqual([
    ['1', '2'],
    ['ikc-server SIGKILL', 'ikc-lite 0'],
  ]);
});

/** A server by hand: what it says to each line and, once it is up, to each call. */
const scripted =
  (answers: Readonly<Record<string, string>>, up: (stream: Stream, call: number) => void = () => {}): Daemon =>
  host => {
    let calls = 0;
    host.network.listen(
      { transport: 'tcp', address: '0.0.0.0', port: 603 },
      { backlog: 8 },
      {
        opened: () => {},
        accept: stream => {
          let text = '';
          let isUp = false;
          const frames = new LiteReader(CORRECTED_LITE_READER);
          return {
            data: bytes => {
              if (isUp) {
                frames.feed(bytes);
                while (frames.frame() !== undefined) up(stream, ++calls);
                return;
              }
              text += String.fromCharCode(...bytes);
              for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
                const [verb = ''] = text.slice(0, end).split(' ');
                text = text.slice(end + 2);
                const said = { HELLO: 'IAM id', IAM: 'OK', FREEZER: 'OK', WORLD: 'UP', OK: 'DONE', ...answers }[verb];
                if (said !== undefined) stream.write(utf8(`${said}\r\n`));
                isUp ||= said === 'UP';
              }
            },
            end: () => stream.close(),
          };
        },
      },
    );
  };

const frame = (value: unknown): Uint8Array => {
  const payload = freeze(perl(value));
  return concat([utf8(`${payload.length}\0`), payload]);
};
const answer = (number: number, params: unknown, session = 'IKCLite'): Uint8Array =>
  frame({ event: { kernel: 'Lite', session, state: `response${number}` }, params });
/** All bytes at once, whatever the network does with them: it may cut, and a run with a cut shows other things. */
const whole = { seed: 'whole', faults: [] } as const;

describe('as written and corrected', () => {
  const two = ['--call=poe:/S/a', '--call=poe:/S/b'];

  test('B-T21: a serializer is refused, and the alarm stays', () => {
    const program = scripted({ FREEZER: 'NOT' });
    const steps = ['--pause=20000', '--call=poe:/S/a', '--call=poe:/S/a', '--call=poe:/S/a'];
    const corrected = run([{ on: 'b', program }, lite(...steps)], { until: 100 });
    expect(corrected.ends).toEqual(['ikc-lite 1']);
    expect(corrected.fields('error', 'text')[0]).toBe('the other kernel has none of the serializers');
    // Each connection sets it anew; it comes when nothing does.
    const asWritten = run([{ on: 'b', program }, lite(quirk('lite-alarm-stays'), '--pause=40000', ...two)], { until: 100 });
    expect(asWritten.ends).toEqual(['ikc-lite SIGALRM']);
  });

  test('B-T21b: a frame that nobody waits for', () => {
    const program = scripted({}, (stream, call) => {
      if (call === 1) for (const each of [answer(7, 'what nobody has asked for, and longer'), answer(0, 'one')]) stream.write(each);
      else stream.write(answer(call - 1, 'more'));
    });
    expect(run([{ on: 'b', program }, lite(...two)]).fields('answer', 'value')).toEqual(['"one"', '"more"']);
    const asWritten = run([{ on: 'b', program }, lite(quirk('lite-loses-step'), '--timeout=5000', ...two)]);
    expect(asWritten.fields('answer', 'value')).not.toContain('"one"');
  });

  test('B-T21c: what comes behind the frame that was waited for', () => {
    const program = scripted({}, (stream, call) => {
      if (call === 1) stream.write(concat([answer(0, 'one'), answer(1, 'two')]));
    });
    const args = ['--timeout=5000', ...two];
    expect(run([{ on: 'b', program }, lite(...args)]).fields('answer', 'value')).toEqual(['"one"', '"two"']);
  });

  test('B-T21d: what is no frame', () => {
    const program = scripted({}, (stream, call) => void stream.write(concat([utf8('junk'), answer(call - 1, 'one')])));
    const corrected = run([{ on: 'b', program }, lite('--call=poe:/S/a')]);
    expect(corrected.fields('error', 'text')).toEqual(['a frame whose length is no number']);
    expect(run([{ on: 'b', program }, lite(quirk('lite-seeks-length'), '--call=poe:/S/a')], whole).fields('answer', 'value')).toEqual([
      '"one"',
    ]);
  });

  test.each([
    ['silence', { HELLO: undefined }, 'no answer of the other kernel, in phase hello'],
    ['silence behind its name', { IAM: undefined }, 'no answer of the other kernel, in phase name'],
    ['silence behind the serializer', { FREEZER: undefined }, 'no answer of the other kernel, in phase freezer'],
    ['silence behind WORLD', { WORLD: undefined }, 'no answer of the other kernel, in phase world'],
    ['nonsense', { HELLO: 'WHO' }, "'WHO' in phase hello"],
    ['nonsense for a serializer', { FREEZER: 'PERHAPS' }, "'PERHAPS' in phase freezer"],
  ])('%s ends the connection', (_, answers, text) => {
    const { fields, ends } = run([{ on: 'b', program: scripted(answers as Record<string, string>) }, lite('--call=poe:/S/a')]);
    expect(fields('error', 'text')).toEqual([text]);
    expect(ends).toEqual(['ikc-lite 1']);
  });

  test('no answer, and a connection that ends instead of one', () => {
    expect(run([{ on: 'b', program: scripted({}) }, lite('--call=poe:/S/a')]).fields('error', 'failure')).toEqual(['unsent']);
    const ends = scripted({}, stream => stream.end());
    expect(run([{ on: 'b', program: ends }, lite('--call=poe:/S/a')]).fields('error', 'failure')).toEqual(['gone']);
  });
});

describe('the reader', () => {
  const read = (rules: Partial<typeof CORRECTED_LITE_READER>, bytes: Uint8Array): LiteReader => {
    const reader = new LiteReader({ ...CORRECTED_LITE_READER, ...rules });
    reader.feed(bytes);
    return reader;
  };

  test('B-T21c: what is behind a frame is dropped, or kept', () => {
    const bytes = utf8('1\0a1\0b');
    for (const [dropsRest, next] of [
      [true, undefined],
      [false, { item: utf8('b') }],
    ] as const) {
      const reader = read({ dropsRest }, bytes);
      expect(reader.frame()).toEqual({ item: utf8('a') });
      reader.taken();
      expect(reader.frame()).toEqual(next);
    }
  });

  test('B-T21b: a length stays until what is waited for has come', () => {
    const reader = read({ keepsLength: true }, utf8('2\0ab3\0abc'));
    expect(reader.frame()).toEqual({ item: utf8('ab') });
    expect(reader.frame()).toEqual({ item: utf8('3\0') });
    reader.taken();
    expect(reader.frame()).toEqual({ problem: 'a frame whose length is no number' });
  });

  test('the same at any segmentation', () => {
    const bytes = utf8('IAM x\r\nlone \r and \n\r\nUP\r\n3\0abc0\x001\0d');
    for (let size = 1; size < bytes.length; size++) {
      const reader = new LiteReader(CORRECTED_LITE_READER);
      const seen: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        reader.feed(bytes.subarray(at, at + size));
        for (;;) {
          const item = seen.length < 3 ? reader.line() : reader.frame();
          if (item === undefined) break;
          seen.push(item);
        }
      }
      expect(seen).toEqual([
        { item: 'IAM x' },
        { item: 'lone \r and \n' },
        { item: 'UP' },
        { item: utf8('abc') },
        { item: utf8('') },
        { item: utf8('d') },
      ]);
    }
  });

  test.each([
    [LINE_MAX - 1, true],
    [LINE_MAX, true],
    [LINE_MAX + 2, false],
  ])('a line of %i bytes', (length, fits) => {
    const reader = read({}, utf8('x'.repeat(length)));
    expect(reader.line() === undefined).toBe(fits);
    reader.feed(utf8('\r\n'));
    if (fits) expect(reader.line()).toEqual({ item: 'x'.repeat(length) });
  });

  test.each([
    ['0'.repeat(DIGITS_MAX), undefined],
    ['0'.repeat(DIGITS_MAX + 1), `a length of more than ${DIGITS_MAX} digits`],
    [`${FRAME_MAX}\0`, undefined],
    [`${FRAME_MAX + 1}\0`, `a frame of ${FRAME_MAX + 1} bytes: the limit is ${FRAME_MAX}`],
    ['99999999999999999999\0', 'a frame of 100000000000000020000 bytes: the limit is 16777216'],
    ['\0', 'a frame without a length'],
    ['-1\0', 'a frame whose length is no number'],
    ['12x', 'a frame whose length is no number'],
  ])('a length %j', (text, problem) => {
    const found = read({}, utf8(text)).frame();
    expect(found !== undefined && 'problem' in found ? found.problem : undefined).toBe(problem);
  });

  test('a large frame, byte by byte, is copied once', () => {
    const reader = new LiteReader(CORRECTED_LITE_READER);
    reader.feed(utf8('200000\0'));
    let found = reader.frame();
    for (let count = 0; count < 200_000; count++) {
      reader.feed(new Uint8Array(1));
      found = reader.frame();
    }
    expect(found).toEqual({ item: new Uint8Array(200_000) });
  });
});
