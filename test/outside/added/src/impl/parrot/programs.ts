/** The daemons of parrot, by the names under which a Host starts them. */
import type { Programs } from '../../host/host.ts';
import { parrotClient } from './client.ts';
import { parrot } from './parrot.ts';

export const programs: Programs = { parrot, 'parrot-client': parrotClient };
