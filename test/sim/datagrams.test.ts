/** Datagrams: what is lost, doubled and overtaken, who hears a broadcast, and what the kernel refuses. */
import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/host/bytes.ts';
import type { Daemon, DatagramSocket, Host } from '../../src/host/host.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { DATAGRAM_MAX } from '../../src/sim/core/options.ts';
import { AT_ONCE, bytesOf, codeOf, later, must, Stage } from './kit.ts';

const PORT = 513;
const COUNT = 400;

const bound =
  (address: string, broadcast: boolean, use: (socket: DatagramSocket, host: Host) => void): Daemon =>
  host =>
    host.network.bind(
      { address, port: PORT },
      { broadcast },
      {
        opened: result => use(must(result), host),
        message: (bytes, from) => host.log('info', 'message', { text: textOf(bytes), from: `${from.address}:${from.port}` }),
      },
    );

const listener = bound('0.0.0.0', false, () => {});
/** One numbered datagram a millisecond. */
const talker = (to: string, count = COUNT, broadcast = false): Daemon =>
  bound('0.0.0.0', broadcast, (socket, host) => {
    for (let index = 0; index < count; index++)
      later(host, millis(100 + index), () => socket.send(bytesOf(String(index)), { address: to, port: PORT }));
  });

const texts = (stage: Stage, machine: string): readonly number[] =>
  stage
    .of('log')
    .filter(event => event.process.startsWith(`${machine}/`) && event.data?.['event'] === 'message')
    .map(event => Number(event.data?.['text']));

const LINK = { latencyMin: micros(100), latencyMax: micros(200) };

describe('datagrams', () => {
  it('arrive once each, in order, on a link without faults', () => {
    const stage = Stage.of({ a: listener, b: talker('10.0.0.1') }, { link: LINK });
    stage.run(2);
    expect(texts(stage, 'a')).toEqual(Array.from({ length: COUNT }, (_, index) => index));
  });

  it('are lost as often as the link says', () => {
    const stage = Stage.of({ a: listener, b: talker('10.0.0.1') }, { link: { ...LINK, loss: 300 } });
    stage.run(2);
    expect(texts(stage, 'a').length).toBeGreaterThan(COUNT * 0.6);
    expect(texts(stage, 'a').length).toBeLessThan(COUNT * 0.8);
  });

  it('arrive twice', () => {
    const stage = Stage.of({ a: listener, b: talker('10.0.0.1') }, { link: { ...LINK, duplicate: 1_000 } });
    stage.run(2);
    expect(texts(stage, 'a')).toHaveLength(2 * COUNT);
    expect(new Set(texts(stage, 'a')).size).toBe(COUNT);
  });

  it('overtake each other, and none is lost', () => {
    const link = { latencyMin: millis(1), latencyMax: millis(5), reorder: 200 };
    const stage = Stage.of({ a: listener, b: talker('10.0.0.1') }, { link });
    stage.run(2);
    const arrived = texts(stage, 'a');
    expect(new Set(arrived).size).toBe(COUNT);
    expect(arrived.some((value, index) => value < (arrived[index - 1] ?? -1))).toBe(true);
  });

  it('never suffer on their own machine', () => {
    const stage = new Stage({ a: talker('127.0.0.1') }, { link: { loss: 1_000 } });
    stage.add('a').start('a');
    stage.run(2);
    expect(texts(stage, 'a')).toHaveLength(COUNT);
  });

  it('reach everybody in the broadcast domain, the sender too, and nobody else', () => {
    const stage = new Stage({ listener, talker: talker('10.0.0.255', 1, true) });
    stage.add('a').start('listener');
    stage.add('b').start('talker');
    const far = stage.world.machine('c', { addresses: [{ address: '10.0.1.1', netmask: '255.255.255.0' }] });
    far.start('listener');
    const both = stage.world.machine('d', {
      addresses: [
        { address: '10.0.1.2', netmask: '255.255.255.0' },
        { address: '10.0.0.77', netmask: '255.255.255.0' },
      ],
    });
    both.start('listener');
    stage.run(2);
    const heard = stage.of('receive').map(event => [event.process.slice(0, 1), event.data?.['from']]);
    expect(heard.sort((left, right) => (String(left) < String(right) ? -1 : 1))).toEqual([
      ['a', '10.0.0.2:513'],
      ['b', '10.0.0.2:513'],
      ['d', '10.0.0.2:513'],
    ]);
  });

  it('reach every socket there was, not one that is opened or closed because of them', () => {
    const heard: string[] = [];
    const crowd: Daemon = host => {
      let second: DatagramSocket | undefined;
      const listen = (name: string, address: string, message: () => void): void =>
        host.network.bind(
          { address, port: PORT },
          {},
          {
            opened: result => {
              if (name === 'second') second = must(result);
            },
            message: () => {
              heard.push(name);
              message();
            },
          },
        );
      listen('first', '10.0.0.255', () => {
        if (heard.filter(name => name === 'first').length !== 2) return;
        second?.close();
        listen('third', '127.255.255.255', () => {});
        listen('fourth', '127.0.0.1', () => {});
      });
      listen('second', '127.0.0.2', () => {});
    };
    const stage = new Stage({ crowd, talker: talker('10.0.0.255', 3, true) });
    stage.add('a').start('crowd');
    stage.add('b').start('talker');
    stage.run(2);
    expect(heard).toEqual(['first', 'first', 'first']);
    expect(stage.machine('a').stack.udp.receivers).toHaveLength(3);
    expect(stage.machine('b').stack.udp.receivers).toHaveLength(1);
  });

  it('to an address that two machines have reach the one that was made first', () => {
    const stage = new Stage({ listener, talker: talker('10.0.0.9', 2) });
    stage.add('a').start('talker');
    for (const name of ['b', 'c'])
      stage.world.machine(name, { addresses: [{ address: '10.0.0.9', netmask: '255.255.255.0' }] }).start('listener');
    stage.run(2);
    expect(stage.of('receive').map(event => event.process.slice(0, 1))).toEqual(['b', 'b']);
  });

  it('do not reach a socket bound to an address they were not sent to', () => {
    const only = bound('127.0.0.1', false, () => {});
    const stage = Stage.of({ a: only, b: talker('10.0.0.1', 3) });
    stage.run(2);
    expect(texts(stage, 'a')).toEqual([]);
  });

  it('come from the address the socket is bound to, or from the one on the way', () => {
    const programs = {
      listener,
      talker: talker('10.0.0.1', 1),
      local: bound('10.0.1.5', false, socket => socket.send(bytesOf('1'), { address: '10.0.0.1', port: PORT })),
    };
    const stage = new Stage(programs, { local: AT_ONCE });
    stage.add('a').start('listener');
    const addresses = [
      { address: '10.0.1.5', netmask: '255.255.255.0' },
      { address: '10.0.0.5', netmask: '255.255.255.0' },
    ];
    stage.world.machine('b', { addresses }).start('talker');
    stage.world.machine('c', { addresses: [{ address: '10.0.1.5', netmask: '255.255.255.0' }], defaultRoute: true }).start('local');
    stage.run(2);
    expect(stage.of('receive').map(event => event.data?.['from'])).toEqual(['10.0.1.5:513', '10.0.0.5:513']);
  });

  it.each([false, true])('are refused where the kernel refuses them; a default route: %s', defaultRoute => {
    const codes: unknown[] = [];
    const a = bound('0.0.0.0', false, socket => {
      const send = (size: number, address: string): void =>
        socket.send(new Uint8Array(size), { address, port: PORT }, result => void codes.push(`${address} ${codeOf(result)}`));
      send(DATAGRAM_MAX, '127.0.0.1');
      send(DATAGRAM_MAX + 1, '127.0.0.1');
      send(1, '10.0.0.255');
      send(1, '255.255.255.255');
      send(1, '10.0.0.200');
      send(1, '10.0.1.1');
    });
    const stage = new Stage({ a });
    stage.world.machine('a', { addresses: [{ address: '10.0.0.1', netmask: '255.255.255.0' }], defaultRoute }).start('a');
    stage.run(1);
    expect(codes.sort((left, right) => (String(left) < String(right) ? -1 : 1))).toEqual([
      '10.0.0.200 ok',
      '10.0.0.255 EACCES',
      `10.0.1.1 ${defaultRoute ? 'ok' : 'ENETUNREACH'}`,
      '127.0.0.1 EMSGSIZE',
      '127.0.0.1 ok',
      `255.255.255.255 ${defaultRoute ? 'EACCES' : 'ENETUNREACH'}`,
    ]);
  });

  it('find no way from a machine that has only itself', () => {
    const codes: unknown[] = [];
    const a = bound('0.0.0.0', false, socket =>
      socket.send(bytesOf('x'), { address: '10.0.0.9', port: 1 }, result => void codes.push(codeOf(result))),
    );
    const stage = new Stage({ a });
    stage.world.machine('a', { addresses: [] }).start('a');
    stage.run(1);
    expect(codes).toEqual(['ENETUNREACH']);
  });

  it('wait for a stopped process, as many as its buffer takes; the rest is dropped', () => {
    const stage = Stage.of({ a: listener, b: talker('10.0.0.1', 1_000) }, { link: LINK });
    stage.inject({ kind: 'pause', at: millis(50), duration: seconds(2), program: 'a' }).run(5);
    const arrived = texts(stage, 'a');
    // 212992 bytes of 768 each, and the one that goes over.
    expect(arrived).toEqual(Array.from({ length: 278 }, (_, index) => index));
  });

  it('come after `opened`, however early they were sent', () => {
    for (let seed = 0; seed < 20; seed++) {
      const order: string[] = [];
      const s: Daemon = host =>
        host.network.bind(
          { address: '0.0.0.0', port: PORT },
          {},
          { opened: () => void order.push('opened'), message: () => void order.push('message') },
        );
      const c: Daemon = host =>
        host.network.bind(
          { address: '0.0.0.0', port: 1 },
          {},
          {
            opened: result => {
              for (let index = 0; index < 100; index++)
                later(host, micros(10 * index), () => must(result).send(bytesOf('x'), { address: '127.0.0.1', port: PORT }));
            },
            message: () => {},
          },
        );
      const stage = new Stage({ s, c }, { seed: String(seed), local: { latencyMin: micros(1), latencyMax: micros(300), ...AT_ONCE } });
      const machine = stage.add('m');
      machine.start('s');
      machine.start('c');
      stage.run(1);
      expect(order[0]).toBe('opened');
      expect(order.filter(step => step === 'opened')).toHaveLength(1);
      expect(order.length).toBeGreaterThan(10);
    }
  });

  it('find a port taken, unless the addresses differ', () => {
    const codes: unknown[] = [];
    const a: Daemon = host => {
      const bind = (address: string, port: number): void =>
        host.network.bind({ address, port }, {}, { opened: result => void codes.push(codeOf(result)), message: () => {} });
      later(host, millis(1), () => bind('10.0.0.1', 9));
      later(host, millis(2), () => bind('127.0.0.1', 9));
      later(host, millis(3), () => bind('0.0.0.0', 9));
      later(host, millis(4), () => bind('10.0.0.255', 9));
      later(host, millis(5), () => bind('10.0.0.2', 9));
      later(host, millis(6), () => bind('0.0.0.0', 0));
    };
    Stage.of({ a }).run(1);
    expect(codes).toEqual(['ok', 'ok', 'EADDRINUSE', 'ok', 'EADDRNOTAVAIL', 'ok']);
  });
});
