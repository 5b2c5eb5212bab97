/** Our rwhod and the mutants of the suite rwho. */
import { CANDIDATES } from '../../../conformance/rwho/mutants/mutants.ts';
import { programs } from '../../../conformance/rwho/programs.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

testKillMatrix({
  suite: RWHO,
  programs,
  candidates: CANDIDATES,
  table: new URL('../../../conformance/rwho/mutants/fails.ts', import.meta.url),
  counts: [25, 58],
});
