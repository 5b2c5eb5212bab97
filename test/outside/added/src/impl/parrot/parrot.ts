/**
 * A server that says every line back, over TCP.
 * Lacks: an end; a signal ends it.
 */
import type { Daemon, StreamHandler } from '../../host/host.ts';
import { Options } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import { QUIRK, type Quirk, TRAPS } from './quirks.ts';

const NEWLINE = 0x0a;
/** Bytes; who sends a longer line is left. */
const LINE_LIMIT = 1_000;

export const parrot: Daemon = host => {
  const options = new Options(host.process.args);
  const port = options.number('port', 65_535) ?? 7_000;
  const address = options.address('address') ?? '127.0.0.1';
  const quirks = quirkOptions<Quirk>(options, TRAPS);
  if (options.problem !== undefined) {
    host.log('error', 'usage', { text: options.problem });
    return host.process.exit(2);
  }
  host.network.listen(
    { transport: 'tcp', address, port },
    { backlog: 8 },
    {
      opened: result => {
        if (result.ok) host.log('info', 'listening', { port });
        else host.process.exit(1);
      },
      accept: (stream): StreamHandler => {
        let held: readonly number[] = [];
        return {
          data: bytes => {
            const all = [...held, ...bytes];
            const end = all.lastIndexOf(NEWLINE) + 1;
            if (end > 0) stream.write(Uint8Array.from(all.slice(0, end)));
            held = quirks.has(QUIRK.FORGET_REST) ? [] : all.slice(end);
            if (held.length > LINE_LIMIT) stream.reset();
          },
          end: () => stream.close(),
        };
      },
    },
  );
};
