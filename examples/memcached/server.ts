/**
 * A server of memcached's text protocol, as a daemon: a function of a Host. It runs in the simulator and on Node, and cannot tell which.
 * Lacks: UDP, and a limit to how many may call.
 */
import type { Daemon } from 'slipway/host';
import type { Block, Cache } from './cache.ts';

/** What one read brings as text of one character a byte, and back: a block may hold any bytes, and a line is cut at spaces. */
export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, each => each.charCodeAt(0));

/** A daemon that serves what a cache answers. Arguments: the port, and the address to listen on. */
export const serve =
  (Kind: new (now: () => number) => Cache, read: typeof reader = reader): Daemon =>
  host => {
    const [port = '11211', address = '127.0.0.1'] = host.process.args;
    // One cache for all connections; every connection has its own place in what it reads.
    const cache = new Kind(() => Math.floor(host.clock.wall() / 1_000_000));
    host.network.listen(
      { transport: 'tcp', address, port: Number(port) },
      { backlog: 64 },
      {
        opened: result => (result.ok ? host.log('info', 'listening', { port }) : host.process.exit(1)),
        accept: stream => {
          const take = read(cache);
          let closing = false;
          return {
            data: bytes => {
              if (closing) return;
              const { answer, close } = take(textOf(bytes));
              if (answer !== '') stream.write(bytesOf(answer));
              // Only our half: what is still on its way here would turn a close into a reset, and the last answer would be lost.
              if (close) stream.end();
              closing = close;
            },
            end: () => stream.close(),
          };
        },
      },
    );
  };

/** Takes what is read, in any pieces, and gives what is to be written. */
export function reader(cache: Cache): (read: string) => { readonly answer: string; readonly close: boolean } {
  let held = '';
  let block: Block | undefined;
  let passed = 0;
  return read => {
    held += read;
    let answer = '';
    const say = (text: string): void => {
      if (text !== '') answer += `${text}\r\n`;
    };
    for (;;) {
      if (block !== undefined && !block.keep) {
        // Of what is not kept nothing is held: somebody may announce gigabytes.
        const more = Math.min(block.length - passed, held.length);
        passed += more;
        held = held.slice(more);
      }
      if (block !== undefined) {
        const left = block.length - passed;
        if (held.length < left + 2) return { answer, close: false };
        const whole = held.slice(left, left + 2) === '\r\n';
        say(whole ? block.answer(held.slice(0, left)) : 'CLIENT_ERROR bad data chunk');
        held = held.slice(left + 2);
        block = undefined;
        passed = 0;
        continue;
      }
      const at = held.indexOf('\n');
      if (at < 0 && held.length <= cache.lineLimit) return { answer, close: false };
      if (at < 0 || at > cache.lineLimit) {
        say('SERVER_ERROR line too long');
        return { answer, close: true };
      }
      const found = cache.command(held.slice(0, at).replace(/\r$/, ''));
      held = held.slice(at + 1);
      if (found === 'close') return { answer, close: true };
      if (typeof found === 'string') say(found);
      else block = found;
    }
  };
}
