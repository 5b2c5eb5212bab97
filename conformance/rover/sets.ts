/**
 * Frozen sets of requirements: what a score counts. A set that has been published never changes; what is demanded later
 * goes into the next one.
 */

const of = (role: string, names: string): readonly string[] => names.split(/\s+/).map(name => `rover.${role}.${name}`);

const NOVEMBER_2026: readonly string[] = [
  ...of(
    'daemon',
    `post only-post method-status other-fields pieces field-case line-ends any-path bad-header header-limit no-length bad-length
     same-length length-limit body-type chunked expects cut-body behind-body patience silent pairs escapes bad-pairs pairs-limit
     other-tokens tokens names numbers token-limits nobody-reads nobody-restricted nobody-status checks check-status check-first
     in-order early duplicates streams held-status answers-again replayed answers-both conflicts stream-key errors-count
     ahead-limit new-epoch old-epoch acked answers answer-length closes tells-result types test-commands error-exit
     unknown-command prefix exports undone resets no-reset owners delivers long long-answer long-order fatal-message restarts
     poison results-stable held-stable numbers-stable answers-stable epochs-stable unfinished terminates finishes orphan synced
     identity freed log-bounded`,
  ),
  ...of(
    'cgi',
    `post get other-methods get-changes form answer-length status counted pieces one no-length bad-length length-limit cut-body
     body-type bad-pairs escapes tokens no-order nobody-reads nobody-restricted checks check-status types test-commands error-exit
     fatal-message fatal-status unknown-command prefix keeps undone owners hands-on no-daemon tells-result identity`,
  ),
  ...of(
    'client',
    `form identity escapes numbers window offline again half-answers own-number asks-held asks-busy pieces tells
     tells-order tells-once substitute stops status survives survives-answers survives-numbers epoch synced`,
  ),
];

export const SETS: Readonly<Record<string, readonly string[]>> = { '2026-11': NOVEMBER_2026 };
