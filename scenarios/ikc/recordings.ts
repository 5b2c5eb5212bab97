/** The recorded runs of traces/ikc. */
import type { Recording } from '../../src/check/recording.ts';
import { SHOWN } from './traps.ts';

export const recordings: readonly Recording[] = [
  { slug: 'lost-and-connected-again', scenario: 'ikc/exchange', meets: ['lost-with-its-link', 'connected-again'] },
  { slug: 'silent-stranger', scenario: 'ikc/negotiation', meets: ['negotiation-timed-out', 'answered'] },
  { slug: 'same-id', scenario: 'ikc/namesakes', meets: ['same-id-met', 'answered'] },
  { slug: 'refused-frame', scenario: 'ikc/frame-kills', meets: [] },
  { slug: 'no-serializer-in-common', scenario: 'ikc/refused-serializer-guessed', meets: [] },
  ...SHOWN.map(({ quirk, violates }) => ({ slug: quirk, scenario: `ikc/${quirk}`, violates })),
];
