/** The table of what becomes of a request: each state has an end, and each way is taken by some facts. */
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/impl/rover/main-loop.ts';
import { RUN_TABLE, type RunFacts, type RunInput, type RunState } from '../../../src/impl/rover/run-table.ts';
import { wayOf } from '../../../src/impl/tables/table.ts';

const PLAIN: RunFacts = { again: false, spent: false, stale: false, declares: true, outlives: true };
const DONE: Outcome = {
  reply: { status: 200, result: 'done', type: 'text/plain', body: new Uint8Array(0) },
  changes: [],
  declared: [],
  raw: new Uint8Array(0),
  failed: false,
};
const declared = [{ module: 'Agent__', code: 'deliver', object: 'Agent__x', data: new Uint8Array(0) }];
const changes = [{ user: 'ann', object: 'Irolo__x', value: undefined }];
const outcome = (more: Partial<Outcome> = {}): RunInput => ({ input: 'outcome', outcome: { ...DONE, ...more } });

const step = (state: RunState, input: RunInput, facts: Partial<RunFacts> = {}): string => {
  const all = { ...PLAIN, ...facts };
  const way = wayOf(RUN_TABLE, state, input, all);
  return [way.next, ...way.does(input, all)].join(' ');
};

describe('ways', () => {
  test.each<readonly [RunState, RunInput, Partial<RunFacts>, string]>([
    ['due', { input: 'turn' }, {}, 'running start'],
    ['due', { input: 'turn' }, { spent: true }, 'running start'],
    ['due', { input: 'turn' }, { again: true }, 'attempting log-attempt'],
    ['due', { input: 'turn' }, { again: true, spent: true }, 'running give-up'],
    ['attempting', { input: 'durable' }, {}, 'running start'],
    ['attempting', { input: 'not-durable' }, {}, 'due put-back'],
    ['running', outcome(), {}, 'ended finish'],
    ['running', outcome({ changes }), { stale: true }, 'ended finish'],
    ['running', outcome({ declared }), {}, 'declaring declare'],
    ['running', outcome({ declared }), { declares: false }, 'acting act'],
    ['running', { input: 'alarm' }, {}, 'in-worker hand-over'],
    ['running', { input: 'elsewhere' }, {}, 'in-worker hand-over'],
    ['running', { input: 'fatal', why: '' }, {}, 'ended die'],
    ['in-worker', outcome({ changes }), {}, 'ended finish'],
    ['in-worker', outcome(), { stale: true }, 'ended finish'],
    ['in-worker', outcome({ changes }), { stale: true }, 'in-worker hand-over'],
    ['in-worker', outcome({ declared }), {}, 'declaring declare'],
    ['in-worker', { input: 'lost', why: '' }, {}, 'due queue-again'],
    ['in-worker', { input: 'lost', why: '' }, { outlives: false }, 'ended die'],
    ['declaring', { input: 'durable' }, {}, 'acting act'],
    ['declaring', { input: 'not-durable' }, {}, 'declaring try-later'],
    ['declaring', { input: 'again' }, {}, 'declaring declare'],
    ['acting', { input: 'acted' }, {}, 'ended finish'],
    ['acting', { input: 'not-acted' }, {}, 'acting try-later'],
    ['acting', { input: 'again' }, {}, 'acting act'],
  ])('%s %j %j', (state, input, facts, then) => {
    expect(step(state, input, facts)).toBe(then);
  });

  test('nothing happens to what has ended', () => {
    expect(() => step('ended', { input: 'turn' })).toThrow("'turn' in state ended");
  });
});
