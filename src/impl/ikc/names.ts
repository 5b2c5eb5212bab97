/**
 * Names of kernels (B2): which there can be, and the id.
 * Lacks: what a kernel is called on one link (link-names.ts), and who has which name (the registry).
 */
import type { Host } from '../../host/host.ts';
import { NAME_MAX } from './limits.ts';

/** What the peer takes as a name when it is told (B4). */
const TELLABLE = /^[-:.\w]+$/;
/** What is a kernel in a specifier (B8), less the blank, which cannot be told. */
const ADDRESSABLE = /^(?:[-.\w]+(?::\d+)?|unix:[-.\w]+(?::\d+-\d+)?)$/;
const MICROSECONDS = 1_000_000;

/** Whether the text of an IAM is a name. */
export const isTellable = (name: string): boolean => name.length <= NAME_MAX && TELLABLE.test(name);

/** Whether a name can be told, and written in a specifier. A 0.2200 server ends when a peer has another one (B-T12). */
export const isAddressable = (name: string): boolean => name.length <= NAME_MAX && ADDRESSABLE.test(name);

/** A path as a part of a name: whatever has a meaning there, or none, becomes `_`. */
export const unixText = (path: string): string => path.replace(/[^-.\w]+/g, '_');

/** `<host>-<time>-<pid>-<number>`, as POE 1.370 has it: another one for each process, and for each `number` of it. */
export function kernelId(host: Host, number = 1): string {
  const time = Math.floor(host.clock.wall() / MICROSECONDS);
  const parts = [time, host.process.pid, number].map(part => (part >>> 0).toString(16).padStart(8, '0'));
  return [unixText(host.system.hostName()), ...parts].join('-');
}
