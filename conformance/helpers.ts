/**
 * Programs that help the tester, whatever the suite is: a real one is a process, and loads nothing but what its suite needs.
 */
import type { Programs } from '../src/host/host.ts';
import { SHIM_BRIDGE, shimBridge } from './adapt/shim-bridge.ts';
import { FILLER, pipeFiller } from './play/filler.ts';

export const HELPERS: Programs = { [FILLER]: pipeFiller, [SHIM_BRIDGE]: shimBridge };
