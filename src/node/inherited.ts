/**
 * What /proc tells about the descriptors of this process, and which of them its parent handed over.
 * Lacks: platforms without /proc, where nothing is known of a descriptor's direction and only 0 to 2 count as inherited.
 */
import fs from 'node:fs';
import type { Descriptor } from '../host/host.ts';

export type AccessMode = 'read' | 'write' | 'both';

/** The access mode of open(2). */
export function accessMode(descriptor: Descriptor): AccessMode | undefined {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags === undefined ? undefined : MODES[Number.parseInt(flags, 8) % 4];
  } catch {
    return undefined;
  }
}

const MODES: readonly AccessMode[] = ['read', 'write', 'both']; // O_RDONLY, O_WRONLY, O_RDWR

interface Open {
  readonly descriptor: Descriptor;
  /** What /proc shows it leads to: `pipe:[123]`, `socket:[4]`, a path. */
  readonly target: string;
}

/**
 * What a parent that is no Slipway handed over, to be asked before anything else is opened: files, sockets, and pipes of which this
 * process has one side. Pipes with both sides here are Node's own, as are epoll and event descriptors and devices.
 */
export function foreignDescriptors(): readonly Descriptor[] {
  const open = openDescriptors();
  const own = new Set(open.filter(one => one.descriptor > 2 && hasOtherSide(one, open)).map(one => one.target));
  return open.filter(one => one.descriptor <= 2 || (isForeign(one.target) && !own.has(one.target))).map(one => one.descriptor);
}

const isForeign = (target: string): boolean =>
  target.startsWith('pipe:') || target.startsWith('socket:') || (target.startsWith('/') && !target.startsWith('/dev/'));

function hasOtherSide({ descriptor, target }: Open, open: readonly Open[]): boolean {
  const mode = accessMode(descriptor);
  return target.startsWith('pipe:') && open.some(other => other.target === target && accessMode(other.descriptor) !== mode);
}

function openDescriptors(): readonly Open[] {
  const found: Open[] = [];
  for (const name of names()) {
    try {
      found.push({ descriptor: Number(name), target: fs.readlinkSync(`/proc/self/fd/${name}`) });
    } catch {
      // The descriptor that listed the directory is gone by now; without /proc, the target is not known.
      if (Number(name) <= 2) found.push({ descriptor: Number(name), target: '' });
    }
  }
  return found;
}

function names(): readonly string[] {
  try {
    return fs.readdirSync('/proc/self/fd');
  } catch {
    return ['0', '1', '2'];
  }
}
