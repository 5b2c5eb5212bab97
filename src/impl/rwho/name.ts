/**
 * Host names in a report: what may name a file. The published test (A5, verify) takes every printable character of ASCII but
 * the blank; the slash went in the 1990s, when somebody saw where a path with it leads (RW-08).
 */
import type { Host } from '../../host/host.ts';
import { HOSTNAME_MAX } from './wire.ts';

const SLASH = 0x2f;

/** What is wrong with a name, or `undefined`. */
export function nameFault(name: string): string | undefined {
  if (name === '') return 'it is empty';
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f) return `it has the byte ${code.toString(16).padStart(2, '0')}`;
    if (code === SLASH) return 'it has a slash';
  }
  return undefined;
}

/** What a machine calls itself in its own reports: up to the first dot (A4). */
export const shortName = (hostName: string): string => hostName.split('.', 1)[0] ?? '';

/** The own name as others see it: what the field has room for. */
export const reportedName = (host: Host): string => shortName(host.system.hostName()).slice(0, HOSTNAME_MAX);
