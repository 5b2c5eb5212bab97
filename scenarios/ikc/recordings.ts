/** The recorded runs of traces/ikc. */
import type { Recording } from '../../src/check/recording.ts';
import { SHOWN } from './traps.ts';

export const recordings: readonly Recording[] = [
  { slug: 'refused-frame', scenario: 'ikc/frame-kills', meets: [] },
  { slug: 'no-serializer-in-common', scenario: 'ikc/refused-serializer-guessed', meets: [] },
  ...SHOWN.map(({ quirk, violates }) => ({ slug: quirk, scenario: `ikc/${quirk}`, violates })),
];
