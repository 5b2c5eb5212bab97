/** A local program that uses the library: `critical --conf=FILE PEER COMMAND…`, one message after the other; says the answers in its log. */
import type { Programs } from '../../../../src/host/host.ts';
import { LoncClient } from '../../../../src/impl/lonc/client.ts';
import { readHosts, readSettings } from '../../../../src/impl/lonc/settings-file.ts';

export const programs: Programs = {
  critical: host => {
    const [conf = '', peer = '', ...commands] = host.process.args;
    const settings = readSettings(host, [conf.slice('--conf='.length)]);
    const client = new LoncClient(host, settings, readHosts(host, settings));
    const next = (): void => {
      const command = commands.shift();
      if (command !== undefined) client.critical(command, peer, answered);
      else host.process.exit(0);
    };
    const answered = (answer: string): void => {
      host.log('info', 'answer', { text: answer });
      next();
    };
    next();
  },
};
