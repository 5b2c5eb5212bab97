/**
 * Where the names are that a process means relative to a folder: to its own (chdir(2)), which a child has from its parent, or to one that is open.
 * A folder that the log has not told is `?1`, `?2` …: names in it are the same, and none of those elsewhere.
 * Lacks: symbolic links, other roots (chroot(2)), a folder that is moved.
 */
import { PROCESS_LIMIT } from '../limits.ts';

export class Folders {
  #unknown = 0;
  /** Those of them that the log has told later. */
  readonly #told = new Map<string, string>();

  unknown(): string {
    return `?${++this.#unknown}`;
  }

  /** What was not known of a folder, and where that is, now that the log tells where the folder is. */
  learn(folder: string, place: string): readonly [unknown: string, place: string] | undefined {
    const [, unknown, way = ''] = /^(\?\d+)((?:\/.*)?)$/s.exec(folder) ?? [];
    if (unknown === undefined || !place.endsWith(way)) return undefined;
    const root = place.slice(0, place.length - way.length);
    if (this.#told.size >= PROCESS_LIMIT) this.#told.clear();
    this.#told.set(unknown, root);
    return [unknown, root];
  }

  /** One name for each place: without `.`, and with `..` only where nobody knows what is above. */
  placeIn(folder: string, name: string): string {
    const [given = '', ...names] = (name.startsWith('/') ? name : `${folder}/${name}`).split('/');
    const told = this.#told.get(given);
    const root = told === undefined ? given : '';
    const way = told?.split('/').filter(Boolean) ?? [];
    for (const each of names) {
      const above = way.at(-1);
      if (each === '' || each === '.') continue;
      if (each !== '..') way.push(each);
      else if (above !== undefined && above !== '..') way.pop();
      else if (root !== '') way.push(each);
    }
    return `${root}/${way.join('/')}`;
  }
}
