/** The recorded runs of traces/rwho. */
import { looked, type Recording } from '../../src/check/recording.ts';
import { LOOKS } from './looks.ts';

export const recordings: readonly Recording[] = looked(LOOKS, [
  { slug: 'newcomer-told', scenario: 'rwho/blind-start', meets: [] },
  { slug: 'passed-on-once', scenario: 'rwho/relay-loops', meets: ['passed-on'] },
  { slug: 'nobody-knows-anybody', scenario: 'rwho/bootstrap', meets: ['nobody-is-known'] },
  { slug: 'short-report-inherits', scenario: 'rwho/buffer-inherited', violates: 'records-were-reported' },
  { slug: 'reader-meets-empty-file', scenario: 'rwho/record-written-in-place', violates: 'whole-when-read' },
  { slug: 'relay-storm', scenario: 'rwho/relay-loops', violates: 'sent-once' },
  { slug: 'sender-dies-alone', scenario: 'rwho/sender-and-receiver-apart', violates: 'hears-and-tells' },
  { slug: 'down-after-2038', scenario: 'rwho/after-2038', violates: 'down-means-silent' },
]);
