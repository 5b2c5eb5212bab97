/** Our servers of Rover, and the mutants of the suite rover. */
import { CANDIDATES } from '../../../conformance/rover/mutants/mutants.ts';
import { ROVER } from '../../../conformance/rover/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(ROVER, CANDIDATES);
