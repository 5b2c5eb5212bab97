/** Which port is given to whom: what Linux gave with net.ipv4.ip_local_port_range of 40000 to 40003. */
import { describe, expect, it } from 'vitest';
import { type Duration, type Instant, seconds } from '../../src/host/time.ts';
import { Core } from '../../src/sim/core/core.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../../src/sim/core/options.ts';
import { type HeldPort, Ports } from '../../src/sim/network/ports.ts';

const RANGE = [40_000, 40_001, 40_002, 40_003];
const ONE = '127.0.0.1';
const SERVER = '127.0.0.1:7';

class Table {
  readonly core: Core = new Core('ports', LINK_DEFAULTS, LOCAL_DEFAULTS, undefined);
  readonly ports: Ports<string> = new Ports(this.core, taken => RANGE.find(port => !taken(port)));

  /** connect(2). */
  connect(address: string, peer: string, inside = false): HeldPort | undefined {
    const port = this.ports.chooseTowards(address, peer);
    return port === undefined ? undefined : this.ports.hold({ address, port, peer, inside });
  }

  /** bind(2) to port 0, and listen(2). */
  listen(address: string): number | undefined {
    const port = this.ports.chooseFor(address);
    return port === undefined ? undefined : this.ports.hold({ address, port, receiver: address }).port;
  }

  pass(time: Duration): void {
    this.core.now = (this.core.now + time) as Instant;
  }
}

const five = (give: () => number | undefined): readonly (number | undefined)[] => Array.from({ length: 5 }, give);

describe('a port', () => {
  it('of a connection is none that somebody bound, at whatever address; to another place it may be the same', () => {
    const table = new Table();
    table.ports.hold({ address: '127.0.0.9', port: 40_000, receiver: 'listener' });
    for (const peer of [SERVER, '127.0.0.1:8', '127.0.0.2:7'])
      expect(five(() => table.connect(ONE, peer)?.port)).toEqual([40_001, 40_002, 40_003, undefined, undefined]);
  });

  it('to be bound is any that no overlapping address has', () => {
    const table = new Table();
    table.ports.hold({ address: '127.0.0.9', port: 40_000, receiver: 'listener' });
    for (let count = 0; count < 3; count++) table.connect(ONE, SERVER);
    expect(five(() => table.listen('127.0.0.4'))).toEqual([40_000, 40_001, 40_002, 40_003, undefined]);
    expect(five(() => table.listen(ONE))).toEqual([40_000, undefined, undefined, undefined, undefined]);
    expect(table.listen('0.0.0.0')).toBeUndefined();
  });

  it('of a connection that was closed first is free a minute later, on the same machine to connections after a second', () => {
    for (const inside of [false, true]) {
      const table = new Table();
      const connections = RANGE.map(() => table.connect(ONE, SERVER, inside));
      for (const one of connections) one?.linger();
      expect(table.connect(ONE, SERVER, inside)).toBeUndefined();
      table.pass(seconds(1));
      expect(table.connect(ONE, SERVER, inside)?.port).toBe(inside ? 40_000 : undefined);
      expect(table.ports.taken(ONE, 40_003)).toBe(true);
      table.pass(seconds(59));
      expect(table.ports.taken(ONE, 40_003)).toBe(false);
      expect(table.connect(ONE, SERVER, inside)?.port).toBe(inside ? 40_001 : 40_000);
    }
  });

  it('belongs to whom it is bound, and to nobody afterwards', () => {
    const table = new Table();
    const narrow = table.ports.hold({ address: '0.0.0.0', port: 7, receiver: 'narrow' });
    const wide = table.ports.hold({ address: '::1', port: 7, receiver: 'wide' });
    expect(['127.0.0.3', '::1', '::2'].map(address => table.ports.receiver(address, 7))).toEqual(['narrow', 'wide', undefined]);
    narrow.release();
    narrow.release();
    expect(['127.0.0.3', '::1'].map(address => table.ports.receiver(address, 7))).toEqual([undefined, 'wide']);
    wide.release();
    expect(table.ports.receivers).toEqual([]);
    expect(table.ports.receiver('::1', 7)).toBeUndefined();
  });
});
