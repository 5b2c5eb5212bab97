/** The wire: lines of UTF-8, each ended by a line feed. What a client says, and how bytes become lines. */
import { fromUtf8 } from 'slipway';

/** Bytes of a line; a longer one is no request. */
export const LINE_LIMIT = 100;
const NEWLINE = 0x0a;

export interface Request {
  readonly type: 'hello' | 'add' | 'bye' | 'other';
  /** A name, or a number in decimal. */
  readonly word: string;
}

export function requestOf(line: string): Request {
  const [, verb = '', word = ''] = /^([A-Z]+)(?: (\w{1,20}))?$/.exec(line) ?? [];
  if (verb === 'HELLO' && word !== '') return { type: 'hello', word };
  if (verb === 'ADD' && /^\d{1,4}$/.test(word)) return { type: 'add', word };
  if (verb === 'BYE' && word === '') return { type: 'bye', word };
  return { type: 'other', word: '' };
}

/** Bytes come in any pieces. `take` has each whole line; one that is too long, or is no UTF-8, comes as ''. */
export function lineReader(take: (line: string) => void): (bytes: Uint8Array) => void {
  let held: number[] = [];
  return bytes => {
    for (const byte of bytes) {
      if (byte !== NEWLINE && held.length <= LINE_LIMIT) held.push(byte);
      if (byte !== NEWLINE) continue;
      const line = held.length > LINE_LIMIT ? '' : (fromUtf8(Uint8Array.from(held)) ?? '');
      held = [];
      take(line);
    }
  };
}
