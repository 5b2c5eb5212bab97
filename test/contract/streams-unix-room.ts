/**
 * Unix-domain sockets: how much one direction takes when nobody reads. Linux charges each write what its buffer costs, so that
 * many small ones fill it sooner than few large ones; the numbers are those of machines with pages of 4096 bytes and the
 * default of net.core.wmem_default.
 */
import type { Host } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { type End, pattern } from './end.ts';
import { connected, converse, Door, listening, type Pair, pairOf, parentOf, pause, reaped, unixAt } from './kit.ts';
import type { Story } from './story.ts';

const SECTION = 'Unix-domain sockets: room';
const WHOLE_SMALL = 278;

/** Writes of one size until one does not fit whole: how many did, and what is left of the last. */
function fill(end: End, size: number): string {
  const bytes = pattern(size);
  let count = 0;
  while (end.stream.write(bytes) === 0) count += 1;
  return `${count}, then ${end.stream.pending} pending`;
}

/** The same on a fresh connection. */
function* room(host: Host, size: number): Story<string> {
  const { client } = yield* unread(host, `s${size}`);
  return `${size}: ${fill(client, size)}`;
}

const unread = (host: Host, path: string): Story<Pair> => pairOf(host, unixAt(path), 'server');

const rooms = (name: string, purpose: string, table: Readonly<Record<number, string>>): ContractCase =>
  contractCase(SECTION, {
    name,
    purpose,
    roles: {
      *main(host, { saw }) {
        for (const size of Object.keys(table)) saw(yield* room(host, Number(size)));
      },
    },
    expect: { main: Object.entries(table).map(([size, seen]) => `${size}: ${seen}`) },
  });

export const UNIX_ROOM: readonly ContractCase[] = [
  rooms('unix-room-small', 'Writes of up to 192 bytes cost 768 each: 278 fill it, be they of one byte or of a line.', {
    1: '278, then 1 pending',
    21: '278, then 21 pending',
    192: '278, then 192 pending',
  }),

  rooms('unix-room-steps', 'What a write costs grows in powers of two.', {
    193: '167, then 193 pending',
    704: '167, then 704 pending',
    705: '93, then 705 pending',
    1000: '93, then 1000 pending',
    1729: '49, then 1729 pending',
    3776: '49, then 3776 pending',
  }),

  rooms('unix-room-pages', 'What is longer than the head of a buffer takes whole pages beside it.', {
    3777: '44, then 3777 pending',
    4096: '44, then 4096 pending',
    5000: '34, then 5000 pending',
    8192: '24, then 8192 pending',
    16384: '13, then 16384 pending',
    32768: '7, then 32768 pending',
  }),

  rooms('unix-room-large', 'A write of more than 36544 bytes is several buffers, each of which enters as long as there is any room.', {
    50000: '4, then 13456 pending',
    65536: '3, then 28992 pending',
    100000: '2, then 63456 pending',
    1000000: '0, then 780736 pending',
  }),

  contractCase(SECTION, {
    name: 'unix-room-after-small',
    purpose: 'Small writes leave little room for a large one: what they cost counts, not what they are.',
    roles: {
      *main(host, { saw }) {
        for (const count of [1, 100, 277]) {
          const { client } = yield* unread(host, `s${count}`);
          for (let written = 0; written < count; written++) client.stream.write(pattern(1));
          saw(`after ${count}: ${1_000_000 - client.stream.write(pattern(1_000_000))}`);
        }
      },
    },
    expect: { main: ['after 1: 219264', 'after 100: 146176', 'after 277: 36544'] },
  }),

  contractCase(SECTION, {
    name: 'unix-room-each-way',
    purpose: 'Each direction has room of its own, and so has each connection.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* unread(host, 's');
        client.stream.pause();
        saw(fill(client, 1));
        saw(fill(server, 1));
        const other = yield* connected(host, unixAt('s'), { paused: true });
        saw(fill(other, 1));
      },
    },
    expect: { main: ['278, then 1 pending', '278, then 1 pending', '278, then 1 pending'] },
  }),

  contractCase(SECTION, {
    name: 'unix-room-before-accept',
    purpose: 'A connection that nobody has accepted yet takes as much.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'server');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGSTOP'));
        const client = yield* connected(host, unixAt('s'));
        stage.saw(fill(client, 1));
        yield* pause(host);
        stage.saw(`pending ${client.stream.pending}, ${client.history}`);
        must(host.process.kill(pid, 'SIGKILL'));
        stage.saw((yield* reaped(host)).how);
      },
      *server(host) {
        const { input, output } = parentOf(host);
        yield* listening(host, unixAt('s'));
        output.write('ready');
        yield* input.untilEnded();
      },
    },
    expect: { main: ['278, then 1 pending', 'pending 1, nothing', 'SIGKILL'] },
  }),

  contractCase(SECTION, {
    name: 'unix-room-exit',
    purpose: 'Of 500 writes of a byte by a process that exits the kernel has 278; the others are lost.',
    roles: {
      *main(host, stage) {
        const door = new Door(true);
        yield* listening(host, unixAt('s'), door.accept);
        stage.start('writer');
        const server = yield* door.next();
        stage.saw((yield* reaped(host)).how);
        server.stream.resume();
        yield* server.untilEnded();
        stage.saw(server.history);
      },
      *writer(host, { saw }) {
        const client = yield* connected(host, unixAt('s'));
        for (let count = 0; count < 500; count++) client.stream.write(pattern(1));
        saw(`pending ${client.stream.pending}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0', `${WHOLE_SMALL} bytes end`], writer: [`pending ${500 - WHOLE_SMALL}`] },
  }),

  contractCase(SECTION, {
    name: 'unix-room-drained',
    purpose: 'When the reader reads, all small writes arrive, whole and in order, and the writer is told once.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* unread(host, 's');
        const total = 1_000;
        for (let count = 0; count < total; count++) client.stream.write(pattern(1, count));
        saw(`pending ${client.stream.pending}, drains ${client.drains}`);
        server.stream.resume();
        yield* server.until(end => end.received === total);
        yield* client.until(end => end.drains > 0);
        yield* pause(host);
        saw(`pending ${client.stream.pending}, drains ${client.drains}, intact ${server.intact}`);
      },
    },
    expect: { main: [`pending ${1_000 - WHOLE_SMALL}, drains 0`, 'pending 0, drains 1, intact true'] },
  }),
];

export const programs = programsOf(UNIX_ROOM);
