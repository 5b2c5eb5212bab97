/**
 * Fills the pipe it is given, with the bytes of its argument (in hexadecimal) and then zeros, and ends.
 */
import { unhex } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { PIPE_CAPACITY } from '../../src/host/host.ts';

/** Its name in a table of programs. */
export const FILLER = 'pipe-filler';
export const FILLER_DESCRIPTOR = 3;

export const pipeFiller: Daemon = host => {
  const attached = host.descriptors.attach(FILLER_DESCRIPTOR, 'write', { data: () => {}, drain: () => host.process.exit(0) });
  const filling = new Uint8Array(PIPE_CAPACITY);
  filling.set(unhex(host.process.args[0] ?? '') ?? []);
  if (!attached.ok) host.process.exit(1);
  else if (attached.value.write(filling) === 0) host.process.exit(0);
};
