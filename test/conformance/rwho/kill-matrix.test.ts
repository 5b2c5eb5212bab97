/** Our rwhod and the mutants of the suite rwho. */
import { CANDIDATES } from '../../../conformance/rwho/mutants/mutants.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(RWHO, CANDIDATES);
