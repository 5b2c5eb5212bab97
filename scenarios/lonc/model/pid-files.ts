/**
 * The pid files of one machine and whose pids live there: whether a parent may begin, or there is one already (../../../src/impl/supervision/README.md).
 * Lacks: what a power cut makes of a file; then nobody knows.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';

const PID_FILE = /\/logs\/lon[cd]\.pid(?:\.[0-9]+)?$/;
const PID = /^[1-9][0-9]{0,9}\n$/;

/** Whether a parent may begin; `either`: nobody can tell. */
export type Claim = 'may' | 'must not' | 'either';

export class PidFiles {
  readonly #texts = new Map<string, string>();
  readonly #alive = new Set<string>();
  /** They have ended, and perhaps nobody has waited for them. */
  readonly #ended = new Set<string>();
  #cut = false;

  see({ kind, process, data }: TraceEvent, text: string): void {
    if (kind === 'start') this.#alive.add(pidOf(process));
    if (kind === 'spawn' && data?.['error'] === undefined) this.#alive.add(String(data?.['child']));
    if (kind === 'exit') this.#ended.add(pidOf(process));
    const path = String(data?.['path']);
    if (data?.['error'] !== undefined || !PID_FILE.test(path)) return;
    if (kind === 'write') this.#texts.set(path, text);
    if (kind === 'rename') this.#texts.set(String(data?.['to']), this.textOf(path));
    if (kind === 'rename' || kind === 'unlink') this.#texts.delete(path);
  }

  cut(): void {
    this.#cut = true;
    this.#alive.clear();
    this.#ended.clear();
  }

  /** What is in it; '' for nothing. */
  textOf(path: string): string {
    return this.#texts.get(path) ?? '';
  }

  claim(path: string, process: string): Claim {
    if (this.#cut) return 'either';
    const text = this.textOf(path);
    const pid = text.trimEnd();
    if (!PID.test(text) || pid === pidOf(process) || !this.#alive.has(pid)) return 'may';
    return this.#ended.has(pid) ? 'either' : 'must not';
  }
}

export const pidOf = (process: string): string => process.slice(process.lastIndexOf('.') + 1);
