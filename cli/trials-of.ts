/**
 * What commands that make many runs of one failure have in common: workers, a budget of time, Ctrl-C.
 */
import type { Failing } from '../src/check/shrink/offer.ts';
import { printable } from '../src/host/bytes.ts';
import type { Knowing } from './context.ts';
import { parseCount } from './counts.ts';
import { EXIT, type ExitCode, Stop, usage } from './exit.ts';
import type { FailedTrace } from './failed-trace.ts';
import { Interrupt } from './interrupt.ts';
import { PATIENCE } from './sweep/sweeping.ts';
import { JOBS_LIMIT, Trials } from './trials.ts';

export interface TrialFlags {
  readonly seconds?: string;
  readonly minutes?: string;
  readonly jobs?: string;
}

/** No clock of Node counts further: three weeks. */
const SECONDS_LIMIT = 1_800_000;

/** Looks at the flags, runs the plan once to see it fail, and lets `work` use workers until it returns. `stopped`: by Ctrl-C. */
export async function withTrials(
  { file, scenario, plan, seed, property }: FailedTrace,
  flags: TrialFlags,
  { modules }: Knowing,
  work: (trials: Trials, failing: Failing, stopped: () => boolean) => Promise<ExitCode>,
): Promise<ExitCode> {
  const jobs = flags.jobs === undefined ? undefined : parseCount('--jobs', flags.jobs, 1, JOBS_LIMIT);
  const milliseconds = timeOf(flags);
  const interrupt = new Interrupt();
  const enough = milliseconds === undefined ? interrupt.signal : AbortSignal.any([interrupt.signal, AbortSignal.timeout(milliseconds)]);
  const trials = new Trials(
    { scenario: scenario.name, seed, property },
    { modules, jobs, interrupted: interrupt.signal, enough, patience: PATIENCE },
  );
  try {
    const failing = await trials.failing(plan);
    const gone = `${file}: ${printable(property, 80)} does not fail any more, so there is nothing to look at`;
    if (failing === 'holds') throw new Stop(EXIT.notReproduced, gone);
    if (failing === 'hangs') throw new Stop(EXIT.notReproduced, `${file}: the run makes no progress any more and was ended`);
    if (failing === 'interrupted') return EXIT.interrupted;
    return await work(trials, failing, () => interrupt.asked);
  } finally {
    await trials.close();
    interrupt.release();
  }
}

function timeOf({ seconds, minutes }: TrialFlags): number | undefined {
  if (seconds !== undefined && minutes !== undefined) throw usage('--seconds and --minutes exclude each other');
  const [option, text, unit] = seconds === undefined ? ['--minutes', minutes, 60] : ['--seconds', seconds, 1];
  if (text === undefined) return undefined;
  const number = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (number <= 0 || number * unit > SECONDS_LIMIT)
    throw usage(`${option} must be a number above 0, at most ${SECONDS_LIMIT / unit}, not '${text}'`);
  return Math.ceil(number * unit * 1_000);
}
