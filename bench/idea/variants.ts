/**
 * Other ways to write IDEA in 32-bit integers, to measure beside the one that was kept (src/impl/cipher/idea.ts): which block
 * comes when, how to multiply modulo 65537, how to read and write words. Their code is put together from text, so that each
 * is compiled by itself and multiplications are inlined by hand.
 */

export type Encrypt = (blocks: Uint8Array, subkeys: Uint16Array) => Uint8Array;

export interface Variant {
  readonly name: string;
  readonly encrypt: Encrypt;
}

/** The functions `multiply`. V8 inlines as many calls as a rolled loop has. */
const lowHigh = `function multiply(word, subkey) {
  const factor = word & 0xffff, product = Math.imul(factor, subkey);
  if (product === 0) return 1 - factor - subkey | 0;
  const less = (product & 0xffff) - (product >>> 16) | 0;
  return less - (less >> 31) | 0;
}`;
const exchanged = `function multiply(word, subkey) {
  const factor = word & 0xffff, product = Math.imul(factor, subkey);
  if (product === 0) return 1 - factor - subkey | 0;
  return -(product - (product << 16 | product >>> 16) >> 16) | 0;
}`;
/** Of a word and a subkey less one: (w + 1)(k + 1) - 1 fits into 32 bits even where both are 65535, so nothing is special. */
const branchFree = `function multiply(word, subkey) {
  const product = Math.imul(word - 1 & 0xffff, subkey + 1) + subkey | 0;
  return 1 - (product - (product << 16 | product >>> 16) >> 16) | 0;
}`;

/** Statements that declare `target` as the product of a word and a subkey. */
type Multiply = (target: string, word: string, subkey: string) => string;

const called: Multiply = (target, word, subkey) => `let ${target} = multiply(${word}, ${subkey});\n`;

/** An unrolled loop has more calls than V8 inlines, and then costs three times as much; so here they are written out. */
const inlined: Multiply = (target, word, subkey) =>
  `let ${target} = (${word}) & 0xffff; { const p = Math.imul(${target}, ${subkey});
   if (p === 0) ${target} = 1 - ${target} - ${subkey} | 0; else ${target} = -(p - (p << 16 | p >>> 16) >> 16) | 0; }\n`;

/** One round on the words `x`1 to `x`4, with the subkeys named by `key`. */
function round(x: string, multiply: Multiply, key: (index: number) => string): string {
  return (
    multiply(`${x}a`, `${x}1`, key(0)) +
    `const ${x}b = ${x}2 + ${key(1)} | 0, ${x}c = ${x}3 + ${key(2)} | 0;\n` +
    multiply(`${x}d`, `${x}4`, key(3)) +
    multiply(`${x}e`, `${x}a ^ ${x}c`, key(4)) +
    multiply(`${x}f`, `(${x}b ^ ${x}d) + ${x}e`, key(5)) +
    `${x}e = ${x}e + ${x}f | 0; ${x}1 = ${x}a ^ ${x}f; ${x}2 = ${x}c ^ ${x}f; ${x}3 = ${x}b ^ ${x}e; ${x}4 = ${x}d ^ ${x}e;\n`
  );
}

interface Access {
  readonly open: string;
  read(x: string, at: string): string;
  write(words: readonly string[], at: string): string;
}

const shifts: Access = {
  open: '',
  read: (x, at) => [1, 2, 3, 4].map(n => `let ${x}${n} = from[${at} + ${2 * n - 2}] << 8 | from[${at} + ${2 * n - 1}];`).join(' '),
  write: (words, at) => words.map((word, n) => `to[${at} + ${2 * n}] = ${word} >> 8; to[${at} + ${2 * n + 1}] = ${word};`).join(' '),
};

const dataView: Access = {
  open: 'const reads = new DataView(from.buffer, from.byteOffset, from.length), writes = new DataView(to.buffer);',
  read: (x, at) => `let ${x}2 = reads.getInt32(${at}), ${x}1 = ${x}2 >> 16; let ${x}4 = reads.getInt32(${at} + 4), ${x}3 = ${x}4 >> 16;`,
  write: ([a, b, c, d], at) =>
    `writes.setInt32(${at}, ${a} << 16 | ${b} & 0xffff); writes.setInt32(${at} + 4, ${c} << 16 | ${d} & 0xffff);`,
};

/** The output transformation of the words `x`1 to `x`4, written at `at`. */
const output = (x: string, at: string, multiply: Multiply, access: Access): string =>
  `{ ${multiply('a', `${x}1`, 'k[48]')} const b = ${x}3 + k[49] | 0, c = ${x}2 + k[50] | 0; ${multiply('d', `${x}4`, 'k[51]')}
   ${access.write(['a', 'b', 'c', 'd'], at)} }\n`;

/** A block, or several side by side, through all rounds, then the next. */
function byBlock(lanes: readonly string[], access: Access): string {
  const rounds = lanes.map(x => round(x, called, index => `k[r + ${index}]`)).join('');
  return blockLoop(lanes, called, access, `for (let r = 0; r < 48; r += 6) { ${rounds} }`);
}

function byBlockUnrolled(lanes: readonly string[], access: Access): string {
  const rounds = [0, 6, 12, 18, 24, 30, 36, 42].map(r => lanes.map(x => round(x, inlined, index => `k[${r + index}]`)).join(''));
  return blockLoop(lanes, inlined, access, rounds.map(text => `{ ${text} }`).join('\n'));
}

const blockLoop = (lanes: readonly string[], multiply: Multiply, access: Access, rounds: string): string =>
  `for (let at = 0; at < from.length; at += ${8 * lanes.length}) {
    ${lanes.map((x, n) => access.read(x, `at + ${8 * n}`)).join('\n')}
    ${rounds}
    ${lanes.map((x, n) => output(x, `at + ${8 * n}`, multiply, access)).join('\n')}
  }`;

/** A round through all blocks of a batch, then the next round. */
const byRound = (access: Access): string => `for (let start = 0; start < from.length; start += 512) {
    const end = Math.min(256, from.length - start >> 1);
    for (let w = 0; w < end; w += 4) { const at = start + 2 * w; ${access.read('x', 'at')} ${SAVE} }
    for (let r = 0; r < 48; r += 6) pass(end, k[r], k[r + 1], k[r + 2], k[r + 3], k[r + 4], k[r + 5]);
    for (let w = 0; w < end; w += 4) { const at = start + 2 * w; ${LOAD} ${output('x', 'at', called, access)} }
  }`;

const LOAD = 'let x1 = words[w], x2 = words[w + 1], x3 = words[w + 2], x4 = words[w + 3];';
const SAVE = 'words[w] = x1; words[w + 1] = x2; words[w + 2] = x3; words[w + 3] = x4;';
/** What `byRound` calls: one round over the words of the batch. */
const PASS = `const words = new Int32Array(256);
  function pass(end, k0, k1, k2, k3, k4, k5) {
    for (let w = 0; w < end; w += 4) { ${LOAD} ${round('x', called, index => `k${index}`)} ${SAVE} }
  }`;

/** `branchFree` wants subkeys that are factors less one; those of the sums stay. */
const lessOne = (subkeys: Uint16Array): Uint16Array =>
  subkeys.map((subkey, index) => (index % 6 === 1 || index % 6 === 2 ? subkey : subkey - 1));

function variant(name: string, body: string, beside: string): Variant {
  const views = body.includes('reads.') ? dataView.open : shifts.open;
  const source = `${beside}
    return (from, k) => { const to = new Uint8Array(from.length); ${views} ${body}; return to; };`;
  // The text is the body of a function that returns such a function; bench/idea.ts compares what it encrypts.
  const encrypt = new Function(source)() as Encrypt;
  return { name, encrypt: beside.includes(branchFree) ? (blocks, subkeys) => encrypt(blocks, lessOne(subkeys)) : encrypt };
}

export const variants: readonly Variant[] = [
  variant('block by block, low - high, shifts', byBlock(['x'], shifts), lowHigh),
  variant('block by block, low - high, DataView', byBlock(['x'], dataView), lowHigh),
  variant('block by block, halves exchanged, DataView', byBlock(['x'], dataView), exchanged),
  variant('block by block, branch-free, DataView', byBlock(['x'], dataView), branchFree),
  variant('block by block, unrolled, halves exchanged, DataView', byBlockUnrolled(['x'], dataView), ''),
  variant('two blocks, halves exchanged, shifts', byBlock(['x', 'y'], shifts), exchanged),
  variant('two blocks, halves exchanged, DataView', byBlock(['x', 'y'], dataView), exchanged),
  variant('two blocks, branch-free, DataView', byBlock(['x', 'y'], dataView), branchFree),
  variant('two blocks, unrolled, halves exchanged, DataView', byBlockUnrolled(['x', 'y'], dataView), ''),
  variant('round by round, low - high, shifts', byRound(shifts), lowHigh + PASS),
  variant('round by round, halves exchanged, shifts', byRound(shifts), exchanged + PASS),
  variant('round by round, halves exchanged, DataView', byRound(dataView), exchanged + PASS),
  variant('round by round, branch-free, DataView', byRound(dataView), branchFree + PASS),
];
