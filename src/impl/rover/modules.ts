/**
 * The modules that are linked into the programs. The table of the original has four more, whose procedures are not told.
 */
import { agent } from './agent.ts';
import { irolo } from './irolo.ts';
import type { PlugIn } from './plug-ins.ts';

export const PLUG_INS: readonly PlugIn[] = [irolo, agent];
