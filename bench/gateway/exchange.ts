/**
 * Scenario lonc/exchange with its large plan: as many requests, clients and kills as on the kernel, and all of its properties
 * judged on the way.
 */
import { exchange, FULL } from '../../scenarios/lonc/exchange.ts';
import { CON_LOST, Exchanges } from '../../scenarios/lonc/parts/exchanges.ts';
import { type RunResult, runPlan } from '../../src/check/run.ts';

export interface ExchangeRun {
  readonly result: RunResult;
  readonly own: number;
  readonly lost: number;
  /** Their connection ended first. */
  readonly cut: number;
  readonly seconds: number;
}

/** `requests`: of all clients together. */
export function runExchange(clients: number, requests: number): ExchangeRun {
  const exchanges = new Exchanges();
  let [own, lost] = [0, 0];
  const begun = performance.now();
  const plan = { ...FULL, clients, requests: Math.ceil(requests / clients) };
  const result = runPlan(exchange, plan, 0, {
    sink: event => {
      for (const { text } of exchanges.see(event)) {
        if (text === CON_LOST) lost += 1;
        else own += 1;
      }
    },
  });
  return { result, own, lost, cut: exchanges.asked - own - lost, seconds: (performance.now() - begun) / 1_000 };
}
