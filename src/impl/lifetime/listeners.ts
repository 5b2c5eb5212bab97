/**
 * The listening sockets of the child. They are real, so that their addresses are; who connects is heard and not answered.
 */
import type { Listener, Network, Stream, StreamHandler, TcpEndpoint } from '../../host/host.ts';
import type { HostError, Result } from '../../host/result.ts';
import { awaiting, type Routine } from './routine.ts';

const BACKLOG = 16;

export interface Opened {
  readonly listeners: readonly Listener[];
  readonly failures: readonly { readonly at: TcpEndpoint; readonly error: HostError }[];
}

/** Opens all, one after the other. */
export function* openListeners(network: Network, endpoints: readonly TcpEndpoint[]): Routine<Opened> {
  const listeners: Listener[] = [];
  const failures: { at: TcpEndpoint; error: HostError }[] = [];
  for (const at of endpoints) {
    const result = yield* awaiting<Result<Listener>>(opened => network.listen(at, { backlog: BACKLOG }, { opened, accept: deaf }));
    if (result.ok) listeners.push(result.value);
    else failures.push({ at, error: result.error });
  }
  return { listeners, failures };
}

const deaf = (stream: Stream): StreamHandler => ({ data: () => {}, end: () => stream.close() });
