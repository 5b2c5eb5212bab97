/** Says a line to a parrot, in two pieces, and ends when it has heard one. */
import { textOf, utf8 } from '../../host/bytes.ts';
import type { Daemon } from '../../host/host.ts';
import { millis } from '../../host/time.ts';
import { Options } from '../command-line/options.ts';

const RETRY = millis(100);

export const parrotClient: Daemon = host => {
  const options = new Options(host.process.args);
  const port = options.number('port', 65_535) ?? 7_000;
  const address = options.address('address') ?? '127.0.0.1';
  const pause = millis(options.number('pause', 60_000) ?? 10);
  const ask = (): void =>
    host.network.connect({ transport: 'tcp', address, port }, {}, result => {
      if (!result.ok) {
        host.clock.setTimer(RETRY, ask);
        return { data: () => {} };
      }
      let heard = '';
      result.value.write(utf8('ship '));
      host.clock.setTimer(pause, () => result.value.write(utf8('ahoy\n')));
      return {
        data: bytes => {
          heard += textOf(bytes);
          if (!heard.endsWith('\n')) return;
          host.log('info', 'answered', { right: heard === 'ship ahoy\n' });
          host.process.exit(0);
        },
      };
    });
  ask();
};
