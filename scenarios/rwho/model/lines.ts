/**
 * The lines of a rwhod's log (R7): how grave each is, and with which words it tells of what came, or of what failed.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';
import { reportIn } from './layout.ts';
import type { Options } from './options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a line is about. */
export interface Occasion {
  /** What came to the server. */
  readonly cause: TraceEvent;
  /** What it has done since. */
  readonly done: readonly TraceEvent[];
  readonly options: Options;
  /** The name of its machine. */
  readonly name: string;
}

/** What is wrong with a name (R3): it may be that of the machine, or that of a report. */
function faultOf(name: string): string {
  if (name === '') return 'it is empty';
  const odd = /[^!-.0-~]/.exec(name)?.[0] ?? '/';
  return odd === '/' ? 'it has a slash' : `it has the byte ${odd.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Errors of those calls that have failed. */
const errorsOf = (done: readonly TraceEvent[], ...kinds: readonly string[]): readonly unknown[] =>
  done.filter(({ kind, data }) => kinds.includes(kind) && data?.['error'] !== undefined).map(({ data }) => data?.['error']);

/** By the slug of a line: its severity and its fields; a function says whether a field can be so. */
const LINES: Readonly<Record<string, readonly [severity: string, fields: (occasion: Occasion) => Fields]>> = {
  'bad-port': ['warning', ({ cause }) => ({ from: addressOf(cause), port: portOf(cause) })],
  short: ['warning', ({ cause }) => ({ from: addressOf(cause), length: cause.bytes?.length ?? 0 })],
  'bad-version': ['warning', ({ cause }) => ({ from: addressOf(cause), version: said(cause)?.version, type: said(cause)?.type })],
  'bad-name': ['warning', ({ cause }) => ({ from: addressOf(cause), why: faultOf(said(cause)?.host ?? '') })],
  'own-name': ['warning', ({ cause }) => ({ from: addressOf(cause) })],
  'spool-full': ['warning', ({ cause }) => ({ host: said(cause)?.host })],
  'name-clash': ['warning', ({ cause }) => ({ host: said(cause)?.host, from: addressOf(cause) })],
  'not-written': [
    'warning',
    ({ cause, done, name }) => ({
      host: (host: unknown) => host === name || host === said(cause)?.host,
      error: (error: unknown) => errorsOf(done, 'write', 'sync', 'rename').includes(error),
    }),
  ],
  'not-sent': ['warning', () => ({ to: (to: unknown) => /^[\d.]+:\d+$/.test(String(to)), error: isError })],
  'no-way-out': ['warning', () => ({})],
  'own-name-unusable': ['warning', ({ name }) => ({ why: faultOf(name) })],
  'neighbour-learned': ['info', ({ cause }) => ({ address: cause.data?.['from'] })],
  'record-evicted': [
    'info',
    ({ done }) => ({
      host: (host: unknown) => done.some(({ kind, data }) => kind === 'unlink' && String(data?.['path']).endsWith(`/whod.${host}`)),
    }),
  ],
  'clock-set': ['info', () => ({ seconds: isCount, records: isCount, failed: isCount })],
  stopped: ['info', ({ cause }) => ({ signal: cause.data?.['signal'] })],
  usage: ['critical', ({ options }) => ({ problem: (problem: unknown) => options.wrong.some(each => String(problem).includes(each)) })],
  'spool-unreadable': ['critical', ({ done }) => ({ spool: isText, error: (error: unknown) => errorsOf(done, 'list').includes(error) })],
  'not-bound': [
    'critical',
    ({ cause, options }) => ({ address: (at: unknown) => String(at).endsWith(`:${options.port}`), error: cause.data?.['error'] }),
  ],
};

const isError = (value: unknown): boolean => /^E[A-Z0-9]+$/.test(String(value));
const isCount = (value: unknown): boolean => Number.isInteger(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const said = (cause: TraceEvent) => reportIn(cause.bytes, 'wire');
const fromOf = ({ data }: TraceEvent): readonly string[] => String(data?.['from']).split(':');
const addressOf = (cause: TraceEvent): unknown => fromOf(cause)[0];
const portOf = (cause: TraceEvent): unknown => Number(fromOf(cause)[1]);

/** What is wrong with a line. */
export function oddLine({ data }: TraceEvent, occasion: Occasion): string | undefined {
  const { severity, event: slug, ...fields } = data ?? {};
  const [grave, expectedOf] = LINES[String(slug)] ?? [];
  const says = `the log says ${String(severity)} ${String(slug)} ${JSON.stringify(fields)}`;
  if (grave !== severity || expectedOf === undefined) return says;
  // How many more there were is all that such a line tells.
  if ('more' in fields) return Object.keys(fields).length === 1 ? undefined : says;
  const expected = expectedOf(occasion);
  const isRight = ([name, value]: readonly [string, unknown]): boolean => {
    const wanted = expected[name];
    return typeof wanted === 'function' ? wanted(value) === true : wanted === value;
  };
  const whole = Object.keys(fields).length === Object.keys(expected).length;
  return whole && Object.entries(fields).every(isRight) ? undefined : says;
}
