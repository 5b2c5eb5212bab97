/**
 * A program whose disk refuses it one call, amid whatever it does: the one with this number, of those that change or read what lies below a
 * directory; or all that look at the directories in it from one on. It says so in its log, for the call itself never comes to the disk.
 */
import type { Daemon, Host, Storage } from '../../../src/host/host.ts';
import { fail, type Result } from '../../../src/host/result.ts';
import { REFUSED } from './names.ts';

/** `number`: from 1; 0: none is refused. */
export const refused =
  (daemon: Daemon, directory: string, number: number): Daemon =>
  host =>
    daemon(number === 0 ? host : { ...partsOf(host), storage: refusing(host, directory, number) });

/** `number`: from 1, of those that look at what lies two levels below it; that one and all that follow are refused. */
export const unseen =
  (daemon: Daemon, directory: string, number: number): Daemon =>
  host => {
    const storage = refusing(host, directory, 0);
    let count = 0;
    const stat: Storage['stat'] = path => {
      if (!path.startsWith(`${directory}/`) || path.slice(directory.length).split('/').length !== 3) return storage.stat(path);
      count += 1;
      if (count < number) return storage.stat(path);
      host.log('debug', REFUSED, { call: 'stat', path });
      return fail('EIO', 'refused');
    };
    daemon({ ...partsOf(host), storage: { ...storage, stat } });
  };

/** A host may have its calls from a class. */
const partsOf = (host: Host): Host => ({
  clock: host.clock,
  network: host.network,
  descriptors: host.descriptors,
  process: host.process,
  signals: host.signals,
  storage: host.storage,
  system: host.system,
  random: host.random,
  log: (severity, event, fields) => host.log(severity, event, fields),
});

function refusing(host: Host, directory: string, number: number): Storage {
  const { storage } = host;
  let count = 0;
  const unless = <Value>(name: string, path: string, call: () => Result<Value>): Result<Value> => {
    if (path.startsWith(directory)) count += 1;
    if (count !== number || !path.startsWith(directory)) return call();
    host.log('debug', REFUSED, { call: name, path });
    return fail('EIO', 'refused');
  };
  return {
    read: path => unless('read', path, () => storage.read(path)),
    write: (path, bytes) => unless('write', path, () => storage.write(path, bytes)),
    append: (path, bytes) => unless('append', path, () => storage.append(path, bytes)),
    rename: (from, to) => unless('rename', from, () => storage.rename(from, to)),
    unlink: path => storage.unlink(path),
    makeDirectory: path => unless('makeDirectory', path, () => storage.makeDirectory(path)),
    list: path => storage.list(path),
    stat: path => storage.stat(path),
    sync: path => unless('sync', path, () => storage.sync(path)),
  };
}
