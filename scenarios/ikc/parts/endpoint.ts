/**
 * Addresses on the command lines of those who are not ours.
 */
import type { Endpoint } from '../../../src/host/host.ts';

/** `10.0.0.1:603`, or the path of a Unix-domain socket. */
export function endpointOf(address: string): Endpoint {
  const at = address.lastIndexOf(':');
  if (at < 0) return { transport: 'unix', path: address };
  return { transport: 'tcp', address: address.slice(0, at), port: Number(address.slice(at + 1)) };
}
