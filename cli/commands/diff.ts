/**
 * `slipway diff`: the first event in which two traces differ, with what surrounds it.
 */
import { printable } from '../../src/host/bytes.ts';
import { compareCodeUnits } from '../../src/host/order.ts';
import { diffTraces } from '../../src/trace/diff.ts';
import type { JsonValue, TraceHeader } from '../../src/trace/event.ts';
import { formatDifference } from '../../src/trace/report.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { plural, type Screen } from '../screen.ts';
import { loadTrace } from '../trace-files.ts';

/** What is known before any event: runs of other plans need not agree in anything. */
export function plansOf(one: TraceHeader | undefined, other: TraceHeader | undefined): string | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (one.name !== other.name) return `one is of ${printable(one.name, 80)}, the other of ${printable(other.name, 80)}`;
  const [plan, another] = [fieldsOf(one.plan), fieldsOf(other.plan)];
  const names = [...new Set([...Object.keys(plan), ...Object.keys(another)])].sort(compareCodeUnits);
  const differing = names.filter(name => JSON.stringify(plan[name]) !== JSON.stringify(another[name]));
  if (differing.length > 0) return `their plans differ in ${printable(differing.join(', '), 200)}`;
  return one.seed === other.seed ? undefined : `their seeds differ: ${printable(one.seed, 40)} and ${printable(other.seed, 40)}`;
}

/** Of a plan in the form of traces, whose keys are sorted. */
const fieldsOf = (plan: JsonValue | undefined): Readonly<Record<string, JsonValue>> =>
  typeof plan === 'object' && plan !== null && !Array.isArray(plan) ? (plan as Readonly<Record<string, JsonValue>>) : {};

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
  const why = plansOf(one.header, other.header);
  if (why !== undefined) screen.line(`  ${why}`);
  screen.line(formatDifference(difference));
  return EXIT.findings;
}
