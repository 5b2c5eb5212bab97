/**
 * What arguments of system calls mean, whatever the call is: numbers, paths, addresses.
 * Lacks: how they are written (value.ts).
 */
import { fromUtf8, textOf } from '../../host/bytes.ts';
import type { SystemCall } from './line.ts';
import { bytesOf, fieldOf, itemsOf, type Value, wordOf } from './value.ts';

/** A descriptor, a process, a signal. */
export const number = (value: Value | undefined): number => Number.parseInt(wordOf(value), 10);
export const path = (value: Value | undefined): string => {
  const bytes = bytesOf(value);
  return bytes === undefined ? wordOf(value) : (fromUtf8(bytes) ?? textOf(bytes));
};
/** Whether an exec(2) closes what the call made. Strings in it are hexadecimal, so that no name of a file says this. */
export const passes = ({ args }: SystemCall): boolean => args.includes('CLOEXEC');
export const errorOf = ({ error }: SystemCall): { readonly error?: string } => (error === undefined ? {} : { error });

/** `127.0.0.1:603`, `[::1]:603`, or the path of a Unix-domain socket. */
export function addressOf(value: Value | undefined): string {
  const port = wordOf(itemsOf(fieldOf(value, 'sin_port'))[0]);
  if (port !== '') return `${path(itemsOf(fieldOf(value, 'sin_addr'))[0])}:${port}`;
  const port6 = wordOf(itemsOf(fieldOf(value, 'sin6_port'))[0]);
  // inet_pton(AF_INET6, "…", &sin6_addr) is a value without a name.
  const named =
    value?.is === 'struct' ? [...value.fields.values()].find(each => each.is === 'call' && each.name === 'inet_pton') : undefined;
  if (port6 !== '') return `[${path(itemsOf(named)[1])}]:${port6}`;
  return path(fieldOf(value, 'sun_path'));
}
