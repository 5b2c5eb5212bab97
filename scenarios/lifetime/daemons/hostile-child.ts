/**
 * A child that does not keep to the protocol: writes the bytes it was told to, then exits, closes the pipe, or hangs.
 *  --send=HEX --then=exit|close|hang, and what a parent adds; `--filler=N` more bytes follow those of --send.
 */
import { concat, unhex } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { Options } from '../../../src/impl/lifetime/options.ts';

export const ENDINGS = ['exit', 'close', 'hang'] as const;
export type HostileEnding = (typeof ENDINGS)[number];

const FILLER_MAX = 65_536;
const FILLER_BYTE = 0x2e;

export const hostileChild: Daemon = host => {
  const options = new Options(host.process.args);
  const send = unhex(options.text('send') ?? '');
  const filler = options.number('filler', FILLER_MAX) ?? 0;
  const then = options.choice('then', ENDINGS, 'exit');
  if (send === undefined) throw new Error('--send: not hexadecimal');
  const control = host.descriptors.attach(4, 'read', { data: () => {}, end: () => then !== 'hang' && host.process.exit(0) });
  const events = host.descriptors.attach(3, 'write', { data: () => {} });
  if (!events.ok || !control.ok) throw new Error('no pipes');
  events.value.write(concat([send, new Uint8Array(filler).fill(FILLER_BYTE)]));
  if (then === 'exit') host.process.exit(0);
  if (then === 'close') events.value.close();
  else beDeaf(host);
};

function beDeaf({ signals }: Host): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGPIPE'] as const) signals.handle(signal, 'ignore');
}
