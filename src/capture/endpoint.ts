/**
 * Where something was sent from or to, as a capture has it, and as text.
 * Lacks: names.
 */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `10.0.0.1:9090`, `[::1]:9090`. */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Dotted; of IPv6 in the form of RFC 5952. */
export function addressText(bytes: Uint8Array, at: number, size: 4 | 16): string {
  if (size === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[at + 2 * index] ?? 0) << 8) | (bytes[at + 2 * index + 1] ?? 0));
  const [from, length] = longestZeros(groups);
  const shown = (part: readonly number[]): string => part.map(group => group.toString(16)).join(':');
  return length < 2 ? shown(groups) : `${shown(groups.slice(0, from))}::${shown(groups.slice(from + length))}`;
}

function longestZeros(groups: readonly number[]): readonly [from: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let from = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) from = index + 1;
    else if (index + 1 - from > best[1]) best = [from, index + 1 - from];
  }
  return best;
}
