/**
 * Fills the pipe it inherits as descriptor 3 to the last byte, with whole frames of a type nobody knows, and ends.
 * May import: host.
 */
import { concat, utf8 } from '../../../src/host/bytes.ts';
import { type Daemon, PIPE_CAPACITY } from '../../../src/host/host.ts';

const TYPE = utf8('filler');
/** One page each: src/host promises nothing about larger writes. */
const FRAME = 4_096;

export const FILL: Uint8Array = concat(Array.from({ length: PIPE_CAPACITY / FRAME }, fillerFrame));

export const filler: Daemon = host => {
  const stream = host.descriptors.attach(3, 'write', { data: () => {} });
  if (!stream.ok) throw new Error(`filler: ${stream.error.call}`);
  stream.value.write(FILL);
  host.process.exit(stream.value.pending === 0 ? 0 : 1);
};

function fillerFrame(): Uint8Array {
  const frame = new Uint8Array(FRAME);
  const size = FRAME - TYPE.length - 6;
  frame.set([1, TYPE.length, ...TYPE, size & 0xff, size >> 8]);
  return frame;
}
