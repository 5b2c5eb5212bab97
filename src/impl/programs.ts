/**
 * The programs of this package, by the names under which a Host starts them.
 * May import: host, and the daemon of every protocol here.
 */
import type { Programs } from '../host/host.ts';
import { lifetimeChild } from './lifetime/child.ts';
import { lifetimeParent } from './lifetime/parent.ts';
import { gatewayChild } from './lonc/child.ts';
import { lond } from './lonc/lond.ts';
import { londChild } from './lonc/lond-child.ts';
import { gateway } from './lonc/parent.ts';
import { rwhod } from './rwho/rwhod.ts';

export const programs: Programs = {
  'lifetime-child': lifetimeChild,
  'lifetime-parent': lifetimeParent,
  gateway,
  'gateway-child': gatewayChild,
  lond,
  'lond-child': londChild,
  rwhod,
};
