/**
 * The block cipher IDEA (Lai and Massey, 1991; README.md, A8): blocks of 64 bits, a key of 128 bits, words of 16 bits,
 * big endian. Many blocks at a time, each for itself (ECB), as A9 sends them.
 *
 * A round runs over a whole batch of blocks before the next one begins. One block is a chain of 34 multiplications that
 * wait for each other; several blocks in flight keep the processor busy, and a round's six subkeys stay in registers.
 *
 * Lacks: chaining, padding (enc.ts), constant time (a factor of zero takes a branch), erasure of keys: it is a relic that
 * LON-CAPA speaks, not protection.
 */

export const KEY_LENGTH = 16;
export const BLOCK_LENGTH = 8;
const ROUNDS = 8;
/** Six for each round, four for the output. */
export const SUBKEYS: number = 6 * ROUNDS + 4;

export class Idea {
  readonly #encryption: Uint16Array;
  readonly #decryption: Uint16Array;

  /** Throws unless `key` has KEY_LENGTH bytes, as the published class does (A8, A-B27). */
  constructor(key: Uint8Array) {
    this.#encryption = expandKey(key);
    this.#decryption = invertSubkeys(this.#encryption);
  }

  /** Throws unless `blocks` is a multiple of BLOCK_LENGTH bytes long. */
  encrypt(blocks: Uint8Array): Uint8Array {
    return transform(blocks, this.#encryption);
  }

  /** The inverse of `encrypt`, with the same condition. */
  decrypt(blocks: Uint8Array): Uint8Array {
    return transform(blocks, this.#decryption);
  }
}

// ── subkeys ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The encryption subkeys: the key as eight words, then the key rotated left by 25 bits, and again, until there are 52. */
export function expandKey(key: Uint8Array): Uint16Array {
  if (key.length !== KEY_LENGTH) throw new Error(`IDEA: a key has ${KEY_LENGTH} bytes, not ${key.length}`);
  const subkeys = new Uint16Array(SUBKEYS);
  const at = (index: number): number => subkeys[index] ?? 0;
  for (let index = 0; index < 8; index++) subkeys[index] = ((key[2 * index] ?? 0) << 8) | (key[2 * index + 1] ?? 0);
  for (let index = 8; index < SUBKEYS; index++) {
    // 25 bits are a word and nine bits: word j of the rotated key begins in word j + 1 of the key before.
    const before = (index & ~7) - 8;
    subkeys[index] = (at(before + ((index + 1) & 7)) << 9) | (at(before + ((index + 2) & 7)) >>> 7);
  }
  return subkeys;
}

/** The subkeys that undo `subkeys`: those of each round, last round first, inverted. Its own inverse. */
export function invertSubkeys(subkeys: Uint16Array): Uint16Array {
  if (subkeys.length !== SUBKEYS) throw new Error(`IDEA: there are ${SUBKEYS} subkeys, not ${subkeys.length}`);
  const inverse = new Uint16Array(SUBKEYS);
  const at = (index: number): number => subkeys[index] ?? 0;
  for (let to = 0; to < SUBKEYS; to += 6) {
    const from = 6 * ROUNDS - to;
    // A round ends by crossing its middle words; the output does not, so at both ends there is nothing to cross back.
    const crossed = to > 0 && from > 0;
    inverse[to] = multiplicativeInverse(at(from));
    inverse[to + 1] = -at(from + (crossed ? 2 : 1));
    inverse[to + 2] = -at(from + (crossed ? 1 : 2));
    inverse[to + 3] = multiplicativeInverse(at(from + 3));
    if (from === 0) break;
    inverse[to + 4] = at(from - 2);
    inverse[to + 5] = at(from - 1);
  }
  return inverse;
}

/** Fermat: in the field of 65537 elements the inverse of x is x to the power 65535, which is sixteen ones in binary. */
function multiplicativeInverse(word: number): number {
  let power = word;
  for (let bit = 1; bit < 16; bit++) power = multiply(multiply(power, power), word) & 0xffff;
  return power;
}

// ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Blocks in a batch: what a round works on stays in the first-level cache, and a call for each round is cheap. */
const BATCH = 64;
/**
 * The batch, four words a block. Only the low 16 bits of an entry count: additions and XOR carry nothing down from the
 * rest, so nobody clears it before a multiplication or the output. One for all, since no call is inside another.
 */
const words = new Int32Array(4 * BATCH);
/** No index here is out of bounds: this satisfies the compiler, and the machine code has no trace of it. */
const NEVER = 0;

function transform(blocks: Uint8Array, subkeys: Uint16Array): Uint8Array {
  if (blocks.length % BLOCK_LENGTH !== 0) {
    throw new Error(`IDEA: ${blocks.length} bytes are not whole blocks of ${BLOCK_LENGTH}; pad them first`);
  }
  const result = new Uint8Array(blocks.length);
  for (let offset = 0; offset < blocks.length; offset += BATCH * BLOCK_LENGTH) {
    const end = Math.min(words.length, (blocks.length - offset) / 2);
    load(blocks, offset, end);
    for (let key = 0; key < 6 * ROUNDS; key += 6) round(end, subkeys, key);
    finish(end, subkeys);
    store(result, offset, end);
  }
  return result;
}

function load(source: Uint8Array, offset: number, end: number): void {
  for (let at = 0; at < end; at++) words[at] = ((source[offset + 2 * at] ?? NEVER) << 8) | (source[offset + 2 * at + 1] ?? NEVER);
}

function store(target: Uint8Array, offset: number, end: number): void {
  for (let at = 0; at < end; at++) {
    const word = words[at] ?? NEVER;
    target[offset + 2 * at] = word >> 8;
    target[offset + 2 * at + 1] = word;
  }
}

/** One round over the batch, with the six subkeys from index `key` on. */
function round(end: number, subkeys: Uint16Array, key: number): void {
  const k1 = subkeys[key] ?? NEVER;
  const k2 = subkeys[key + 1] ?? NEVER;
  const k3 = subkeys[key + 2] ?? NEVER;
  const k4 = subkeys[key + 3] ?? NEVER;
  const k5 = subkeys[key + 4] ?? NEVER;
  const k6 = subkeys[key + 5] ?? NEVER;
  for (let at = 0; at < end; at += 4) {
    const first = multiply(words[at] ?? NEVER, k1);
    const second = ((words[at + 1] ?? NEVER) + k2) | 0;
    const third = ((words[at + 2] ?? NEVER) + k3) | 0;
    const fourth = multiply(words[at + 3] ?? NEVER, k4);
    const mixed = multiply(first ^ third, k5);
    const right = multiply(((second ^ fourth) + mixed) | 0, k6);
    const left = (mixed + right) | 0;
    words[at] = first ^ right;
    words[at + 1] = third ^ right;
    words[at + 2] = second ^ left;
    words[at + 3] = fourth ^ left;
  }
}

/** The output transformation. It takes the middle words crossed, which undoes the crossing of the last round. */
function finish(end: number, subkeys: Uint16Array): void {
  const k1 = subkeys[6 * ROUNDS] ?? NEVER;
  const k2 = subkeys[6 * ROUNDS + 1] ?? NEVER;
  const k3 = subkeys[6 * ROUNDS + 2] ?? NEVER;
  const k4 = subkeys[6 * ROUNDS + 3] ?? NEVER;
  for (let at = 0; at < end; at += 4) {
    const third = words[at + 1] ?? NEVER;
    words[at] = multiply(words[at] ?? NEVER, k1);
    words[at + 1] = (words[at + 2] ?? NEVER) + k2;
    words[at + 2] = third + k3;
    words[at + 3] = multiply(words[at + 3] ?? NEVER, k4);
  }
}

/**
 * Multiplication modulo 65537, where the word 0 stands for 65536. The low 16 bits of the result count; `subkey` has no others.
 *
 * With the product high * 65536 + low, and 65536 = -1, the result is low - high, plus 65537 if that is negative: low - high
 * + (low < high) in 16 bits. The product minus its halves exchanged has high - low - (low < high) above, the borrow included.
 */
function multiply(word: number, subkey: number): number {
  const factor = word & 0xffff;
  // Below 2^32, so no bit is lost, and zero only if a factor is.
  const product = Math.imul(factor, subkey);
  // One is 65536 = -1: minus the other one, and 65537 - x is 1 - x in 16 bits. Both: 1.
  if (product === 0) return (1 - factor - subkey) | 0;
  const difference = (product - ((product << 16) | (product >>> 16))) >> 16;
  // Written so that zero does not become -0, which is no integer to V8 and costs a third of the speed.
  return -difference | 0;
}
