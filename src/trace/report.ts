/**
 * A difference between two traces, told: where, how much agreed before it, what differs and what usually causes that, then
 * the events in the shape of a unified diff.
 * Lacks: colour and files (cli).
 */
import { printable } from '../host/bytes.ts';
import { formatTime } from '../host/time.ts';
import type { DifferenceCategory, Field, Resync, TraceDifference } from './diff.ts';
import type { TraceEvent } from './event.ts';
import { formatData, formatEvent, formatPayload } from './view.ts';

export function formatDifference(difference: TraceDifference): string {
  const { category, before, recorded, replayed, after, resync } = difference;
  const lines = [headline(difference)];
  for (const field of difference.fields) lines.push(...fieldLines(field, recorded[0], replayed[0]));
  lines.push(`  why        ${EXPLANATIONS[category].why}`, `  try        ${EXPLANATIONS[category].advice}`);
  if (difference.soft) lines.push(`  then       ${hardLine(difference)}`);
  for (const event of before) lines.push(`   ${formatEvent(event)}`);
  for (const event of recorded) lines.push(` - ${formatEvent(event)}`);
  lines.push(...hidden('-', 'recorded', resync?.missing ?? 0, recorded.length));
  for (const event of replayed) lines.push(` + ${formatEvent(event)}`);
  lines.push(...hidden('+', 'replayed', resync?.extra ?? 0, replayed.length));
  for (const event of after) lines.push(`   ${formatEvent(event)}`);
  if (!difference.soft) lines.push(`  resync     ${resyncLine(resync, difference)}`);
  return `${lines.join('\n')}\n`;
}

function headline(difference: TraceDifference): string {
  const { index, recordedTotal, replayedTotal, agreedPerMille, category } = difference;
  const event = difference.recorded[0] ?? difference.replayed[0];
  const percent = `${Math.floor(agreedPerMille / 10)}.${agreedPerMille % 10} %`;
  const place =
    event === undefined ? '' : `, t=${formatTime(event.time)}, ${event.process === '' ? 'the world' : printable(event.process)}`;
  const totals = recordedTotal === replayedTotal ? '' : `, ${replayedTotal} replayed`;
  return `DIVERGED  ${category}  at event ${index} of ${recordedTotal}${totals} (${percent} agreed)${place}`;
}

function fieldLines(field: Field, recorded: TraceEvent | undefined, replayed: TraceEvent | undefined): readonly string[] {
  if (recorded === undefined || replayed === undefined) return [];
  return [`  ${field.padEnd(9)}  recorded  ${fieldText(field, recorded)}`, `             replayed  ${fieldText(field, replayed)}`];
}

function fieldText(field: Field, event: TraceEvent): string {
  switch (field) {
    case 'bytes':
      return event.bytes === undefined ? 'none' : `len ${event.bytes.length}  ${formatPayload(event.bytes)}`;
    case 'data':
      return event.data === undefined ? 'none' : formatData(event.data);
    case 'time':
      return formatTime(event.time);
    case 'message':
    case 'cause':
      return String(event[field]);
    case 'process':
    case 'kind':
    case 'channel':
      return event[field] === '' ? 'none' : printable(event[field]);
    default:
      return field satisfies never;
  }
}

function hardLine({ hardAt }: TraceDifference): string {
  return hardAt < 0 ? 'nothing but times and causes differs to the end' : `more than times and causes differs from event ${hardAt} on`;
}

function hidden(sign: string, which: string, total: number, shown: number): readonly string[] {
  return total > shown ? [` ${sign} … ${total - shown} more ${which}`] : [];
}

function resyncLine(resync: Resync | undefined, { recordedTotal, replayedTotal, index }: TraceDifference): string {
  if (resync !== undefined) {
    const where = `recorded ${resync.recorded}, replayed ${resync.replayed}`;
    return `found again at ${where} (${resync.missing} missing, ${resync.extra} extra)`;
  }
  if (index === replayedTotal) return `the replay ended ${recordedTotal - index} events early`;
  if (index === recordedTotal) return `the replay went on for ${replayedTotal - index} events`;
  return 'not found again';
}

interface Explanation {
  readonly why: string;
  readonly advice: string;
}

const DRAWS = 'look for what a run does not own: module state kept from an earlier run, Math.random(), Date.now(), a promise';

const EXPLANATIONS: Readonly<Record<DifferenceCategory, Explanation>> = {
  time: { why: 'the same happened at another time', advice: 'compare delays and timers; with real clocks, do not compare times' },
  cause: { why: 'the same happened for another reason', advice: 'look at the two causes; the order of ready work may have changed' },
  process: { why: 'another process ran', advice: 'the order of ready work changed: look at what was scheduled before' },
  kind: { why: 'the process did something else', advice: `compare what it was given before; ${DRAWS}` },
  channel: { why: 'the same was done on another channel', advice: 'look for an order of streams or sockets that is not fixed' },
  message: { why: 'message numbers differ', advice: 'something was sent, or not sent, that left no event of its own' },
  bytes: { why: 'other bytes crossed the Host', advice: `compare the program with the one that was recorded; ${DRAWS}` },
  data: { why: 'the same call had other arguments or another answer', advice: `compare what the process was given before; ${DRAWS}` },
  missing: { why: 'events were recorded that the replay did not have', advice: 'a step was left out: was the program changed?' },
  extra: { why: 'the replay had events that were not recorded', advice: 'a step was added: was the program changed?' },
  length: {
    why: 'one of them ends here, and the other goes on',
    advice: 'compare the limits of the two runs, and how the shorter one ended',
  },
};
