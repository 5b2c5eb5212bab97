/**
 * `slipway show`: the events of a trace, a line each with the messages that it completes, and what became of it.
 */
import { printable } from '../../src/host/bytes.ts';
import { canonicalJson } from '../../src/trace/canonical.ts';
import { DecodedTrace, formatItem } from '../../src/trace/decoded.ts';
import type { Decoders } from '../../src/trace/message.ts';
import { formatProblem } from '../../src/trace/problem.ts';
import { formatEvent } from '../../src/trace/view.ts';
import { parseCount } from '../counts.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { loadCatalogue, protocolIn } from '../load.ts';
import type { Screen } from '../screen.ts';
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
  const { header, events, footer, problems, state } = await loadTrace(file);
  if (header === undefined) throw usage(`${file}: not a trace`);
  screen.line(`${screen.style('bold', printable(header.name))}  ${header.kind}, ${header.clock} clock, seed ${printable(header.seed)}`);
  screen.line(`  ${printable(header.title)}`);
  screen.line(`  ${printable(canonicalJson(header.plan), PLAN_SHOWN)}`);
  const decoded = new DecodedTrace(await decodersOf(header.name, modules));
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
  screen.value({ format: 'slipway-shown', v: 1, header, footer: footer ?? null, events: events.length, state, problems });
  return EXIT.ok;
}

/** As far as where an event says what it is. */
const INDENT = ' '.repeat(42);

/** Of the protocol whose scenario or case it is; none, where that is not known here. */
async function decodersOf(name: string, modules: readonly string[]): Promise<Decoders> {
  const protocol = protocolIn(name);
  const { protocols } = await loadCatalogue(modules, [protocol]);
  return protocols.find(each => each.name === protocol)?.decoders ?? {};
}
