/** What files can do to the daemons that read them, and disks to those that write. */
import { expect } from 'vitest';
import { UNIX_PATH_MAX } from '../../../../src/host/address.ts';
import { utf8 } from '../../../../src/host/bytes.ts';
import { seconds } from '../../../../src/host/time.ts';
import { HOSTS_MAX } from '../../../../src/impl/lonc/hosts-table.ts';
import { CONFIG_LINE_MAX } from '../../../../src/impl/lonc/problem.ts';
import { CONFIG_BYTES_MAX } from '../../../../src/impl/lonc/settings-file.ts';
import { REQUEST_MAX } from '../../../../src/impl/lonc/wire.ts';
import type { Acts, Run } from '../bench.ts';
import { CONF, confFor, polite, run } from '../bench.ts';
import type { Row } from './row.ts';

const VICTIM = 'all, from their files';
const A = 'a:d:library:a:10.0.0.1';
const B = 'b:d:access:b:10.0.0.2';

/** Starts with this table, and `b` is to be reached. */
function served(hosts: string): Run {
  const seen = run({ hosts, acts: [[15, t => t.ask('asks', 'ping')]], until: 20 });
  expect(seen.heard).toEqual(['15 asks b']);
  return seen;
}
const tableLines = (seen: Run): readonly number[] =>
  seen.trace
    .filter(event => event.kind === 'log' && event.process.startsWith('a/gateway.') && event.data?.['event'] === 'hosts-table')
    .map(event => Number(event.data?.['line']));

const tables: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'hosts.tab with CR LF, comments and blank lines',
    play: () => {
      const seen = served(`# id:domain:role:name:1.2.3.4\r\n\r\n${A}\r\n  \r\n${B}:more:fields\r\n#${A}\r\n`);
      expect(tableLines(seen)).toEqual([]);
      return seen.slugs('gateway');
    },
  },
  {
    victim: VICTIM,
    name: 'hosts.tab with an id twice',
    log: 'hosts-table',
    play: () => {
      const seen = served(`${A}\n${B}\nb:d:access:b:10.0.0.77\n`);
      expect(tableLines(seen)).toEqual([3]);
      return seen.slugs('gateway');
    },
  },
  {
    victim: VICTIM,
    name: 'hosts.tab with lines that are none',
    limit: 'CONFIG_LINE_MAX',
    log: 'hosts-table',
    play: () => {
      const wrong = [
        '\0',
        '../b:d:r:n:10.0.0.2',
        `x:d:r:n:10.0.0.2:${'y'.repeat(CONFIG_LINE_MAX)}`,
        'x:d:r:n:10.0.0.256',
        '\u00ff:d:r:n:1.1.1.1',
      ];
      const seen = served([...wrong, A, B].join('\n'));
      expect(tableLines(seen)).toEqual([1, 2, 3, 4, 5]);
      return seen.slugs('gateway');
    },
  },
  {
    victim: VICTIM,
    name: 'hosts.tab with 10,000 hosts',
    limit: 'HOSTS_MAX',
    log: 'hosts-table',
    play: () => {
      const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}:d:r:n:10.1.${index >> 8}.${index & 255}\n`).join('');
      const seen = run({ hosts, start: 'gateway', peer: 'none', until: 1.5 });
      expect(tableLines(seen)).toEqual([HOSTS_MAX + 1]);
      // Each child takes a descriptor of its parent. Those that it has none for are put off, one by one, and said so.
      const children = new Set(seen.trace.filter(event => event.kind === 'spawn').map(event => event.data?.['child']));
      const failed = seen.slugs('gateway').filter(slug => slug === 'spawn-failed').length;
      expect(failed).toBeGreaterThan(0);
      expect(children.size - 1 + failed).toBe(HOSTS_MAX);
      return seen.slugs('gateway');
    },
  },
  {
    victim: VICTIM,
    name: 'a configuration of megabytes',
    limit: 'CONFIG_BYTES_MAX',
    log: 'unreadable',
    play: () => {
      const seen = run({
        before: host => void host.storage.append(CONF, new Uint8Array(CONFIG_BYTES_MAX)),
        start: 'gateway',
        until: 5,
      });
      expect(seen.ends).toEqual(['1 gateway 1']);
      return seen.slugs('gateway');
    },
  },
  {
    victim: VICTIM,
    name: 'a socket path longer than the kernel takes',
    limit: 'UNIX_PATH_MAX',
    log: 'back-off',
    play: () => {
      const directory = `/s/${'x'.repeat(UNIX_PATH_MAX - '/s/'.length - '/b'.length + 1)}`;
      const seen = run({
        before: host => {
          for (const path of [directory, `${directory}/delayed`]) host.storage.makeDirectory(path);
          host.storage.write(CONF, utf8(confFor('a').replace('/s\n', `${directory}\n`)));
        },
        start: 'child',
        peer: polite(),
        acts: [[15, t => t.ask('asks', 'ping')]],
        until: 400,
      });
      expect(seen.heard).toEqual(['15 asks con_lost']);
      expect(seen.logs('gateway-child').at(-1)).toMatch(/^back-off: Can't make server socket \([0-9]+ secs\): ENAMETOOLONG$/);
      expect(seen.ends.map(end => end.split(' ').slice(1).join(' '))).toEqual(['gateway-child 0']);
      return seen.slugs('gateway-child');
    },
  },
];

const messages: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'disk full while a message is kept',
    log: 'delay-failed',
    play: () => {
      const seen = run({
        start: 'nothing',
        peer: 'none',
        acts: [[10, t => t.critical('asks', `put:dom:me:env:a=${'1'.repeat(10_000)}`)]],
        faults: [{ kind: 'disk-full', at: seconds(9), duration: seconds(9), machine: 'a' }],
        until: 20,
      });
      expect(seen.heard).toEqual(['10 asks con_failed']);
      expect(seen.list('/s/delayed')).toEqual([]);
      return seen.slugs('testerA');
    },
  },
  {
    victim: VICTIM,
    name: 'a message that could never be sent',
    limit: 'REQUEST_MAX',
    log: 'delay-failed',
    play: () => {
      const acts: Acts = [
        [10, t => t.critical('long', 'x'.repeat(REQUEST_MAX + 1))],
        [10, t => t.critical('empty', '')],
      ];
      const seen = run({ start: 'nothing', peer: 'none', acts, until: 60 });
      expect(seen.heard.toSorted()).toEqual(['10 empty con_failed', '10 long con_failed']);
      expect(seen.list('/s/delayed')).toEqual([]);
      return seen.slugs('testerA');
    },
  },
  {
    victim: VICTIM,
    name: 'files among the messages that are none',
    limit: 'REQUEST_MAX',
    log: 'delayed-unusable',
    play: () => {
      const files = { '1.a.b': 'x'.repeat(REQUEST_MAX + 2), '2.a.b': '\0\0', '3.a.b': 'two\nlines\n', '4.a.b': '', '5.a.b': 'good\n' };
      const seen = run({
        before: host => {
          for (const [name, text] of Object.entries(files)) host.storage.write(`/s/delayed/${name}`, utf8(text));
        },
        start: 'child',
        peer: polite((_line, caller) => caller.say('ok')),
        until: 20,
      });
      expect(seen.wire.slice(4)).toEqual(['1 good']);
      expect(seen.list('/s/delayed')).toEqual(['1.a.b.bad', '2.a.b.bad', '3.a.b.bad', '4.a.b.bad']);
      // What is too large is not read to know that.
      expect(seen.trace.some(event => event.kind === 'read' && event.data?.['path'] === '/s/delayed/1.a.b')).toBe(false);
      return seen.slugs('gateway-child');
    },
  },
];

export const fromFiles: readonly Row[] = [...tables, ...messages];
