/**
 * Our rwhod with somebody between it and its Host who changes what it sends, hears, waits for and writes: most mutants are one
 * such change.
 */
import type { Daemon, DatagramAddress, DatagramSocket, Host, Network, Storage } from '../../../src/host/host.ts';
import { DONE } from '../../../src/host/result.ts';
import type { Disposition, Signal } from '../../../src/host/signal.ts';
import type { Duration } from '../../../src/host/time.ts';
import { replaced } from '../../replaced.ts';

export interface Meddling {
  /** What is sent instead, however often; `at` counts from 0. */
  readonly sends?: (report: Uint8Array, at: number) => readonly Uint8Array[];
  /** From any port instead of that of the protocol. */
  readonly fromElsewhere?: boolean;
  /** What it hears instead; undefined for nothing. `port` is where it comes from. */
  readonly hears?: (bytes: Uint8Array, from: DatagramAddress) => Uint8Array | undefined;
  /** Whatever comes seems to come from this port. */
  readonly port?: (own: number) => number;
  /** Sent to whoever is heard, at once. */
  readonly answers?: (bytes: Uint8Array) => Uint8Array | undefined;
  readonly delay?: (delay: Duration) => Duration;
  readonly signal?: (signal: Signal, disposition: Disposition, host: Host) => Disposition;
  /** What is written of a record instead. `before` is what was there. */
  readonly writes?: (record: Uint8Array, before: Uint8Array | undefined) => Uint8Array;
  /** Where a record is put instead; undefined for nowhere. */
  readonly puts?: (path: string) => string | undefined;
  /** At the start. */
  readonly first?: (host: Host) => void;
}

export function meddled(daemon: Daemon, meddling: Meddling): Daemon {
  return host => {
    meddling.first?.(host);
    const { delay = each => each, signal = (_signal, disposition) => disposition } = meddling;
    const { clock, signals } = host;
    daemon(
      replaced(host, {
        clock: replaced(clock, { setTimer: (after, fire) => clock.setTimer(delay(after), fire) }),
        signals: replaced(signals, { handle: (which, disposition) => signals.handle(which, signal(which, disposition, host)) }),
        storage: storageOf(host, meddling),
        network: networkOf(host, meddling),
      }),
    );
  };
}

const RECORD = /whod\./;

/** A record is written under another name first: what is put in its place is known only then. */
function storageOf({ storage }: Host, { writes = record => record, puts = path => path }: Meddling): Storage {
  return replaced(storage, {
    rename: (from, to) => {
      const path = RECORD.test(to) ? puts(to) : to;
      if (path === undefined) {
        storage.unlink(from);
        return DONE;
      }
      const [record, before] = [storage.read(from), storage.read(path)];
      if (record.ok && RECORD.test(to)) storage.write(from, writes(record.value, before.ok ? before.value : undefined));
      return storage.rename(from, path);
    },
  });
}

function networkOf({ network }: Host, meddling: Meddling): Network {
  const { hears = bytes => bytes, answers, port } = meddling;
  return replaced(network, {
    bind: (at, options, handler) => {
      let bound: DatagramSocket | undefined;
      network.bind(at, options, {
        opened: result => {
          if (!result.ok) return handler.opened(result);
          bound = result.value;
          return sendingBy(network, result.value, meddling, socket => handler.opened({ ok: true, value: socket }));
        },
        message: (bytes, from) => {
          const answer = answers?.(bytes);
          if (answer !== undefined) bound?.send(answer, from);
          const heard = hears(bytes, from);
          if (heard !== undefined) handler.message(heard, port === undefined ? from : { ...from, port: port(at.port) });
        },
      });
    },
  });
}

/** The socket, or another one on a port that happens to be free, with what is sent changed. */
function sendingBy(network: Network, socket: DatagramSocket, meddling: Meddling, then: (socket: DatagramSocket) => void): void {
  const { sends = report => [report], fromElsewhere } = meddling;
  let sent = 0;
  const open = (way: DatagramSocket): void => {
    const send: DatagramSocket['send'] = (bytes, to) => {
      for (const each of sends(bytes, sent++)) way.send(each, to);
    };
    then(replaced(socket, { send }));
  };
  if (fromElsewhere !== true) open(socket);
  else network.bind({ ...socket.local, port: 0 }, {}, { opened: result => open(result.ok ? result.value : socket), message: () => {} });
}
