/**
 * How a process begins to listen, on a port or on a path.
 * Lacks: its own view of who may listen where (ports.ts, names.ts).
 * May import: host.
 */
import { formatEndpoint } from '../host/address.ts';
import { refuseEndpoint } from '../host/arguments.ts';
import type { Endpoint, Listener, ListenHandler, TcpEndpoint, UnixEndpoint } from '../host/host.ts';
import { canonical, plain } from '../host/internet.ts';
import { fail, ok, type Result } from '../host/result.ts';
import { SimListener } from './listener.ts';
import type { SimProcess } from './process.ts';
import { bindable } from './route.ts';

export function listen(process: SimProcess, at: Endpoint, backlog: number, handler: ListenHandler): void {
  const made = begin(process, at, backlog, handler);
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

function begin(process: SimProcess, at: Endpoint, backlog: number, handler: ListenHandler): Result<SimListener & Listener> {
  const refused = refuseEndpoint(at);
  if (refused !== undefined) return fail(refused, `bind ${formatEndpoint(at)}`);
  return at.transport === 'tcp' ? listenTcp(process, at, backlog, handler) : listenUnix(process, at, backlog, handler);
}

function listenTcp(process: SimProcess, at: TcpEndpoint, backlog: number, handler: ListenHandler): Result<SimListener & Listener> {
  const machine = process.machine;
  const call = `bind ${formatEndpoint(at)}`;
  const shown = canonical(at.address);
  if (shown === undefined) return fail('EINVAL', call);
  const refused = bindable(machine, shown, true);
  if (refused !== undefined) return fail(refused, call);
  const address = plain(shown);
  const port = at.port === 0 ? machine.tcp.chooseFor(address) : at.port;
  if (port === undefined || machine.tcp.taken(address, port)) return fail('EADDRINUSE', call);
  const listener = new SimListener(process, { transport: 'tcp', address: shown, port }, backlog, handler, () =>
    machine.tcp.release(holder),
  );
  const holder = machine.tcp.hold({ address, port, receiver: listener });
  return ok(listener);
}

function listenUnix(process: SimProcess, at: UnixEndpoint, backlog: number, handler: ListenHandler): Result<SimListener & Listener> {
  const machine = process.machine;
  const call = `bind ${at.path}`;
  const inode = machine.disk.bindSocket(at.path, call, machine.clock.wall(process.core.now));
  if (!inode.ok) return inode;
  const listener = new SimListener(process, at, backlog, handler, () => machine.unix.delete(inode.value));
  machine.unix.set(inode.value, listener);
  return ok(listener);
}
