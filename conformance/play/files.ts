/**
 * The files of a case: those around the implementation, and the one in which the probe reports.
 */
import { EMPTY, hex, textOf, utf8 } from '../../src/host/bytes.ts';
import type { ChannelName, Environment } from '../case.ts';
import { NOTE } from '../judge/notes.ts';
import { orThrow, type TesterContext } from './context.ts';

/** A file that is larger than any of a case is not read at all. */
const FILE_SIZE_LIMIT = 4_194_304;
/** Of a file that is looked at: its end. */
const FILE_LIMIT = 65_536;
/** Of what the probe wrote down. */
const REPORT_LIMIT = 262_144;

export class CaseFiles {
  readonly #context: TesterContext;
  readonly #directory: string;
  readonly #filled: (text: string) => string;

  /** `filled` replaces the placeholders of a text. */
  constructor(context: TesterContext, directory: string, filled: (text: string) => string) {
    this.#context = context;
    this.#directory = directory;
    this.#filled = filled;
  }

  path(path: string): string {
    return path.startsWith('/') ? path : `${this.#directory}/${path}`;
  }

  make({ directories, files }: Environment): void {
    const { storage } = this.#context.host;
    // The directory itself may be there.
    storage.makeDirectory(this.#directory);
    for (const directory of directories) orThrow(storage.makeDirectory(this.path(directory)), directory);
    for (const [path, text] of Object.entries(files)) this.place(path, text);
  }

  place(path: string, text: string): void {
    orThrow(this.#context.host.storage.write(this.path(path), utf8(this.#filled(text))), path);
  }

  exists(path: string): boolean {
    return this.#context.host.storage.stat(this.path(this.#filled(path))).ok;
  }

  /** Of a small file: all of it; nothing where there is none. */
  read(path: string): string | undefined {
    const full = this.path(this.#filled(path));
    return this.#context.host.storage.stat(full).ok ? textOf(contentOf(this.#context, full).subarray(0, FILE_LIMIT)) : undefined;
  }

  /** Again and again, and told whenever it has changed. */
  look(path: string, before?: string): void {
    const { storage } = this.#context.host;
    const there = storage.stat(this.path(path)).ok;
    const text = textOf(contentOf(this.#context, this.path(path)).subarray(-FILE_LIMIT));
    const seen = `${there} ${text}`;
    if (seen !== before) {
      this.#context.note(NOTE.file, { path, there, text });
      this.#context.observe({ kind: 'file', text: there ? text : undefined });
    }
    this.#context.again(() => this.look(path, seen));
  }

  /** The same, with all its bytes, for a channel. */
  watch(path: string, channel: ChannelName, before?: string): void {
    const { storage } = this.#context.host;
    const there = storage.stat(this.path(path)).ok;
    const bytes = contentOf(this.#context, this.path(path)).subarray(0, FILE_LIMIT);
    const seen = `${there} ${hex(bytes)}`;
    if (seen !== before) {
      this.#context.note(NOTE.content, { path, channel, there, hex: hex(bytes) });
      this.#context.observe({ kind: 'content', channel, bytes: there ? bytes : undefined });
    }
    this.#context.again(() => this.watch(path, channel, seen));
  }
}

/** What the probe wrote down so far: one JSON line for each event. */
export class ProbeReport {
  readonly #context: TesterContext;
  readonly #path: string;

  constructor(context: TesterContext, path: string) {
    this.#context = context;
    this.#path = path;
  }

  /** Its text, once the last line says that it ends. */
  complete(): string | undefined {
    const text = textOf(contentOf(this.#context, this.#path).subarray(0, REPORT_LIMIT));
    return ended(text) ? text : undefined;
  }
}

/** Nothing of what is no file, such as a socket, and of what is larger than any file of a case. */
function contentOf({ host: { storage } }: TesterContext, path: string): Uint8Array {
  const found = storage.stat(path);
  const read = found.ok && found.value.kind === 'file' && found.value.size <= FILE_SIZE_LIMIT ? storage.read(path) : undefined;
  return read?.ok === true ? read.value : EMPTY;
}

const ended = (text: string): boolean => /"event":"exit"[^\n]*\n$/.test(text);
