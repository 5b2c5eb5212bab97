/** Each trap of the responder replaces a decision of ours, each decision is replaced by one, and the README tells of every trap. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AS_WRITTEN_RESPONDER, responderRules } from '../../../src/impl/ikc/as-written-responder.ts';
import { TRAPS } from '../../../src/impl/ikc/quirks.ts';
import { CORRECTED_RESPONDER } from '../../../src/impl/ikc/responder-rules.ts';
import { decisions } from '../decisions.ts';

const readme = readFileSync(new URL('../../../src/impl/ikc/README.md', import.meta.url), 'utf8');

test('the traps and the decisions of the responder', () => {
  const own = TRAPS.filter(({ side }) => side === 'responder');
  expect(decisions(CORRECTED_RESPONDER, AS_WRITTEN_RESPONDER, own)).toEqual({ idle: [], unplayed: [], shared: {} });
  expect(responderRules(new Set())).toBe(CORRECTED_RESPONDER);
});

test.each(TRAPS.map(trap => [trap.id, trap] as const))('the README tells of %s', (id, trap) => {
  const line = readme.split('\n').find(candidate => candidate.startsWith(`| ${id} `));
  expect(line).toBeDefined();
  if (trap.quirk !== undefined) expect(line).toContain(`\`${trap.quirk}\``);
});
