/**
 * One copy of one end of a pipe, which a descriptor names.
 * Lacks: what is done with it (network/pipes.ts).
 */
import { NO_CAUSE } from '../../trace/event.ts';
import type { Channel } from './channel.ts';

export class PipeEnd {
  readonly channel: Channel;
  readonly direction: 'read' | 'write';

  constructor(channel: Channel, direction: 'read' | 'write') {
    this.channel = channel;
    this.direction = direction;
  }

  /** For a child. */
  copy(): PipeEnd {
    if (this.direction === 'write') this.channel.writerCopies++;
    else this.channel.readerCopies++;
    return new PipeEnd(this.channel, this.direction);
  }

  drop(): void {
    if (this.direction === 'write') this.channel.dropWriter(NO_CAUSE);
    else this.channel.dropReader();
  }
}
