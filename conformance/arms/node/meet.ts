/**
 * How an arm meets an implementation that needs more than being started for each case.
 */

import type { Peer } from '../../peer.ts';
import type { AdaptedArm, Arm } from '../arm.ts';
import type { AttachOptions } from './kept.ts';
import { keptArm } from './kept.ts';
import type { Shim } from './shim.ts';
import { shimArm } from './shim.ts';

/** exec: a process for every case. attach: it is there, whoever started it. shim: a program of the user stands before it. */
export type Adapter =
  | { readonly kind: 'program' | 'exec' }
  | ({ readonly kind: 'attach' } & AttachOptions)
  | ({ readonly kind: 'shim' } & Shim);

export function meet(arm: Arm, adapter: Adapter, peer: Peer): AdaptedArm {
  switch (adapter.kind) {
    case 'attach':
      return keptArm(arm, adapter, peer);
    case 'shim':
      return shimArm(arm, adapter);
    default:
      return { ...arm, close: () => Promise.resolve(), warnings: [] };
  }
}
