/**
 * Kernels of both roles that do one thing wrong.
 */
import { seconds } from '../../../src/host/time.ts';
import {
  asked,
  asks,
  broken,
  having,
  hears,
  imageOf,
  isError,
  isPong,
  isReceipt,
  NONSENSE,
  says,
  type Table,
  where,
  without,
} from './broken-words.ts';

export const BOTH: Table = {
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
