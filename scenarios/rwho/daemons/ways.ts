/**
 * Says how many ways out its machine has: networks that broadcast, and links. A monitor sees what crosses a Host, and a network is
 * not seen otherwise. With `--each` it says of each interface what it is.
 */
import type { Daemon } from '../../../src/host/host.ts';

export const ways: Daemon = ({ log, network, process }) => {
  const all = network.interfaces();
  const interfaces = all.filter(({ loopback }) => !loopback);
  const broadcasts = interfaces.filter(({ broadcast }) => broadcast !== undefined).length;
  log('info', 'ways', { broadcasts, links: interfaces.filter(({ peer }) => peer !== undefined).length });
  if (!process.args.includes('--each')) return;
  for (const { name, address, netmask, broadcast, peer, loopback } of all)
    log('info', 'interface', { name, address, netmask, loopback, ...(broadcast && { broadcast }), ...(peer && { peer }) });
};
