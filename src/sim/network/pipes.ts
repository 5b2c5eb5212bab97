/**
 * Pipes and the descriptors that name their ends in one process.
 * Lacks: descriptors of files and sockets; O_NONBLOCK, since no call blocks.
 */
import type { Descriptor, Descriptors, Stream, StreamHandler } from '../../host/host.ts';
import { DONE, fail, ok, type Result } from '../../host/result.ts';
import { Channel, type Reader, type Transit } from '../channel/channel.ts';
import { PipeEnd } from '../channel/pipe-end.ts';
import { ByteRoom, PageRoom } from '../channel/room.ts';
import type { SimProcess } from '../process/process.ts';
import { SimStream } from './stream.ts';

/** RLIMIT_NOFILE as most systems set it. */
const DESCRIPTOR_MAX = 1_024;
const FIRST_FREE = 3;
/** Open in every process; where nobody has said where they lead, to the log. */
export const STANDARD_OUTPUTS: readonly Descriptor[] = [1, 2];

export class SimDescriptors implements Descriptors {
  readonly #process: SimProcess;

  constructor(process: SimProcess) {
    this.#process = process;
  }

  pipe(): Result<{ readonly read: Descriptor; readonly write: Descriptor }> {
    const process = this.#process;
    process.call();
    const refused = process.refused('pipe');
    if (refused !== undefined) return fail(refused, 'pipe');
    const read = this.#free(FIRST_FREE);
    const write = this.#free(read + 1);
    if (write >= DESCRIPTOR_MAX) return fail('EMFILE', 'pipe');
    const name = process.core.nextName('pipe');
    const channel = new Channel(process.core, name, new PageRoom(), localTransit(process), false);
    process.descriptors.set(read, new PipeEnd(channel, 'read'));
    process.descriptors.set(write, new PipeEnd(channel, 'write'));
    process.record('pipe', { channel: name, data: { read, write } });
    return ok({ read, write });
  }

  attach(descriptor: Descriptor, direction: 'read' | 'write', handler: StreamHandler): Result<Stream> {
    const process = this.#process;
    process.call();
    const end = process.descriptors.get(descriptor);
    const output = end === undefined && direction === 'write' && STANDARD_OUTPUTS.includes(descriptor);
    if (!output && end?.direction !== direction) {
      process.record('attach', { data: { fd: descriptor, direction, error: 'EBADF' } });
      return fail('EBADF', `attach ${descriptor}`);
    }
    const channel = end?.channel ?? outputChannel(process);
    process.descriptors.delete(descriptor);
    process.record('attach', { channel: channel.name, data: { fd: descriptor, direction } });
    const stream = new SimStream(
      process.core,
      process,
      direction === 'read' ? { kind: 'pipe', incoming: channel } : { kind: 'pipe', outgoing: channel },
    );
    stream.begin(handler);
    return ok(stream);
  }

  close(descriptor: Descriptor): Result<void> {
    const process = this.#process;
    process.call();
    const end = process.descriptors.get(descriptor);
    if (end === undefined) {
      process.record('release', { data: { fd: descriptor, error: 'EBADF' } });
      return fail('EBADF', `close ${descriptor}`);
    }
    process.descriptors.delete(descriptor);
    process.record('release', { channel: end.channel.name, data: { fd: descriptor } });
    end.drop();
    return DONE;
  }

  #free(from: Descriptor): Descriptor {
    let descriptor = from;
    while (this.#process.descriptors.has(descriptor)) descriptor++;
    return descriptor;
  }
}

export function localTransit(process: SimProcess): Transit {
  const { prng } = process.computer;
  const core = process.core;
  return { inside: true, prng, readMax: core.local.readMax, delay: () => core.localDelay(prng), held: () => {} };
}

/** Standard output or error that nobody redirected: what is written to it stands in the trace as `send`, and nobody reads it. */
function outputChannel(process: SimProcess): Channel {
  const channel = new Channel(
    process.core,
    process.core.nextName('out'),
    new ByteRoom(Number.MAX_SAFE_INTEGER),
    localTransit(process),
    false,
  );
  channel.addReader(SINK);
  return channel;
}

const SINK: Reader = { reading: true, owner: 0, received: () => {}, finished: () => {} };
