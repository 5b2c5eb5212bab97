/** The recorded runs of traces/ikc. */
import { looked, type Recording } from '../../src/check/recording.ts';
import { LOOKS } from './looks.ts';
import { SHOWN } from './traps.ts';

export const recordings: readonly Recording[] = looked(LOOKS, [
  { slug: 'lost-and-connected-again', scenario: 'ikc/exchange', meets: ['lost-with-its-link', 'connected-again'] },
  { slug: 'silent-stranger', scenario: 'ikc/negotiation', meets: ['negotiation-timed-out', 'answered'] },
  { slug: 'same-id', scenario: 'ikc/namesakes', meets: ['same-id-met', 'answered'] },
  { slug: 'refused-frame', scenario: 'ikc/frame-kills', meets: [] },
  { slug: 'no-serializer-in-common', scenario: 'ikc/refused-serializer-guessed', meets: [] },
  ...SHOWN.map(({ quirk, violates }) => ({ slug: quirk, scenario: `ikc/${quirk}`, violates })),
]);
