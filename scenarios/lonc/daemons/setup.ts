/**
 * Writes what a machine of this network needs, then becomes the program it was told to be: `OPTIONS -- PROGRAM ARGS…`.
 *  --id=ID           host id of this machine
 *  --host=ID:ADDRESS a line of its hosts table
 *  --after=MS        waits before it becomes the program
 *  --delayed=NAME:TEXT  a file that somebody left among the delayed messages
 *  --file=PATH:TEXT  one that somebody left elsewhere
 * Every lond has the values `k0` to `k63` of user `all` in domain `net`, each naming that host and the key.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host } from '../../../src/host/host.ts';
import { millis } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { KEYS, keyValue } from '../parts/asks.ts';
import { CONF, SPOOL } from '../parts/places.ts';

const AFTER_MAX = 60_000;
const USER = '/d/users/net/all/env.db';

export const setup: Daemon = host => {
  const { args } = host.process;
  const end = args.indexOf('--');
  const options = new Options(args.slice(0, end));
  const id = options.required('id');
  write(host, CONF, configuration(id));
  write(host, '/t/hosts.tab', hostsTable(options.all('host')));
  if (!host.storage.stat(USER).ok) write(host, USER, values(id));
  for (const [option, directory] of [
    ['delayed', `${SPOOL}/`],
    ['file', ''],
  ] as const) {
    for (const text of options.all(option)) {
      const colon = text.indexOf(':');
      write(host, `${directory}${text.slice(0, colon)}`, text.slice(colon + 1));
    }
  }
  const after = options.number('after', AFTER_MAX);
  if (options.problem !== undefined) throw new Error(options.problem);
  const become = (): never => {
    const [program = '', ...rest] = args.slice(end + 1);
    host.process.exec(program, rest);
    throw new Error(`setup: there is no program ${program}`);
  };
  if (after === undefined) become();
  else host.clock.setTimer(millis(after), become);
};

function write(host: Host, path: string, text: string): void {
  host.storage.write(path, utf8(text));
  host.storage.sync(path);
}

const configuration = (id: string): string =>
  [`lonHostID ${id}`, 'lonDaemons /d', 'lonTabDir /t', 'lonSockDir /s', 'lonDocRoot /w'].map(line => `PerlSetVar ${line}\n`).join('');

function hostsTable(hosts: readonly string[]): string {
  return hosts.map(host => `${host.replace(':', ':net:library:name:')}\n`).join('');
}

const values = (id: string): string => Array.from({ length: KEYS }, (_, key) => `k${key}=${keyValue(id, key)}\n`).join('');
