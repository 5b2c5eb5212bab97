/**
 * What Linux charges for bytes in a socket's buffer: sk_buff.truesize (include/linux/skbuff.h, SKB_TRUESIZE), memory and not
 * payload. One byte costs 768, so that many small messages fill a buffer that few large ones do not.
 * Lacks: machines with other pages or cache lines, and the fragments of TCP.
 */

const PAGE = 4_096;
/** SMP_CACHE_BYTES: SKB_DATA_ALIGN rounds up to it. */
const CACHE_LINE = 64;
/** The sk_buff itself, and the skb_shared_info behind its bytes; both rounded up. */
const SK_BUFF = 256;
const SHARED_INFO = 320;
/** The smallest of the kmalloc caches that holds any head with its skb_shared_info; they go on in powers of two. */
const SMALLEST_HEAD = 512;

/** SKB_MAX_HEAD(0): bytes that the head of a buffer of one page holds. */
export const HEAD_MAX: number = PAGE - SHARED_INFO;

/** Of a buffer with `head` bytes beside its bookkeeping, and `paged` bytes in pages of their own. */
export function truesize(head: number, paged: number): number {
  const needed = roundUp(head, CACHE_LINE) + SHARED_INFO;
  let memory = SMALLEST_HEAD;
  while (memory < needed) memory *= 2;
  return memory + SK_BUFF + roundUp(paged, PAGE);
}

/** `unit` is a power of two. */
export const roundUp = (size: number, unit: number): number => (size + unit - 1) & -unit;
