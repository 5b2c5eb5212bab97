/** The recorded runs of traces/lifetime. */

import { looked, type Recording } from '../../src/check/recording.ts';
import type { CommonPlan } from '../../src/check/scenario.ts';
import { LOOKS } from './looks.ts';

const isCut = (plan: CommonPlan): boolean => 'attack' in plan && plan.attack === 'cut';

export const recordings: readonly Recording[] = looked(LOOKS, [
  { slug: 'healthy', scenario: 'lifetime/healthy', meets: ['clean-stop'] },
  { slug: 'stopped-while-starting', scenario: 'lifetime/healthy', meets: ['stop-in-start-up'] },
  { slug: 'unknown-type-skipped', scenario: 'lifetime/healthy', meets: ['clean-stop', 'unknown-skipped', 'partial-frame'] },
  { slug: 'killed-before-footer', scenario: 'lifetime/chaos', meets: ['killed-before-footer'] },
  { slug: 'orphaned', scenario: 'lifetime/chaos', meets: ['orphaned'] },
  { slug: 'reader-gone-mid-frame', scenario: 'lifetime/parent-closes-early', meets: ['leaves-mid-frame', 'loss-is-told'] },
  { slug: 'reader-gone-senders-wait', scenario: 'lifetime/full-pipe-closed', profile: 'as-written', meets: ['pipe-full', 'reader-gone'] },
  { slug: 'torn-frame', scenario: 'lifetime/hostile-child', meets: ['violation-seen'], where: isCut },
  { slug: 'lost-shutdown', scenario: 'lifetime/lost-shutdown', violates: 'stops-on-eof' },
  { slug: 'reader-gone-untold', scenario: 'lifetime/parent-closes-early', violates: 'footer-is-last' },
  { slug: 'partial-frame-4096', scenario: 'lifetime/partial-frame', violates: 'whole-frames' },
  { slug: 'leaked-write-end', scenario: 'lifetime/leaked-write-end', violates: 'stops-on-eof' },
  { slug: 'last-frame-lost', scenario: 'lifetime/last-frame-lost', violates: 'footer-is-last' },
  { slug: 'whole-frame-per-chunk', scenario: 'lifetime/whole-frame-per-chunk', violates: 'observed-as-sent' },
  { slug: 'coalesced-frames-lost', scenario: 'lifetime/coalesced-frames', violates: 'observed-as-sent' },
]);
