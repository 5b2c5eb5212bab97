/** The recorded runs of traces/rwho. */
import type { Recording } from '../recordings.ts';

export const rwhoRecordings: readonly Recording[] = [
  {
    slug: 'everybody-is-up',
    scenario: 'rwho/domain',
    meets: ['seen-up'],
    where: plan => 'hosts' in plan && plan.hosts === 2 && plan.faults.length === 0,
  },
  {
    slug: 'neighbour-learned',
    scenario: 'rwho/neighbours',
    meets: ['neighbour-learned', 'passed-on', 'seen-up'],
    where: plan => 'hosts' in plan && plan.hosts === 3,
  },
  { slug: 'nobody-knows-anybody', scenario: 'rwho/bootstrap', meets: ['nobody-is-known'] },
  { slug: 'short-report-inherits', scenario: 'rwho/buffer-inherited', violates: 'records-were-reported' },
  { slug: 'reader-meets-empty-file', scenario: 'rwho/record-written-in-place', violates: 'whole-when-read' },
  { slug: 'relay-storm', scenario: 'rwho/relay-loops', violates: 'sent-once' },
  { slug: 'sender-dies-alone', scenario: 'rwho/sender-and-receiver-apart', violates: 'hears-and-tells' },
  { slug: 'down-after-2038', scenario: 'rwho/after-2038', violates: 'down-means-silent' },
];
