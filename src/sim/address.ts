/**
 * IPv4 addresses as text and as numbers: just enough to know which network an address is on.
 * Lacks: IPv6 beyond comparing text, routing tables.
 * May import: nothing.
 */

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The address as an unsigned number, or `undefined` when it is not dotted IPv4. */
export function ipv4(address: string): number | undefined {
  const parts = DOTTED.exec(address);
  if (parts === null) return undefined;
  let value = 0;
  for (const part of parts.slice(1)) {
    const byte = Number(part);
    if (byte > 255) return undefined;
    value = value * 256 + byte;
  }
  return value;
}

export const formatIpv4 = (value: number): string => [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.');

export function broadcastOf(address: string, netmask: string): string | undefined {
  const value = ipv4(address);
  const mask = ipv4(netmask);
  return value === undefined || mask === undefined ? undefined : formatIpv4((value | ~mask) >>> 0);
}

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
export const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';
