/**
 * Sender and receiver as two processes (RW-23): one makes whole reports, each behind its length, into a pipe of the receiver,
 * whose socket it is. When nobody reads there any more it sends by itself, for ever, as Debian's does. Nobody looks whether it lives.
 */
import { concat, EMPTY } from '../../host/bytes.ts';
import type { DatagramSocket, Host, StreamHandler, Timer } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import { EXIT_FAILURE } from '../command-line/exit.ts';
import { type NeighbourRules, Neighbours } from './neighbours.ts';
import type { RwhodOptions } from './options.ts';
import type { Server } from './server.ts';
import { ownReport, type ReportRules } from './status.ts';

/** The descriptor of the sender's pipe. */
const REPORTS = 3;
const LENGTH_BYTES = 2;

type Tell = (report: Uint8Array) => void;
const toNobody: Tell = () => {};

/** The receiver's half. */
export function startSender(server: Server): void {
  const { descriptors, process } = server.host;
  const pipe = descriptors.pipe();
  if (!pipe.ok) return;
  let held = EMPTY;
  const data = (bytes: Uint8Array): void => {
    held = concat([held, bytes]);
    for (let report = unframed(held); report !== undefined; report = unframed(held)) {
      held = held.subarray(LENGTH_BYTES + report.length);
      server.renew();
      server.send(report);
    }
  };
  const spawned = process.spawn('rwhod', [...process.args, '--sender-only'], { descriptors: { [REPORTS]: pipe.value.write } });
  if (spawned.ok) server.stopOthers = () => void process.kill(spawned.value, 'SIGTERM');
  descriptors.close(pipe.value.write);
  descriptors.attach(pipe.value.read, 'read', { data });
}

/** The sender's half. */
export function sendOnly(host: Host, options: RwhodOptions<ReportRules & NeighbourRules>): void {
  const { clock, descriptors, signals } = host;
  let tell: Tell = toNobody;
  const close = (): void => {
    tell = toNobody;
    bindAlone(host, options, alone => {
      tell = alone;
    });
  };
  const handler: StreamHandler = { data: () => {}, close };
  const attached = descriptors.attach(REPORTS, 'write', handler);
  if (!attached.ok) host.process.exit(EXIT_FAILURE);
  const pipe = attached.value;
  tell = report => void pipe.write(framed(report));
  let timer: Timer | undefined;
  const report = (): void => {
    const bytes = ownReport(host, options.rules);
    if (bytes === undefined) host.process.exit(EXIT_FAILURE);
    timer?.cancel();
    timer = clock.setTimer(options.interval, report);
    tell(bytes);
  };
  signals.handle('SIGPIPE', 'ignore');
  signals.handle('SIGHUP', report);
  report();
}

function bindAlone(host: Host, options: RwhodOptions<ReportRules & NeighbourRules>, ready: (tell: Tell) => void): void {
  const neighbours = new Neighbours(host, options);
  const opened = (result: Result<DatagramSocket>): void => {
    if (!result.ok) host.process.exit(EXIT_FAILURE);
    const socket = result.value;
    ready(report => {
      for (const to of neighbours.ways) socket.send(report, to);
    });
  };
  host.network.bind({ address: '0.0.0.0', port: options.port }, { broadcast: true }, { opened, message: () => {} });
}

const framed = (report: Uint8Array): Uint8Array => Uint8Array.of(report.length >> 8, report.length & 0xff, ...report);

/** The first report, if it is whole. */
function unframed(held: Uint8Array): Uint8Array | undefined {
  const length = ((held[0] ?? 0) << 8) | (held[1] ?? 0);
  return held.length >= LENGTH_BYTES && held.length >= LENGTH_BYTES + length ? held.slice(LENGTH_BYTES, LENGTH_BYTES + length) : undefined;
}
