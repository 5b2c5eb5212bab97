/**
 * `slipway show`: the events of a trace, a line each with the messages that it completes, and what became of it.
 */
import { checkPlan } from '../../src/check/plan-shape.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { type Story, type StoryOptions, storyOf } from '../../src/check/story/story.ts';
import { printable } from '../../src/host/bytes.ts';
import { canonicalJson } from '../../src/trace/canonical.ts';
import { DecodedTrace, formatItem } from '../../src/trace/decoded.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import type { ReadTrace } from '../../src/trace/read.ts';
import { formatEvent } from '../../src/trace/view.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { loadCatalogue, protocolIn } from '../load.ts';
import type { Screen } from '../screen.ts';
import { showStory } from '../story.ts';
import { loadTrace } from '../trace-files.ts';

export interface ShowFlags {
  readonly from: string;
  readonly count?: string;
}

/** No trace has more. */
const EVENTS_LIMIT = 999_999_999;
const PLAN_SHOWN = 2_000;

export async function show(file: string, flags: ShowFlags, modules: readonly string[], screen: Screen): Promise<ExitCode> {
  const from = parseCount('--from', flags.from, 0, EVENTS_LIMIT);
  const to = flags.count === undefined ? Number.POSITIVE_INFINITY : from + parseCount('--count', flags.count, 0, EVENTS_LIMIT);
  const trace = await loadTrace(file, modules);
  const { header, events, footer, problems, state } = trace;
  if (header === undefined) throw usage(`${file}: not a trace`);
  screen.line(`${screen.style('bold', printable(header.name))}  ${header.kind}, ${header.clock} clock, seed ${printable(header.seed)}`);
  screen.line(`  ${printable(header.title)}`);
  screen.line(`  ${printable(canonicalJson(header.plan), PLAN_SHOWN)}`);
  const { scenario, decoders } = await knownOf(header.name, modules);
  const decoded = new DecodedTrace(decoders);
  for (const event of events) {
    const messages = decoded.see(event);
    if (event.index < from || event.index >= to) continue;
    screen.line(formatEvent(event));
    for (const message of messages) screen.line(`${INDENT}${screen.style('cyan', formatItem(message))}`);
  }
  const outcome =
    footer === undefined
      ? `no end: ${state}`
      : `${footer.outcome}${footer.check === '' ? '' : ` ${footer.check} at event ${footer.at}: ${footer.why}`}`;
  screen.line(`${events.length} events; ${screen.style(footer?.outcome === 'fail' ? 'red' : 'green', printable(outcome, PLAN_SHOWN))}`);
  for (const problem of problems) screen.line(`  ${formatProblem(problem)}`);
  const story = storyIn(trace, scenario, { decoders, columns: screen.columns });
  // Who asks for some events wants those.
  if (story !== undefined && flags.count === undefined) showStory(story, screen);
  screen.value({ format: 'slipway-shown', v: 1, header, footer: footer ?? null, events: events.length, state, problems, story });
  return EXIT.ok;
}

/** As far as where an event says what it is. */
const INDENT = ' '.repeat(42);

/** What is known here of the scenario or case, and of what its protocol says. */
async function knownOf(
  name: string,
  modules: readonly string[],
): Promise<{ readonly scenario: Scenario | undefined; readonly decoders: Decoders }> {
  const protocol = protocolIn(name);
  const catalogue = await loadCatalogue(modules, [protocol]);
  const { decoders = {} } = catalogue.protocols.find(each => each.name === protocol) ?? {};
  return { scenario: catalogue.scenarioNamed(name), decoders };
}

/** Of a simulated failure, from what the file has: nothing is run again. */
function storyIn({ header, events, footer }: ReadTrace, scenario: Scenario | undefined, options: StoryOptions): Story | undefined {
  if (header === undefined || header.kind === 'conformance' || footer?.outcome !== 'fail' || footer.at >= events.length) return undefined;
  const checked = scenario === undefined ? undefined : checkPlan(scenario, header.plan);
  if (checked?.ok !== true) return undefined;
  const { check: property, at, why } = footer;
  return storyOf(scenario, { plan: checked.plan, events, whole: header.kind === 'sim', violation: { property, at, why } }, options);
}
