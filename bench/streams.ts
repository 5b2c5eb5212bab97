/**
 * Round trips between echo clients and a server: in the world, with fingerprinting on, and over real loopback TCP with
 * node:net alone.
 */
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Daemon } from '../src/host/host.ts';
import type { Instant } from '../src/host/time.ts';
import { ZERO } from '../src/host/time.ts';
import { World } from '../src/sim/world.ts';

export const CLIENTS = 50;
const PORT = 7;

const server: Daemon = host => {
  host.network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: PORT },
    { backlog: CLIENTS },
    { opened: () => {}, accept: stream => ({ data: bytes => void stream.write(bytes) }) },
  );
};

function client(size: number, trip: () => void): Daemon {
  return host => {
    host.clock.setTimer(ZERO, () =>
      host.network.connect({ transport: 'tcp', address: '10.0.0.1', port: PORT }, {}, result => {
        if (!result.ok) throw new Error(result.error.code);
        const stream = result.value;
        const message = new Uint8Array(size);
        let missing = size;
        stream.write(message);
        return {
          data: bytes => {
            missing -= bytes.length;
            if (missing > 0) return;
            missing = size;
            trip();
            stream.write(message);
          },
        };
      }),
    );
  };
}

/** Runs a fresh world until it has recorded `events`, and counts its trips; each message has `size` bytes. */
export function simulatedTrips(events: number, size: number): number {
  let trips = 0;
  const world = new World({ seed: 'bench', programs: { server, client: client(size, () => trips++) } });
  world.machine('server').start('server');
  const machine = world.machine('clients');
  for (let index = 0; index < CLIENTS; index++) machine.start('client');
  world.run(Number.MAX_SAFE_INTEGER as Instant, events);
  return trips;
}

/** Real sockets on loopback, the same number of clients, until `trips` are made. */
export async function realTrips(trips: number, size: number): Promise<void> {
  const listening = createServer({ noDelay: true }, socket => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    let made = 0;
    const sockets = Array.from({ length: CLIENTS }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
    for (const socket of sockets) {
      const message = Buffer.alloc(size);
      let missing = size;
      socket.on('error', reject).on('connect', () => socket.write(message));
      socket.on('data', bytes => {
        missing -= bytes.length;
        if (missing > 0) return;
        missing = size;
        if (++made < trips) socket.write(message);
        else {
          for (const each of sockets) each.destroy();
          resolve();
        }
      });
    }
  });
  await new Promise<void>(resolve => listening.close(() => resolve()));
}
