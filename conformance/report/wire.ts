/**
 * Whether an implementation did the same in two runs of a case, beyond the verdict. In virtual time everything must be equal but
 * the instants. On a real system ports, process ids, challenges and keys are others every time, and two channels may overtake
 * each other: there only the messages of the implementation are compared, channel by channel, without their numbers, and as far as
 * both were read: a verdict may fall before the last of them has come.
 * Lacks: bytes beyond those that a report holds; the traces have them.
 */
import type { LogLine, ReportRow } from './report.ts';

/** In words, or `undefined` where nothing is different. */
export function difference(before: ReportRow, after: ReportRow, exact: boolean): string | undefined {
  const [was, is] = [before.refuted, after.refuted];
  const text = exact ? same : masked;
  if (text(was?.received ?? '') !== text(is?.received ?? '')) return `received ${shown(was?.received)} before, ${shown(is?.received)} now`;
  if (was?.requirement !== is?.requirement) return `${shown(was?.requirement)} was broken before, ${shown(is?.requirement)} now`;
  if (was?.expected !== is?.expected) return `expected ${shown(was?.expected)} before, ${shown(is?.expected)} now`;
  if (text(before.why) !== text(after.why))
    return `${before.why === '' ? 'decided' : before.why} before, ${after.why === '' ? 'decided' : after.why} now`;
  const log = exact ? firstDifference(before.log.map(exactly), after.log.map(exactly)) : differenceByChannel(before, after);
  return log ?? (before.end === after.end ? undefined : `ended otherwise: ${before.end} before, ${after.end} now`);
}

const same = (text: string): string => text;
/** What differs from run to run: numbers of two and more digits, and long words of hexadecimal digits. */
const masked = (text: string): string => text.replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b|\d{2,}/gi, '#');

const shown = (text: string | undefined): string => (text === undefined ? 'nothing' : text);

const exactly = ({ from, channel, text, length, hex }: LogLine): string =>
  `${FROM[from]}${channel === '' ? '' : ` ${channel}`}: ${text}${length === 0 ? '' : ` (${length} bytes, ${hex.slice(0, COMPARED)})`}`;
/** Digits that every report holds of a message, whatever more there is. */
const COMPARED = 128;
const FROM: Readonly<Record<LogLine['from'], string>> = { tester: 'to', peer: 'from', note: 'note' };

/** What a program says to people is no part of the protocol. */
const OUTPUTS = ['stdout', 'stderr'];

function differenceByChannel(before: ReportRow, after: ReportRow): string | undefined {
  for (const channel of new Set([...before.log, ...after.log].filter(isMessage).map(line => line.channel))) {
    const [was, is] = [before, after].map(row => saidOn(row, channel).map(({ text }) => text));
    if (was === undefined || is === undefined) continue;
    const length = Math.min(was.length, is.length);
    const found = firstDifference(was.slice(0, length), is.slice(0, length));
    if (found !== undefined) return `on ${channel}: ${found}`;
  }
  return undefined;
}

const isMessage = ({ from, channel, length }: LogLine): boolean => from === 'peer' && length > 0 && !OUTPUTS.includes(channel);

/** A message of the implementation, without its numbers. */
export interface Said {
  readonly text: string;
  /** Of the log. */
  readonly line: number;
}

/** On the channel, or on all for ''. Messages that came together stand in one line, and a busy machine brings other ones together. */
export const saidOn = ({ log }: ReportRow, channel: string): readonly Said[] =>
  log.flatMap((each, line) => {
    const wanted = each.from === 'peer' && each.length > 0 && (channel === '' ? isMessage(each) : each.channel === channel);
    return wanted ? each.text.split('; ').map(text => ({ text: masked(text), line })) : [];
  });

function firstDifference(before: readonly string[], after: readonly string[]): string | undefined {
  const length = Math.max(before.length, after.length);
  for (let at = 0; at < length; at++) {
    const [was, is] = [before[at], after[at]];
    if (was !== is) return `${was ?? 'nothing more'} before, ${is ?? 'nothing more'} now`;
  }
  return undefined;
}
