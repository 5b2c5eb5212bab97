/**
 * A local program that uses our library: `--ask=MS:COMMAND` is to get to --peer=ID, whatever happens, and its log says what it was told:
 * `answered`; and of what is kept for later `kept`, with the number that is in the name of the file. `#` in a command is made unique.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { LoncClient } from '../../../src/impl/lonc/client.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { readHosts, readSettings } from '../../../src/impl/lonc/settings-file.ts';
import { filled } from '../parts/asks.ts';

export const library: Daemon = host => {
  const options = new Options(host.process.args);
  const settings = readSettings(host, options.all('conf'));
  const client = new LoncClient(host, settings, readHosts(host, settings));
  const peer = options.required('peer');
  let [asked, count] = [0, 0];
  for (const text of options.all('ask')) {
    const colon = text.indexOf(':');
    host.clock.setTimer(millis(Number(text.slice(0, colon))), () => {
      asked += 1;
      const command = filled(text.slice(colon + 1)).replace('#', `${host.process.pid}x${asked}`);
      client.critical(command, peer, answer => {
        host.log('info', 'answered', { peer, command, answer });
        if (answer === 'con_delayed' || answer === 'con_failed') count += 1;
        if (answer === 'con_delayed') host.log('info', 'kept', { count, peer, command });
      });
    });
  }
  if (options.problem !== undefined) throw new Error(options.problem);
};
