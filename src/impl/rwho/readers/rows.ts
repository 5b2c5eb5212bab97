/**
 * People as rwho of BSD has them in its memory: rows of bytes, one behind the other. Text is read to its NUL, so a line that fills
 * its field runs on into the name, the login time and the row behind (RW-28), and the name of a host into whatever its record has
 * there (RW-26). C leaves undefined what that comes to; this is what the compiled programs print.
 * Lacks: what is behind a record that has no NUL at all, and behind the last row: nothing, where the programs have other variables.
 */
import { ENTRY, IN_ENTRY, OFFSET, TEXT_MAX, textAt } from '../wire.ts';

/** MAXHOSTNAMELEN of 4.3BSD-Reno and of 4.4BSD. */
const HOST_ROOM = 256;
const IDLE = HOST_ROOM;
const LINE = IDLE + 4;
const NAME = LINE + TEXT_MAX;
const ROW = LINE + ENTRY - 4;
/** BUFSIZ of the C they were compiled with: host and line are printed into so many bytes, and what is longer over what is behind them. */
const PLACE_MOST = 8_192;

/** Where an entry is. */
export interface InRecord {
  readonly record: Uint8Array;
  readonly at: number;
}

/** What is read of a row. */
export interface InRow {
  readonly user: string;
  readonly host: string;
  readonly line: string;
  readonly since: number;
  readonly idle: number;
}

/** The host is copied last, over the rest if it is too long. */
export function rowOf({ record, at }: InRecord): Uint8Array {
  const row = new Uint8Array(ROW);
  row.set(record.subarray(at + IN_ENTRY.idle, at + ENTRY), IDLE);
  row.set(record.subarray(at, at + IN_ENTRY.idle), LINE);
  const end = record.indexOf(0, OFFSET.hostName);
  row.set(record.subarray(OFFSET.hostName, end < 0 ? record.length : end + 1).subarray(0, ROW));
  return row;
}

/** Sorted by what is in each, and then read where they lie. */
export function readSorted(rows: readonly Uint8Array[], compare: (one: InRow, other: InRow) => number): readonly InRow[] {
  const sorted = rows.map(row => ({ row, alone: read(row, 0) })).toSorted(({ alone: one }, { alone: other }) => compare(one, other));
  const memory = new Uint8Array(rows.length * ROW);
  for (const [index, { row }] of sorted.entries()) memory.set(row, index * ROW);
  return sorted.map((_, index) => read(memory, index * ROW));
}

function read(memory: Uint8Array, at: number): InRow {
  const view = new DataView(memory.buffer, at, ROW);
  return {
    user: textAt(memory, at + NAME, TEXT_MAX),
    host: textAt(memory, at, PLACE_MOST),
    line: textAt(memory, at + LINE, PLACE_MOST),
    since: view.getInt32(ROW - 4, true),
    idle: view.getInt32(IDLE, true),
  };
}
