/**
 * The suite of Rover: the daemon seen from its clients, the forked server seen from its httpd, and a client seen from its server.
 */
import type { ChannelWiring, Wiring } from '../case.ts';
import { explained, type Suite } from '../suite.ts';
import { CGI_CASES } from './cases-cgi.ts';
import { CLIENT_CASES } from './cases-client.ts';
import { COMMAND_CASES, LOG_CASES } from './cases-log.ts';
import { ORDER_CASES } from './cases-order.ts';
import { REQUEST_CASES } from './cases-requests.ts';
import { answerDecoder, cgiDecoder, errorDecoder, FORM, LENGTH, requestDecoder, toldDecoder } from './channels.ts';
import { CLAUSES } from './clauses.ts';
import { CLAIMS, MUTANTS } from './mutants/mutants.ts';
import { RATIONALES } from './rationales.ts';
import { CGI_REQUIREMENTS } from './requirements-cgi.ts';
import { CLIENT_REQUIREMENTS } from './requirements-client.ts';
import { DAEMON_REQUIREMENTS } from './requirements-daemon.ts';
import { SETS } from './sets.ts';
import { OUT, STDERR } from './vocabulary.ts';
import { OPTIONS as CGI_OPTIONS, DAEMON, STARTS, stderrOf, stdinOf, stdoutOf } from './vocabulary-cgi.ts';
import { CALLS, OPTIONS as CLIENT_OPTIONS, TOLD, TOLD_AGAIN } from './vocabulary-client.ts';
import { CONNECTIONS, OPTIONS as DAEMON_OPTIONS } from './vocabulary-daemon.ts';

/** A line for each user. */
const FILES = { users: '# who may ask\nann s3cret\nbob hunter2\n' };

const CONNECTION: ChannelWiring = {
  descriptor: undefined,
  direction: 'both',
  decoder: answerDecoder,
  rules: { [FORM]: 'rover.daemon.answers', [LENGTH]: 'rover.daemon.answer-length' },
};
const SERVER: Wiring = {
  channels: {
    [OUT]: { descriptor: 1, direction: 'in' },
    [STDERR]: { descriptor: 2, direction: 'in', decoder: errorDecoder },
    ...Object.fromEntries(CONNECTIONS.map(name => [name, CONNECTION])),
  },
  options: DAEMON_OPTIONS,
  probe: undefined,
  environment: { accepts: [], directories: ['state'], files: FILES },
};

const RULES = { [FORM]: 'rover.cgi.form', [LENGTH]: 'rover.cgi.answer-length' };
const pipesOf = (start: number): Readonly<Record<string, ChannelWiring>> => ({
  [stdinOf(start)]: { descriptor: 0, direction: 'out', start },
  [stdoutOf(start)]: { descriptor: 1, direction: 'in', start, decoder: cgiDecoder, rules: RULES },
  [stderrOf(start)]: { descriptor: 2, direction: 'in', start, decoder: errorDecoder },
});
const CGI: Wiring = {
  channels: {
    ...Object.assign({}, ...Array.from({ length: STARTS }, (_, index) => pipesOf(index + 1))),
    [DAEMON]: { descriptor: undefined, direction: 'both', decoder: requestDecoder },
  },
  options: CGI_OPTIONS,
  probe: undefined,
  environment: { accepts: [DAEMON], directories: ['state'], files: FILES },
  startedBecause: 'an httpd starts it for each request',
};

const called: ChannelWiring = {
  descriptor: undefined,
  direction: 'both',
  decoder: requestDecoder,
  rules: { [FORM]: 'rover.client.form', [LENGTH]: 'rover.client.form' },
};
const CLIENT: Wiring = {
  channels: {
    [TOLD]: { descriptor: 1, direction: 'in', decoder: toldDecoder },
    [STDERR]: { descriptor: 2, direction: 'in' },
    [TOLD_AGAIN]: { descriptor: 1, direction: 'in', start: 2, decoder: toldDecoder },
    'stderr-2': { descriptor: 2, direction: 'in', start: 2 },
    ...Object.fromEntries(CALLS.map(name => [name, called])),
  },
  options: CLIENT_OPTIONS,
  probe: undefined,
  environment: { accepts: CALLS, directories: ['state'], files: {} },
};

export const ROVER: Suite = {
  name: 'rover',
  title: 'MIT Rover toolkit, the server (Control Flow in the Rover Server, 1997)',
  realTime: 'seconds',
  roles: { daemon: SERVER, cgi: CGI, client: CLIENT },
  claims: {
    users: 'it knows the users of --users=FILE, a line NAME SECRET each, by AUTH',
    tests: 'it has TESTNULL, TESTECHO, TESTSLEEP, TESTERROR and TESTFATAL',
    cards: 'the module Irolo__ takes cards by EXPORT and RESET, and shows them by IMPORTDATA, a line NAME, tab, TEXT each',
    agent: 'the module Agent__ appends what it is given to a file of its state folder',
    fields: 'its answers have Rover-Result, Rover-Message and Rover-Next',
    epochs: 'a stream begins anew with a higher EPOCH',
    acked: 'it forgets the answers that ACKED says are known',
    'hands-on': 'a forked server hands requests on with --daemon=HOST:PORT',
  },
  sets: SETS,
  requirements: explained([...DAEMON_REQUIREMENTS, ...CGI_REQUIREMENTS, ...CLIENT_REQUIREMENTS], RATIONALES),
  clauses: CLAUSES,
  cases: [...REQUEST_CASES, ...ORDER_CASES, ...COMMAND_CASES, ...LOG_CASES, ...CGI_CASES, ...CLIENT_CASES],
  own: {
    daemon: { program: 'rover', args: ['--request-timeout={seconds:30}'], claims: CLAIMS.daemon },
    cgi: { program: 'rover-cgi', args: [], claims: CLAIMS.cgi },
    client: { program: 'rover-client', args: [], claims: CLAIMS.client },
  },
  mutants: MUTANTS,
  facts: () => ({}),
};
