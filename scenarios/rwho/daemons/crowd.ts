/**
 * Many hosts that only tell, played by one process: each reports as a rwhod does, and hears nothing. For networks so large that a
 * rwhod for each would have more to keep than one machine has room for.
 *  --hosts=N           c1 to cN
 *  --to=ADDRESS        where to
 */
import type { Daemon, DatagramSocket } from '../../../src/host/host.ts';
import { micros, seconds } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/command-line/options.ts';
import { secondsOf, stampOf } from '../../../src/impl/rwho/time.ts';
import { encode, WHO_PORT } from '../../../src/impl/rwho/wire.ts';

const HOSTS_MAX = 4_000;
const INTERVAL = seconds(180);
/** The interval is shorter by up to this (RW-51). */
const JITTER = seconds(10);

export const crowdNames = (hosts: number): readonly string[] => Array.from({ length: hosts }, (_, index) => `c${index + 1}`);

export const crowd: Daemon = host => {
  const { clock, network, random } = host;
  const options = new Options(host.process.args);
  const hosts = options.number('hosts', HOSTS_MAX) ?? 0;
  const to = { address: options.text('to') ?? '', port: WHO_PORT };
  if (options.problem !== undefined) throw new Error(options.problem);
  const bootTime = stampOf(secondsOf(clock.wall()));
  const tell = (socket: DatagramSocket, hostName: string): void => {
    const sendTime = stampOf(secondsOf(clock.wall()));
    socket.send(encode({ sendTime, receiveTime: 0, hostName, load: [1, 1, 1], bootTime, entries: [] }), to);
    clock.setTimer(micros(INTERVAL - random.below(JITTER)), () => tell(socket, hostName));
  };
  const opened: Parameters<typeof network.bind>[2]['opened'] = result => {
    if (!result.ok) throw new Error(result.error.call);
    const socket = result.value;
    // Nobody switches on a thousand machines at once.
    for (const name of crowdNames(hosts)) clock.setTimer(micros(random.below(INTERVAL)), () => tell(socket, name));
  };
  network.bind({ address: '0.0.0.0', port: WHO_PORT }, { broadcast: true }, { opened, message: () => {} });
};
