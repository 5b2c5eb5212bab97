/**
 * Addresses of events as bytes: `127.0.0.1:4711` or `[::1]:4711`, in the forms of RFC 4291 §2.2. Nothing for any other text.
 * Lacks: zones (`fe80::1%eth0`).
 */
import type { Socket } from './segment.ts';

export function socketOf(text: string): Socket | undefined {
  const [, bracketed, bare, port = ''] = /^(?:\[([^\]]*)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed === undefined ? ipv4Of(bare ?? '') : ipv6Of(bracketed);
  return address === undefined || Number(port) > 65_535 ? undefined : { address, port: Number(port) };
}

function ipv4Of(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const address = parts.map(Number);
  return parts.length === 4 && parts.every(each => /^\d{1,3}$/.test(each)) && address.every(each => each <= 255) ? address : undefined;
}

const GROUPS = 8;

/** `::` stands for as many zeros as are missing; the last two groups may be an IPv4 address. */
function ipv6Of(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  const [front, back] = [groupsOf(halves[0] ?? ''), groupsOf(halves[1] ?? '')];
  if (front === undefined || back === undefined || halves.length > 2) return undefined;
  const missing = GROUPS - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...front, ...Array.from({ length: missing }, () => 0), ...back];
  return groups.flatMap(group => [group >> 8, group & 0xff]);
}

function groupsOf(text: string): readonly number[] | undefined {
  const groups: number[] = [];
  for (const part of text === '' ? [] : text.split(':')) {
    const [a, b, c, d] = ipv4Of(part) ?? [];
    if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) groups.push(a * 256 + b, c * 256 + d);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}
