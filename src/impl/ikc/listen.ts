/**
 * Listens. The file that a Unix-domain socket has left is removed, if nobody listens there any more: the published server removes it in
 * any case (B1), and with it one that is served. Ends the process where it cannot listen, in a way that says it may be
 * possible the next time.
 */
import { formatEndpoint } from '../../host/address.ts';
import type { Endpoint, Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import type { HostErrorCode } from '../../host/result.ts';
import { EXIT_TEMPFAIL } from '../command-line/exit.ts';

const BACKLOG = 128;
const FORMS = { 'not-listening': { address: 'string', error: 'string' } } as const;
export const listenLog: Logs<typeof FORMS> = logs(FORMS, 'critical');

export interface Door {
  readonly opened: (listener: Listener) => void;
  readonly accept: (stream: Stream) => StreamHandler;
}

export function listenAt(host: Host, endpoint: Endpoint, door: Door): void {
  listen(host, endpoint, door, code => {
    if (code === 'EADDRINUSE' && endpoint.transport === 'unix' && isSocket(host, endpoint.path)) replaceLeft(host, endpoint, door);
    else fail(host, endpoint, code);
  });
}

function listen(host: Host, endpoint: Endpoint, { opened, accept }: Door, failed: (code: HostErrorCode) => void): void {
  const handler = {
    opened: (result: Parameters<Parameters<Host['network']['listen']>[2]['opened']>[0]) => {
      if (result.ok) opened(result.value);
      else failed(result.error.code);
    },
    accept,
  };
  host.network.listen(endpoint, { backlog: BACKLOG }, handler);
}

function isSocket({ storage }: Host, path: string): boolean {
  const file = storage.stat(path);
  return file.ok && file.value.kind === 'socket';
}

/** Who is not called any more has left it. */
function replaceLeft(host: Host, endpoint: Endpoint & { readonly transport: 'unix' }, door: Door): void {
  host.network.connect(endpoint, {}, result => {
    if (result.ok) result.value.close();
    if (!result.ok && result.error.code === 'ECONNREFUSED') {
      host.storage.unlink(endpoint.path);
      listen(host, endpoint, door, code => fail(host, endpoint, code));
    } else fail(host, endpoint, 'EADDRINUSE');
    return { data: () => {} };
  });
}

function fail(host: Host, endpoint: Endpoint, error: HostErrorCode): never {
  listenLog(host)['not-listening']({ address: formatEndpoint(endpoint), error });
  return host.process.exit(EXIT_TEMPFAIL);
}
