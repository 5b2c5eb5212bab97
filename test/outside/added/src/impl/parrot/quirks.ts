/** The one trap of parrot. */
import type { Trap } from '../command-line/traps.ts';

export const QUIRK = { FORGET_REST: 'rest-forgotten' } as const;
export type Quirk = (typeof QUIRK)[keyof typeof QUIRK];

export const TRAPS: readonly Trap<Quirk>[] = [
  {
    id: 'PA-01',
    side: 'parrot',
    quirk: QUIRK.FORGET_REST,
    text: 'forgets what it has read of a line',
    instead: 'keeps it until the line is over',
  },
];
