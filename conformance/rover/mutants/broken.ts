/**
 * Servers that do one thing wrong. Those of both roles are tried in both.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Change, Meddling } from './meddle.ts';
import type { CgiMeddling } from './meddle-cgi.ts';

export interface Broken<Kind> {
  readonly text: string;
  readonly meddling: Kind;
  /** Of the parent of a daemon. */
  readonly parent?: Meddling;
}
type Table<Kind> = Readonly<Record<string, Broken<Kind>>>;
/** What both kinds of server have. */
type Common = Pick<Meddling, 'asks' | 'answers' | 'complains' | 'exits'>;

const broken = <Kind>(text: string, meddling: Kind): Broken<Kind> => ({ text, meddling });

// ── requests and answers as texts ───────────────────────────────────────────────────────────────────────────────────

const parts = (message: string): readonly [head: string, body: string] => {
  const at = message.search(/\r?\n\r?\n/);
  if (at < 0) return ['', message];
  const end = at + (message.startsWith('\r', at) ? 4 : 2);
  return [message.slice(0, end), message.slice(end)];
};
const counted = (head: string, body: string): string => head.replace(/(^content-length: *)\d+/im, `$1${body.length}`) + body;
/** Another body, with the length of it. */
const body =
  (change: Change): Change =>
  text => {
    const [head, before] = parts(text);
    const after = change(before);
    return after === undefined || after === before ? undefined : counted(head, after);
  };
const replacing =
  (pattern: RegExp, by: string): Change =>
  text =>
    pattern.test(text) ? text.replace(pattern, by) : undefined;
/** Of the body of a request. */
const asks = (text: string, pattern: RegExp, by: string): Broken<Common> => broken(text, { asks: body(replacing(pattern, by)) });
const header = (text: string, pattern: RegExp, by: string): Broken<Common> =>
  broken(text, {
    asks: whole => {
      const [head, rest] = parts(whole);
      return pattern.test(head) ? head.replace(pattern, by) + rest : undefined;
    },
  });

const NO_PAIR = 'x';
/** A request that is like this is answered as one that is none. */
const refuses = (text: string, pattern: RegExp): Broken<Common> =>
  broken(text, { asks: whole => (pattern.test(whole) ? counted(parts(whole)[0], NO_PAIR) : undefined) });

/** The status of an answer, in either form. */
const STATUS = /^(HTTP\/1\.0|Status:) (\d{3})/;
const statusOf = (answer: string): string => STATUS.exec(answer)?.[2] ?? '';
const says = (text: string, from: string, to: string): Broken<Common> =>
  broken(text, { answers: answer => (statusOf(answer) === from ? answer.replace(STATUS, `$1 ${to}`) : undefined) });
/** What is asked like this, and was done, is answered so. */
const answers = (text: string, asked: RegExp, to: string, from = '200'): Broken<Common> =>
  broken(text, {
    answers: (answer, request) => (statusOf(answer) === from && asked.test(request) ? answer.replace(STATUS, `$1 ${to}`) : undefined),
  });
const answersBody = (text: string, change: Change): Broken<Common> => broken(text, { answers: body(change) });
const answersHead = (text: string, pattern: RegExp, by: string): Broken<Common> => broken(text, { answers: replacing(pattern, by) });

const right: Readonly<Record<string, string>> = { ann: 's3cret', bob: 'hunter2' };
/** Whoever says to be somebody is. */
const believed = (text: string): string => {
  const [, name = ''] = /(?:^|&)USER=([^&]*)/.exec(text) ?? [];
  const user = right[name] === undefined ? 'ann' : name;
  if (name === 'nobody' || name === '') return text;
  return `${text.replace(/(^|&)(USER|AUTH)=[^&]*/g, '').replace(/^&/, '')}&USER=${user}&AUTH=${right[user]}`;
};
/** nobody is ann where something is to be changed. */
const promoted = (text: string): string | undefined =>
  /USER=nobody/.test(text) && /COMMAND=(?:EXPORT|RESET)/.test(text) ? text.replace('USER=nobody', 'USER=ann&AUTH=s3cret') : undefined;
const ALL_AS_ANN = /USER=bob&HOST=desk&AUTH=hunter2/;

const BOTH: Table<Common> = {
  // ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────
  'no-reading': answers('lets nobody import nothing', /USER=nobody.*COMMAND=IMPORTDATA/, '403'),
  'no-binary': answers('has no IMPORTBINARY', /COMMAND=IMPORTBINARY/, '422'),
  'types-lost': answersHead('sends everything as text/html', /^Content-Type: .*$/m, 'Content-Type: text/html'),
  'nobody-anything': broken("lets nobody change what is ann's", { asks: body(promoted) }),
  'nobody-unknown': says('says that nobody is unknown', '403', '500'),
  believing: broken('believes whoever says to be a user', { asks: body(believed) }),
  'no-users': answers('knows no users', /USER=(?:ann|bob)/, '401'),
  'secret-unsaid': says('says 403 where a secret is wrong', '401', '403'),
  'one-owner': asks('takes bob for ann', ALL_AS_ANN, 'USER=ann&HOST=desk&AUTH=s3cret'),
  'no-echo': answersBody('answers test commands with ok', text => (text === '' ? 'ok' : undefined)),
  'echo-cut': answersBody('cuts what it answers', text => (text.length > 65_536 ? text.slice(0, 65_536) : undefined)),
  'errors-unsaid': answersBody('keeps the text of an error to itself', replacing(/^no such luck\n?$/, 'an error')),
  'unknown-unsaid': says('says 500 where a command fails or is not known', '422', '500'),
  'no-such-module': says('says 400 where there is no module', '404', '400'),
  'fatal-unsaid': broken('says nothing of a fatal error', { complains: () => '' }),
  unsorted: answersBody('sends cards in the reverse order', text =>
    /^ann\t.*\nzoe\t/.test(text) ? text.split('\n').toReversed().join('\n') : undefined,
  ),
  'results-unsaid': answersHead('says nothing of results', /^Rover-Result: .*\r\n/m, ''),
  uncounted: answersHead('says no length', /^Content-Length: .*\r\n/m, ''),
  miscounted: answersHead('says a length that is too short', /^Content-Length: \d\d+/m, 'Content-Length: 9'),
  twice: broken('answers twice', { answers: answer => answer + answer }),
  // ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────
  'length-unsaid': says('says 400 where no length is told', '411', '400'),
  'huge-unsaid': says('says 400 where the body is too large', '413', '400'),
  'type-unsaid': says('says 400 where the type is another', '415', '400'),
  'method-unsaid': says('says 400 where the method is another', '405', '400'),
  'plus-kept': asks('takes + as it is', /(DATA=.*)\+/, '$1%2B'),
  'names-mended': asks('mends names', /USER=(?:%[0-9A-F]{2}|[^&A-Za-z0-9])*[^&]{0,64}[^&]*/, 'USER=nobody'),
};

/** A program that does nothing. */
export const IDLE = 'rover-idle';

export const BROKEN_DAEMONS: Table<Meddling> = {
  ...BOTH,
  // ── a request ───────────────────────────────────────────────────────────────────────────────────────────────────
  'any-method': header('takes any method for POST', /^[A-Za-z]+ /, 'POST '),
  'allows-nothing': answersHead('does not say what it allows', /^Allow: .*\r\n/m, ''),
  'cookies-refused': refuses('refuses cookies', /^Cookie:/m),
  'one-read': broken('takes one read for a request', { takes: bytes => (bytes.length < 20 ? '' : undefined) }),
  'crlf-only': refuses('wants CR LF', /^POST [^\r\n]*\n/),
  'own-path': refuses('knows one path', /^POST (?!\/rover )/),
  'no-http-1.1': refuses('knows HTTP/1.0 alone', /^POST \S+ HTTP\/1\.1\r\n(?!.*Expect)/s),
  'first-mended': header(
    'takes any first line',
    /^(?!POST \S+ HTTP\/1\.[01]\r?\n)(?![A-Z]+ \S+ HTTP\/1\.[01]\r?\n)[^\r\n]*/,
    'POST /rover HTTP/1.0',
  ),
  'lines-skipped': header('skips lines that are no fields', /\r\n(?:[^:\r\n]+|: x)(?=\r\n)/g, ''),
  unfolds: header('unfolds lines', /\r\n[ \t]+/g, ' '),
  'controls-skipped': broken('skips control bytes', { asks: whole => whole.replaceAll('\0', '').replaceAll('\x07', '') }),
  'limits-unsaid': says('says 400 where a header is too long', '431', '400'),
  'two-lengths': refuses('refuses the same length twice', /Content-Length: \d+\r\nContent-Length/),
  'small-bodies': refuses('takes bodies of 64 KiB', /Content-Length: 1048576/),
  'exact-type': refuses('wants the type letter by letter', /Content-Type: (?!application\/x-www-form-urlencoded\r)/),
  'any-type': header('takes any type', /^Content-Type: .*\r\n/m, ''),
  'never-goes-on': broken('does not say that a client may go on', { takes: replacing(/^Expect: 100-continue\r\n/m, '') }),
  'expects-anything': header('overlooks other expectations', /^Expect: the.*\r\n/m, ''),
  'behind-refused': refuses('refuses what is behind a body', /\n\r\nPOST \/again/),
  'keeps-open': broken('leaves connections open', { holds: true }),
  patient: broken('waits without an end', { delay: delay => (delay >= seconds(20) ? seconds(1_000_000) : delay) }),
  // ── pairs ───────────────────────────────────────────────────────────────────────────────────────────────────────
  'pairs-mended': asks('skips what is no pair', /(?:^|&)(?:[^=&]*|=[^&]*)(?=&|$)/g, ''),
  'percent-mended': asks('takes a bad % for itself', /%(?![0-9A-F]{2})/g, '%25'),
  'zeros-cut': asks('ends a value at NUL', /%00[^&]*/g, ''),
  'many-cut': broken('takes the first pairs of many', { asks: body(text => text.split('&').slice(0, 60).join('&')) }),
  'tokens-known': refuses('refuses tokens that it does not know', /COLOUR=/),
  'logid-refused': refuses('refuses a LOGID', /LOGID=l7/),
  'host-mended': asks('mends hosts', /HOST=(?![A-Za-z0-9._-]{1,64}(?:&|$))[^&]*/, 'HOST=kiosk'),
  'tokens-added': broken('adds what is missing', { asks: body(text => (/MSGID=/.test(text) ? undefined : `${text}&MSGID=1`)) }),
  'numbers-mended': asks('mends numbers', /MSGID=(?![1-9]\d{0,14}(?:&|$))[^&]*/, 'MSGID=1'),
  'epochs-mended': asks('mends epochs', /(EPOCH|ACKED)=(?!\d{1,15}(?:&|$))[^&]*/g, '$1=0'),
  'texts-cut': asks('cuts texts', /(OBJECT|LOGID|SERVICE)=([^&]{200})[^&]*/g, '$1=$2'),
  'short-texts': refuses('takes short texts alone', /LOGID=x{1024}(?:&|$)/),
  // ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────
  'held-unsaid': says('says 200 of what is held', '202', '200'),
  'replays-unsaid': answersHead('does not say that an answer was given before', /^Rover-Replayed: .*\r\n/m, ''),
  'conflicts-again': says('says 200 of another request under a number', '409', '200'),
  'far-refused': says('says 400 of a number that is far ahead', '503', '400'),
  'last-refused': answers('says 503 of the last number that it has to keep', /MSGID=65(?:&|$)/, '503', '202'),
  'one-more-held': answers('says 202 of the first number that is too far ahead', /MSGID=66(?:&|$)/, '202', '503'),
  'forgotten-unsaid': says('says 404 of an answer that it has forgotten', '410', '404'),
  'errors-free': says('says of an error that it is done', '422', '200'),
  'one-stream': asks('has one stream for all hosts', /HOST=[^&]*/, 'HOST=h'),
  'one-user-stream': asks('has one stream for all users', /HOST=(?:laptop|desk|kiosk)&/, 'HOST=h&'),
  'epochs-ignored': asks('overlooks epochs', /&EPOCH=[^&]*/, ''),
  'acks-ignored': asks('overlooks ACKED', /&ACKED=[^&]*/, ''),
  'next-unsaid': answersHead('says another number', /^Rover-Next: \d+/m, 'Rover-Next: 0'),
  // ── the log and the end ─────────────────────────────────────────────────────────────────────────────────────────
  forgets: broken('has nothing of what it had after a restart', { forgets: true }),
  'not-again': { ...broken('does not start again', {}), parent: { starts: (program, nth) => (nth === 1 ? program : IDLE) } },
  'ignores-term': {
    ...broken('ignores SIGTERM', {}),
    parent: { signal: name => (name === 'SIGTERM' || name === 'SIGINT' ? 'ignore' : undefined) },
  },
  'ends-at-once': broken('ends on SIGTERM with what it has begun', { signal: name => (name === 'SIGTERM' ? 'default' : undefined) }),
  'status-one': { ...broken('ends with 1', {}), parent: { exits: status => (status === 0 ? 1 : status) } },
};

const cgi = (text: string, meddling: CgiMeddling): Broken<CgiMeddling> => broken(text, meddling);
/** A variable that is like this is told in another way. */
const told = (text: string, name: string, pattern: RegExp, by: string): Broken<CgiMeddling> =>
  cgi(text, { told: (asked, value = '') => (asked === name && pattern.test(value) ? value.replace(pattern, by) : value) });

export const BROKEN_FORKED: Table<CgiMeddling> = {
  ...BOTH,
  'reads-on': cgi('reads standard input to its end', { readsOn: true }),
  'cut-taken': cgi('takes a body that was cut', { takesCut: true }),
  stays: cgi('stays behind its answer', { stays: true }),
  'no-get': told('takes no GET', 'REQUEST_METHOD', /^GET$/, 'HEAD'),
  'any-method': told('takes any method for POST', 'REQUEST_METHOD', /^(?!GET).*$/, 'POST'),
};
