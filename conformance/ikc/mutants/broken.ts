/**
 * Kernels that do one thing wrong. Those of both roles are tried in both.
 */
import type { Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { Blessed, type PerlValue, Scalar, textOf, Weak } from '../../../src/impl/storable/values.ts';
import type { LineChange, Meddling, Request, RequestChange } from './meddle.ts';

export interface Broken {
  readonly text: string;
  /** Of one process. */
  readonly make: (host: Host) => Meddling;
  /** What it makes of bytes depends on how they are cut, which is drawn; it fails these at least. */
  readonly always?: readonly string[];
}

type Table = Readonly<Record<string, Broken>>;

const broken = (text: string, meddling: Meddling | ((host: Host) => Meddling), always?: readonly string[]): Broken => ({
  text,
  make: typeof meddling === 'function' ? meddling : () => meddling,
  ...(always === undefined ? {} : { always }),
});
/** A line that there is nowhere, and so is refused. */
const NONSENSE = 'nonsense\r\n';
const says = (text: string, pattern: RegExp, instead: string): Broken =>
  broken(text, { says: line => (pattern.test(line) ? instead : undefined) });
const hears = (text: string, pattern: RegExp, instead: string): Broken =>
  broken(text, { hears: line => (pattern.test(line) ? instead : undefined) });
const asked = (text: string, change: RequestChange): Broken => broken(text, { asked: change });
const asks = (text: string, change: RequestChange): Broken => broken(text, { asks: change });

const part = (request: Request, key: string, name: string): string | undefined => {
  const value = request.get(key);
  return value instanceof Map ? textOf(value.get(name)) : undefined;
};
/** The specifier of an event, if that is a text. */
const eventOf = (request: Request): string => textOf(request.get('event')) ?? '';
const stateOf = (request: Request): string => part(request, 'event', 'state') ?? eventOf(request).split('/').at(-1) ?? '';
const where = (test: (request: Request) => boolean, ...instead: readonly PerlValue[]): RequestChange => {
  return request => (test(request) ? instead : undefined);
};
const having = (request: Request, key: string, value: PerlValue): readonly PerlValue[] => [new Map(request).set(key, value)];
const without = (request: Request, key: string): readonly PerlValue[] => [new Map([...request].filter(([name]) => name !== key))];
/** The params of what it sends, changed through and through. */
const gives = (text: string, change: (value: PerlValue) => PerlValue | undefined): Broken =>
  asks(text, request =>
    stateOf(request) === 'echoed' ? having(request, 'params', throughout(request.get('params') ?? null, change)) : undefined,
  );

function throughout(value: PerlValue, change: (value: PerlValue) => PerlValue | undefined, above: readonly PerlValue[] = []): PerlValue {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (above.includes(value)) return value;
  const under = (each: PerlValue): PerlValue => throughout(each, change, [...above, value]);
  if (Array.isArray(value)) for (const [index, each] of value.entries()) value[index] = under(each);
  else if (value instanceof Map) for (const [key, each] of value) value.set(key, under(each));
  else if (value instanceof Scalar) value.value = under(value.value);
  return value;
}
const ofTexts =
  (change: (text: string) => PerlValue | undefined) =>
  (value: PerlValue): PerlValue | undefined => {
    const text = textOf(value);
    return text === undefined ? undefined : change(text);
  };
const ofNumbers =
  (change: (number: number) => PerlValue) =>
  (value: PerlValue): PerlValue | undefined =>
    typeof value === 'number' ? change(value) : undefined;

/** A copy in which nothing is twice, and a circle ends. */
function copied(value: PerlValue, above: readonly PerlValue[] = []): PerlValue {
  if (above.includes(value)) return null;
  const under = (each: PerlValue): PerlValue => copied(each, [...above, value]);
  if (value instanceof Weak) return under(value.reference);
  if (Array.isArray(value)) return value.map(under);
  return value instanceof Map ? new Map([...value].map(([key, each]) => [key, under(each)])) : value;
}

/** Once, and then never again. */
const once =
  (pattern: RegExp, first: string | undefined, later: string | undefined): (() => Meddling) =>
  () => {
    let heard = false;
    return {
      hears: line => {
        if (!pattern.test(line)) return undefined;
        const instead = heard ? later : first;
        heard = true;
        return instead;
      },
    };
  };
/** Until something has been heard. */
const before =
  (pattern: RegExp, change: LineChange): (() => Meddling) =>
  () => {
    let heard = false;
    return {
      hears: (line, at, end) => {
        heard ||= pattern.test(line);
        return heard ? undefined : change(line, at, end);
      },
    };
  };
const dying =
  (test: (request: Request) => boolean): ((host: Host) => Meddling) =>
  host => ({
    asked: request => {
      if (test(request)) host.process.exit(1);
      return undefined;
    },
  });

const imageOf = (frame: string): string => frame.slice(frame.indexOf('\0') + 1);
const isError = (request: Request): boolean => request.has('is_error');
const isPong = (request: Request): boolean => request.get('params') === 'PONG';
const isReceipt = (request: Request): boolean => stateOf(request).startsWith('IKC:receipt');
const TESTER_A: PerlValue = new Map([
  ['kernel', 'TesterA'],
  ['session', 'caller'],
  ['state', 'pong'],
]);

/** Of both roles. */
const BOTH: Table = {
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  'lf-lines': broken('ends its lines with LF', { says: line => `${line}\n` }),
  'no-lf': broken('does not take LF for the end of a line', { hears: (line, _at, end) => (end === '\n' && line !== '' ? '' : undefined) }),
  'no-lf-cr': broken('does not take LF CR for the end of a line', {
    hears: (line, _at, end) => (end === '\n\r' && line !== '' ? '' : undefined),
  }),
  'no-cr': broken('drops CR', { takes: bytes => (bytes.includes('\0') ? bytes : bytes.replaceAll('\r', '')) }),
  'drops-pieces': broken('drops what is no whole line', { takes: bytes => (/^[A-Za-z]+$/.test(bytes) ? '' : bytes) }, [
    'lines.pieces',
    'lines.bytes',
  ]),
  'drops-bytes': broken('drops a byte that comes alone', { takes: bytes => (bytes.length === 1 ? '' : bytes) }, ['lines.bytes']),
  'no-line-limit': broken('has no limit for lines', { takes: bytes => (/^x+$/.test(bytes) ? '' : bytes) }),
  'answers-not': hears('answers NOT', /^NOT$/, NONSENSE),
  'no-refusal': says('never says NOT', /^NOT$/, ''),
  trims: broken('takes blanks for nothing', { hears: line => (line.trim() === line ? undefined : `${line.trim()}\r\n`) }),
  'any-case': broken('takes small letters for capitals', {
    hears: line => (/^[a-z]+\b/.test(line) ? `${line.replace(/^[a-z]+/, word => word.toUpperCase())}\r\n` : undefined),
  }),
  'no-colon': hears('takes no name with a colon', /^IAM .*:/, NONSENSE),
  'one-blank': hears('wants one blank before a name', /^IAM(?: \s|\t)/, NONSENSE),
  'any-name': hears('takes any name', /^IAM(?:\s+.*[^-:.\w\s].*|\s*|.*\S\s+\S.*|.* )$/, 'IAM x\r\n'),
  'says-names-twice': says('tells its id twice', /^IAM \S+-[0-9a-f]{8}-[0-9a-f]{8}$/, 'IAM x\r\nIAM x\r\n'),
  'other-name': broken('tells another name', { says: line => (/^IAM (?:Inet|Cli)$/.test(line) ? `${line}x\r\n` : undefined) }),
  'names-in-order': broken('tells its aliases from the first', {
    says: line => (line === 'IAM Second' ? 'IAM First\r\n' : /^IAM (?:Ikc|Ca)$/.test(line) ? 'IAM Second\r\n' : undefined),
  }),
  // ── frames and images ─────────────────────────────────────────────────────────────────────────────────────────────
  'second-lost': asked('loses the second request', (_request, at) => (at === 1 ? [] : undefined)),
  'zeros-lost': broken('takes no count with zeros before it', { framesIn: frame => (/^0[0-9]/.test(frame) ? '' : undefined) }),
  'believes-counts': broken('waits for any frame that is announced', {
    takes: bytes => (/^(?:1073741824|2147483647)/.test(bytes) ? '' : bytes),
  }),
  'endless-counts': broken('waits for the end of any count', { takes: bytes => (/^9+$/.test(bytes) ? '' : bytes) }),
  'minor-lost': broken('reads one minor version', {
    framesIn: frame => (imageOf(frame).startsWith('\x05') && imageOf(frame)[1] !== '\x0b' ? '' : undefined),
  }),
  'native-lost': broken('reads no native images', { framesIn: frame => (imageOf(frame).startsWith('\x04') ? '' : undefined) }),
  'nothing-behind': broken('wants nothing behind an image', { framesIn: frame => (frame.endsWith(' more') ? '' : undefined) }),
  // ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────
  'no-errors': asks('sends no errors', where(isError)),
  'errors-of-errors': asked('answers errors with errors', request => (isError(request) ? without(request, 'is_error') : undefined)),
  'answers-twice': asks('answers ping twice', request => (isPong(request) ? [request, request] : undefined)),
  'has-nothing': asks('has nothing that it is asked for', request => (isReceipt(request) ? having(request, 'params', 'NO') : undefined)),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  holds: broken('never ends a connection', { holds: true }),
  patient: broken('waits without an end', { delay: delay => (delay >= seconds(1) ? seconds(1_000_000) : delay) }),
  'ignores-term': broken('ignores SIGTERM', { signal: name => (name === 'SIGTERM' || name === 'SIGINT' ? 'ignore' : undefined) }),
};

export const BROKEN: Readonly<Record<'server' | 'client', Table>> = {
  server: {
    ...BOTH,
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
  },
  client: {
    ...BOTH,
    'hello-twice': says('says HELLO twice', /^HELLO$/, 'HELLO\r\nHELLO\r\n'),
    'no-offer': says('waits before it offers', /^FREEZER/, ''),
    'no-world': says('does not say WORLD', /^WORLD$/, ''),
    'one-offer': broken('has one offer', () => {
      let offers = 0;
      return { says: line => (line.startsWith('FREEZER') && offers++ > 0 ? '' : undefined) };
    }),
    'offers-storable': says('offers Storable alone', /^FREEZER JSON$/, 'FREEZER Storable\r\n'),
    'no-params': asks('sends no params', request => (stateOf(request) === 'ping' ? undefined : without(request, 'params'))),
    'odd-rsvp': asks('names a kernel of its own in rsvp', request =>
      request.has('rsvp')
        ? having(
            request,
            'rsvp',
            new Map([
              ['kernel', 'nobody'],
              ['session', 'x'],
              ['state', 'y'],
            ]),
          )
        : undefined,
    ),
    deaf: asked(
      'hears no answers',
      where(request => !isError(request) && !request.has('rsvp')),
    ),
    'deaf-to-errors': asked('hears no errors', where(isError)),
    'last-answer': asked(
      'takes the last answer',
      where(request => request.get('params') === 'first'),
    ),
    'one-request': asks('asks one thing', (_request, at) => (at > 0 ? [] : undefined)),
    'no-wantarray': asks('does not say that it wants a list', request =>
      request.has('wantarray') ? without(request, 'wantarray') : undefined,
    ),
    'posts-as-calls': asks('wants an answer to a post', request => (request.has('rsvp') ? undefined : having(request, 'rsvp', TESTER_A))),
    believes: asked('takes any receipt for a yes', request =>
      textOf(request.get('params'))?.startsWith('NOT ') === true
        ? having(request, 'params', [
            new Map([
              ['kernel', 'Inet'],
              ['session', 'test'],
              ['state', ''],
            ]),
            'x',
          ])
        : undefined,
    ),
  },
};
