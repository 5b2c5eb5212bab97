/**
 * How a record gets into its place (R3): a new file that is written, synced, and renamed; if one of these fails it is removed again.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';

export const SPOOL_PATH = '/var/spool/rwho';
const RECORD = `${SPOOL_PATH}/whod.`;

/** The host whose record a path is of. */
export const hostAt = (path: unknown): string | undefined => {
  const text = String(path);
  return text.startsWith(RECORD) ? text.slice(RECORD.length) : undefined;
};

export interface Placement {
  /** Absent where it did not get that far. */
  readonly host: string | undefined;
  readonly bytes: Uint8Array;
  readonly failed: boolean;
  /** The event with which its writing began. */
  readonly begun: TraceEvent;
}

interface Draft {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly begun: TraceEvent;
  synced: boolean;
  failed: boolean;
  host?: string;
}

/** What the events of one callback put into place, or tried to; or what is wrong with how they did it. */
export function placementsIn(events: readonly TraceEvent[]): readonly Placement[] | string {
  const placed: Placement[] = [];
  let draft: Draft | undefined;
  const done = (): void => {
    if (draft === undefined) return;
    const { host, bytes, failed, begun } = draft;
    placed.push({ host, bytes, failed, begun });
    draft = undefined;
  };
  for (const event of events) {
    const { kind, data, bytes } = event;
    const path = String(data?.['path']);
    const failed = data?.['error'] !== undefined;
    if (kind === 'write') {
      if (draft !== undefined) return `${draft.path} is left`;
      if (hostAt(path) !== undefined) return `${path} is written in place`;
      if (!path.startsWith(`${SPOOL_PATH}/`)) return `${path} is written`;
      draft = { path, bytes: bytes ?? new Uint8Array(0), begun: event, synced: false, failed };
    }
    if (draft === undefined || draft.path !== path) {
      if (kind === 'rename') return `${path} is renamed, which was not written before`;
      continue;
    }
    if (kind === 'sync') {
      draft.synced = !failed;
      draft.failed ||= failed;
    }
    if (kind === 'rename') {
      const host = hostAt(data?.['to']);
      if (host === undefined || host.includes('/')) return `${String(data?.['to'])} is no place for a record`;
      if (!draft.synced) return `the record of ${host} takes its place before it is durable`;
      draft.host = host;
      draft.failed ||= failed;
      if (!draft.failed) done();
    }
    if (kind === 'unlink') done();
  }
  return draft === undefined ? placed : `${draft.path} is left`;
}
