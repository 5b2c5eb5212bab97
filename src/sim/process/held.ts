/**
 * What a process holds, as the process sees it: something that goes when it ends.
 * Lacks: what each of them is; the folders above this one know.
 */
import type { Stream } from '../../host/host.ts';

export interface Held {
  /** The process ended, or another program took its place: the kernel closes it. */
  release(): void;
  /** The machine lost power: it is gone, and nobody is told. */
  discard(): void;
}

/** One end of a connection or a pipe: a fault may strike it. */
export interface HeldStream extends Held {
  readonly kind: Stream['kind'];
  /** A reset from the middle of the path: both ends learn of it. */
  breakDown(): void;
  /** The connection falls silent: nothing more comes or goes. False: it cannot, or has before. */
  silence(): boolean;
}
