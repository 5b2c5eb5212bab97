/**
 * Endpoints and IPv4 networks as text: the one form that both Hosts put into events, and daemons into messages.
 * Lacks: resolving names, and IPv6 beyond its brackets.
 */
import type { Endpoint } from './host.ts';

/** `127.0.0.1:9108`, `[::1]:9108`, `unix:/run/daemon.sock`. */
export const formatEndpoint = (endpoint: Endpoint): string =>
  endpoint.transport === 'unix' ? `unix:${endpoint.path}` : formatAddress(endpoint);

export const formatAddress = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Bytes of a Unix-domain path: sun_path of Linux less its NUL (unix(7)). */
export const UNIX_PATH_MAX = 107;

const DOT = 0x2e;
const ZERO_DIGIT = 0x30;
/** A network of one or two addresses has none to broadcast to (RFC 3021). */
const SMALL_NETWORK = 0xffff_fffe;

/** The address as an unsigned number, or `undefined` when it is not dotted IPv4. */
export function ipv4(address: string): number | undefined {
  let [value, byte, digits, dots] = [0, 0, 0, 0];
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    const digit = code - ZERO_DIGIT;
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + byte;
      byte = 0;
      digits = 0;
    } else {
      if (!(digit >= 0 && digit <= 9) || ++digits > 3) return undefined;
      byte = byte * 10 + digit;
      if (byte > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + byte : undefined;
}

export const formatIpv4 = (value: number): string => [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.');

/** The broadcast address of the network; `undefined` where there is none. */
export function broadcastOf(address: string, netmask: string): string | undefined {
  const value = ipv4(address);
  const mask = ipv4(netmask);
  if (value === undefined || mask === undefined || mask >= SMALL_NETWORK) return undefined;
  return formatIpv4((value | ~mask) >>> 0);
}

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
export const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';
/** 224.0.0.0/4 (RFC 5771). */
export function isMulticast(address: string): boolean {
  const value = ipv4(address);
  return value !== undefined && value >>> 28 === 14;
}
