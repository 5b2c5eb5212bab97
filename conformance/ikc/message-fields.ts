/**
 * What of a connection of IKC anybody may see: the words of the negotiation, the form of frames and images, and the keys and words of requests.
 * Names of kernels, sessions and states, and what is called with what, are somebody's.
 */
import { thaw } from '../../src/impl/storable/thaw.ts';
import { type ByteSpan, type Disclosure, wordSpans } from '../../src/trace/anonymise/disclosure.ts';

const WORDS: ReadonlySet<string> = new Set([
  ...['OK', 'NOT', 'DONE', 'HELLO', 'WORLD', 'UP', 'IAM', 'FREEZER', 'SETUP', 'Storable', 'JSON', 'POE::Filter::Reference', 'IKC0'],
  ...[
    'event',
    'params',
    'from',
    'rsvp',
    'kernel',
    'session',
    'state',
    'wantarray',
    'is_error',
    'errors_to',
    'call',
    'true',
    'false',
    'null',
  ],
  ...['IKC', 'IKC:proxy', 'poe:'],
]);
const bytesOf = (text: string): readonly number[] => [...text].map(each => each.charCodeAt(0));
const LINE: ReadonlySet<number> = new Set(bytesOf(' \r\n'));
/** What JSON is made of beside texts and numbers. */
const JSON_FORM: ReadonlySet<number> = new Set(bytesOf('{}[]:,"- \t\r\n'));
const [NUL, BRACE] = [0x00, 0x7b];

export const disclosed: Disclosure = (message, bytes) => {
  if (message === undefined ? !isFrame(bytes) : message.type !== 'frame') return wordSpans(bytes, WORDS, LINE);
  const from = bytes.includes(NUL) ? bytes.indexOf(NUL) + 1 : bytes.length;
  const payload = bytes.subarray(from);
  const inside = payload[0] === BRACE ? wordSpans(payload, WORDS, JSON_FORM) : imageSpans(payload);
  return [[0, from], ...inside.map(([at, length]): ByteSpan => [from + at, length])];
};

/** It begins with its length. */
const isFrame = ([first = 0]: Uint8Array): boolean => first >= 0x30 && first <= 0x39;

/** All but the values of an image, unless they are words of the protocol. */
function imageSpans(image: Uint8Array): readonly ByteSpan[] {
  const values: ByteSpan[] = [];
  if (!thaw(image, { regexps: true, onValue: (at, length) => values.push([at, length]) }).ok) return [];
  const kept: ByteSpan[] = [];
  let from = 0;
  for (const [at, length] of values.sort(([one], [other]) => one - other)) {
    kept.push([from, at - from]);
    const word = length > 0 && length < WORD_LIMIT ? String.fromCharCode(...image.subarray(at, at + length)) : '';
    from = WORDS.has(word) ? at : at + length;
  }
  return [...kept, [from, image.length - from]];
}
const WORD_LIMIT = 64;
