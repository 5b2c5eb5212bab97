/**
 * The daemons of rwho, by the names under which a Host starts them.
 * May import: host, its own folder.
 */
import type { Programs } from '../../host/host.ts';
import { rwhod } from './rwhod.ts';

export const programs: Programs = {
  rwhod,
};
