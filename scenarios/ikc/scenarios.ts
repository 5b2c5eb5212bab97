/**
 * Every scenario of IKC, from the plain to the particular; a new one goes to its end.
 */
import { type Scenario, withHousekeeping, withRare } from '../../src/check/scenario.ts';
import { withSteps } from '../../src/check/steps.ts';
import { allSteps } from './all-steps.ts';
import { bounds } from './bounds.ts';
import { commandLines } from './command-lines.ts';
import { exchange } from './exchange.ts';
import { hostile } from './hostile.ts';
import { HOUSEKEEPING } from './housekeeping.ts';
import { images } from './images.ts';
import { library } from './library.ts';
import { limits } from './limits.ts';
import { namesakes } from './namesakes.ts';
import { negotiation } from './negotiation.ts';
import { RARE } from './rare.ts';
import { requests } from './requests.ts';
import { servers } from './servers.ts';
import { serving } from './serving.ts';
import { shutdown } from './shutdown.ts';
import { small } from './small.ts';
import { STEPS } from './steps.ts';
import { traps } from './traps.ts';
import { unread } from './unread.ts';

export const scenarios: readonly Scenario[] = withSteps(
  STEPS,
  withRare(
    RARE,
    withHousekeeping(HOUSEKEEPING, [
      exchange,
      negotiation,
      namesakes,
      hostile,
      shutdown,
      ...traps,
      images,
      small,
      serving,
      commandLines,
      limits,
      library,
      allSteps,
      requests,
      unread,
      bounds,
      servers,
    ]),
  ),
);
