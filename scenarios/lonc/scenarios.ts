/**
 * Every scenario of lonc, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { withSteps } from '../../src/check/steps.ts';
import { children, endedChildren, longLives, starvedChildren } from './children.ts';
import { delayed, starvedDelayed } from './delayed.ts';
import { delayedPowerCut } from './delayed-power-cut.ts';
import { exchange } from './exchange.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { library } from './library.ts';
import { limits } from './limits.ts';
import { loneLibrary } from './lone-library.ts';
import { mesh } from './mesh.ts';
import { withModel } from './model.ts';
import { operator } from './operator.ts';
import { RARE } from './rare.ts';
import { settings } from './settings.ts';
import { STEPS } from './steps.ts';
import { refusedStore, starvedStore, store } from './store.ts';
import { traps } from './traps.ts';

export const scenarios: readonly Scenario[] = withSteps(
  STEPS,
  withRare(
    RARE,
    withHousekeeping(HOUSEKEEPING, [
      ...withModel([
        mesh,
        delayed,
        delayedPowerCut,
        exchange,
        ...traps,
        store,
        operator,
        limits,
        library,
        starvedStore,
        refusedStore,
        starvedDelayed,
        children,
        starvedChildren,
        longLives,
        endedChildren,
      ]),
      // In these there is nothing that the model knows: it has no library, and reads no files.
      loneLibrary,
      settings,
    ]),
  ),
);
