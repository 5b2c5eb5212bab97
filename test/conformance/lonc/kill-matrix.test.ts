/** Our gateway and lond and the mutants of the suite lonc. */
import { CANDIDATES } from '../../../conformance/lonc/mutants/mutants.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(LONC, CANDIDATES);
