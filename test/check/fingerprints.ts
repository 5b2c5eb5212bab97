/** Prints the fingerprints of a range of seeds: the other process of the determinism test. */
import { fingerprintLines } from '../../src/check/determinism.ts';
import { toy } from './toy.ts';

const [from, to] = process.argv.slice(2).map(Number);
if (from === undefined || to === undefined) throw new Error('usage: fingerprints.ts <from> <to>');
process.stdout.write(`${[...fingerprintLines(toy, { from, to, profile: 'corrected' })].join('\n')}\n`);
