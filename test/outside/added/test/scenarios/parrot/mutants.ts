/** Daemons of the parrot scenarios broken on purpose, each with the properties that must catch it. */
import { ALWAYS_JUDGED, breaking, idle, type Mutant, spins, throws, untidy } from '../mutant.ts';

const parrot = breaking('parrot', 'parrot');

export const mutants: readonly Mutant[] = [
  parrot('throws', throws, 'no-bug'),
  parrot('spins', spins, 'no-busy-loop'),
  untidy({ after: 'hoards' }, ...ALWAYS_JUDGED),
  parrot('is dead', () => idle, 'is-answered'),
];
