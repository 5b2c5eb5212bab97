/**
 * What is written to the log of a server or a client.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { Segment } from '../model/segment.ts';
import { latin1 } from '../parts/messages.ts';
import { CLIENT, DAEMON, secretOf } from '../parts/network.ts';

/** With which all of them begin. */
const SECRET = secretOf('');
const FILE = /\/log\.(\d{8})(\.new)?$/;

export const logIsWhole: AlwaysProperty = always(
  'log-is-as-it-is-told',
  'What is written to a log has the form that is told of it, checksums and numbers and all.',
  () => {
    const files = new Map<string, Segment>();
    return {
      see: ({ kind, process, bytes, data }) => {
        const program = programOf(process);
        const path = String(data?.['path']);
        const [, number, isNew] = FILE.exec(path) ?? [];
        if (number === undefined || data?.['error'] !== undefined || (program !== DAEMON && program !== CLIENT)) return undefined;
        const key = `${machineOf(process)} ${path}`;
        if (kind === 'rename') {
          const segment = files.get(key);
          const to = String(data?.['to']);
          if (segment !== undefined) files.set(`${machineOf(process)} ${to}`, segment);
          return isNew !== undefined && `${to}.new` === path ? undefined : `${process} gives ${path} the name ${to}`;
        }
        const segment = kind === 'write' ? new Segment(program === CLIENT) : files.get(key);
        if (segment === undefined) return undefined;
        files.set(key, segment);
        const wrong =
          kind === 'write' ? segment.begins(bytes ?? new Uint8Array(), Number(number)) : segment.appends(bytes ?? new Uint8Array());
        return wrong === undefined ? undefined : `${process} writes ${path}, which ${wrong}`;
      },
    };
  },
  ['write', 'append', 'rename'],
);

/** Of each machine the logs that it has, as far as that is known: what a power cut leaves of them nobody knows. */
export const logForgets: AlwaysProperty = always(
  'log-forgets',
  'No secret is written to a log, and whoever goes on with one has removed those before it.',
  () => {
    const files = new Map<string, Set<string>>();
    return {
      see: ({ kind, process, bytes, data }) => {
        if (kind === 'power') files.delete(String(data?.['machine']));
        const program = programOf(process);
        const path = String(data?.['path']);
        if (!FILE.test(path) || (program !== DAEMON && program !== CLIENT)) return undefined;
        if (data?.['error'] !== undefined) {
          // What cannot be removed stays.
          if (kind === 'unlink') files.get(machineOf(process))?.delete(path);
          return undefined;
        }
        if (bytes !== undefined && latin1(bytes).includes(SECRET)) return `${process} writes a secret to ${path}`;
        const own = files.get(machineOf(process)) ?? new Set<string>();
        files.set(machineOf(process), own);
        if (kind === 'unlink' || kind === 'rename') own.delete(path);
        if (kind === 'rename') own.add(String(data?.['to']));
        const before = kind === 'append' ? [...own].find(each => folderOf(each) === folderOf(path) && each < path) : undefined;
        return before === undefined ? undefined : `${process} goes on with ${path}, and has left ${before}`;
      },
    };
  },
  ['write', 'append', 'rename', 'unlink', 'power'],
);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
