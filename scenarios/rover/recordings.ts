/** The recorded runs of traces/rover. */
import type { Recording } from '../../src/check/recording.ts';
import { SHOWN } from './traps.ts';

export const recordings: readonly Recording[] = [
  { slug: 'queue-resumed', scenario: 'rover/queue', meets: ['queue-resumed', 'refusal-told'] },
  { slug: 'conflict', scenario: 'rover/strangers', meets: ['conflict', 'peer-held'] },
  { slug: 'handed-over', scenario: 'rover/long', meets: ['handed-over', 'peer-answered'] },
  ...SHOWN.map(({ quirk, violates }) => ({ slug: quirk, scenario: `rover/${quirk}`, violates })),
];
