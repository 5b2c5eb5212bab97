/**
 * What a worker does that tries moments of a run, a share of them, and tells what came of each share.
 */
import { healthyPlan, momentsOf, type Point, pairsOf, tryPoints } from '../src/check/exhaust.ts';
import type { Profile } from '../src/check/scenario.ts';
import type { Strike } from '../src/sim/fault.ts';
import { catalogues } from './load.ts';
import type { Work } from './workers/start.ts';
import type { Message } from './workers/workers.ts';

export interface Task {
  readonly protocol: string;
  readonly scenario: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly only: readonly Strike[] | undefined;
  /** Pairs beside single moments. */
  readonly pairs: number;
  /** Every `shares`-th, from this one. */
  readonly share: number;
  readonly shares: number;
}

/** A property that did not hold, and what had struck. */
export interface Failure {
  readonly property: string;
  readonly why: string;
  readonly points: readonly Point[];
}

export interface Update extends Message {
  readonly calls: number;
  /** Of all shares. */
  readonly moments: number;
  readonly same: number;
  readonly pairs: number;
  /** Of this share, since the last message: by what struck (pairs by both), how often it was tried and had an effect. */
  readonly tried: Readonly<Record<string, { readonly tried: number; readonly struck: number }>>;
  readonly failures: readonly Failure[];
}

/** Milliseconds between two messages. */
const TELL_MS = 100;

export const work: Work<Task, Update> = desk => {
  const catalogueOf = catalogues(desk.modules);
  return async ({ protocol, scenario: name, profile, seed, only, pairs, share, shares }) => {
    const scenario = (await catalogueOf(protocol)).scenarioNamed(name);
    if (scenario === undefined) throw new Error(`a worker was asked for the scenario ${name}, which it does not know`);
    const plan = healthyPlan(scenario, seed, profile);
    const { calls, points, same } = momentsOf(scenario, seed, plan, only);
    const both = pairsOf(points, pairs);
    let tried: Record<string, { tried: number; struck: number }> = {};
    let failures: Failure[] = [];
    let last = performance.now();
    const tell = (over: boolean): void => {
      desk.tell({ over, calls, moments: points.length, same, pairs: both.length, tried, failures });
      tried = {};
      failures = [];
      last = performance.now();
    };
    const all: readonly (readonly Point[])[] = [...points.map(point => [point]), ...both];
    for (let at = share; at < all.length && !desk.stopped(); at += shares) {
      const now = all[at] ?? [];
      const { result, struck } = tryPoints(scenario, seed, plan, now);
      const what = now.map(each => each.what).join(' + ');
      const counted = tried[what] ?? { tried: 0, struck: 0 };
      tried[what] = { tried: counted.tried + 1, struck: counted.struck + (struck ? 1 : 0) };
      failures.push(...result.violations.map(({ property, why }) => ({ property, why, points: now })));
      if (performance.now() - last >= TELL_MS) tell(false);
    }
    tell(true);
  };
};
