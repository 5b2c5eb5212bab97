/**
 * Events as a sequence diagram in text: a lane for each process, an arrow for each message, a note for what a process does alone, and a
 * line across for what the world does.
 * Lacks: what a message means (the caller labels it), and most kinds of event: `show` has them all.
 */
import { printable } from '../host/bytes.ts';
import { formatTime } from '../host/time.ts';
import type { TraceEvent } from './event.ts';

export interface SequenceOptions {
  /** What is written at an event; `undefined`: it is not drawn. */
  readonly label: (event: TraceEvent) => string | undefined;
  /** Characters from one lane to the next. */
  readonly width?: number;
}

const TIME_WIDTH = 14;
const LANE = '│';

/** Lines without their ends. A message is drawn when it is sent, towards whoever reads it first; one that nobody reads goes to nobody. */
export function drawSequence(events: readonly TraceEvent[], { label, width = 44 }: SequenceOptions): readonly string[] {
  const lanes = [...new Set(events.map(each => each.process).filter(process => process !== ''))];
  const at = (lane: number): number => TIME_WIDTH + lane * width;
  // By the channel as well: what is read together with another message has the id of that one.
  const readers = new Map<number | string, string>();
  for (const { kind, message, channel, process } of events)
    if (kind === 'recv') for (const key of [message, channel]) if (!readers.has(key)) readers.set(key, process);

  const line = (time: string, draw: (cells: string[]) => void): string => {
    const cells = [...time.padEnd(TIME_WIDTH + width * lanes.length)];
    for (const index of lanes.keys()) cells[at(index)] = LANE;
    draw(cells);
    return cells.join('').trimEnd();
  };
  const put = (cells: string[], from: number, text: string): void => {
    for (const [index, character] of [...text].entries()) cells[from + index] = character;
  };
  const lines = [
    line('', cells => {
      for (const [index, name] of lanes.entries()) put(cells, at(index), printable(name.split('/').at(-1) ?? name, width - 2));
    }),
  ];
  for (const event of events) {
    const text = label(event);
    const from = lanes.indexOf(event.process);
    if (text === undefined) continue;
    if (event.process === '') {
      lines.push(`${`${formatTime(event.time)}  `.padEnd(TIME_WIDTH)}── ${printable(text, width)} ──`);
      continue;
    }
    const to = event.kind === 'send' ? lanes.indexOf(readers.get(event.message) ?? readers.get(event.channel) ?? '') : -1;
    const shown = ` ${printable(text, width - 8)} `;
    lines.push(
      line(`${formatTime(event.time)}  `, cells => {
        if (to < 0 || to === from) put(cells, at(from) + 1, shown);
        else arrow(cells, at(from), at(to), shown);
      }),
    );
  }
  return lines;

  function arrow(cells: string[], from: number, to: number, text: string): void {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    for (let x = left + 1; x < right; x++) cells[x] = '─';
    put(cells, from < to ? right - 1 : left + 1, from < to ? '▶' : '◀');
    put(cells, left + Math.max(2, Math.floor((right - left - [...text].length) / 2)), text);
  }
}
