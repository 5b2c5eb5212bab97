/**
 * `slipway diff`: the first event in which two traces differ, with what surrounds it.
 */
import { diffTraces } from '../../src/trace/diff.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace } from '../trace-files.ts';

export async function diff(left: string, right: string, screen: Screen): Promise<ExitCode> {
  const [one, other] = [await loadTrace(left), await loadTrace(right)];
  const difference = diffTraces(one.events, other.events);
  screen.value({
    format: 'slipway-difference',
    v: 1,
    left,
    right,
    difference:
      difference === undefined
        ? null
        : { index: difference.index, category: difference.category, soft: difference.soft, text: formatDifference(difference) },
  });
  if (difference === undefined) {
    screen.line(`${plural(one.events.length, 'event')}, all the same`);
    return EXIT.ok;
  }
  screen.line(`- ${left}`);
  screen.line(`+ ${right}`);
  screen.line(formatDifference(difference));
  return EXIT.findings;
}
