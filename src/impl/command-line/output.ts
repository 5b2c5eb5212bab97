/**
 * Standard output of a program: lines, which are taken before it ends. A process of a world has none, and then they go nowhere.
 */
import { utf8 } from '../../host/bytes.ts';
import type { Host, Stream } from '../../host/host.ts';

export interface Output {
  line(text: string): void;
  /** Calls `then` once, when all lines have been taken; that may be at once. */
  whenTaken(then: () => void): void;
}

export function standardOutput({ descriptors }: Host): Output {
  let stream: Stream | undefined;
  let waiting: (() => void) | undefined;
  const taken = (): void => {
    const then = waiting;
    waiting = undefined;
    then?.();
  };
  const closed = (): void => {
    stream = undefined;
    taken();
  };
  const attached = descriptors.attach(1, 'write', { data: () => {}, drain: taken, close: closed });
  if (attached.ok) stream = attached.value;
  return {
    line: text => void stream?.write(utf8(`${text}\n`)),
    whenTaken: then => {
      if (stream === undefined || stream.pending === 0) then();
      else waiting = then;
    },
  };
}
