/**
 * `slipway stats`: a trace, or a capture, in numbers.
 */
import { printable } from '../../src/host/bytes.ts';
import { formatTime, instantOf } from '../../src/host/time.ts';
import { type Counts, StatsTally, type TraceStats, WAITING_LIMIT } from '../../src/trace/stats.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { noteDropped, noteProblems } from '../in-part.ts';
import { knownEvents } from '../known.ts';
import { count, plural, type Screen } from '../screen.ts';

/** Rows of one table. */
const ROWS = 30;
const NAME_SHOWN = 40;

export async function stats(file: string, modules: readonly string[], screen: Screen): Promise<ExitCode> {
  const { header, decoders, state, ending, each } = await knownEvents(file, modules);
  const tally = new StatsTally(decoders);
  const problems = await each(event => tally.see(event));
  const numbers = tally.stats();
  screen.value({ format: 'slipway-stats', v: 1, file, name: header.name, state, outcome: ending?.outcome ?? null, ...numbers });
  screen.line(`${screen.style('bold', file)}  ${printable(header.name)}, ${state}${ending === undefined ? '' : `, ${ending.outcome}`}`);
  for (const line of linesOf(numbers)) screen.line(line);
  noteDropped(numbers.undecoded, screen);
  noteProblems(file, problems, screen);
  return EXIT.ok;
}

export function* linesOf({
  events,
  duration,
  channels,
  kinds,
  processes,
  messages,
  violations,
  latency,
  timers,
}: TraceStats): Generator<string> {
  yield `  ${plural(events, 'event')} in ${formatTime(instantOf(duration))}, ${plural(processes.filter(({ process }) => process !== '').length, 'process', 'processes')}, ${plural(channels, 'channel')}`;
  if (events === 0) return;
  yield `  ${countsText(kinds)}`;
  yield* table(
    ['process', 'events', 'messages out', 'bytes out', 'messages in', 'bytes in'],
    processes.map(each => [
      each.process === '' ? '(the world)' : each.process,
      ...[each.events, each.messagesSent, each.bytesSent, each.messagesReceived, each.bytesReceived].map(count),
    ]),
  );
  if (messages.length > 0)
    yield* table(
      ['message', 'sent', 'received', 'bytes sent'],
      messages.map(each => [each.type, ...[each.sent, each.received, each.bytes].map(count)]),
    );
  if (Object.keys(violations).length > 0) yield `  broken: ${countsText(violations)}`;
  if (latency.count > 0) {
    const [least, median, p99, most] = [latency.least, latency.median, latency.p99, latency.most].map(each => formatTime(instantOf(each)));
    yield `  on their way: ${least} to ${most}, median ${median}, 99 of 100 within ${p99}${latency.unread > 0 ? `; ${count(latency.unread)} never read` : ''}`;
  }
  if (latency.forgone > 0)
    yield `  ${plural(latency.forgone, 'send')} not followed to whoever reads them: more than ${count(WAITING_LIMIT)} waited for that at the same time`;
  const { set, fired, cancelled, pending } = timers;
  if (set > 0)
    yield `  timers: ${count(set)} set, ${count(fired)} fired, ${count(cancelled)} cancelled, ${count(pending)} pending at the end`;
}

const countsText = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, number]) => `${printable(name, NAME_SHOWN)} ${count(number)}`)
    .join(', ');

function* table(head: readonly string[], rows: readonly (readonly string[])[]): Generator<string> {
  const shown = [head, ...rows.slice(0, ROWS)].map(row => row.map(cell => printable(cell, NAME_SHOWN)));
  const widths = head.map((_, column) => Math.max(...shown.map(row => row[column]?.length ?? 0)));
  for (const row of shown)
    yield `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`;
  if (rows.length > ROWS) yield `  … ${plural(rows.length - ROWS, 'more row')}`;
}
