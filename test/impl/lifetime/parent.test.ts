/** The parent in a simulated world: what it observes of our child and of worse ones, how it stops them, and each quirk. */
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import type { ParentSetup } from './bench.ts';
import { runParent, speaker } from './bench.ts';
import { bytesOf } from './vectors.ts';

const START_DATABASE = '{"event":"lifetime","kind":0,"id":0,"name":"database"}';
const START_SERVER = '{"event":"lifetime","kind":0,"id":1,"name":"p2p-server"}';
const P2P = '{"event":"address","type":"p2plistenaddr","address":"127.0.0.1:32768"}';
const RPC = '{"event":"address","type":"rpclistenaddr","address":"127.0.0.1:32769"}';
const COMPLETE = '{"event":"lifetime","kind":1,"id":0,"name":"complete"}';
const STOP = '{"event":"stop","by":"control"}';
const STOP_SERVER = '{"event":"lifetime","kind":2,"id":1,"name":"p2p-server"}';
const STOP_DATABASE = '{"event":"lifetime","kind":2,"id":0,"name":"database"}';
const EOF = '{"event":"eof"}';
const ENDED = '{"event":"ended","code":0}';
const NORMAL = [START_DATABASE, START_SERVER, P2P, RPC, COMPLETE, STOP, STOP_SERVER, STOP_DATABASE, EOF, ENDED];

const frame = (type: string, payload: string): Uint8Array => {
  const size = (payload.length / 2).toString(16).padStart(2, '0');
  return bytesOf(`01${type.length.toString(16).padStart(2, '0')}${Buffer.from(type).toString('hex')}${size}000000${payload}`);
};
const event = (payload: string): Uint8Array => frame('lifetimeevent', payload);

const stopped = (setup: ParentSetup = {}) => runParent({ ...setup, args: ['--stop-after=2000', ...(setup.args ?? [])] });

describe('with our child', () => {
  test('all that happens, in order', () => {
    for (const seed of ['a', 'b', 'c', 'd']) expect(stopped({ seed })).toMatchObject({ lines: NORMAL, status: 'exit 0' });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops both', name => {
    const run = runParent({ saw: (line, signal) => (line === COMPLETE ? signal(name) : undefined) });
    expect(run).toMatchObject({ lines: NORMAL, status: 'exit 0' });
  });

  test('stopped at any moment of the start, it ends clean', () => {
    for (const line of [START_DATABASE, START_SERVER, P2P, RPC]) {
      const run = runParent({ saw: (seen, signal) => (seen === line ? signal('SIGTERM') : undefined) });
      expect(run.status).toBe('exit 0');
      expect(run.lines.at(-1)).toBe(ENDED);
      expect(run.lines).not.toContain(COMPLETE);
    }
  });

  test('a child that fails is not a success', () => {
    const run = runParent({ child: ['lifetime-child', '--listen=203.0.113.1:1'] });
    expect(run.lines).toEqual([START_DATABASE, START_SERVER, STOP_DATABASE, EOF, '{"event":"ended","code":1}']);
    expect(run.status).toBe('exit 1');
  });

  test('when the parent is killed, the child stops by itself', () => {
    const run = runParent({ saw: (line, signal) => (line === COMPLETE ? signal('SIGKILL') : undefined) });
    expect(run.status).toBe('killed by SIGKILL');
    const end = run.trace.find(each => each.kind === 'exit' && each.process.includes('lifetime-child'));
    expect(end?.data).toEqual({ code: 0 });
  });

  test('asked twice, it stops the child once', () => {
    const run = stopped({ saw: (line, signal) => (line === STOP ? signal('SIGTERM') : undefined) });
    expect(run).toMatchObject({ lines: NORMAL, status: 'exit 0' });
  });

  test('it keeps no copies of the ends of the child', () => {
    const { trace } = stopped();
    const closed = trace.filter(each => each.kind === 'release' && each.process.includes('lifetime-parent'));
    // Both at once, and the control pipe at the end.
    expect(closed.map(each => each.time > 1_000_000)).toEqual([false, false, true]);
  });

  test('when nobody reads the observations the child is not read, and nothing is lost', () => {
    const run = runParent({
      args: ['--stop-after=3000'],
      deafFor: seconds(1),
      child: ['lifetime-child', '--message=x:00', '--repeat=5000'],
    });
    expect(run.trace.some(each => each.kind === 'pause' && each.process.includes('lifetime-parent'))).toBe(true);
    expect(run.lines.filter(line => line === '{"event":"unknown","type":"x","length":1}').length).toBe(5_000);
    expect(run.lines.at(-1)).toBe(ENDED);
    expect(run.status).toBe('exit 0');
  });

  test('nobody reads the observations any more: it goes on, and stops the child', () => {
    const run = stopped({ gone: true });
    expect(run).toMatchObject({ lines: [], status: 'exit 0' });
  });

  test('it reads on after the addresses', () => {
    const run = stopped({ child: ['lifetime-child', '--message=x:00', '--repeat=5000'] });
    expect(run.lines.filter(line => line === '{"event":"unknown","type":"x","length":1}').length).toBe(5_000);
    expect(run.status).toBe('exit 0');
  });

  test('a child of 2016 is tolerated: ids it does not know change nothing', () => {
    const run = stopped({ child: ['lifetime-child', '--event-ids=comment'] });
    expect(run.lines).toContain('{"event":"lifetime","kind":0,"id":2,"name":"unknown"}');
    expect(run.status).toBe('exit 0');
    expect(run.trace.find(each => each.data?.['event'] === 'event-table')?.data?.['speaks']).toBe('comment');
  });
});

describe('with other children', () => {
  const violation = (run: { readonly lines: readonly string[] }): string => run.lines.find(line => line.includes('"violation"')) ?? '';

  test.each([
    ['another version', [bytesOf('02')], 'C2 version is 1'],
    ['a type that is no text', [bytesOf('0101ff')], 'C2 type is UTF-8'],
    ['a long payload', [bytesOf(`010d${Buffer.from('p2plistenaddr').toString('hex')}ffffffff`)], 'C2 payload is bounded'],
    ['a short event', [frame('lifetimeevent', '00')], 'C2 lifetimeevent has a payload of 2 bytes'],
    ['no address', [event('0000'), event('0001'), frame('p2plistenaddr', '')], 'C2 address is host:port'],
    ['the wrong order', [event('0000'), event('0100')], 'C5 1,0 comes at most once'],
  ])('%s is reported, and the child is stopped', (_, pieces, clause) => {
    const run = runParent({ program: speaker(pieces) });
    expect(violation(run)).toContain(clause);
    expect(run.lines.slice(-2)).toEqual([STOP, ENDED]);
    expect(run.trace.some(each => each.kind === 'close' && each.channel !== '' && each.process.includes('lifetime-parent'))).toBe(true);
    expect(run.status).toBe('exit 1');
  });

  test('an end inside a frame', () => {
    const run = runParent({ program: speaker([event('0000').subarray(0, 20)], { ends: true }) });
    expect(run.lines).toContain(EOF);
    expect(violation(run)).toContain('ended in payload: 1 of 2 bytes');
    expect(run.lines.filter(line => line.includes('ended"'))).toEqual([ENDED]);
    expect(run.status).toBe('exit 1');
  });

  test('the end of the child is told once, also to a slow reader', () => {
    const many = Array.from({ length: 2_000 }, () => frame('x', '00'));
    const run = runParent({ deafFor: seconds(0.5), program: speaker([concat(many), Uint8Array.of(1)], { ends: true }) });
    expect(run.lines.length).toBeGreaterThan(2_002);
    expect(run.lines.filter(line => line === ENDED).length).toBe(1);
  });

  test('unknown types are passed over, also long ones', () => {
    const long = concat([bytesOf('01016c00002000'), new Uint8Array(2_097_152)]);
    const run = runParent({ args: ['--stop-after=50000'], program: speaker([frame('', 'aa'), long, event('0000')]) });
    expect(run.lines.slice(0, 3)).toEqual([
      '{"event":"unknown","type":"","length":1}',
      '{"event":"unknown","type":"l","length":2097152}',
      START_DATABASE,
    ]);
    expect(run.status).toBe('exit 0');
  });

  test('a child that does not listen gets SIGTERM, then SIGKILL', () => {
    const args = ['--stop-after=100', '--grace=200', '--kill-after=300'];
    const run = runParent({ args, program: speaker([event('0000')], { deaf: true }) });
    expect(run.lines).toEqual([
      START_DATABASE,
      STOP,
      '{"event":"stop","by":"SIGTERM"}',
      '{"event":"stop","by":"SIGKILL"}',
      ...run.lines.slice(4),
    ]);
    expect(run.lines.slice(4).toSorted()).toEqual(['{"event":"ended","signal":"SIGKILL"}', EOF]);
    expect(run.status).toBe('exit 1');
    const kill = run.trace.filter(each => each.kind === 'kill').map(each => each.time);
    expect((kill[1] ?? 0) - (kill[0] ?? 0)).toBe(300_000);
  });

  test('a child that ends unasked is no success', () => {
    const run = runParent({ program: speaker([event('0000')], { ends: true }) });
    expect(run).toMatchObject({ lines: [START_DATABASE, EOF, ENDED], status: 'exit 1' });
  });

  test('a program that is not there', () => {
    expect(runParent({ child: ['no-such'] })).toMatchObject({ lines: ['{"event":"spawn-failed","code":"ENOENT"}'], status: 'exit 1' });
  });

  test.each([[['--no-such']], [['--grace=soon']]])('%j is a usage error', args => {
    expect(runParent({ args })).toMatchObject({ lines: [], status: 'exit 2', logs: ['usage'] });
  });
});

describe('quirks', () => {
  test('DC-01: every event of the server is read as one of the ticket database', () => {
    const run = stopped({ args: ['--quirk=comment-event-ids'] });
    expect(run.lines[1]).toBe('{"event":"lifetime","kind":0,"id":1,"name":"ticket-database"}');
    expect(run.status).toBe('exit 0');
  });

  test('DC-16: a child with a copy of the write end never sees the end', () => {
    const run = stopped({ args: ['--quirk=leaked-control-write-end', '--grace=1000'] });
    expect(run.lines).toContain('{"event":"stop","by":"SIGTERM"}');
    expect(stopped({ args: ['--grace=1000'] }).lines).not.toContain('{"event":"stop","by":"SIGTERM"}');
  });

  test('DC-19: no payload is too long', () => {
    const long = bytesOf(`010d${Buffer.from('p2plistenaddr').toString('hex')}ffffffff`);
    const run = stopped({ args: ['--quirk=no-payload-limit'], program: speaker([event('0000'), event('0001'), long]) });
    expect(run.lines.join()).toContain('ended in payload: 0 of 4294967295 bytes');
    expect(run.lines.join()).not.toContain('C2 payload is bounded');
  });

  test('DC-20: a frame in two chunks is lost', () => {
    const cut = event('0001');
    const program = speaker([event('0000'), cut.subarray(0, 5), cut.subarray(5), event('0100')]);
    expect(stopped({ program }).lines.slice(0, 3)).toEqual([START_DATABASE, START_SERVER, COMPLETE]);
    const run = stopped({ args: ['--quirk=whole-frame-per-chunk'], program });
    expect(run.lines).not.toContain(START_SERVER);
    expect(run.logs).toContain('chunk-lost');
  });

  test('DC-21: of frames that come together the first is read', () => {
    const program = speaker([concat([event('0000'), event('0001')]), event('0100')]);
    const count = (args: readonly string[]): number =>
      ['a', 'b', 'c', 'd', 'e', 'f'].filter(seed => stopped({ seed, args, program }).lines.includes(START_SERVER)).length;
    expect(count([])).toBe(6);
    expect(count(['--quirk=reader-per-message'])).toBeLessThan(6);
  });

  test('DC-22: after both addresses nothing is read', () => {
    const run = stopped({ args: ['--quirk=stops-reading-after-addresses'] });
    expect(run.lines).not.toContain(COMPLETE);
    expect(run.lines.at(-1)).toBe(ENDED);
    const many = Array.from({ length: 3_000 }, () => frame('x', '00'));
    const address = (type: string): Uint8Array => frame(type, '3a31');
    const program = speaker([
      event('0000'),
      event('0001'),
      concat([...many, address('p2plistenaddr'), address('rpclistenaddr')]),
      event('0100'),
    ]);
    const slow = (args: readonly string[]): boolean => stopped({ args, program, deafFor: seconds(1) }).lines.includes(COMPLETE);
    expect(slow([])).toBe(true);
    expect(slow(['--quirk=stops-reading-after-addresses'])).toBe(false);
    const stuck = stopped({
      args: ['--quirk=stops-reading-after-addresses'],
      child: ['lifetime-child', '--quirk=blocking-notify', '--message=x:00', '--repeat=20000'],
    });
    expect(stuck.lines.at(-1)).toBe('{"event":"ended","signal":"SIGKILL"}');
  });
});
