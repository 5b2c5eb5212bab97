/** The recorded runs of traces/lonc/ (../recordings.ts). */
import type { Recording } from '../recordings.ts';

const shrunk = (scenario: string, violates: string): Recording => ({ slug: scenario, scenario: `lonc/${scenario}`, violates });

export const loncRecordings: readonly Recording[] = [
  { slug: 'messages-kept-for-later', scenario: 'lonc/delayed-order', meets: ['delayed-sent'] },
  { slug: 'power-cut-with-message', scenario: 'lonc/delayed-power-cut', meets: ['cut-with-message', 'delayed-sent'] },
  { slug: 'encrypted', scenario: 'lonc/build-key-newline', meets: ['secret-reply'] },
  { slug: 'reconnected', scenario: 'lonc/unterminated-reply', meets: ['told-con-lost'] },
  shrunk('late-reply', 'answers-are-own'),
  { slug: 'pipelined-late-reply', scenario: 'lonc/late-reply-pipelined', violates: 'answers-are-own' },
  shrunk('partial-reply', 'answers-are-own'),
  shrunk('con-lost-repeated', 'answers-are-own'),
  shrunk('reconnect-deferred', 'reconnects-after-loss'),
  shrunk('build-key-newline', 'answers-are-own'),
  shrunk('delayed-extra-newline', 'answers-are-own'),
  shrunk('delayed-first-line', 'nothing-thrown-away'),
  shrunk('clear-text-logged', 'no-secret-in-logs'),
  shrunk('status-signal-hangs', 'all-answered'),
  shrunk('restart-inherits-handlers', 'child-keeps-to-itself'),
  shrunk('rearm-duplicates-child', 'one-child-per-host'),
  shrunk('sigpipe-kills', 'child-survives'),
  shrunk('end-at-pong-accepted', 'secure-is-open'),
];
