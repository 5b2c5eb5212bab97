/** Our parrot and the mutants of its suite. */
import { CANDIDATES } from '../../../conformance/parrot/mutants/mutants.ts';
import { PARROT } from '../../../conformance/parrot/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(PARROT, CANDIDATES);
