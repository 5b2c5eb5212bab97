/**
 * Our client with somebody between it and its Host who changes what it asks, hears and tells.
 */
import { concat } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Network, Stream, StreamHandler } from '../../../src/host/host.ts';
import { ok } from '../../../src/host/result.ts';
import type { Duration } from '../../../src/host/time.ts';
import { replaced } from '../../replaced.ts';
import { bytesOf, type Change, forget, saying, textOf } from './meddle.ts';

export interface ClientMeddling {
  /** A whole request. */
  readonly asks?: Change;
  /** A whole answer, at the end of its connection; `request` is what was asked. */
  readonly hears?: (answer: string, request: string) => string | undefined;
  /** What arrives, as it arrives. */
  readonly takes?: Change;
  /** What it tells, each time. */
  readonly tells?: Change;
  /** Beside its own arguments. */
  readonly args?: (host: Host) => readonly string[];
  /** It ends where nobody listens. */
  readonly online?: true;
  readonly exits?: (status: number) => number;
  readonly delay?: (delay: Duration) => Duration;
  readonly forgets?: true;
}

/** What a change remembers is of one process. */
export const meddledClient =
  (daemon: Daemon, make: (host: Host) => ClientMeddling): Daemon =>
  host => {
    const meddling = make(host);
    const { exits, delay, tells, args = () => [] } = meddling;
    const more = args(host);
    if (meddling.forgets === true) forget(host);
    daemon(
      replaced(host, {
        network: networkOf(host, meddling),
        process: replaced(host.process, {
          args: [...host.process.args, ...more],
          ...(exits === undefined ? {} : { exit: status => host.process.exit(exits(status)) }),
        }),
        ...(tells === undefined
          ? {}
          : {
              descriptors: replaced(host.descriptors, {
                attach: (descriptor, direction, handler) => {
                  const attached = host.descriptors.attach(descriptor, direction, handler);
                  return descriptor === 1 && attached.ok ? ok(saying(attached.value, tells)) : attached;
                },
              }),
            }),
        ...(delay === undefined ? {} : { clock: replaced(host.clock, { setTimer: (wait, act) => host.clock.setTimer(delay(wait), act) }) }),
      }),
    );
  };

const networkOf = ({ network, process }: Host, meddling: ClientMeddling): Network =>
  replaced(network, {
    connect: (to, options, opened) =>
      network.connect(to, options, result => {
        if (!result.ok && meddling.online === true) process.exit(1);
        return result.ok ? between(result.value, meddling, stream => opened(ok(stream))) : opened(result);
      }),
  });

/** An answer is held until its connection ends. */
function between(stream: Stream, { asks, hears, takes }: ClientMeddling, handlerOf: (ours: Stream) => StreamHandler): StreamHandler {
  let request = '';
  let heard: Uint8Array[] = [];
  const said = (text: string): string => {
    request += text;
    return asks?.(text) ?? text;
  };
  const handler = handlerOf(saying(stream, said));
  const flush = (): void => {
    const whole = textOf(concat(heard));
    heard = [];
    const changed = hears?.(whole, request) ?? whole;
    if (changed !== '') handler.data(bytesOf(changed));
  };
  return {
    data: bytes => {
      const arrived = takes === undefined ? bytes : bytesOf(takes(textOf(bytes)) ?? textOf(bytes));
      if (hears !== undefined) heard.push(arrived.slice());
      else if (arrived.length > 0) handler.data(arrived);
    },
    end: () => {
      flush();
      handler.end?.();
    },
    drain: () => handler.drain?.(),
    close: error => {
      if (heard.length > 0) flush();
      handler.close?.(error);
    },
  };
}
