/**
 * The pipe by which a child learns that its parent is gone, however it went: the parent holds the write end and never
 * writes, and the kernel closes it. Without it the children of a killed parent would live on beside those of the next.
 */
import type { Descriptor, Host } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { DONE } from '../../host/result.ts';

/** The child's number of the read end. */
export const LIFELINE: Descriptor = 3;

/** In a child: calls `orphaned` once, when the parent has ended or let go. An error if descriptor `descriptor` is no lifeline. */
export function holdLifeline(host: Host, descriptor: Descriptor, orphaned: () => void): Result<void> {
  let cut = false;
  const end = (): void => {
    if (cut) return;
    cut = true;
    orphaned();
  };
  const stream = host.descriptors.attach(descriptor, 'read', { data: () => {}, end, close: end });
  return stream.ok ? DONE : stream;
}
