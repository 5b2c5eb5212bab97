/**
 * What a client prints: JSON objects, a line each. One with an `answer` is what a call brought, as it reads (shown.ts), one with an `error`
 * why it brought none; all others are passed over, and so is what is no JSON.
 */
import type { Decoder } from '../case.ts';
import { lines, type Reading } from '../decoders.ts';
import { perlOf } from './channels.ts';
import { shown } from './shown.ts';

export const outputDecoder = (): Decoder => decoder();

const decoder = lines({ read });
const OTHER: Reading = { type: 'other', ignorable: true };

function read(text: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return OTHER;
  }
  if (typeof json !== 'object' || json === null) return OTHER;
  if ('answer' in json) return { type: 'answer', fields: { value: shown(perlOf(json.answer)) } };
  if ('error' in json) return { type: 'error', fields: { text: String(json.error) } };
  return OTHER;
}
