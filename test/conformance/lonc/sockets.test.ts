/** Roles with sockets, by a toy: what each step means, and that a trace is judged as the case was. */
import { describe, expect, test } from 'vitest';
import { simArm } from '../../../conformance/arms/sim.ts';
import type { Case, Step, Wiring } from '../../../conformance/case.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { judgedRows, lines, toyCase, toySuite } from '../support.ts';

const socket = { descriptor: undefined, direction: 'both', decoder: lines } as const;
const WIRING: Wiring = {
  channels: {
    first: socket,
    second: socket,
    client: { ...socket, encoder: text => utf8(text.toUpperCase()) },
    out: { descriptor: 1, direction: 'in' },
  },
  options: ['{dir}', '{port}'],
  probe: undefined,
  environment: { accepts: ['first', 'second'], directories: ['sub'], files: { 'sub/conf': 'port={port}' } },
};
const suiteOf = (testCase: Case): Suite => ({ ...toySuite([testCase]), roles: { server: WIRING } });
const within = seconds(2);
const one = (type: string, save?: string) =>
  ({ message: { type, name: type }, times: 'one', ...(save === undefined ? {} : { save: { field: 'x', as: save } }) }) as const;
const sequence = (channel: string, ...types: readonly string[]): Step => ({
  verb: 'expect-sequence',
  channel,
  items: types.map(type => one(type)),
  within,
});
const END: readonly Step[] = [
  { verb: 'signal', signal: 'SIGKILL' },
  { verb: 'expect-exit', within },
];

async function play(daemon: (host: Host, dir: string, port: number) => void, ...steps: readonly Step[]) {
  const toy: Daemon = host => daemon(host, host.process.args[0] ?? '', Number(host.process.args[1]));
  const suite = suiteOf(toyCase([...steps, ...END]));
  const [row] = await judgedRows({ suite, role: 'server', arm: simArm({ toy }), implementation: { program: 'toy', args: [] }, claims: [] });
  if (row === undefined) throw new Error('no row');
  return row.verdict.verdict === 'fail' ? `${row.verdict.expected} / ${row.verdict.received}` : row.verdict.verdict;
}

const connect = (host: Host, port: number, say = '{"event":"a"}\n'): void =>
  host.network.connect({ transport: 'tcp', address: '127.0.0.1', port }, {}, result => {
    if (result.ok && say !== '') result.value.write(utf8(say));
    return { data: () => {}, end: () => result.ok && result.value.close() };
  });
const idle = (host: Host): void => void host.clock.setTimer(seconds(100), () => {});
/** Says again what it hears. */
const listen = (host: Host, path: string): void =>
  host.network.listen(
    { transport: 'unix', path },
    { backlog: 5 },
    { opened: () => {}, accept: stream => ({ data: bytes => void stream.write(bytes) }) },
  );

describe('connections of the implementation', () => {
  test('the first is the first channel, the second the second, a third is closed', async () => {
    const three = (host: Host, _dir: string, port: number): void => {
      for (let count = 0; count < 3; count++) connect(host, port);
    };
    expect(
      await play(
        three,
        { verb: 'start' },
        { verb: 'expect-open', channel: 'second', within },
        sequence('first', 'a'),
        sequence('second', 'a'),
      ),
    ).toBe('pass');
  });

  test('one that does not come', async () => {
    expect(await play(idle, { verb: 'start' }, { verb: 'expect-open', channel: 'first', within })).toContain(
      'the implementation connects: first / nothing of it',
    );
  });

  test('one that comes breaks a silence; one that was there does not', async () => {
    const silence: Step = { verb: 'expect-silence', channels: ['first'], lasting: millis(300) };
    const later = (host: Host, _dir: string, port: number): void => void host.clock.setTimer(millis(100), () => connect(host, port, ''));
    expect(await play(later, { verb: 'start' }, silence)).toContain('a connection: first');
    expect(await play(later, { verb: 'start' }, { verb: 'expect-open', channel: 'first', within }, silence)).toBe('pass');
  });

  test('the tester can be deaf, and listen again', async () => {
    const again = (host: Host, _dir: string, port: number): void => {
      connect(host, port);
      host.clock.setTimer(seconds(1), () => connect(host, port));
    };
    const steps = [
      { verb: 'close-listener' },
      { verb: 'start' },
      { verb: 'expect-silence', channels: ['first'], lasting: millis(500) },
    ] as const;
    expect(await play(again, ...steps, { verb: 'listen' }, sequence('first', 'a'))).toBe('pass');
    expect(await play(again, ...steps, sequence('first', 'a'))).toContain('nothing was sent on first');
  });

  test('the end of one is its end', async () => {
    const shy = (host: Host, _dir: string, port: number): void =>
      host.network.connect({ transport: 'tcp', address: '127.0.0.1', port }, {}, result => {
        if (result.ok) result.value.close();
        return { data: () => {} };
      });
    expect(
      await play(shy, { verb: 'start' }, { verb: 'expect-open', channel: 'first', within }, {
        ...sequence('first'),
        thenEof: true,
      } as Step),
    ).toBe('pass');
  });
});

describe('connections of the tester', () => {
  const dial: Step = { verb: 'dial', channel: 'client', to: { unix: 'socket' }, within };

  test('it connects until somebody accepts, and says what the encoder makes', async () => {
    const late = (host: Host, dir: string): void => void host.clock.setTimer(seconds(1), () => listen(host, `${dir}/socket`));
    const heard = { verb: 'expect-sequence', channel: 'client', items: [one('*')], within } as const;
    expect(await play(late, { verb: 'start' }, dial, { verb: 'say', channel: 'client', text: 'x\n' }, heard)).toBe('pass');
    // It may not be there yet: nothing was tested.
    expect(await play(late, { verb: 'start' }, { ...dial, within: millis(500) })).toBe('inconclusive');
  });

  test('a saved value is said', async () => {
    const speaker = (host: Host, dir: string, port: number): void => {
      connect(host, port, '{"event":"a","x":"word"}\n');
      host.network.listen(
        { transport: 'unix', path: `${dir}/socket` },
        { backlog: 5 },
        {
          opened: () => {},
          accept: stream => ({ data: bytes => void stream.write(utf8(textOf(bytes) === 'WORD!' ? '{"event":"b"}\n' : '{"event":"c"}\n')) }),
        },
      );
    };
    const kept: Step = { verb: 'expect-sequence', channel: 'first', items: [one('a', 'it')], within };
    expect(
      await play(speaker, { verb: 'start' }, kept, dial, { verb: 'say', channel: 'client', text: '{it}!' }, sequence('client', 'b')),
    ).toBe('pass');
    expect(
      await play(speaker, { verb: 'start' }, kept, dial, { verb: 'say', channel: 'client', text: '{it}?' }, sequence('client', 'b')),
    ).toContain('c');
  });

  test('it waits until nobody accepts', async () => {
    const refused: Step = { verb: 'expect-refused', to: { unix: 'socket' }, within };
    const brief = (host: Host, dir: string): void =>
      host.network.listen(
        { transport: 'unix', path: `${dir}/socket` },
        { backlog: 5 },
        {
          opened: result => void host.clock.setTimer(seconds(1), () => result.ok && result.value.close()),
          accept: () => ({ data: () => {} }),
        },
      );
    expect(await play(brief, { verb: 'start' }, dial, refused)).toBe('pass');
    expect(await play((host, dir) => listen(host, `${dir}/socket`), { verb: 'start' }, dial, refused)).toContain(
      'nobody accepts a connection at socket / nothing of it',
    );
  });
});

describe('files', () => {
  const file = (contains: string | undefined, lacks?: string): Step => ({
    verb: 'expect-file',
    path: 'sub/conf',
    ...(contains === undefined ? {} : { contains }),
    ...(lacks === undefined ? {} : { lacks }),
    within,
  });

  test('they are there before the start, with the port in them, and a case may have others', async () => {
    expect(await play(idle, { verb: 'start' }, file('port='), file('port=', '{port}'))).toBe('pass');
    expect(await play(idle, { verb: 'place', path: 'sub/conf', text: 'else' }, { verb: 'start' }, file('else', 'port'))).toBe('pass');
    expect(await play(idle, { verb: 'start' }, file('port', 'p'))).toContain('a file sub/conf with the text port / nothing of it');
  });

  test('what is written later is seen, and what is removed', async () => {
    const writes = (host: Host, dir: string): void => {
      host.clock.setTimer(millis(300), () => host.storage.write(`${dir}/sub/conf`, utf8('new')));
      host.clock.setTimer(millis(600), () => host.storage.unlink(`${dir}/sub/conf`));
    };
    expect(await play(writes, { verb: 'start' }, file('new'), file(undefined))).toBe('pass');
    expect(await play(idle, { verb: 'start' }, file(undefined))).toContain('no file sub/conf / nothing of it');
  });
});
