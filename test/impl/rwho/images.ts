/** Spools as images: names and what is in the files, in the order of the directory. */
import { unhex } from '../../../src/host/bytes.ts';
import type { Storage } from '../../../src/host/host.ts';
import { fail, ok } from '../../../src/host/result.ts';

export const SPOOL = '/spool';

/** A directory is DIR, a symbolic link to nothing DANGLING. */
export type Files = Readonly<Record<string, Uint8Array | 'DIR' | 'DANGLING'>>;

export function storageOf(files: Files, order: readonly string[] = Object.keys(files)): Storage {
  const refuse = () => fail('EIO', 'not in this test');
  return {
    list: path => (path === SPOOL ? ok(order) : fail('ENOENT', path)),
    read: path => {
      const content = files[path.slice(SPOOL.length + 1)];
      if (content === undefined || content === 'DANGLING') return fail('ENOENT', path);
      return content === 'DIR' ? fail('EISDIR', path) : ok(content);
    },
    write: refuse,
    append: refuse,
    rename: refuse,
    unlink: refuse,
    makeDirectory: refuse,
    stat: refuse,
    sync: refuse,
  };
}

export function bytesOf(text: string): Uint8Array {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
