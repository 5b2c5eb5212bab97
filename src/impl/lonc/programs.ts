/**
 * The daemons of lonc, by the names under which a Host starts them.
 */
import type { Daemon, Programs } from '../../host/host.ts';
import { replacedBy } from './as-written.ts';
import { gatewayChildBy } from './child.ts';
import { lond } from './lond.ts';
import { londChild } from './lond-child.ts';
import { gatewayBy } from './parent.ts';

export const gateway: Daemon = gatewayBy(replacedBy);
export const gatewayChild: Daemon = gatewayChildBy(replacedBy);

export const programs: Programs = {
  gateway,
  'gateway-child': gatewayChild,
  lond,
  'lond-child': londChild,
};
