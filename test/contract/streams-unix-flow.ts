/**
 * Unix-domain sockets: bytes, and how a connection ends.
 */
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { pattern } from './end.ts';
import { connected, converse, Door, listening, pairOf, parentOf, pause, reaped, unixAt } from './kit.ts';

const SECTION = 'Unix-domain sockets: bytes';
/** More than any kernel keeps for one direction of a connection. */
const FLOOD = 4 * 1_048_576;

export const UNIX_FLOW: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'unix-echo',
    purpose: 'Bytes go both ways between two processes, and both ends finish.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        yield* listening(host, unixAt('s'), door.accept);
        stage.start('client');
        const server = yield* door.next();
        yield* server.untilText('hello');
        server.write(server.text);
        yield* server.untilEnded();
        server.stream.end();
        yield* server.untilClosed();
        stage.saw(server.history);
      },
      *client(host, { saw }) {
        const client = yield* connected(host, unixAt('s'));
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
    name: 'unix-half-close',
    purpose: 'After `end` the peer reads end of file and may still write back.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'));
        client.write('question');
        client.stream.end();
        yield* server.untilEnded();
        yield* pause(host);
        server.write('late answer');
        server.stream.end();
        yield* client.untilClosed();
        yield* server.untilClosed();
        saw(`client: ${client.history}`);
        saw(`server: ${server.history}`);
      },
    },
    expect: { main: ['client: "late answer" end close', 'server: "question" end close'] },
  }),

  contractCase(SECTION, {
    name: 'unix-back-pressure',
    purpose: 'A writer whose peer does not read keeps bytes pending and sees no drain; when the peer reads, all arrive.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'), 'server');
        client.stream.write(pattern(FLOOD));
        yield* pause(host);
        saw(`pending: ${client.stream.pending > 0}, drains ${client.drains}, peer: ${server.history}`);
        server.stream.resume();
        yield* server.until(end => end.received === FLOOD);
        yield* client.until(end => end.drains > 0);
        saw(`pending ${client.stream.pending}, drains ${client.drains}, intact ${server.intact}`);
      },
    },
    expect: { main: ['pending: true, drains 0, peer: nothing', 'pending 0, drains 1, intact true'] },
  }),

  contractCase(SECTION, {
    name: 'unix-pending-counts',
    purpose: '`pending` is the exact number of bytes the kernel has not taken: those alone are lost by an exit.',
    roles: {
      *main(host, stage) {
        const door = new Door(true);
        yield* listening(host, unixAt('s'), door.accept);
        stage.start('writer');
        const server = yield* door.next();
        stage.saw((yield* reaped(host)).how);
        server.stream.resume();
        yield* server.untilEnded();
        const pending = Number(new TextDecoder().decode(must(host.storage.read('pending'))));
        stage.saw(`all but the pending: ${server.received === FLOOD - pending}, some pending: ${pending > 0}, intact: ${server.intact}`);
      },
      *writer(host) {
        const client = yield* connected(host, unixAt('s'));
        client.stream.write(pattern(FLOOD));
        must(host.storage.write('pending', new TextEncoder().encode(String(client.stream.pending))));
        host.process.exit(3);
      },
    },
    expect: { main: ['exit 3', 'all but the pending: true, some pending: true, intact: true'] },
  }),

  contractCase(SECTION, {
    name: 'unix-exit-delivers',
    purpose: 'A process that exits with its bytes in the kernel has sent them.',
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
        saw(`pending ${client.stream.write(new Uint8Array(20_000))}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0', '20000 bytes end'], writer: ['pending 0'] },
  }),

  contractCase(SECTION, {
    name: 'unix-kill-ends',
    purpose: 'A process killed by SIGKILL leaves its peer an end of file.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        yield* listening(host, unixAt('s'), door.accept);
        const pid = stage.start('victim');
        const server = yield* door.next();
        yield* server.untilText('hello');
        must(host.process.kill(pid, 'SIGKILL'));
        yield* server.untilEnded();
        stage.saw(server.history);
      },
      *victim(host) {
        const client = yield* connected(host, unixAt('s'));
        client.write('hello');
        yield* client.untilClosed();
      },
    },
    expect: { main: ['"hello" end'] },
  }),

  contractCase(SECTION, {
    name: 'unix-close-with-unread-input',
    purpose: 'To close a stream with unread input is a reset for the peer, after the bytes that were sent to it.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'), 'server');
        client.stream.pause();
        client.write('never read');
        server.write('answer');
        yield* pause(host);
        server.stream.close();
        yield* pause(host);
        client.stream.resume();
        yield* client.untilClosed();
        saw(client.history);
      },
    },
    expect: { main: ['"answer" close ECONNRESET'] },
  }),

  contractCase(SECTION, {
    name: 'unix-reset-is-close',
    purpose: 'A Unix-domain stream has no reset of its own: `reset` is `close`.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'));
        server.write('bye');
        server.stream.reset();
        yield* client.untilEnded();
        saw(`${client.history}; ${server.history}`);
      },
    },
    expect: { main: ['"bye" end; nothing'] },
  }),

  contractCase(SECTION, {
    name: 'unix-write-to-closed-peer',
    purpose: 'The first write to a peer that has closed breaks with EPIPE, and SIGPIPE.',
    roles: {
      *main(host, { saw }) {
        let raised = 0;
        must(host.signals.handle('SIGPIPE', () => void raised++));
        const { client, server } = yield* pairOf(host, unixAt('s'));
        server.stream.close();
        yield* client.untilEnded();
        client.write('one');
        yield* client.untilClosed();
        yield* pause(host);
        saw(`${client.history}, SIGPIPE: ${raised}`);
      },
    },
    expect: { main: ['end close EPIPE, SIGPIPE: 1'] },
  }),

  contractCase(SECTION, {
    name: 'unix-sigpipe-kills',
    purpose: 'A process that has not thought of SIGPIPE dies of a write to a peer that has closed.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        yield* listening(host, unixAt('s'), door.accept);
        stage.start('writer');
        (yield* door.next()).stream.close();
        stage.saw((yield* reaped(host)).how);
      },
      *writer(host, { saw }) {
        const client = yield* connected(host, unixAt('s'));
        yield* client.untilEnded();
        saw('write');
        client.write('one');
        yield* client.untilClosed();
        saw('survived');
      },
    },
    expect: { main: ['SIGPIPE'], writer: ['write'] },
  }),

  contractCase(SECTION, {
    name: 'unix-unaccepted-reset',
    purpose: 'A connection nobody has accepted is reset when the listening process dies.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'server');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGSTOP'));
        const client = yield* connected(host, unixAt('s'));
        must(host.process.kill(pid, 'SIGKILL'));
        yield* client.untilClosed();
        stage.saw(client.history);
        stage.saw((yield* reaped(host)).how);
      },
      *server(host, { saw }) {
        const { output } = parentOf(host);
        const door = new Door();
        yield* listening(host, unixAt('s'), door.accept);
        output.write('ready');
        yield* door.next();
        saw('accepted');
      },
    },
    expect: { main: ['close ECONNRESET', 'SIGKILL'] },
  }),

  contractCase(SECTION, {
    name: 'unix-pause',
    purpose: 'A paused stream holds back data and end until resumed.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'), 'server');
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
];

export const programs = programsOf(UNIX_FLOW);
