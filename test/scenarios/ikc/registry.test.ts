/**
 * The ikc scenarios are complete: each trap that a daemon can play is shown by a scenario of its name, found as written, and kept as a trace
 * that holds when corrected. Their README says what is held where.
 */
import { SHOWN } from '../../../scenarios/ikc/traps.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { testReadme } from '../readme.ts';
import { testShown } from '../shown.ts';
import { mutants } from './mutants.ts';

testShown(
  'ikc',
  TRAPS,
  SHOWN.map(each => ({ ...each, scenario: `ikc/${each.quirk}` })),
);
testReadme(
  'ikc',
  [
    'exchange',
    'negotiation',
    'namesakes',
    'hostile',
    'shutdown',
    'small',
    'serving',
    'images',
    'limits',
    'library',
    'command-lines',
    'all-steps',
  ],
  mutants,
);
