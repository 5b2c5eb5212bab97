/**
 * What becomes of the waits of a case when the implementation's own timers run faster, or the tester is asked for patience.
 * Timers get faster, computers do not. So a silence gets shorter and a little more, lest what is due right after it, started
 * late, seems to come within it; of a deadline the time for timers gets shorter and the time for a computer stays.
 * Factors are in thousandths.
 * Lacks: what it means that a wait is over (machine.ts).
 */
import type { Duration } from '../../src/host/time.ts';
import { formatTime, micros, millis, seconds, ZERO } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';

export interface Pace {
  /** How many times as fast the implementation's own timers run. */
  readonly timeScale: number;
  /** Deadlines are multiplied by this; silences are not. */
  readonly patience: number;
}

export const REAL_TIME = 1_000;
export const REAL_PACE: Pace = { timeScale: REAL_TIME, patience: 1_000 };

/** What a computer may need for what no timer delays. */
const FLOOR: Duration = seconds(5);
/** So much sooner, and never more than a quarter, a silence that was scaled ends. */
const LEEWAY: Duration = millis(250);

const shortened = (wait: Duration, timeScale: number): Duration => micros(Math.ceil((wait * REAL_TIME) / timeScale));

function scaledSilence(lasting: Duration, timeScale: number): Duration {
  if (timeScale === REAL_TIME) return lasting;
  const exact = shortened(lasting, timeScale);
  return micros(exact - Math.min(LEEWAY, Math.floor(exact / 4)));
}

const scaledDeadline = (within: Duration, timeScale: number): Duration => micros(Math.min(within, shortened(within, timeScale) + FLOOR));

const patient = (wait: Duration, patience: number): Duration => micros((wait * patience) / 1_000);

/** How long the tester waits in this step, which asks for `asked`. */
export function stepWait(step: Step | undefined, asked: Duration, { timeScale, patience }: Pace): Duration {
  if (step?.verb !== 'expect-silence') return patient(scaledDeadline(asked, timeScale), patience);
  return step.clock === 'wall' ? asked : scaledSilence(asked, timeScale);
}

/** The deadline of the whole case: at any pace every step has its time. */
export function caseWait({ deadline, steps }: Pick<Case, 'deadline' | 'steps'>, { timeScale, patience }: Pace): Duration {
  const least = steps.reduce<number>((sum, step) => sum + stepWait(step, askedBy(step), { ...REAL_PACE, timeScale }), FLOOR);
  return patient(micros(Math.min(deadline, Math.max(shortened(deadline, timeScale), least))), patience);
}

function askedBy(step: Step): Duration {
  if ('lasting' in step) return step.lasting;
  return 'within' in step ? step.within : ZERO;
}

/** A wait as a reader has to know it: as long as it was, and what the case asked for where that is another. */
export const waitText = (waited: Duration, asked: Duration): string =>
  waited === asked ? formatTime(asked) : `${formatTime(waited)} (${formatTime(asked)} of the case, scaled)`;
