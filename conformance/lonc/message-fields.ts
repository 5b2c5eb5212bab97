/**
 * What of a line anybody may see: the words of the protocol, and what stands between words. Which requests there are is no secret, what they ask
 * for is.
 */
import * as words from '../../src/impl/lonc/wire.ts';
import { type ByteSpan, type Disclosure, wordSpans } from '../../src/trace/anonymise/disclosure.ts';

/** Of the dialogue, of the gateway, and the requests of users' data. */
const PUBLIC: ReadonlySet<string> = new Set([
  ...Object.values(words).filter(each => typeof each === 'string'),
  ...words.SECRET_COMMANDS,
  ...[
    'enc',
    'encrypt',
    'get',
    'eget',
    'put',
    'del',
    'dump',
    'keys',
    'inc',
    'log',
    'sub',
    'unsub',
    'home',
    'tmpput',
    'tmpget',
    'error',
    'rejected',
    'not_found',
    'no_key',
  ],
]);
const SEPARATORS: ReadonlySet<number> = new Set([...':&=\n'].map(each => each.charCodeAt(0)));
/** How long the text was stands before it. */
const ENCRYPTED = /^enc:\d+:/;

export const disclosed: Disclosure = (_, bytes) => {
  const prefix = ENCRYPTED.exec(String.fromCharCode(...bytes.subarray(0, 24)))?.[0] ?? '';
  return [[0, prefix.length] satisfies ByteSpan, ...wordSpans(bytes, PUBLIC, SEPARATORS)];
};
