/**
 * Says how many ways out its machine has: networks that broadcast, and links. A monitor sees what crosses a Host, and a network is
 * not seen otherwise.
 */
import type { Daemon } from '../../../src/host/host.ts';

export const ways: Daemon = ({ log, network }) => {
  const interfaces = network.interfaces().filter(({ loopback }) => !loopback);
  const broadcasts = interfaces.filter(({ broadcast }) => broadcast !== undefined).length;
  log('info', 'ways', { broadcasts, links: interfaces.filter(({ peer }) => peer !== undefined).length });
};
