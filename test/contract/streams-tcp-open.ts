/**
 * TCP: listening, connecting, addresses.
 */
import type { Endpoint, Listener, Stream } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import {
  ANY_PORT,
  addressOf,
  connected,
  connectOutcome,
  converse,
  Door,
  FOREIGN_ADDRESS,
  IGNORE,
  listening,
  listenOutcome,
  pairOf,
  parentOf,
  portOf,
  reaped,
  tcpAt,
} from './kit.ts';

const SECTION = 'TCP: opening';

export const TCP_OPEN: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'tcp-port-zero',
    purpose: 'Port 0 is replaced by a free port, another one each time.',
    roles: {
      *main(host, { saw }) {
        const first = yield* listening(host, ANY_PORT);
        const second = yield* listening(host, ANY_PORT);
        saw(`ports: ${portOf(first.local) > 0}, differ: ${portOf(first.local) !== portOf(second.local)}`);
        saw(`address: ${addressOf(first.local)}`);
      },
    },
    expect: { main: ['ports: true, differ: true', 'address: 127.0.0.1'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-address-in-use',
    purpose: 'A port that somebody listens on cannot be bound again, by the wildcard address neither; another address is another place.',
    roles: {
      *main(host, { saw }) {
        const { local } = yield* listening(host, ANY_PORT);
        saw(`same: ${yield* listenOutcome(host, local)}`);
        saw(`wildcard: ${yield* listenOutcome(host, tcpAt(portOf(local), '0.0.0.0'))}`);
        saw(`other address: ${yield* listenOutcome(host, tcpAt(portOf(local), '127.0.0.2'))}`);
      },
    },
    expect: { main: ['same: EADDRINUSE', 'wildcard: EADDRINUSE', 'other address: ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-listen-again',
    purpose: 'A port is free as soon as its listener is closed, and a connection made through it goes on.',
    roles: {
      *main(host, { saw }) {
        const { client, server, listener } = yield* pairOf(host, ANY_PORT);
        listener.close();
        saw(`connect: ${yield* connectOutcome(host, listener.local)}`);
        saw(`listen: ${yield* listenOutcome(host, listener.local)}`);
        client.write('still here');
        yield* server.untilText('still here');
        saw(server.history);
      },
    },
    expect: { main: ['connect: ECONNREFUSED', 'listen: ok', '"still here"'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-listen-after-exit',
    purpose: 'A process that ends gives its port back.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'holder');
        yield* output.until(end => end.text.endsWith(' '));
        const at = tcpAt(Number(output.text));
        stage.saw(`while it lives: ${yield* listenOutcome(host, at)}`);
        must(host.process.kill(pid, 'SIGKILL'));
        yield* reaped(host);
        stage.saw(`connect: ${yield* connectOutcome(host, at)}`);
        stage.saw(`after its end: ${yield* listenOutcome(host, at)}`);
      },
      *holder(host) {
        const { input, output } = parentOf(host);
        const listener = yield* listening(host, ANY_PORT);
        output.write(`${portOf(listener.local)} `);
        yield* input.untilClosed();
      },
    },
    expect: { main: ['while it lives: EADDRINUSE', 'connect: ECONNREFUSED', 'after its end: ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-listen-after-active-close',
    purpose: 'A listener whose side closed its connections first can be followed by another at once: TIME_WAIT does not hold the port.',
    roles: {
      *main(host, { saw }) {
        const { client, server, listener } = yield* pairOf(host, ANY_PORT);
        server.stream.end();
        yield* client.untilEnded();
        client.stream.end();
        yield* server.untilClosed();
        listener.close();
        saw(yield* listenOutcome(host, listener.local));
      },
    },
    expect: { main: ['ok'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-refused',
    purpose: 'The machine answers and nobody listens: ECONNREFUSED.',
    roles: {
      *main(host, { saw }) {
        const listener = yield* listening(host, ANY_PORT);
        listener.close();
        saw(yield* connectOutcome(host, listener.local));
      },
    },
    expect: { main: ['ECONNREFUSED'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-foreign-address',
    purpose: 'An address of no interface can be neither listened on nor called from: EADDRNOTAVAIL.',
    roles: {
      *main(host, { saw }) {
        saw(`listen: ${yield* listenOutcome(host, tcpAt(0, FOREIGN_ADDRESS))}`);
        const listener = yield* listening(host, ANY_PORT);
        saw(`connect: ${yield* connectOutcome(host, listener.local, { from: FOREIGN_ADDRESS })}`);
      },
    },
    expect: { main: ['listen: EADDRNOTAVAIL', 'connect: EADDRNOTAVAIL'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-endpoints',
    purpose: 'What is local at one end is remote at the other.',
    roles: {
      *main(host, { saw }) {
        const { client, server, listener } = yield* pairOf(host, ANY_PORT);
        const named = ({ local, remote }: Stream): string => `${addressOf(local)}:${portOf(local)}-${addressOf(remote)}:${portOf(remote)}`;
        const reversed = named(server.stream).split('-').reverse().join('-');
        saw(`kinds: ${client.stream.kind} ${server.stream.kind}`);
        saw(`agree: ${named(client.stream) === reversed}`);
        saw(`server is where it listens: ${portOf(server.stream.local) === portOf(listener.local)}`);
        saw(`client is elsewhere: ${portOf(client.stream.local) !== portOf(listener.local) && portOf(client.stream.local) > 0}`);
      },
    },
    expect: { main: ['kinds: tcp tcp', 'agree: true', 'server is where it listens: true', 'client is elsewhere: true'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-from',
    purpose: '`from` binds the local address: the peer is called from there.',
    roles: {
      *main(host, { saw }) {
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        const client = yield* connected(host, listener.local, { from: '127.0.0.2' });
        const server = yield* door.next();
        saw(`client: ${addressOf(client.stream.local)} to ${addressOf(client.stream.remote)}`);
        saw(`server: ${addressOf(server.stream.local)} from ${addressOf(server.stream.remote)}`);
      },
    },
    expect: { main: ['client: 127.0.0.2 to 127.0.0.1', 'server: 127.0.0.1 from 127.0.0.2'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-wildcard',
    purpose: 'A listener on 0.0.0.0 is reached at each address of the machine, and the connection has that address.',
    roles: {
      *main(host, { saw }) {
        const door = new Door();
        const { local } = yield* listening(host, tcpAt(0, '0.0.0.0'), door.accept);
        yield* connected(host, tcpAt(portOf(local), '127.0.0.3'));
        const server = yield* door.next();
        saw(`listens at ${addressOf(local)}, reached at ${addressOf(server.stream.local)}`);
      },
    },
    expect: { main: ['listens at 0.0.0.0, reached at 127.0.0.3'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-backlog',
    purpose: 'A connection is made, and takes bytes, while the listening process is stopped; it gets them when it goes on.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'server');
        yield* output.until(end => end.text.endsWith(' '));
        must(host.process.kill(pid, 'SIGSTOP'));
        const client = yield* connected(host, tcpAt(Number(output.text)));
        stage.saw(`pending ${client.write('early')}`);
        must(host.process.kill(pid, 'SIGCONT'));
        yield* client.untilEnded();
        stage.saw(client.history);
      },
      *server(host, { saw }) {
        const { output } = parentOf(host);
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        output.write(`${portOf(listener.local)} `);
        const server = yield* door.next();
        yield* server.untilText('early');
        saw(server.history);
        server.write('answer');
        server.stream.end();
        yield* server.untilClosed();
      },
    },
    expect: { main: ['pending 0', '"answer" end'], server: ['"early"'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-unaccepted-reset',
    purpose: 'A connection nobody has accepted is reset when the listening process dies.',
    roles: {
      *main(host, stage) {
        const { pid, output } = converse(host, stage, 'server');
        yield* output.until(end => end.text.endsWith(' '));
        must(host.process.kill(pid, 'SIGSTOP'));
        const client = yield* connected(host, tcpAt(Number(output.text)));
        must(host.process.kill(pid, 'SIGKILL'));
        yield* client.untilClosed();
        stage.saw(client.history);
        stage.saw((yield* reaped(host)).how);
      },
      *server(host, { saw }) {
        const { output } = parentOf(host);
        const door = new Door();
        const listener = yield* listening(host, ANY_PORT, door.accept);
        output.write(`${portOf(listener.local)} `);
        yield* door.next();
        saw('accepted');
      },
    },
    expect: { main: ['close ECONNRESET', 'SIGKILL'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-close-while-accepting',
    purpose: 'A connection that is closed inside `accept` is closed for its peer, and hears nothing more.',
    roles: {
      *main(host, { saw }) {
        const accept = (stream: Stream) => {
          stream.close();
          return { data: () => saw('data'), end: () => saw('end'), close: () => saw('close') };
        };
        const listener = yield* listening(host, ANY_PORT, accept);
        const client = yield* connected(host, listener.local);
        yield* client.untilEnded();
        client.stream.end();
        yield* client.untilClosed();
        saw(`client: ${client.history}`);
      },
    },
    expect: { main: ['client: end close'] },
  }),

  contractCase(SECTION, {
    name: 'tcp-no-early-callback',
    purpose: 'No call on a network or a stream invokes a callback before it has returned.',
    roles: {
      main(host, { saw }) {
        let inside = '';
        const during = (call: string, run: () => void): void => {
          const outer = inside;
          inside = call;
          run();
          inside = outer;
        };
        const called = (what: string): void => {
          if (inside !== '') saw(`${what} came inside ${inside}`);
        };
        const accept = (stream: Stream) => {
          called('accept');
          during('resume', () => stream.resume());
          return {
            data: () => called('data'),
            end() {
              called('end');
              during('end', () => stream.end());
            },
            close() {
              called('close');
              saw('done');
              host.process.exit(0);
            },
          };
        };
        const dial = (to: Endpoint): void =>
          host.network.connect(to, {}, result => {
            called('connected');
            during('write', () => must(result).write(new Uint8Array(1)));
            during('end', () => must(result).end());
            return IGNORE;
          });
        const opened = (result: Result<Listener>): void => {
          called('opened');
          if (result.ok) during('connect', () => dial(result.value.local));
        };
        during('listen that fails', () => host.network.listen(tcpAt(0, FOREIGN_ADDRESS), { backlog: 1 }, { opened, accept }));
        during('listen', () => host.network.listen(ANY_PORT, { backlog: 1 }, { opened, accept }));
      },
    },
    expect: { main: ['done'] },
  }),
];

export const programs = programsOf(TCP_OPEN);
