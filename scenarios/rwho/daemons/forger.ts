/**
 * Somebody on the network who says what he likes, and sends signals on his own machine.
 *  --to=ADDRESS            default 10.0.0.1
 *  --say=MS:HEX[:PORT]     a datagram, from port 513 or another
 *  --flood=MS:COUNT:GAP    reports of invented hosts, GAP milliseconds apart
 *  --many=MS:GAP           one report from each address of its machine, GAP milliseconds apart
 *  --kill=MS:SIGNAL:PID
 *  --hold                  binds the port, and says nothing
 *  --echo=MS:OFFSET:ADD    sends each datagram back after a while, with so much added to the number that is there
 */
import { unhex } from '../../../src/host/bytes.ts';
import type { Daemon, DatagramSocket, Host } from '../../../src/host/host.ts';
import { SIGNALS } from '../../../src/host/signal.ts';
import { millis } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/command-line/options.ts';
import { WHO_PORT } from '../../../src/impl/rwho/wire.ts';
import { forged } from '../parts/forged.ts';

export const forger: Daemon = host => {
  const options = new Options(host.process.args);
  const to = { address: options.text('to') ?? '10.0.0.1', port: WHO_PORT };
  const says = options.all('say').map(text => text.split(':'));
  const floods = options.all('flood').map(text => text.split(':').map(Number));
  const many = options.all('many').map(text => text.split(':').map(Number));
  const kills = options.all('kill').map(text => text.split(':'));
  const echoes = options.all('echo').map(text => text.split(':').map(Number));
  const holds = options.flag('hold');
  if (options.problem !== undefined) throw new Error(options.problem);
  for (const [at = '', name = '', pid = ''] of kills) {
    const signal = SIGNALS.find(each => each === name);
    if (signal !== undefined) host.clock.setTimer(millis(Number(at)), () => void host.process.kill(Number(pid), signal));
  }
  for (const [at = 0, gap = 0] of many) {
    const own = host.network.interfaces().filter(({ loopback }) => !loopback);
    for (const [index, { address }] of own.entries()) {
      const report = forged('many', { sent: Math.floor((at + index * gap) / 1_000) });
      withSocket(
        host,
        WHO_PORT,
        () => {},
        socket => void host.clock.setTimer(millis(at + index * gap), () => socket.send(report, to)),
        address,
      );
    }
  }
  const ports = new Set(says.map(([, , port]) => Number(port ?? WHO_PORT)));
  if (floods.length > 0 || echoes.length > 0 || holds) ports.add(WHO_PORT);
  for (const port of ports) {
    const echo = (bytes: Uint8Array, socket: DatagramSocket): void => {
      for (const [at = 0, offset = 0, add = 0] of echoes)
        host.clock.setTimer(millis(at), () => socket.send(changed(bytes, offset, add), to));
    };
    withSocket(host, port, port === WHO_PORT ? echo : () => {}, socket => {
      const later = (at: number, bytes: Uint8Array): void => void host.clock.setTimer(millis(at), () => socket.send(bytes, to));
      for (const [at, hex = '', own] of says) if (Number(own ?? WHO_PORT) === port) later(Number(at), unhex(hex) ?? new Uint8Array(0));
      if (port !== WHO_PORT) return;
      for (const [at = 0, count = 0, gap = 0] of floods)
        for (let index = 0; index < count; index++) later(at + index * gap, forged(`n${index}`, { sent: Math.floor(at / 1_000) }));
    });
  }
};

function changed(report: Uint8Array, offset: number, add: number): Uint8Array {
  const bytes = report.slice();
  const view = new DataView(bytes.buffer);
  if (offset + 4 <= bytes.length) view.setInt32(offset, view.getInt32(offset) + add);
  return bytes;
}

function withSocket(
  host: Host,
  port: number,
  hear: (bytes: Uint8Array, socket: DatagramSocket) => void,
  use: (socket: DatagramSocket) => void,
  address = '0.0.0.0',
): void {
  let own: DatagramSocket | undefined;
  const handler = {
    opened: (result: Parameters<Parameters<Host['network']['bind']>[2]['opened']>[0]) => {
      if (result.ok) {
        own = result.value;
        use(own);
      }
    },
    message: (bytes: Uint8Array) => {
      if (own !== undefined) hear(bytes, own);
    },
  };
  host.network.bind({ address, port }, { broadcast: true }, handler);
}
