/** The vectors beside this file, read. Each says where it comes from. */
import { readFileSync } from 'node:fs';
import { unhex } from '../../../src/host/bytes.ts';

export interface BlockVector {
  readonly key: string;
  readonly plaintext: string;
  readonly ciphertext: string;
  readonly source: string;
}
export interface ScheduleVector {
  readonly key: string;
  readonly enc_subkeys: string;
  readonly dec_subkeys: string;
}
interface Derived {
  readonly folded: string;
  readonly keystring_len: number;
  readonly key_hex: string;
  readonly enc_of_8_spaces: string;
}
export interface KeyVector {
  readonly conserver: string;
  readonly hostid: string;
  readonly buildkey: string;
  readonly newline_matters: boolean;
  readonly with_newline: Derived;
  readonly chomped: Derived;
}
export interface EncVector {
  readonly length: number;
  readonly plaintext_hex: string;
  readonly decrypted_padded_hex: string;
  readonly blocks: number;
  readonly wire: string;
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as T;

export const idea = read<{ readonly key_schedules: readonly ScheduleVector[]; readonly vectors: readonly BlockVector[] }>('idea');
export const keys = read<{ readonly nibble_map: Readonly<Record<string, string>>; readonly cases: readonly KeyVector[] }>('keys');
export const enc = read<{ readonly key_hex: string; readonly cases: readonly EncVector[] }>('enc');

/** Of text that is known to be hexadecimal. */
export function bytesOf(text: string): Uint8Array {
  const bytes = unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
