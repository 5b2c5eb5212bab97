/**
 * Every scenario of the lifetime pipe, from the plain to the particular; a new one goes to its end.
 */

import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { withSteps } from '../../src/check/steps.ts';
import { everywhere } from '../everywhere.ts';
import { chaos, starved } from './chaos.ts';
import { commandLines } from './command-lines.ts';
import { healthy } from './healthy.ts';
import { hostileChild } from './hostile-child.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { killedInStartUp } from './killed-in-start-up.ts';
import { asked, flooded, frameLimits } from './limits.ts';
import { asTheModelSays } from './model.ts';
import { observed } from './observed.ts';
import { RARE } from './rare.ts';
import { STEPS } from './steps.ts';
import { traps } from './traps.ts';

export const scenarios: readonly Scenario[] = withSteps(
  STEPS,
  withRare(
    RARE,
    withHousekeeping(
      HOUSEKEEPING,
      everywhere(asTheModelSays, [
        healthy,
        chaos,
        killedInStartUp,
        hostileChild,
        ...traps,
        frameLimits,
        asked,
        starved,
        commandLines,
        observed,
        flooded,
      ]),
    ),
  ),
);
