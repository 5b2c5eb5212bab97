/** The recorded runs of traces/lonc. */
import { looked, type Recording } from '../../src/check/recording.ts';
import { LOOKS } from './looks.ts';
import { SHOWN } from './shown.ts';

export const recordings: readonly Recording[] = looked(LOOKS, [
  { slug: 'messages-kept-for-later', scenario: 'lonc/delayed-order', meets: ['delayed-sent'] },
  { slug: 'power-cut-with-message', scenario: 'lonc/delayed-power-cut', meets: ['cut-with-message', 'delayed-sent'] },
  { slug: 'encrypted', scenario: 'lonc/build-key-newline', meets: ['secret-reply'] },
  { slug: 'reconnected', scenario: 'lonc/unterminated-reply', meets: ['told-con-lost'] },
  { slug: 'late-reply-pipelined', scenario: 'lonc/late-reply-pipelined', violates: 'answers-are-own' },
  ...SHOWN.map(({ quirk, scenario, violates }) => ({ slug: quirk, scenario, violates })),
]);
