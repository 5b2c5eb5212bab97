/**
 * How a process begins to listen, on a port or on a path.
 * Lacks: its own view of who may listen where (ports.ts, names.ts).
 */
import { formatEndpoint } from '../../host/address.ts';
import { refuseEndpoint } from '../../host/arguments.ts';
import type { Endpoint, Listener, ListenHandler, TcpEndpoint, UnixEndpoint } from '../../host/host.ts';
import { canonical, plain } from '../../host/internet.ts';
import { fail, ok, type Result } from '../../host/result.ts';
import type { SimProcess } from '../process/process.ts';
import { SimListener } from './listener.ts';
import { bindable } from './route.ts';
import type { NetworkStack } from './stack.ts';

export function listen(stack: NetworkStack, process: SimProcess, at: Endpoint, backlog: number, handler: ListenHandler): void {
  const made = begin(stack, process, at, backlog, handler);
  const data = made.ok ? { at: formatEndpoint(made.value.local) } : { at: formatEndpoint(at), error: made.error.code };
  process.record('listen', { data });
  const image = process.image;
  process.soon(() =>
    process.deliver(image, () => {
      if (made.ok) made.value.opened();
      handler.opened(made);
    }),
  );
}

function begin(
  stack: NetworkStack,
  process: SimProcess,
  at: Endpoint,
  backlog: number,
  handler: ListenHandler,
): Result<SimListener & Listener> {
  const refused = refuseEndpoint(at) ?? process.refused('listen');
  if (refused !== undefined) return fail(refused, `bind ${formatEndpoint(at)}`);
  return at.transport === 'tcp' ? listenTcp(stack, process, at, backlog, handler) : listenUnix(stack, process, at, backlog, handler);
}

function listenTcp(
  stack: NetworkStack,
  process: SimProcess,
  at: TcpEndpoint,
  backlog: number,
  handler: ListenHandler,
): Result<SimListener & Listener> {
  const call = `bind ${formatEndpoint(at)}`;
  const shown = canonical(at.address);
  if (shown === undefined) return fail('EINVAL', call);
  const refused = bindable(stack, shown, true);
  if (refused !== undefined) return fail(refused, call);
  const address = plain(shown);
  const port = at.port === 0 ? stack.tcp.chooseFor(address) : at.port;
  if (port === undefined || stack.tcp.taken(address, port)) return fail('EADDRINUSE', call);
  const listener = new SimListener(process, { transport: 'tcp', address: shown, port }, backlog, handler, () => held.release());
  const held = stack.tcp.hold({ address, port, receiver: listener });
  return ok(listener);
}

function listenUnix(
  stack: NetworkStack,
  process: SimProcess,
  at: UnixEndpoint,
  backlog: number,
  handler: ListenHandler,
): Result<SimListener & Listener> {
  const call = `bind ${at.path}`;
  const inode = stack.disk.bindSocket(at.path, call, stack.clock.wall(process.core.now));
  if (!inode.ok) return inode;
  const listener = new SimListener(process, at, backlog, handler, () => stack.unix.delete(inode.value));
  stack.unix.set(inode.value, listener);
  return ok(listener);
}
