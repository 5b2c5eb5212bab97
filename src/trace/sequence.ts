/**
 * Events as a sequence diagram in text: a lane for each process, an arrow for each message, a note for what a process does alone, a
 * line across for what the world does, and a band at the side for as long as something is wrong. Never wider than it may be: where the lanes
 * of all processes do not fit, each event is a line of words.
 * Lacks: what an event is called (labels.ts), and characters that are two columns wide.
 */
import { printable } from '../host/bytes.ts';
import { formatTime } from '../host/time.ts';
import type { TraceEvent } from './event.ts';
import type { Labels } from './labels.ts';

export interface SequenceOptions {
  /** What is written at an event; one without is not drawn. */
  readonly labels: Labels;
  /** The events that are drawn, by index; default: all. What they lead to is looked for in all of them. */
  readonly only?: ReadonlySet<number>;
  /** Characters of a line; default 100. */
  readonly columns?: number;
}

export const COLUMNS = 100;
const TIME_WIDTH = 15;
const LANE = '│';
const BAND = '▒';
/** Characters from one lane to the next. */
const LANE_MOST = 44;
const LANE_LEAST = 16;
/** Beside the text of an arrow: its ends, and a line on both sides. */
const ARROW = 6;

/** One line of a sequence, before anything is drawn. */
export interface Drawn {
  readonly event: TraceEvent;
  readonly text: string;
  /** Who reads it; '': nobody, or it is no message. */
  readonly to: string;
  /** Something is wrong then. */
  readonly wrong: boolean;
}

/** Lines without their ends. A message is drawn when it is sent, towards whoever reads it first; one that nobody reads goes to nobody. */
export function drawSequence(events: readonly TraceEvent[], { labels, only, columns = COLUMNS }: SequenceOptions): readonly string[] {
  const drawn = drawnOf(events, labels, only);
  const lanes = [...new Set(drawn.flatMap(({ event, to }) => [event.process, to]))].filter(process => process !== '');
  const width = Math.min(LANE_MOST, Math.floor((columns - TIME_WIDTH) / Math.max(1, lanes.length)));
  const lines = lanes.length > 1 && width < LANE_LEAST ? drawn.map(inWords) : inLanes(drawn, lanes, width, columns);
  return lines.map(line => clipped(line, columns));
}

/** What is drawn of a run, and to whom. */
export function drawnOf(events: readonly TraceEvent[], labels: Labels, only: ReadonlySet<number> | undefined): readonly Drawn[] {
  const readers = readersOf(events);
  const wrong = new Set<unknown>();
  const drawn: Drawn[] = [];
  for (const [place, event] of events.entries()) {
    const { kind, data, index } = event;
    const isFault = kind === 'fault';
    if (isFault && data?.['step'] === 'begin') wrong.add(data['fault']);
    const text = labels.get(index);
    if (text !== undefined && (only?.has(index) ?? true) && !isMoment(event, events[place - 1]))
      drawn.push({ event, text, to: readers(event), wrong: wrong.size > 0 });
    if (isFault && data?.['step'] === 'end') wrong.delete(data['fault']);
  }
  return drawn;
}

/** That something is over at the moment it begins goes without saying. */
const isMoment = ({ kind, data, time }: TraceEvent, before: TraceEvent | undefined): boolean =>
  kind === 'fault' &&
  data?.['step'] === 'end' &&
  before?.kind === 'fault' &&
  before.data?.['fault'] === data['fault'] &&
  before.time === time;

/** Who reads first what is sent. By the channel as well: what is read together with another message has the id of that one. */
export function readersOf(events: readonly TraceEvent[]): (sent: TraceEvent) => string {
  const readers = new Map<number | string, string>();
  for (const { kind, message, channel, process } of events)
    if (kind === 'recv' || kind === 'receive') {
      if (!readers.has(message)) readers.set(message, process);
      if (kind === 'recv' && !readers.has(channel)) readers.set(channel, process);
    }
  return ({ kind, message, channel }) => {
    if (kind !== 'send' && kind !== 'datagram') return '';
    return readers.get(message) ?? (kind === 'send' ? readers.get(channel) : undefined) ?? '';
  };
}

const timeOf = ({ event, wrong }: Pick<Drawn, 'event' | 'wrong'>): string =>
  `${formatTime(event.time).padStart(TIME_WIDTH - 3)} ${wrong ? BAND : ' '} `;

function inWords(each: Drawn): string {
  const { event, text, to } = each;
  if (event.process === '') return `${timeOf(each)}── ${text} ──`;
  return `${timeOf(each)}${printable(event.process)}${to === '' ? ':' : ` → ${printable(to)}:`} ${text}`;
}

function inLanes(drawn: readonly Drawn[], lanes: readonly string[], width: number, columns: number): readonly string[] {
  const at = (lane: number): number => TIME_WIDTH + lane * width;
  const line = (time: string, draw: (cells: string[]) => void): string => {
    const cells = [...time.padEnd(TIME_WIDTH)];
    for (const index of lanes.keys()) cells[at(index)] = LANE;
    draw(cells);
    return Array.from(cells, cell => cell ?? ' ')
      .join('')
      .trimEnd();
  };
  const lines = [
    line('', cells =>
      put(
        cells,
        lanes.map((name, lane) => [at(lane), printable(shortest(name, lanes), width - 2)] as const),
      ),
    ),
  ];
  for (const each of drawn) {
    const { event, text, to } = each;
    const time = timeOf(each);
    const [from, target] = [lanes.indexOf(event.process), lanes.indexOf(to)];
    if (event.process === '') lines.push(`${time}── ${text} ──`);
    else if (target < 0 || target === from) lines.push(line(time, cells => put(cells, [[at(from) + 2, text]])));
    else {
      const [left, right] = [at(Math.min(from, target)), at(Math.max(from, target))];
      const fits = [...text].length + ARROW <= right - left;
      // What has no room on the arrow stands above it.
      if (!fits)
        lines.push(line(time, cells => put(cells, [[Math.min(at(from) + 2, Math.max(left + 2, columns - [...text].length)), text]])));
      lines.push(line(fits ? time : ' '.repeat(TIME_WIDTH), cells => arrow(cells, left, right, from < target, fits ? ` ${text} ` : '')));
    }
  }
  return lines;
}

function arrow(cells: string[], left: number, right: number, forwards: boolean, text: string): void {
  for (let x = left + 1; x < right; x++) cells[x] = '─';
  put(cells, [[forwards ? right - 1 : left + 1, forwards ? '▶' : '◀']]);
  put(cells, [[left + Math.max(2, Math.floor((right - left - [...text].length) / 2)), text]]);
}

function put(cells: string[], texts: readonly (readonly [from: number, text: string])[]): void {
  for (const [from, text] of texts) for (const [index, character] of [...text].entries()) cells[from + index] = character;
}

/** Without its machine where no other process is called the same. */
function shortest(name: string, lanes: readonly string[]): string {
  const last = (each: string): string => each.split('/').at(-1) ?? each;
  return lanes.filter(each => last(each) === last(name)).length > 1 ? name : last(name);
}

function clipped(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}
