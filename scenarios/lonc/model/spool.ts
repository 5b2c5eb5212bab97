/**
 * The delayed messages of every machine, as its disk was told: what may be sent, for whom.
 * Lacks: what a power cut makes of a file; what was there once may be sent.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';
import { SPOOL } from '../parts/places.ts';

interface Message {
  /** Undefined: it is nothing that can be sent. */
  readonly text: string | undefined;
  gone: boolean;
}

export class Spool {
  readonly #files = new Map<string, Map<string, Message>>();
  readonly #cut = new Set<string>();

  see({ kind, data }: TraceEvent, machine: string, text: string): void {
    if (data?.['error'] !== undefined) return;
    const path = String(data?.['path'] ?? data?.['from'] ?? '');
    if (!path.startsWith(`${SPOOL}/`)) return;
    const files = this.#of(machine);
    if (kind === 'write') files.set(path, { text: messageIn(text), gone: false });
    const old = files.get(path);
    if (old === undefined || (kind !== 'unlink' && kind !== 'rename')) return;
    old.gone = true;
    if (kind === 'rename') files.set(String(data?.['to']), { text: old.text, gone: false });
  }

  /** From now on nobody knows what is there. */
  cut(machine: string): void {
    this.#cut.add(machine);
  }

  has(machine: string, path: string): boolean {
    return this.#of(machine).has(path);
  }

  /** Files that are there, and what is in each, if that is a message. */
  all(machine: string): readonly (readonly [path: string, text: string | undefined])[] {
    return [...this.#of(machine)].flatMap(([path, { text, gone }]) => (gone ? [] : [[path, text] as const]));
  }

  /** A file for a host whose text is like that. */
  find(machine: string, peer: string, is: (text: string) => boolean): string | undefined {
    for (const [path, { text, gone }] of this.#of(machine))
      if ((!gone || this.#cut.has(machine)) && isFor(path, peer) && text !== undefined && is(text)) return path;
    return undefined;
  }

  /** What a look must find. */
  filesFor(machine: string, peer: string): readonly string[] {
    if (this.#cut.has(machine)) return [];
    return [...this.#of(machine)].flatMap(([path, { text, gone }]) => (!gone && isFor(path, peer) && text !== undefined ? [path] : []));
  }

  #of(machine: string): Map<string, Message> {
    const files = this.#files.get(machine) ?? new Map<string, Message>();
    this.#files.set(machine, files);
    return files;
  }
}

const NAMES = [/^[0-9]{1,12}\.[0-9]{1,12}\.[0-9]{1,12}\.[A-Za-z0-9_]*\.(.+)$/, /^[0-9]{1,12}\.[A-Za-z0-9_]*\.(.+)$/];
const isFor = (path: string, peer: string): boolean => {
  const name = path.slice(SPOOL.length + 1);
  return NAMES.map(form => form.exec(name)?.[1]).find(each => each !== undefined) === peer;
};

const messageIn = (text: string): string | undefined => (/^[^\n]+\n$/.test(text) ? text.slice(0, -1) : undefined);
