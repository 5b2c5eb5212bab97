/**
 * What a fatal error was (R6): in the log, and a line of standard error for whoever started the program, an httpd above all.
 */
import { printable, utf8 } from '../../host/bytes.ts';
import type { Host, SpawnOptions } from '../../host/host.ts';
import { failed } from './log.ts';

const STDERR = 2;

/** A child has that of its parent. */
export const STANDARD_ERROR: NonNullable<SpawnOptions['descriptors']> = { [STDERR]: STDERR };

/** Before the end of the process. What the other side has no room for is lost with it. */
export function sayLast(host: Host, why: string): void {
  const text = printable(why);
  failed(host).fatal({ text });
  const stream = host.descriptors.attach(STDERR, 'write', { data: () => {} });
  if (stream.ok) stream.value.write(utf8(`rover: ${text}\n`));
}
