/** A client of IKC, captured as it calls a real server, is reproduced by the very same program: it is started as the capture has it, and is told its own name of now. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encoderOf } from '../../conformance/ikc/frames.ts';
import { clientStart, frameRetelling } from '../../conformance/ikc/retelling.ts';
import { concat, utf8 } from '../../src/host/bytes.ts';
import type { FieldValue, Message } from '../../src/trace/message.ts';
import { CI, canCapture, canTrace, ended, logged, ROOT, SLIPWAY, serve, slipway, sniffed, traced } from './live.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-called-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function served(act: (port: number) => Promise<void>): Promise<void> {
  const server = serve('ikc-server', '--', '--listen=127.0.0.1:0');
  const port = Number(await logged(server, /"address":"127\.0\.0\.1:(\d+)"/));
  await act(port);
  server.kill('SIGTERM');
  await ended(server);
}
const call = (port: number): readonly string[] => [
  'ikc',
  'call',
  'poe:/demo/add',
  '[1,2]',
  '--name',
  'Caller',
  '--connect',
  `127.0.0.1:${port}`,
];

function reproduced(file: string): void {
  const replayed = slipway('replay', file, '--protocol', 'ikc', '--as', 'client');
  expect(replayed.stdout).toMatch(/ reproduced: ikc-client does what was captured: /);
  expect(replayed.status).toBe(0);
}

describe('a call', () => {
  test.skipIf(!canCapture && !CI)('seen by tshark is reproduced', async () => {
    const file = join(folder, 'call.pcapng');
    await served(port =>
      sniffed(file, port, () => ended(spawn(process.execPath, [SLIPWAY, ...call(port)], { cwd: ROOT, stdio: 'ignore' }))),
    );
    reproduced(file);
  });

  test.skipIf(!canTrace && !CI)('seen by strace is reproduced, and its stream found in the midst of all that Node does', async () => {
    const file = join(folder, 'call.log');
    await served(port => ended(traced(file, process.execPath, [SLIPWAY, ...call(port)])));
    expect(JSON.parse(slipway('import', file, '--json').stdout)).toMatchObject({ protocol: 'ikc' });
    reproduced(file);
  });
});

const message = (type: string, fields: Readonly<Record<string, FieldValue>>): Message => ({
  kind: 'message',
  type,
  fields,
  bytes: utf8(''),
  ignorable: false,
});

test('a client is started to say what one has said', () => {
  const iam = (name: string): Message => message('iam', { name });
  const frame = (fields: Readonly<Record<string, FieldValue>>): Message =>
    message('frame', { event: 'poe:/a/b', params: 'undef', rsvp: 'x', list: false, ...fields });
  expect(clientStart([])).toEqual(['--connect={address}']);
  expect(
    clientStart([
      iam('host-1-2'),
      iam('10.0.0.2:4000'),
      iam('Caller'),
      iam('More'),
      message('line', { text: 'FREEZER JSON' }),
      message('line', { text: 'DONE' }),
    ]),
  ).toEqual(['--connect={address}', '--name=Caller', '--serializer=JSON']);
  expect(
    clientStart([
      frame({ params: '[1,2]' }),
      frame({ list: true }),
      frame({ rsvp: '', params: '"x"' }),
      frame({ params: '{a: strange}' }),
    ]).slice(1),
  ).toEqual(['--call=poe:/a/b [1,2]', '--list=poe:/a/b', '--post=poe:/a/b "x"', '--call=poe:/a/b']);
});

test('a frame with a name of then is said with that of now, in any pieces, and all else as it was', () => {
  const then = new Map([['captured-a', 'vm-1']]);
  const string = (text: string): Uint8Array => concat([Uint8Array.of(0x0a, text.length), utf8(text)]);
  const framed = (payload: Uint8Array): Uint8Array => concat([utf8(`${payload.length}\0`), payload]);
  const frame = (name: string): Uint8Array =>
    framed(concat([Uint8Array.of(5, 11), string(`poe://${name}/x`), Uint8Array.of(7), string(name)]));
  const other = framed(string('poe://site/x'));
  const stream = concat([utf8('OK\r\n'), frame('vm-1'), other, utf8('12')]);
  for (const size of [1, 7, stream.length]) {
    const retelling = frameRetelling(then);
    const said: (Uint8Array | string)[] = [];
    for (let at = 0; at < stream.length; at += size) said.push(...retelling.feed(stream.subarray(at, at + size)));
    said.push(...retelling.end());
    expect(said.map(each => typeof each)).toEqual(['object', 'string', 'object', 'object']);
    const now = new Map([['captured-a', 'here.example-99']]);
    const again = concat(said.map(each => (typeof each === 'string' ? encoderOf({})(each, now) : each)));
    expect(again).toEqual(concat([utf8('OK\r\n'), frame('here.example-99'), other, utf8('12')]));
  }
});
