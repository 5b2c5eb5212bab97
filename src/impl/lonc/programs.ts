/**
 * The daemons of lonc, by the names under which a Host starts them.
 * May import: host, its own folder.
 */
import type { Programs } from '../../host/host.ts';
import { gatewayChild } from './child.ts';
import { lond } from './lond.ts';
import { londChild } from './lond-child.ts';
import { gateway } from './parent.ts';

export const programs: Programs = {
  gateway,
  'gateway-child': gatewayChild,
  lond,
  'lond-child': londChild,
};
