/** The large plan of the exchange is one, and holds: here with fewer questions and longer pauses, so that every kill still finds somebody who asks. */
import { expect, test } from 'vitest';
import { exchange, FULL } from '../../../scenarios/lonc/exchange.ts';
import { CON_LOST, Exchanges } from '../../../scenarios/lonc/parts/exchanges.ts';
import { checkPlan } from '../../../src/check/plan-shape.ts';
import { runPlan } from '../../../src/check/run.ts';

const REQUESTS = 50;
const SPARSER = FULL.requests / REQUESTS;

test('the large plan fits its description', () => {
  expect(checkPlan(exchange, FULL)).toMatchObject({ ok: true });
  expect(FULL.clients * FULL.requests).toBe(100_000);
  expect(FULL.faults.map(fault => ('program' in fault ? fault.program : ''))).toEqual([
    'lond-child',
    'lond-child',
    'lond-child',
    'gateway-child',
  ]);
});

test('every request has its own answer or con_lost, whoever is killed', () => {
  const exchanges = new Exchanges();
  const answers: string[] = [];
  const plan = { ...FULL, requests: REQUESTS, pause: FULL.pause * SPARSER };
  const { outcome, violations, firings, met } = runPlan(exchange, plan, 0, {
    sink: event => answers.push(...exchanges.see(event).map(({ text }) => text)),
  });
  expect(violations).toEqual([]);
  expect(outcome).toBe('pass');
  expect(firings.map(({ fired }) => fired)).toEqual([1, 1, 1, 1]);
  expect(met).toContain('told-con-lost');
  expect(exchanges.asked).toBe(FULL.clients * REQUESTS);
  expect(exchanges.outstanding).toBe(0);
  // A kill costs what was in hand of one link, and nothing else.
  expect(answers.filter(text => text !== CON_LOST).length).toBeGreaterThan(exchanges.asked - 100);
});
