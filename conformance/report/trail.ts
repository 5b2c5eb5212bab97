/**
 * Where a row went another way, as a place that other rows can have in common: the messages of the implementation up to there, without
 * what differs from run to run. All conversations of a report are one tree; a place is a node of it.
 */
import type { ReportRow } from './report.ts';
import { saidOn } from './wire.ts';

/** Nodes of the tree. */
export interface Trail {
  /** Messages that came before what broke first, as far as the row shows it. */
  readonly after: number;
  readonly here: number;
  /** Where others may have gone another way, and this row not yet: since then the tester did nothing that could be the cause. */
  readonly passed: readonly number[];
}

const ROOT = 0;
/** After whatever there was. */
const LAST = Number.MAX_SAFE_INTEGER;

export class Wires {
  readonly #nodes: Map<string, number> = new Map();

  /** Nothing where the wire does not show it, or the report does not hold enough of it. */
  trailOf(row: ReportRow): Trail | undefined {
    const { refuted, role, end } = row;
    const at = refuted?.at;
    if (refuted === undefined || at === undefined) return undefined;
    // However it came to its end: that is what is wrong.
    if (at.channel === '' && at.is === 'end') return { after: LAST, here: this.#step(ROOT, `${role} ends ${end}`), passed: [] };
    const said = saidOn(row, at.channel).slice(0, at.channel === '' ? undefined : at.after + 1);
    const path = [this.#step(ROOT, `${role} ${at.channel}`)];
    for (const { text } of said) path.push(this.#step(path.at(-1) ?? ROOT, text));
    if (at.channel === '' || at.is === 'nothing' || at.is === 'end')
      return this.#silent(row, path.slice(0, at.channel === '' ? undefined : at.after + 1));
    const here = path[at.after + 1];
    if (here === undefined) return undefined;
    const prompted = row.log.findLastIndex((line, index) => line.from === 'tester' && index <= (said[at.after]?.line ?? 0));
    const passed = path.slice(1, at.after + 1).filter((_, index) => (said[index]?.line ?? 0) > prompted);
    // Bytes that are no message right behind a message: where that one ended was only its own word, so it may have been none either.
    const doubted = at.is === 'violation' && at.after > 0 ? path.slice(at.after, at.after + 1) : [];
    return { after: Math.max(0, at.after - doubted.length), here, passed: [...passed, ...doubted] };
  }

  /** Nothing came, or nothing more: of what the tester had done last. */
  #silent({ log, refuted, end }: ReportRow, path: readonly number[]): Trail {
    const prompt = log.findLast(
      (line, index) => line.from === 'tester' && (refuted === undefined || refuted.line < 0 || index < refuted.line),
    );
    const is = refuted?.at?.is === 'end' ? `end, ${end}` : 'nothing';
    // Where nothing ever came it does not matter what was done.
    const since = prompt === undefined || path.length === 1 ? '' : `${prompt.channel} ${prompt.text}`;
    const here = this.#step(path.at(-1) ?? ROOT, `\0${is} after ${since}`);
    return { after: path.length - 1, here, passed: [] };
  }

  #step(from: number, text: string): number {
    const key = `${from} ${text}`;
    const found = this.#nodes.get(key) ?? this.#nodes.size + 1;
    this.#nodes.set(key, found);
    return found;
  }
}
