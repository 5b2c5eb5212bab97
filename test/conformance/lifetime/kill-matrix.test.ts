/** Our child and parent, those that share no code with them, and the mutants of the suite lifetime. */
import { CANDIDATES, CORRECT } from '../../../conformance/lifetime/mutants/mutants.ts';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(LIFETIME, CANDIDATES, CORRECT);
