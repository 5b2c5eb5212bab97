/**
 * Fills the pipe it inherits as descriptor 3 with whole frames of a type nobody knows, and ends: with status 0 when no frame
 * more went in. A pipe is full when its pages are used, so that half a page and one byte in each will do (pipe(7)).
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { type Daemon, PIPE_CAPACITY } from '../../../src/host/host.ts';

const TYPE = utf8('filler');
const PAGE = 4_096;
/** Two of these do not share a page. */
const HALF = PAGE / 2 + 1;
const PAGES = PIPE_CAPACITY / PAGE;

export const filler: Daemon = host => {
  const attached = host.descriptors.attach(3, 'write', { data: () => {} });
  if (!attached.ok) throw new Error(`filler: ${attached.error.call}`);
  const stream = attached.value;
  for (let page = 1; page < PAGES; page++) stream.write(frameOf(HALF));
  stream.write(frameOf(PAGE));
  const full = stream.pending === 0 && stream.write(frameOf(TYPE.length + 6)) > 0;
  host.process.exit(full ? 0 : 1);
};

function frameOf(length: number): Uint8Array {
  const frame = new Uint8Array(length);
  const size = length - TYPE.length - 6;
  frame.set([1, TYPE.length, ...TYPE, size & 0xff, size >> 8]);
  return frame;
}
