/** Our kernels of IKC and the mutants of the suite ikc. */
import { CANDIDATES } from '../../../conformance/ikc/mutants/mutants.ts';
import { IKC } from '../../../conformance/ikc/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

await testKillMatrix(IKC, CANDIDATES);
