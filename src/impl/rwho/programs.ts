/**
 * The daemons of rwho, by the names under which a Host starts them.
 */
import type { Programs } from '../../host/host.ts';
import { rwhod } from './rwhod.ts';

export const programs: Programs = {
  rwhod,
};
