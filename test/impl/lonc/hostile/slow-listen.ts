/** A Host like another one, whose kernel takes its time to open a listening socket. */
import type { Host, ListenHandler } from '../../../../src/host/host.ts';
import type { Duration } from '../../../../src/host/time.ts';

export function slowListen(host: Host, delay: Duration): Host {
  const { clock, descriptors, process, signals, storage, system, random, log, network } = host;
  const later = (handler: ListenHandler): ListenHandler => ({
    opened: result => void clock.setTimer(delay, () => handler.opened(result)),
    accept: stream => handler.accept(stream),
  });
  return {
    clock,
    descriptors,
    process,
    signals,
    storage,
    random,
    system,
    log,
    network: {
      listen: (at, options, handler) => network.listen(at, options, later(handler)),
      connect: (to, options, opened) => network.connect(to, options, opened),
      bind: (at, options, handler) => network.bind(at, options, handler),
      interfaces: () => network.interfaces(),
    },
  };
}
