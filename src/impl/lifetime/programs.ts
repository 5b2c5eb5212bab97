/**
 * The daemons of lifetime pipe, by the names under which a Host starts them.
 * May import: host, its own folder.
 */
import type { Programs } from '../../host/host.ts';
import { lifetimeChild } from './child.ts';
import { lifetimeParent } from './parent.ts';

export const programs: Programs = {
  'lifetime-child': lifetimeChild,
  'lifetime-parent': lifetimeParent,
};
