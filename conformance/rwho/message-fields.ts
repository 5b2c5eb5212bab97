/**
 * What of a report anybody may see: its form, and numbers. Names of hosts, users and terminals are somebody's.
 */
import { type ByteSpan, type Disclosure, paddingSpans, spansOf } from '../../src/trace/anonymise/disclosure.ts';
import { ENTRY, HEADER, NAME_FIELD } from './report.ts';

const PUBLIC = { report: ['version', 'type', 'send', 'stamp', 'load', 'boot'] };
const HOST_AT = 12;
/** Of an entry: two names of eight bytes, then two numbers. */
const NAMES = 16;

export const disclosed: Disclosure = (message, bytes) => {
  const spans: ByteSpan[] = [...spansOf(message, PUBLIC), ...paddingSpans(bytes, [HOST_AT, NAME_FIELD])];
  for (let at = HEADER; at + ENTRY <= bytes.length; at += ENTRY)
    spans.push(...paddingSpans(bytes, [at, NAMES]), [at + NAMES, ENTRY - NAMES]);
  return spans;
};
