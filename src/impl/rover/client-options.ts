/**
 * The command line of `rover-client`, which `slipway rover send` has too.
 */
import { ipv4 } from '../../host/address.ts';
import { printable, utf8 } from '../../host/bytes.ts';
import type { TcpEndpoint } from '../../host/host.ts';
import { Options } from '../command-line/options.ts';
import type { ClientOptions } from './client.ts';
import { type ClientRequest, WINDOW_DEFAULT, WINDOW_MAX } from './client-queue.ts';
import { requestProblem } from './client-request.ts';

export interface ClientCommandLine {
  readonly client: ClientOptions;
  readonly requests: readonly ClientRequest[];
}

const SENDS_MAX = 10_000;

export function clientOptions(args: readonly string[]): ClientCommandLine | { readonly problem: string } {
  const given = new Options(args);
  const required = (name: string, what: string): string => {
    const text = given.text(name);
    if (text === undefined || text === '') given.refuse(`--${name}= is missing: give ${what}`);
    return text ?? '';
  };
  const client: ClientOptions = {
    server: serverOf(given, required('server', 'the IPv4 address and the port of a server')),
    user: required('user', 'the name of a user'),
    host: required('host', 'the name that this client keeps'),
    auth: given.text('auth'),
    state: required('state', 'a folder for the queue'),
    window: given.number('window', WINDOW_MAX, 1) ?? WINDOW_DEFAULT,
  };
  const requests = given.all('send').map(requestOf);
  if (requests.length > SENDS_MAX) given.refuse(`--send= can be given ${SENDS_MAX} times, not ${requests.length}`);
  // Who it is, and what it sends, in the words of a server that would refuse it.
  for (const request of [{ ...requestOf('TESTNULL') }, ...requests]) {
    const wrong = requestProblem({ ...client, epoch: 0 }, request);
    if (wrong !== undefined) given.refuse(`'${printable(request.command, 60)}' cannot be sent: ${wrong}`);
  }
  const { problem } = given;
  return problem === undefined ? { client, requests } : { problem };
}

/** `COMMAND`, `COMMAND OBJECT`, or `COMMAND OBJECT DATA`: the data is all that is behind the second blank. */
export function requestOf(text: string): ClientRequest {
  const [, command = '', object = '', data = ''] = /^([^ ]*)(?: ([^ ]*))?(?: (.*))?$/s.exec(text) ?? [];
  return { command, object, data: utf8(data) };
}

function serverOf(given: Options, text: string): TcpEndpoint {
  const [, name = '', digits = ''] = /^([^:]*):([0-9]{1,5})$/.exec(text) ?? [];
  const address = name === 'localhost' ? '127.0.0.1' : name;
  const port = Number(digits);
  if (port < 1 || port > 65_535 || ipv4(address) === undefined)
    given.refuse(`--server=${printable(text)}: give an IPv4 address and a port, such as 127.0.0.1:9090`);
  return { transport: 'tcp', address, port };
}
