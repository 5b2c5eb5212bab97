/**
 * A trace in the JSON format of Chrome's trace viewer, which Perfetto opens (ui.perfetto.dev): a machine is a process, a process a thread, what happens an
 * instant, what a message does an arrow, and a timer, a fault and the life of a process a slice.
 * Lacks: bytes; slipway show and the pcapng have them.
 */
import { printableJson } from '../../host/bytes.ts';
import type { TraceEvent } from '../event.ts';
import type { Labels } from '../labels.ts';

/** Pieces of the file. */
export function* perfettoOf(events: readonly TraceEvent[], labels: Labels): Generator<string> {
  const places = new Places();
  let separator = '{"displayTimeUnit":"ms","traceEvents":[\n';
  const put = (record: object): string => {
    const line = `${separator}${printableJson(JSON.stringify(record))}`;
    separator = ',\n';
    return line;
  };
  /** Slices that are open, by what ends them. */
  const open = new Map<string, object>();
  const sent = new Set<number>();
  let last = 0;
  for (const event of events) {
    const { index, time, process, kind, data = {}, message } = event;
    last = time;
    for (const record of places.introduce(process)) yield put(record);
    const at = { ts: time, ...places.of(process) };
    const ends = sliceEnds(event);
    if (ends !== undefined && open.delete(ends)) yield put({ ph: 'e', cat: 'span', id: ends, name: nameOf(ends), ...at });
    const begins = sliceBegins(event);
    if (begins !== undefined) {
      open.set(begins, at);
      yield put({ ph: 'b', cat: 'span', id: begins, name: nameOf(begins), ...at, args: { ...data } });
    }
    // An instant has no width, and arrows begin and end at slices: one microsecond.
    yield put({ ph: 'X', dur: 1, name: labels.get(index) ?? kind, cat: kind, ...at, args: { event: index, ...data } });
    if (message > 0 && (kind === 'send' || kind === 'datagram')) {
      sent.add(message);
      yield put({ ph: 's', id: message, name: 'message', cat: 'message', ...at });
    } else if (message > 0 && sent.has(message) && (kind === 'recv' || kind === 'receive'))
      yield put({ ph: 'f', bp: 'e', id: message, name: 'message', cat: 'message', ...at });
  }
  for (const [id, at] of open) yield put({ ph: 'e', cat: 'span', id, name: nameOf(id), ...at, ts: last });
  yield separator.startsWith('{') ? '{"displayTimeUnit":"ms","traceEvents":[]}\n' : '\n]}\n';
}

const nameOf = (id: string): string => id.split(' ')[0] ?? id;

function sliceBegins({ kind, process, data = {} }: TraceEvent): string | undefined {
  if (kind === 'timer') return `timer ${process} ${data['id']}`;
  if (kind === 'start') return `life ${process}`;
  if (kind === 'fault' && data['step'] === 'begin') return `fault:${data['kind']} ${data['fault']}`;
  return undefined;
}

function sliceEnds({ kind, process, data = {} }: TraceEvent): string | undefined {
  if (kind === 'fire' || kind === 'cancel') return `timer ${process} ${data['id']}`;
  if (kind === 'exit') return `life ${process}`;
  if (kind === 'fault' && data['step'] === 'end') return `fault:${data['kind']} ${data['fault']}`;
  return undefined;
}

/** Numbers for machines and their processes. */
class Places {
  readonly #machines = new Map<string, number>();
  readonly #processes = new Map<string, { readonly pid: number; readonly tid: number }>();

  of(process: string): { readonly pid: number; readonly tid: number } {
    return this.#processes.get(process) ?? { pid: 0, tid: 0 };
  }

  /** What tells of those that are new. */
  *introduce(process: string): Generator<object> {
    if (this.#processes.has(process)) return;
    const slash = process.lastIndexOf('/');
    const machine = process === '' ? 'world' : process.slice(0, Math.max(0, slash));
    let pid = this.#machines.get(machine);
    if (pid === undefined) {
      pid = this.#machines.size + 1;
      this.#machines.set(machine, pid);
      yield { ph: 'M', pid, name: 'process_name', args: { name: machine } };
    }
    const tid = this.#processes.size + 1;
    this.#processes.set(process, { pid, tid });
    yield { ph: 'M', pid, tid, name: 'thread_name', args: { name: process.slice(slash + 1) || 'world' } };
  }
}
