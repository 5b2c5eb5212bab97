/**
 * Plans that failed once, of one scenario, in a file to be committed: a line each, so that two branches can be merged. They stay there when
 * the failure is fixed, and are tried before any seed. Written by a test or a sweep that fails; lines may be taken out by hand.
 * Lacks: a lock. Two tests of one scenario that fail at the same moment may keep one plan of the two. And vitest, which the command has not.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { checkPlan } from '../src/check/plan-shape.ts';
import { SEED_LIMIT } from '../src/check/run.ts';
import type { CommonPlan, Profile, Scenario } from '../src/check/scenario.ts';
import { integerFrom, listUpTo, object, textUpTo } from '../src/check/shape.ts';
import { canonicalJson } from '../src/trace/canonical.ts';
import type { JsonValue } from '../src/trace/event.ts';
import { parseJson } from '../src/trace/json.ts';
import { written } from './failures.ts';

export interface Regression<Plan = unknown> {
  readonly seed: number;
  /** What failed then. */
  readonly property: string;
  readonly plan: Plan;
}

/** Bytes of a file, and plans in it: nobody waits for more. */
const FILE_LIMIT = 16_777_216;
const PLANS_LIMIT = 1_000;

const shape = listUpTo(PLANS_LIMIT, object({ seed: integerFrom(0, SEED_LIMIT), property: textUpTo(200), plan: () => undefined }));

/** Those of one profile. Throws an Error that names the file, the entry, and what to do. */
export function readRegressions<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  file: string,
  profile: Profile,
): readonly (Regression<Plan> & { readonly index: number })[] {
  const all = listIn(file).map(({ plan, ...rest }, index) => {
    const checked = checkPlan(scenario, plan);
    if (checked.ok) return { ...rest, plan: checked.plan, index };
    throw new Error(
      `${file}: [${index}] is no plan of ${scenario.name} any more: ${checked.why}. Write it as plans are now, or take that line out`,
    );
  });
  return all.filter(({ plan }) => plan.profile === profile);
}

/** Lines that say where it is kept, unless it was there. `instead`: of another, which it takes the place of. */
export function addRegression(file: string, regression: Regression, instead?: Regression): readonly string[] {
  let kept: readonly Regression[];
  try {
    kept = listIn(file).filter(each => instead === undefined || lineOf(each) !== lineOf(instead));
  } catch (thrown) {
    return [`${thrown instanceof Error ? thrown.message : thrown}; the plan was not added`];
  }
  if (kept.some(each => lineOf(each) === lineOf(regression))) return [];
  if (kept.length === PLANS_LIMIT) return [`${file}: has ${PLANS_LIMIT} plans, and takes no more; take some out`];
  const failed = written(file, `[\n${[...kept, regression].map(each => `  ${lineOf(each)}`).join(',\n')}\n]\n`);
  return [failed ?? `tried first from now on: [${kept.length}] of ${file}, which is to be committed`];
}

// A plan holds JSON values only: Scenario promises it.
const lineOf = (regression: Regression): string => canonicalJson(regression as unknown as JsonValue);

function listIn(file: string): readonly Regression[] {
  if (!existsSync(file)) return [];
  const bad = (why: string): Error => new Error(`${file}: no list of plans that failed: ${why}. Repair it, or remove the file`);
  const { size } = statSync(file);
  if (size > FILE_LIMIT) throw bad(`it has ${size} bytes, the limit is ${FILE_LIMIT}`);
  const parsed = parseJson(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw bad(parsed.message);
  const found = shape(parsed.value, '');
  if (found !== undefined) throw bad(found);
  // What the shape has looked at.
  return parsed.value as readonly Regression[];
}
