/**
 * The file that says which process is the daemon, and keeps a second one from starting.
 * Lacks: atomicity. Storage has no exclusive creation, so two daemons that start within the same moment may both pass;
 * and a pid says nothing about what its process is (after a power cut it may be another's).
 */
import { fromUtf8, utf8 } from '../../host/bytes.ts';
import type { Host, Pid, Storage } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { ok } from '../../host/result.ts';

export type Claim =
  | { readonly claimed: true }
  /** Somebody with this pid can be signalled: it is running already. */
  | { readonly claimed: false; readonly by: Pid };

/** The longest pid file that is read. */
const PID_FILE_MAX = 32;
/** With its end: what a power cut left of a longer number is no pid. */
const PID = /^[1-9][0-9]{0,9}\n$/;

/** Writes this process's pid, unless the file names another one that lives. What is no pid is overwritten. */
export function claimPidFile(host: Host, path: string): Result<Claim> {
  const { process, storage } = host;
  const pid = readPidFile(storage, path);
  // Our own pid is left by an earlier image of this process, or by an earlier life of the machine.
  if (pid !== undefined && pid !== process.pid && process.kill(pid, 0).ok) return ok({ claimed: false, by: pid });
  // Synced and renamed into place: nobody reads a part of it, not even after a power cut.
  const draft = `${path}.${process.pid}`;
  const written = storage.write(draft, utf8(`${process.pid}\n`));
  const synced = written.ok ? storage.sync(draft) : written;
  const renamed = synced.ok ? storage.rename(draft, path) : synced;
  if (renamed.ok) return ok({ claimed: true });
  storage.unlink(draft);
  return renamed;
}

/** Removes the file if it is this process's. */
export function releasePidFile(host: Host, path: string): void {
  if (readPidFile(host.storage, path) === host.process.pid) host.storage.unlink(path);
}

/** The pid in the file; undefined when there is none. */
export function readPidFile(storage: Storage, path: string): Pid | undefined {
  const file = storage.read(path);
  if (!file.ok || file.value.length > PID_FILE_MAX) return undefined;
  const text = fromUtf8(file.value);
  return text !== undefined && PID.test(text) ? Number.parseInt(text, 10) : undefined;
}
