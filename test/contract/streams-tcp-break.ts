/**
 * TCP: how a connection breaks.
 */
import type { Host } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import type { End } from './end.ts';
import { ANY_PORT, connected, converse, Door, listening, pairOf, parentOf, pause, portOf, reaped, tcpAt } from './kit.ts';
import type { Story } from './story.ts';

const SECTION = 'TCP: breaking';

export const TCP_BREAK: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'tcp-reset',
    purpose: 'A reset breaks the peer with ECONNRESET, without an end.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        server.write('before');
        yield* client.untilText('before');
        server.stream.reset();
        yield* client.untilClosed();
        yield* pause(host);
        saw(`client: ${client.history}`);
        saw(`server: ${server.history}`);
      },
    },
    expect: { main: ['client: "before" close ECONNRESET', 'server: nothing'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-reset-after-end',
    purpose: 'A reset breaks a stream that has ended its own direction already.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.stream.end();
        yield* server.untilEnded();
        server.stream.reset();
        yield* client.untilClosed();
        saw(`${client.history}; ${server.history}`);
      },
    },
    expect: { main: ['close ECONNRESET; end'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-close-with-unread-input',
    purpose: 'To close a stream with input that was not read is a reset for the peer.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
        client.write('never read');
        yield* pause(host);
        server.stream.close();
        yield* client.untilClosed();
        saw(client.history);
      },
    },
    expect: { main: ['close ECONNRESET'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-exit-with-unread-input',
    purpose: 'A process that ends with unread input resets its connection.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        const child = converse(host, stage, 'deaf', [String(portOf(listener.local))]);
        const server = yield* door.next();
        server.write('never read');
        yield* pause(host);
        child.input.write('go');
        yield* server.untilClosed();
        stage.saw(server.history);
      },
      *deaf(host) {
        const { input } = parentOf(host);
        yield* connected(host, tcpAt(Number(host.process.args[0])), { paused: true });
        yield* input.untilText('go');
        host.process.exit(0);
      },
    },
    expect: { main: ['close ECONNRESET'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-write-to-closed-peer',
    purpose: 'The first write to a peer that has closed is taken and answered by a reset; the next one breaks with EPIPE, and SIGPIPE.',
    roles: {
      *main(host, { saw }) {
        let raised = 0;
        must(host.signals.handle('SIGPIPE', () => void raised++));
        const { client, server } = yield* pairOf(host, ANY_PORT);
        server.stream.close();
        yield* client.untilEnded();
        saw(`pending ${client.write('one')}`);
        yield* pause(host);
        yield* writeUntilBroken(host, client);
        saw(client.history);
        yield* pause(host);
        saw(`SIGPIPE: ${raised}`);
      },
    },
    expect: { main: ['pending 0', 'end close EPIPE', 'SIGPIPE: 1'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-sigpipe-kills',
    purpose: 'A process that has not thought of SIGPIPE dies of its second write to a peer that has closed.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        stage.start('writer', [String(portOf(listener.local))]);
        const server = yield* door.next();
        server.stream.close();
        stage.saw((yield* reaped(host)).how);
      },
      *writer(host, { saw }) {
        const client = yield* connected(host, tcpAt(Number(host.process.args[0])));
        yield* client.untilEnded();
        client.write('one');
        yield* pause(host);
        saw('second write');
        yield* writeUntilBroken(host, client);
        saw(`survived: ${client.history}`);
      },
    },
    expect: { main: ['SIGPIPE'], writer: ['second write'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-data-before-reset',
    purpose: 'Bytes that arrived before a reset are still read: here the peer closed with unread input.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
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
];

export const programs = programsOf(TCP_BREAK);

/** Writes now and again until the stream has broken; a sound one stays whole, and the case runs into its limit. */
function* writeUntilBroken(host: Host, end: End): Story<void> {
  while (!end.closed) {
    end.write('more');
    if (!end.closed) yield* pause(host);
  }
}
