/**
 * Every scenario of rwho, from the plain to the particular; a new one goes to its end.
 */

import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { withSteps } from '../../src/check/steps.ts';
import { everywhere } from '../everywhere.ts';
import { bootstrap } from './bootstrap.ts';
import { commandLines } from './command-lines.ts';
import { domain } from './domain.ts';
import { hostile } from './hostile.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { clockSet, crowded, limits, starved, worn } from './limits.ts';
import { asTheModelSays } from './model.ts';
import { neighbours } from './neighbours.ts';
import { RARE } from './rare.ts';
import { shown } from './shown.ts';
import { STEPS } from './steps.ts';
import { traps } from './traps.ts';
import { ways } from './ways.ts';

export const scenarios: readonly Scenario[] = withSteps(
  STEPS,
  withRare(
    RARE,
    withHousekeeping(
      HOUSEKEEPING,
      // Where no rwhod runs there is nothing that the model could judge.
      [
        ...everywhere(asTheModelSays, [
          domain,
          neighbours,
          bootstrap,
          hostile,
          ...traps,
          limits,
          worn,
          starved,
          ways,
          commandLines,
          clockSet,
          crowded,
        ]),
        shown,
      ],
    ),
  ),
);
