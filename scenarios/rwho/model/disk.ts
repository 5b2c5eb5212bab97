/**
 * What is on the disk of a machine, by what its processes did to it.
 * Lacks: what a power cut leaves; from then on nobody knows.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Report, reportIn } from './layout.ts';
import { hostAt } from './placing.ts';
import type { SpoolFile } from './shown.ts';

export class Disk {
  readonly #files: Map<string, Uint8Array> = new Map();
  sure = true;

  /** Whoever did it. */
  see({ kind, data, bytes }: TraceEvent): void {
    const path = String(data?.['path']);
    if (kind === 'write' && bytes !== undefined) this.#files.set(path, bytes);
    if (data?.['error'] !== undefined) return;
    const moved = kind === 'rename' ? this.#files.get(path) : undefined;
    if (moved !== undefined) this.#files.set(String(data?.['to']), moved);
    if (kind === 'rename' || kind === 'unlink') this.#files.delete(path);
  }

  lose(): void {
    this.#files.clear();
    this.sure = false;
  }

  /** All files that readers find. */
  get spool(): readonly SpoolFile[] {
    return [...this.#files].flatMap(([path, bytes]) => (hostAt(path) === undefined ? [] : [{ name: `whod.${hostAt(path)}`, bytes }]));
  }

  /** Those that are named after their host. */
  get records(): readonly Report[] {
    return [...this.#files].flatMap(([path, bytes]) => {
      const report = reportIn(bytes, 'file');
      return report !== undefined && hostAt(path) === report.host ? [report] : [];
    });
  }
}
