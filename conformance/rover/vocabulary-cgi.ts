/**
 * How the cases of a forked server are written: the tester is the httpd, which starts the program for each request, with the request in
 * its environment and on its standard input, and takes its answer from its standard output.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import { citing, DONE, ENDS, expects, expectsLast, form, one, type Pairs, put, rowOf } from './vocabulary.ts';

export * from './vocabulary.ts';

export const OPTIONS: readonly string[] = ['--state={dir}/state', '--users={dir}/users', '--tests'];
/** It hands requests on to the tester. */
export const HANDS_ON: readonly string[] = [...OPTIONS, '--daemon={address}'];

/** So many requests has a case at most. */
export const STARTS = 6;
const nth = (name: string, start: number): string => (start === 1 ? name : `${name}-${start}`);
export const stdinOf = (start: number): string => nth('stdin', start);
export const stdoutOf = (start: number): string => nth('stdout', start);
export const stderrOf = (start: number): string => nth('stderr', start);
/** Where the tester is called as a daemon. */
export const DAEMON = 'daemon';

export type Variables = Readonly<Record<string, string>>;
/** What every httpd says beside (RFC 3875), whatever the request. */
const AROUND: Variables = {
  GATEWAY_INTERFACE: 'CGI/1.1',
  SERVER_PROTOCOL: 'HTTP/1.0',
  SERVER_NAME: 'rover.example',
  SERVER_PORT: '80',
  SERVER_SOFTWARE: 'tester',
  SCRIPT_NAME: '/cgi-bin/rover',
  REMOTE_ADDR: '127.0.0.1',
};
export interface Request {
  readonly variables: Variables;
  readonly body?: string;
}
export const posts = (what: Pairs | string, more: Variables = {}): Request => {
  const body = typeof what === 'string' ? what : form(what);
  const told = { CONTENT_TYPE: 'application/x-www-form-urlencoded', CONTENT_LENGTH: String(body.length) };
  return { variables: { ...AROUND, REQUEST_METHOD: 'POST', QUERY_STRING: '', ...told, ...more }, body };
};
export const gets = (what: Pairs | string, more: Variables = {}): Request => ({
  variables: { ...AROUND, REQUEST_METHOD: 'GET', QUERY_STRING: typeof what === 'string' ? what : form(what), ...more },
});

/** A request without HOST and MSGID: a forked server keeps no order. */
export const plain = ({ HOST: _host, MSGID: _number, ...pairs }: Pairs): Pairs => pairs;

export const starts = ({ variables, body }: Request, start: number, options?: readonly string[]): readonly Step[] => [
  { verb: 'start', environment: variables, ...(options === undefined ? {} : { options }) },
  ...(body === undefined || body === '' ? [] : [put(stdinOf(start), body)]),
];
export const endsInput = (start: number): Step => ({ verb: 'close', channel: stdinOf(start) });
/** Standard input stays open: its end is not promised. */
export const answers = (start: number, message: Pattern): readonly [Step, Step] => [
  expects(stdoutOf(start), one(message)),
  expectsLast(stdoutOf(start)),
];

export type Turn = Step | readonly [request: Request, answer: Pattern];
const isStep = (turn: Turn): turn is Step => 'verb' in turn;
/** Each request is a process that has ended before the next. */
export function serves(...turns: readonly Turn[]): readonly Step[] {
  let start = 0;
  return turns.flatMap(turn => {
    if (isStep(turn)) return [turn];
    start += 1;
    const exports = /(?:^|&)COMMAND=EXPORT(?:&|$)/.test(turn[0].body ?? '') && turn[1] === DONE;
    const [heard, ended] = answers(start, turn[1]);
    return [...starts(turn[0], start), exports ? citing('rover.cgi.keeps', heard) : heard, ended, ENDS];
  });
}

const row = rowOf('cgi', seconds(60));
export const cgiCase = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  row(name, title, shows, ...serves(...turns));
