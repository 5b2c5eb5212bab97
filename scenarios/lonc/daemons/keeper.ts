/**
 * Leaves messages for --peer=ID, `--keep=MS:TEXT` each, and says in its log which of them it has kept: `kept`, with the number
 * that is in the name of the file; or `not-kept`.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { storeDelayed } from '../../../src/impl/lonc/delayed.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { SPOOL } from '../parts/places.ts';

export const keeper: Daemon = host => {
  const options = new Options(host.process.args);
  const peer = options.required('peer');
  let count = 0;
  for (const text of options.all('keep')) {
    const colon = text.indexOf(':');
    host.clock.setTimer(millis(Number(text.slice(0, colon))), () => {
      count += 1;
      const command = text.slice(colon + 1).replace('#', `${host.process.pid}x${count}`);
      const stored = storeDelayed(host, SPOOL, { command, peer, count });
      host.log('info', stored.ok ? 'kept' : 'not-kept', { count, peer, command });
    });
  }
  if (options.problem !== undefined) throw new Error(options.problem);
};
