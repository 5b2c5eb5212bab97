/**
 * The protocols of this package: the only list of them.
 * May import: its own folder.
 */
import { lifetime } from './lifetime.ts';
import { lonc } from './lonc.ts';
import type { Protocol } from './protocol.ts';
import { rwho } from './rwho.ts';

export const protocols: readonly Protocol[] = [lifetime, lonc, rwho];
