/**
 * What a lond keeps for users: namespaces of keys and values, a file each, in `<users>/<domain>/<user>/`. A change is
 * durable before it is answered. Keys and values are stored as they came, escaped (README.md, L6).
 * Lacks: locks, since a lond answers one request after the other; users who do not exist, since `put` makes them.
 */
import type { Storage } from '../../host/host.ts';
import type { HostError, Result } from '../../host/result.ts';
import { DONE, fail, ok } from '../../host/result.ts';
import { bytesOf, latin1Of } from './latin1.ts';

/** A namespace is read and written whole. */
export const NAMESPACE_MAX = 4_194_304;

export interface Owner {
  readonly domain: string;
  readonly user: string;
}

export class UserStore {
  readonly #storage: Storage;
  readonly #root: string;

  constructor(storage: Storage, root: string) {
    this.#storage = storage;
    this.#root = root;
  }

  /** Whether there is such a user; an error where nobody can tell. */
  exists(owner: Owner): Result<boolean> {
    const status = this.#storage.stat(this.#directory(owner));
    return status.ok ? ok(true) : isAbsent(status.error) ? ok(false) : status;
  }

  /** The entries of a namespace; none when there is no such namespace. */
  read(owner: Owner, namespace: string): Result<Map<string, string>> {
    const file = this.#storage.read(this.#file(owner, namespace));
    if (!file.ok) return isAbsent(file.error) ? ok(new Map()) : file;
    return ok(entriesIn(latin1Of(file.value)));
  }

  /** Replaces the whole of it. After a power cut the old or the new is there. */
  write(owner: Owner, namespace: string, entries: ReadonlyMap<string, string>): Result<void> {
    const text = [...entries].map(([key, value]) => `${key}=${value}\n`).join('');
    if (text.length > NAMESPACE_MAX) return fail('ENOSPC', `namespace of more than ${NAMESPACE_MAX} bytes`);
    const path = this.#file(owner, namespace);
    // A namespace that is there was written when its directories were durable.
    const made = this.#storage.stat(path).ok ? DONE : this.#makeDirectories(owner);
    if (!made.ok) return made;
    const draft = `${path}.new`;
    for (const step of [
      () => this.#storage.write(draft, bytesOf(text)),
      () => this.#storage.sync(draft),
      () => this.#storage.rename(draft, path),
      () => this.#storage.sync(this.#directory(owner)),
    ]) {
      const done = step();
      if (done.ok) continue;
      // A full disk would keep what there is of it.
      this.#storage.unlink(draft);
      return done;
    }
    return DONE;
  }

  /** Adds a line to the user's activity log. */
  log(owner: Owner, text: string): Result<void> {
    const path = `${this.#directory(owner)}/activity.log`;
    const made = this.#storage.stat(path).ok ? DONE : this.#makeDirectories(owner);
    if (!made.ok) return made;
    const appended = this.#storage.append(path, bytesOf(`${text}\n`));
    const synced = appended.ok ? this.#storage.sync(path) : appended;
    return synced.ok ? this.#storage.sync(this.#directory(owner)) : synced;
  }

  #makeDirectories({ domain, user }: Owner): Result<void> {
    for (const [parent, path] of [
      [parentOf(this.#root), this.#root],
      [this.#root, `${this.#root}/${domain}`],
      [`${this.#root}/${domain}`, `${this.#root}/${domain}/${user}`],
    ] as const) {
      const made = this.#storage.stat(path).ok ? DONE : this.#storage.makeDirectory(path);
      if (!made.ok) return made;
      // Also of one that is there: whoever made it may not have come to this.
      const synced = this.#storage.sync(parent);
      if (!synced.ok) return synced;
    }
    return DONE;
  }

  #directory({ domain, user }: Owner): string {
    return `${this.#root}/${domain}/${user}`;
  }

  #file(owner: Owner, namespace: string): string {
    return `${this.#directory(owner)}/${namespace}.db`;
  }
}

const isAbsent = ({ code }: HostError): boolean => code === 'ENOENT' || code === 'ENOTDIR';

/** The entries in a file, a line `key=value` each. Every request reads all of them. */
function entriesIn(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals >= 0) entries.set(line.slice(0, equals), line.slice(equals + 1));
    else if (line !== '') entries.set(line, '');
  }
  return entries;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
