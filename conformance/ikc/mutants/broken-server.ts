/**
 * Servers that do one thing wrong.
 */
import { Blessed, Scalar } from '../../../src/impl/storable/values.ts';
import {
  asked,
  asks,
  before,
  broken,
  copied,
  dying,
  eventOf,
  gives,
  having,
  hears,
  isError,
  isPong,
  isReceipt,
  NONSENSE,
  ofNumbers,
  ofTexts,
  once,
  part,
  says,
  stateOf,
  type Table,
  TESTER_A,
  where,
  without,
} from './broken-words.ts';

export const OF_SERVER: Table = {
  // ── the negotiation ─────────────────────────────────────────────────────────────────────────────────────────────
  greets: broken('speaks first', { greeting: 'POE IKC\r\n' }),
  'no-version': hears('does not answer HELLO IKC1', /^HELLO IKC[0-9]$/, ''),
  'nonsense-first': broken(
    'answers anything before HELLO',
    before(/^HELLO$/, line => (/^(?:HELLO|SETUP)/.test(line) && line !== 'HELLO IKC10' ? undefined : 'HELLO IKC1\r\n')),
  ),
  'done-answered': hears('answers DONE', /^DONE$/, 'DONE\r\nFREEZER Storable\r\n'),
  'no-storable': hears('does not accept Storable', /^FREEZER Storable$/, 'FREEZER No::Such\r\n'),
  'any-serializer': hears('accepts any serializer', /^FREEZER\s+\S/, 'FREEZER Storable\r\n'),
  'one-offer': broken('takes one offer', once(/^FREEZER /, undefined, 'FREEZER No::Such\r\n')),
  'up-twice': says('says UP twice', /^UP$/, 'UP\r\nUP\r\n'),
  'no-default': broken(
    'wants an offer',
    before(/^FREEZER Storable$/, line => (line === 'WORLD' ? NONSENSE : undefined)),
  ),
  'one-line': broken('takes one line at a time', { takes: bytes => (/^HELLO\r\nOK/.test(bytes) ? 'HELLO\r\n' : bytes) }, [
    'lines.together',
  ]),
  'two-callers': broken('serves two callers at a time', { connections: 2 }),
  'dies-with-caller': broken('ends when a caller leaves', { fatalEnd: true }),
  'dies-of-break': broken('ends when a connection breaks', { fatalBreak: true }),
  // ── images ──────────────────────────────────────────────────────────────────────────────────────────────────────
  'unix-lines': gives(
    'drops CR in strings',
    ofTexts(text => text.replaceAll('\r', '')),
  ),
  'seven-bits': gives(
    'has seven bits for a character',
    ofTexts(text => text.replace(/[^ -~\s]/g, '?')),
  ),
  'cuts-strings': gives(
    'cuts strings at 254 characters',
    ofTexts(text => (text.length > 254 ? text.slice(0, 254) : undefined)),
  ),
  'no-sign': gives(
    'has no negative numbers',
    ofNumbers(number => Math.abs(number)),
  ),
  'sixteen-bits': gives(
    'has numbers of 16 bits',
    ofNumbers(number => number & 0x7fff),
  ),
  'loses-digits': gives(
    'has 15 digits',
    ofTexts(text => (/^[0-9]{16,}$/.test(text) ? text.slice(0, 15) : undefined)),
  ),
  'no-fractions': gives(
    'has no fractions',
    ofTexts(text => (/^-?[0-9]\.[0-9]/.test(text) ? text.slice(0, 1) : undefined)),
  ),
  'counts-texts': gives(
    'takes digits for numbers',
    ofTexts(text => (/^ ?[0-9]/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined)),
  ),
  'no-undef': gives('has no undef', value => (value === null ? '' : undefined)),
  'no-false': gives(
    'has 0 for false',
    ofTexts(text => (text === '' ? 0 : undefined)),
  ),
  'no-holes': gives('leaves out what is not there', value => (Array.isArray(value) && value.length === 4 ? value.slice(3) : undefined)),
  'empty-arrays': gives('has arrays for empty hashes', value => (value instanceof Map && value.size === 0 ? [] : undefined)),
  'loses-keys': gives('leaves out a key', value => (value instanceof Map && value.size > 1 ? new Map([...value].slice(1)) : undefined)),
  'loses-references': gives('has what it points at for a reference', value => (value instanceof Scalar ? value.value : undefined)),
  copies: asks('gives copies', request =>
    stateOf(request) === 'echoed' ? having(request, 'params', copied(request.get('params') ?? null)) : undefined,
  ),
  'no-objects': gives('has no objects', value => (value instanceof Blessed ? [] : undefined)),
  // ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────
  'plain-answers': asks('names no kernel in its answers', request =>
    isPong(request)
      ? having(
          request,
          'event',
          new Map([
            ['session', 'caller'],
            ['state', stateOf(request)],
          ]),
        )
      : undefined,
  ),
  'no-from': asks('does not say whom an answer is from', request => (isPong(request) ? without(request, 'from') : undefined)),
  'texts-only': asked(
    'takes events as texts alone',
    where(request => request.get('event') instanceof Map && stateOf(request) === 'ping'),
  ),
  'no-star': asked(
    'takes no event for any kernel',
    where(request => eventOf(request).startsWith('poe://*')),
  ),
  'no-short': asked(
    'takes no short specifiers',
    where(request => eventOf(request).startsWith('//')),
  ),
  'ids-only': asked(
    'answers ids alone',
    where(request => /^(?:Alias|Tester)/.test(part(request, 'rsvp', 'kernel') ?? '')),
  ),
  'answers-posts': asked('answers what has no rsvp', request =>
    !request.has('rsvp') && stateOf(request) === 'ping' ? having(request, 'rsvp', TESTER_A) : undefined,
  ),
  'no-proxy': asked(
    'has no IKC:proxy',
    where(request => stateOf(request) === 'IKC:proxy'),
  ),
  'answers-first': asked(
    'answers the first caller alone',
    where(request => /-00000002$/.test(part(request, 'rsvp', 'kernel') ?? '')),
  ),
  'dies-of-nowhere': broken(
    'ends when an answer leads nowhere',
    dying(request => part(request, 'rsvp', 'kernel') === 'nobody'),
  ),
  'dies-of-no-event': broken(
    'ends when there is no event',
    dying(request => eventOf(request) === '' && !(request.get('event') instanceof Map)),
  ),
  obeys: broken(
    'lets itself be shut down',
    dying(request => eventOf(request).endsWith('/IKC/shutdown')),
  ),
  'names-nothing': asks('does not name what an error is about', request =>
    isError(request) ? having(request, 'params', 'no') : undefined,
  ),
  'has-all': asks('has whatever it is asked for', request =>
    isReceipt(request) ? having(request, 'params', [new Map([['kernel', 'Inet']]), 'x']) : undefined,
  ),
  'wants-kernel': asked(
    'wants a kernel in what it is asked for',
    where(
      request =>
        JSON.stringify([request.get('params')].flat().map(each => (each instanceof Map ? each.get('kernel') : ''))).startsWith('["",') &&
        stateOf(request) === 'do_you_have',
    ),
  ),
  'adds-wrongly': asks('cannot add', request =>
    request.get('params') === 742 || request.get('params') === '742' ? having(request, 'params', 743) : undefined,
  ),
  'no-lists': asks('has no lists', request =>
    Array.isArray(request.get('params')) && stateOf(request) === 'answer' ? having(request, 'params', 'three') : undefined,
  ),
  'notes-twice': asked('does everything twice', request => (stateOf(request) === 'note' ? [request, request] : undefined)),
  'no-json': hears('does not accept JSON', /^FREEZER JSON$/, 'FREEZER No::Such\r\n'),
  // ── others ──────────────────────────────────────────────────────────────────────────────────────────────────────
  'forwards-nothing': asks(
    'sends nothing to others',
    where(request => stateOf(request) === 'told'),
  ),
  'forwards-once': broken('sends to one of all', () => {
    let count = 0;
    return { asks: request => (stateOf(request) === 'told' && count++ > 0 ? [] : undefined) };
  }),
  'last-name': broken('leaves a name to the last who announced it', once(/^IAM Same$/, 'IAM Gone\r\n', undefined)),
  remembers: broken('never forgets an id', once(/^IAM \S+-00000001$/, undefined, '')),
  blocks: broken('waits for the rest of a frame before it serves others', { blocks: true, asked: () => undefined }),
  impatient: broken('closes on who does not read', { impatient: true }),
};
