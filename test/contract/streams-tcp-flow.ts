/**
 * TCP: bytes on the way, back-pressure, pause.
 */
import { concat, equalBytes } from '../../src/host/bytes.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { pattern } from './end.ts';
import { ANY_PORT, connected, converse, Door, listening, pairOf, parentOf, pause, portOf, reaped, tcpAt } from './kit.ts';
import { Condition } from './story.ts';

const SECTION = 'TCP: bytes';
/** More than any kernel keeps for one direction of a connection. */
const FLOOD = 8 * 1_048_576;

export const TCP_FLOW: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'tcp-echo',
    purpose: 'Bytes go both ways between two processes, and both ends finish.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        stage.start('client', [String(portOf(listener.local))]);
        const server = yield* door.next();
        yield* server.untilText('hello');
        server.write(server.text);
        yield* server.untilEnded();
        server.stream.end();
        yield* server.untilClosed();
        stage.saw(server.history);
      },
      *client(host, { saw }) {
        const client = yield* connected(host, tcpAt(Number(host.process.args[0])));
        client.write('hello');
        yield* client.untilText('hello');
        client.stream.end();
        yield* client.untilClosed();
        saw(client.history);
      },
    },
    expect: { main: ['"hello" end close'], client: ['"hello" end close'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-order',
    purpose: 'Many writes of many sizes arrive as one sequence of bytes.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        let sent = 0;
        for (let size = 1; sent < 200_000; size = (size * 7 + 3) % 4_099) {
          client.stream.write(pattern(size, sent));
          sent += size;
        }
        client.stream.end();
        yield* server.untilEnded();
        saw(`all: ${server.received === sent}, intact: ${server.intact}`);
      },
    },
    expect: { main: ['all: true, intact: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-back-pressure',
    purpose:
      'A writer whose peer does not read keeps bytes pending and sees no drain; when the peer reads, it drains once and all bytes arrive.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
        const pending = client.stream.write(pattern(FLOOD));
        saw(`pending: ${pending > 0 && pending === client.stream.pending}`);
        yield* pause(host);
        saw(`peer does not read: still pending ${client.stream.pending > 0}, drains ${client.drains}`);
        server.stream.resume();
        yield* server.until(end => end.received === FLOOD);
        yield* client.until(end => end.drains > 0);
        saw(`peer reads: pending ${client.stream.pending}, drains ${client.drains}, intact ${server.intact}`);
      },
    },
    expect: {
      main: ['pending: true', 'peer does not read: still pending true, drains 0', 'peer reads: pending 0, drains 1, intact true'],
    },
  }),

  contractCase(SECTION, {
    name: 'tcp-pending-counts',
    purpose: '`pending` is the exact number of bytes the kernel has not taken: those alone are lost by an exit.',
    roles: {
      *main(host, stage) {
        const door = new Door(true);
        const listener = yield* listening(host, ANY_PORT, door.accept);
        stage.start('writer', [String(portOf(listener.local))]);
        const server = yield* door.next();
        stage.saw((yield* reaped(host)).how);
        server.stream.resume();
        yield* server.untilEnded();
        const pending = Number(new TextDecoder().decode(must(host.storage.read('pending'))));
        stage.saw(`all but the pending: ${server.received === FLOOD - pending}, intact: ${server.intact}`);
      },
      *writer(host) {
        const client = yield* connected(host, tcpAt(Number(host.process.args[0])));
        client.stream.write(pattern(FLOOD));
        must(host.storage.write('pending', new TextEncoder().encode(String(client.stream.pending))));
        host.process.exit(3);
      },
    },
    expect: { main: ['exit 3', 'all but the pending: true, intact: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-pause',
    purpose: 'A paused stream holds back data and end until resumed.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
        client.write('held');
        client.stream.end();
        yield* pause(host);
        saw(`paused: ${server.history}`);
        server.stream.resume();
        yield* server.untilEnded();
        saw(`resumed: ${server.history}`);
      },
    },
    expect: { main: ['paused: nothing', 'resumed: "held" end'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-pause-in-data',
    purpose: 'A stream paused inside `data` gives no more until it is resumed.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.stream.write(pattern(1_000_000));
        client.stream.end();
        yield* server.until(end => end.received > 0);
        server.stream.pause();
        const before = server.received;
        yield* pause(host);
        saw(`while paused: ${server.received - before} bytes, end ${server.ended}`);
        server.stream.resume();
        yield* server.untilEnded();
        saw(`in all: ${server.received}, intact ${server.intact}`);
      },
    },
    expect: { main: ['while paused: 0 bytes, end false', 'in all: 1000000, intact true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-empty-write',
    purpose: 'A write of no bytes is nothing: no data of length zero, no drain.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        saw(`pending ${client.write('')}`);
        yield* pause(host);
        saw(server.history);
        client.write('x');
        client.write('');
        client.stream.end();
        yield* server.untilEnded();
        saw(server.history);
        saw(`writer: ${client.history}`);
      },
    },
    expect: { main: ['pending 0', 'nothing', '"x" end', 'writer: nothing'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-no-drain-without-pending',
    purpose: '`drain` comes only after `pending` was not zero.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        saw(`pending ${client.write('small')}`);
        yield* server.untilText('small');
        yield* pause(host);
        saw(`writer: ${client.history}`);
      },
    },
    expect: { main: ['pending 0', 'writer: nothing'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-written-bytes-are-copied',
    purpose: 'A daemon may reuse its array after `write`, though the kernel has not taken it yet.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        const array = pattern(FLOOD);
        const pending = client.stream.write(array);
        array.fill(0);
        yield* server.until(end => end.received === FLOOD);
        saw(`was pending: ${pending > 0}, as written: ${server.intact}`);
      },
    },
    expect: { main: ['was pending: true, as written: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-read-bytes-are-kept',
    purpose: "What `data` gave is the daemon's own: later bytes do not overwrite it.",
    roles: {
      *main(host, { saw }) {
        const parts: Uint8Array[] = [];
        const ended = new Condition();
        let end = false;
        const accept = () => ({
          data: (bytes: Uint8Array) => void parts.push(bytes),
          end() {
            end = true;
            ended.check();
          },
        });
        const listener = yield* listening(host, ANY_PORT, accept);
        const client = yield* connected(host, listener.local);
        client.stream.write(pattern(300_000));
        client.stream.end();
        yield* ended.until(() => end);
        saw(`as written: ${equalBytes(concat(parts), pattern(300_000))}`);
      },
    },
    expect: { main: ['as written: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-both-ways-at-once',
    purpose: 'Both directions carry a lot at the same time without waiting for each other.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.stream.write(pattern(1_000_000));
        server.stream.write(pattern(1_000_001));
        client.stream.end();
        server.stream.end();
        yield* client.untilClosed();
        yield* server.untilClosed();
        saw(`client: ${client.received} intact ${client.intact}, server: ${server.received} intact ${server.intact}`);
      },
    },
    expect: { main: ['client: 1000001 intact true, server: 1000000 intact true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-stopped-reader',
    purpose: 'A stopped process takes nothing, and loses nothing: it reads on when continued.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'reader');
        yield* output.until(end => end.text.endsWith(' '));
        const client = yield* connected(host, tcpAt(Number(output.text)));
        must(host.process.kill(pid, 'SIGSTOP'));
        client.stream.write(pattern(FLOOD));
        client.stream.end();
        yield* pause(host);
        stage.saw(`stopped: pending ${client.stream.pending > 0}`);
        must(host.process.kill(pid, 'SIGCONT'));
        yield* client.untilClosed();
        stage.saw(`writer: drains ${client.drains}, end ${client.ended}, pending ${client.stream.pending}`);
      },
      *reader(host, { saw }) {
        const { output } = parentOf(host);
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        output.write(`${portOf(listener.local)} `);
        const server = yield* door.next();
        yield* server.untilEnded();
        saw(`${server.received === FLOOD} ${server.intact}`);
        server.stream.end();
        yield* server.untilClosed();
      },
    },
    expect: { main: ['stopped: pending true', 'writer: drains 1, end true, pending 0'], reader: ['true true'] },
  }),
];

export const programs = programsOf(TCP_FLOW);
