/** Our gateway and lond and the mutants of the suite lonc. */
import { CANDIDATES } from '../../../conformance/lonc/mutants/mutants.ts';
import { programs } from '../../../conformance/lonc/programs.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { testKillMatrix } from '../kill-matrix.ts';

testKillMatrix({
  suite: LONC,
  programs,
  candidates: CANDIDATES,
  table: new URL('../../../conformance/lonc/mutants/fails.ts', import.meta.url),
  counts: [76, 48, 50],
});
