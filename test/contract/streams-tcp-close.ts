/**
 * TCP: how a connection ends.
 */
import type { Stream } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { ANY_PORT, connected, Door, listening, pairOf, pause, portOf, reaped, tcpAt, throws } from './kit.ts';

const SECTION = 'TCP: closing';

export const TCP_CLOSE: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'tcp-half-close',
    purpose: 'After `end` the peer reads end of file and may still write back.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.write('question');
        client.stream.end();
        yield* server.untilEnded();
        saw(`server: ${server.history}`);
        server.write('late answer');
        server.stream.end();
        yield* client.untilClosed();
        yield* server.untilClosed();
        saw(`client: ${client.history}`);
        saw(`server: ${server.history}`);
      },
    },
    expect: { main: ['server: "question" end', 'client: "late answer" end close', 'server: "question" end close'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-end-is-not-close',
    purpose: 'A stream whose peer has ended stays open until it ends too, however long that takes.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        server.stream.end();
        yield* client.untilEnded();
        yield* pause(host);
        saw(client.history);
        client.write('I');
        yield* server.untilText('I');
        client.stream.end();
        yield* client.untilClosed();
        yield* server.untilClosed();
        saw(`${client.history}; ${server.history}`);
      },
    },
    expect: { main: ['end', 'end close; "I" end close'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-end-twice',
    purpose: '`end` again has no effect.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.write('once');
        client.stream.end();
        client.stream.end();
        yield* server.untilEnded();
        server.stream.end();
        server.stream.end();
        yield* client.untilClosed();
        yield* server.untilClosed();
        client.stream.end();
        saw(`${server.history}; ${client.history}`);
      },
    },
    expect: { main: ['"once" end close; end close'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-write-after-end',
    purpose: 'A write after our own end, close or reset is misuse and throws, and so is one after `close` has told that the stream broke.',
    roles: {
      *main(host, { saw }) {
        for (const way of ['end', 'close', 'reset'] as const) {
          const { client } = yield* pairOf(host, ANY_PORT);
          client.stream[way]();
          saw(`after ${way}: ${throws(() => client.write('x'))}`);
        }
        const { client, server } = yield* pairOf(host, ANY_PORT);
        server.stream.reset();
        yield* client.untilClosed();
        saw(`${client.history}: ${throws(() => client.write('x'))}`);
      },
    },
    expect: { main: ['after end: true', 'after close: true', 'after reset: true', 'close ECONNRESET: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-close-is-an-end',
    purpose: 'To close a stream whose input was read is an end of file for the peer.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT);
        client.write('read');
        yield* server.untilText('read');
        server.write('bye');
        server.stream.close();
        yield* client.untilEnded();
        saw(client.history);
      },
    },
    expect: { main: ['"bye" end'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-silent-after-close',
    purpose: 'No callback follows our own close or reset, whatever was on its way.',
    roles: {
      *main(host, { saw }) {
        for (const way of ['close', 'reset'] as const) {
          const { client, server } = yield* pairOf(host, ANY_PORT);
          server.write('on its way');
          client.write('pending or not');
          client.stream[way]();
          const before = client.history;
          yield* pause(host);
          saw(`${way}: ${before === client.history}`);
          server.stream.close();
        }
      },
    },
    expect: { main: ['close: true', 'reset: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-exit-delivers',
    purpose: 'A process that exits with its bytes in the kernel has sent them: the peer reads them all, then the end.',
    roles: {
      *main(host, stage) {
        const door = new Door(true);
        const listener = yield* listening(host, ANY_PORT, door.accept);
        stage.start('writer', [String(portOf(listener.local))]);
        const server = yield* door.next();
        stage.saw((yield* reaped(host)).how);
        server.stream.resume();
        yield* server.untilEnded();
        stage.saw(server.history);
      },
      *writer(host, { saw }) {
        const client = yield* connected(host, tcpAt(Number(host.process.args[0])));
        saw(`pending ${client.stream.write(new Uint8Array(20_000))}`);
        host.process.exit(0);
      },
    },
    expect: { main: ['exit 0', '20000 bytes end'], writer: ['pending 0'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-kill-ends',
    purpose: 'A process killed by SIGKILL leaves its peer an end of file, as an orderly one does.',
    roles: {
      *main(host, stage) {
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        const pid = stage.start('victim', [String(portOf(listener.local))]);
        const server = yield* door.next();
        yield* server.untilText('hello');
        must(host.process.kill(pid, 'SIGKILL'));
        yield* server.untilEnded();
        stage.saw(server.history);
      },
      *victim(host) {
        const client = yield* connected(host, tcpAt(Number(host.process.args[0])));
        client.write('hello');
        yield* client.untilClosed();
      },
    },
    expect: { main: ['"hello" end'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-end-after-pending',
    purpose: '`end` waits its turn: the peer reads everything pending before it.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
        saw(`pending: ${client.stream.write(new Uint8Array(8_000_000)) > 0}`);
        client.stream.end();
        server.stream.resume();
        yield* server.untilEnded();
        saw(server.history);
      },
    },
    expect: { main: ['pending: true', '8000000 bytes end'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-close-loses-pending',
    purpose: '`close` does not wait for what is pending.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, ANY_PORT, 'server');
        const pending = client.stream.write(new Uint8Array(8_000_000));
        client.stream.close();
        server.stream.resume();
        yield* server.untilEnded();
        saw(`lost: ${pending > 0 && server.received === 8_000_000 - pending}, end: ${server.ended}`);
      },
    },
    expect: { main: ['lost: true, end: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-close-in-data',
    purpose: 'A stream closed inside its own `data` hears nothing more, though more had come.',
    roles: {
      *main(host, { saw }) {
        must(host.signals.handle('SIGPIPE', 'ignore'));
        let calls = 0;
        const accept = (stream: Stream) => ({
          data() {
            calls += 1;
            stream.close();
          },
          end: () => saw('end'),
          close: () => saw('close'),
        });
        const listener = yield* listening(host, ANY_PORT, accept);
        const client = yield* connected(host, listener.local);
        client.stream.write(new Uint8Array(1_000_000));
        yield* client.untilEnded();
        yield* pause(host);
        saw(`calls: ${calls}`);
      },
    },
    expect: { main: ['calls: 1'] },
  }),
];

export const programs = programsOf(TCP_CLOSE);
