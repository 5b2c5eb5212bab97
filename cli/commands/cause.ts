/**
 * `slipway cause`: the event after which a failure could not be avoided, found by making the run again up to some event and going on from
 * there with other chance, many times.
 */
import type { Cause, Ends } from '../../src/check/cause.ts';
import { printable } from '../../src/host/bytes.ts';
import { NO_CAUSE } from '../../src/trace/event.ts';
import type { Knowing } from '../context.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { failedTrace } from '../failed-trace.ts';
import { COMMAND } from '../name.ts';
import { count, plural, type Screen } from '../screen.ts';
import { parseSeed } from '../seeds.ts';
import type { CausingEvent } from '../trial-worker.ts';
import { type TrialFlags, withTrials } from '../trials-of.ts';

export interface CauseFlags extends TrialFlags {
  readonly runs: string;
  readonly seed: string;
}

const RUNS_LIMIT = 100_000;

export async function cause(file: string, flags: CauseFlags, knowing: Knowing): Promise<ExitCode> {
  const { screen, catalogueOf } = knowing;
  const runs = parseCount('--runs', flags.runs, 2, RUNS_LIMIT);
  const seed = parseSeed(flags.seed);
  const found = await failedTrace(file, ' whose cause could be looked for', catalogueOf);
  const { scenario, plan, property } = found;
  return withTrials(found, flags, knowing, async (trials, failing, stopped) => {
    const said = await trials.cause(plan, failing, {
      runs,
      seed,
      progressed: (known, { after }) =>
        screen.progress(
          () => `${count(sumOf(known))} runs, ${plural(known.length, 'event')} looked at; now event ${after} of ${failing.at}`,
        ),
    });
    const event = said === undefined || said.event === NO_CAUSE ? undefined : await trials.event(plan, said.event);
    screen.line(
      `${scenario.name} ${plan.profile}, seed ${found.seed}: ${screen.style('red', printable(property, 80))} fails at event ${failing.at}`,
    );
    const again = `${COMMAND} cause ${file} --runs ${runs} --seed ${seed}`;
    if (said !== undefined) showCause(said, event, screen);
    else screen.line(screen.style('yellow', `${stopped() ? 'stopped' : 'the time was over'} before it was found`));
    screen.line(`again: ${again}`);
    screen.value({
      format: 'slipway-cause',
      v: 1,
      scenario: scenario.name,
      profile: plan.profile,
      property,
      at: failing.at,
      interrupted: stopped(),
      ...(said ?? { verdict: 'stopped', event: NO_CAUSE, ends: [] }),
      what: event ?? null,
      command: again,
    });
    if (stopped()) return EXIT.interrupted;
    return said === undefined ? EXIT.nothingRan : EXIT.ok;
  });
}

const sumOf = (known: readonly Ends[]): number => known.reduce((sum, { runs }) => sum + runs, 0);

function showCause({ verdict, event, ends }: Cause, what: CausingEvent | undefined, screen: Screen): void {
  for (const each of ends) screen.line(`  ${each.after === event && verdict === 'event' ? '▶' : ' '} ${endsText(each)}`);
  const [first] = ends;
  switch (verdict) {
    case 'event': {
      const [before, after] = [event - 1, event].map(index => ends.find(each => each.after === index));
      screen.line(
        screen.style('bold', `After event ${event} the failure could not be avoided: ${shareOf(after)}; before it: ${shareOf(before)}.`),
      );
      if (what === undefined) return;
      screen.line(`  ${what.text}`);
      screen.line(`  done by ${what.process === '' ? 'the world' : printable(what.process)}`);
      return;
    }
    case 'start':
      screen.line(screen.style('bold', `No event made it so: from the start ${shareOf(first)}, whatever the delays and the faults.`));
      screen.line('  the workload, the programs and the kind of schedule decide; those stay as they are in the plan');
      return;
    case 'end':
      screen.line(screen.style('bold', `No event made it so: after the last one ${shareOf(ends.at(-1))}; it could be avoided to the end.`));
      return;
    default:
      verdict satisfies never;
  }
}

const endsText = ({ after, runs, failed, otherwise }: Ends): string =>
  `${(after === NO_CAUSE ? 'from the start' : `after event ${after}`).padEnd(18)} ${count(failed).padStart(5)} of ${count(runs)} runs fail${
    otherwise > 0 ? `, ${count(otherwise)} more in another way` : ''
  }`;

const shareOf = (ends: Ends | undefined): string =>
  ends === undefined ? 'nobody knows' : `${count(ends.failed)} of ${plural(ends.runs, 'run')} ${ends.runs === 1 ? 'fails' : 'fail'}`;
