/**
 * What is written to the log of a server or a client.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { Segment } from '../model/segment.ts';
import { CLIENT, DAEMON } from '../parts/network.ts';

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
