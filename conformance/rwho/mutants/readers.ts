/**
 * Readers that show something else than what the spool holds: ours with other flags, another clock, other files.
 */
import type { Daemon, Host, Programs, Storage } from '../../../src/host/host.ts';
import { after, seconds } from '../../../src/host/time.ts';
import { ruptimeCommand, rwhoCommand } from '../../../src/impl/rwho/readers/command.ts';
import type { Reader } from '../../peer.ts';
import { replaced } from '../../replaced.ts';
import { HEADER } from '../report.ts';

interface BrokenReader {
  readonly text: string;
  readonly args?: readonly string[];
  readonly storage?: (storage: Storage) => Partial<Storage>;
  /** Seconds that its clock is ahead. */
  readonly ahead?: number;
}

const LOAD = 44;
const reading =
  (change: (record: Uint8Array) => Uint8Array): NonNullable<BrokenReader['storage']> =>
  storage => ({
    read: path => {
      const read = storage.read(path);
      return read.ok ? { ok: true, value: change(read.value) } : read;
    },
  });

const BROKEN: Readonly<Record<string, BrokenReader>> = {
  'shows-all-up': { text: 'shows whoever was ever there as up', ahead: -1_000 },
  'shows-all-down': { text: 'shows everybody as down', ahead: 1_000 },
  'shows-down-early': { text: 'shows as down who has been silent for six minutes', ahead: 300 },
  'shows-reversed': { text: 'sorts backwards', args: ['-r'] },
  'counts-idle': { text: 'counts and shows who has been idle for hours', args: ['-a'] },
  'counts-nobody': { text: 'counts and shows nobody', storage: reading(record => record.subarray(0, HEADER)) },
  'shows-twice': {
    text: 'shows each host twice',
    args: ['--format=debian'],
    storage: storage => ({
      list: path => {
        const listed = storage.list(path);
        return listed.ok ? { ok: true, value: [...listed.value, ...listed.value] } : listed;
      },
    }),
  },
  'loads-in-tenths': {
    text: 'shows loads ten times too high',
    storage: reading(record => {
      const copy = record.slice();
      const view = new DataView(copy.buffer);
      for (const at of [LOAD, LOAD + 4, LOAD + 8]) if (copy.length >= HEADER) view.setInt32(at, view.getInt32(at, true) * 10, true);
      return copy;
    }),
  },
};

export const BROKEN_READERS: readonly {
  readonly name: string;
  readonly text: string;
  readonly readers: Readonly<Record<string, Reader>>;
}[] = Object.entries(BROKEN).map(([name, { text, args = [] }]) => {
  const words = ['--spool={dir}/spool', ...args];
  return { name, text, readers: { ruptime: { program: `ruptime-${name}`, args: words }, rwho: { program: `rwho-${name}`, args: words } } };
});

const broken =
  (daemon: Daemon, { storage = () => ({}), ahead = 0 }: BrokenReader): Daemon =>
  host => {
    const { clock } = host;
    daemon(
      replaced<Host>(host, {
        storage: replaced(host.storage, storage(host.storage)),
        clock: replaced(clock, { wall: () => after(clock.wall(), seconds(ahead)) }),
      }),
    );
  };

export const READER_PROGRAMS: Programs = Object.fromEntries(
  Object.entries(BROKEN).flatMap(([name, each]) => [
    [`ruptime-${name}`, broken(ruptimeCommand, each)],
    [`rwho-${name}`, broken(rwhoCommand, each)],
  ]),
);
