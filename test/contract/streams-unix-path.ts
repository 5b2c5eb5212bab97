/**
 * Unix-domain sockets: the file they live at.
 */
import type { Host } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import {
  attach,
  connected,
  connectOutcome,
  converse,
  Door,
  IGNORE,
  listening,
  listenOutcome,
  outcome,
  pairOf,
  pause,
  reaped,
  unixAt,
} from './kit.ts';
import type { Story } from './story.ts';

const SECTION = 'Unix-domain sockets: the path';

/** A child listens at `path`, says so and stays until it is told to go: by input `exit`, or by a signal. */
function* holder(host: Host, path: string): Story<void> {
  const input = attach(host, 0, 'read');
  const output = attach(host, 1, 'write');
  yield* listening(host, unixAt(path));
  output.write('ready');
  yield* input.untilText('exit');
}

export const UNIX_PATH: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'unix-endpoints',
    purpose: 'The listening end has the path, the calling end has none.',
    roles: {
      *main(host, { saw }) {
        const { client, server, listener } = yield* pairOf(host, unixAt('s'));
        const path = (endpoint: { readonly transport: string; readonly path?: string } | undefined): string =>
          endpoint === undefined ? 'absent' : `${endpoint.transport} '${endpoint.path}'`;
        saw(`listener: ${path(listener.local)}`);
        saw(`client: ${client.stream.kind}, local ${path(client.stream.local)}, remote ${path(client.stream.remote)}`);
        saw(`server: ${server.stream.kind}, local ${path(server.stream.local)}, remote ${path(server.stream.remote)}`);
      },
    },
    expect: {
      main: ["listener: unix 's'", "client: unix, local unix '', remote unix 's'", "server: unix, local unix 's', remote unix ''"],
    },
  }),

  contractCase(SECTION, {
    name: 'unix-file',
    purpose: 'A listener has a file: listed, of kind socket and size 0, and no directory.',
    roles: {
      *main(host, { saw }) {
        must(host.storage.makeDirectory('d'));
        saw(`before: ${outcome(host.storage.stat('d/s'))}`);
        yield* listening(host, unixAt('d/s'));
        const { kind, size } = must(host.storage.stat('d/s'));
        saw(`${kind} of ${size}, listed: ${must(host.storage.list('d')).join()}`);
        saw(`list: ${outcome(host.storage.list('d/s'))}`);
      },
    },
    expect: { main: ['before: ENOENT', 'socket of 0, listed: s', 'list: ENOTDIR'] },
  }),

  contractCase(SECTION, {
    name: 'unix-file-outlives-listener',
    purpose: 'A closed listener leaves its file: connecting is refused, binding is in use, until somebody unlinks it.',
    roles: {
      *main(host, { saw }) {
        const listener = yield* listening(host, unixAt('s'));
        listener.close();
        yield* pause(host);
        saw(`stat: ${must(host.storage.stat('s')).kind}`);
        saw(`connect: ${yield* connectOutcome(host, unixAt('s'))}`);
        saw(`bind: ${yield* listenOutcome(host, unixAt('s'))}`);
        saw(`unlink: ${outcome(host.storage.unlink('s'))}`);
        saw(`connect: ${yield* connectOutcome(host, unixAt('s'))}`);
        saw(`bind: ${yield* listenOutcome(host, unixAt('s'))}`);
      },
    },
    expect: { main: ['stat: socket', 'connect: ECONNREFUSED', 'bind: EADDRINUSE', 'unlink: ok', 'connect: ENOENT', 'bind: ok'] },
  }),

  ...(['exit', 'SIGTERM', 'SIGKILL'] as const).map(way =>
    contractCase(SECTION, {
      name: `unix-file-outlives-${way.toLowerCase()}`,
      purpose: `The file of a listener whose process ended by ${way} stays: refused, in use, until unlinked.`,
      roles: {
        *main(host, stage) {
          const child = converse(host, stage, 'holder');
          yield* child.output.untilText('ready');
          stage.saw(`alive: connect ${yield* connectOutcome(host, unixAt('s'))}, bind ${yield* listenOutcome(host, unixAt('s'))}`);
          if (way === 'exit') child.input.write('exit');
          else must(host.process.kill(child.pid, way));
          stage.saw((yield* reaped(host)).how);
          stage.saw(`ended: connect ${yield* connectOutcome(host, unixAt('s'))}, bind ${yield* listenOutcome(host, unixAt('s'))}`);
          must(host.storage.unlink('s'));
          stage.saw(`unlinked: bind ${yield* listenOutcome(host, unixAt('s'))}`);
        },
        holder: host => holder(host, 's'),
      },
      expect: {
        main: [
          'alive: connect ok, bind EADDRINUSE',
          way === 'exit' ? 'exit 0' : way,
          'ended: connect ECONNREFUSED, bind EADDRINUSE',
          'unlinked: bind ok',
        ],
      },
    }),
  ),

  contractCase(SECTION, {
    name: 'unix-connect-errors',
    purpose: 'Connecting to nothing is ENOENT, to a file that is no socket ECONNREFUSED, below a file ENOTDIR.',
    roles: {
      *main(host, { saw }) {
        must(host.storage.write('file', new Uint8Array(1)));
        must(host.storage.makeDirectory('d'));
        saw(`nothing: ${yield* connectOutcome(host, unixAt('s'))}`);
        saw(`missing directory: ${yield* connectOutcome(host, unixAt('missing/s'))}`);
        saw(`file: ${yield* connectOutcome(host, unixAt('file'))}`);
        saw(`directory: ${yield* connectOutcome(host, unixAt('d'))}`);
        saw(`below a file: ${yield* connectOutcome(host, unixAt('file/s'))}`);
      },
    },
    expect: {
      main: ['nothing: ENOENT', 'missing directory: ENOENT', 'file: ECONNREFUSED', 'directory: ECONNREFUSED', 'below a file: ENOTDIR'],
    },
  }),

  contractCase(SECTION, {
    name: 'unix-bind-errors',
    purpose: 'Binding where any file is is EADDRINUSE, in a missing directory ENOENT, below a file ENOTDIR.',
    roles: {
      *main(host, { saw }) {
        must(host.storage.write('file', new Uint8Array(1)));
        must(host.storage.makeDirectory('d'));
        saw(`file: ${yield* listenOutcome(host, unixAt('file'))}`);
        saw(`directory: ${yield* listenOutcome(host, unixAt('d'))}`);
        saw(`missing directory: ${yield* listenOutcome(host, unixAt('missing/s'))}`);
        saw(`below a file: ${yield* listenOutcome(host, unixAt('file/s'))}`);
        saw(`file is whole: ${must(host.storage.read('file')).length === 1}`);
      },
    },
    expect: {
      main: ['file: EADDRINUSE', 'directory: EADDRINUSE', 'missing directory: ENOENT', 'below a file: ENOTDIR', 'file is whole: true'],
    },
  }),

  contractCase(SECTION, {
    name: 'unix-path-length',
    purpose: 'A path of 107 bytes is the longest that can be bound and reached (unix(7): sun_path holds 108 with its NUL).',
    roles: {
      *main(host, { saw }) {
        const longest = 'p'.repeat(107);
        yield* listening(host, unixAt(longest));
        saw(`107: connect ${yield* connectOutcome(host, unixAt(longest))}`);
        const longer = unixAt(`${longest}p`);
        saw(`108: bind ${yield* listenOutcome(host, longer)}, connect ${yield* connectOutcome(host, longer)}`);
        saw(`54 of two bytes each: bind ${yield* listenOutcome(host, unixAt('é'.repeat(54)))}`);
      },
    },
    expect: { main: ['107: connect ok', '108: bind ENAMETOOLONG, connect ENAMETOOLONG', '54 of two bytes each: bind ENAMETOOLONG'] },
  }),

  contractCase(SECTION, {
    name: 'unix-unlink-while-listening',
    purpose: 'Unlinking the file ends no connection, but nobody finds the listener any more; the path is free for another.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'));
        must(host.storage.unlink('s'));
        saw(`connect: ${yield* connectOutcome(host, unixAt('s'))}`);
        client.write('still here');
        yield* server.untilText('still here');
        const door = new Door();
        const second = yield* listening(host, unixAt('s'), door.accept);
        const other = yield* connected(host, unixAt('s'));
        other.write('to the second');
        yield* (yield* door.next()).untilText('to the second');
        second.close();
        saw(`after the second closed: ${yield* connectOutcome(host, unixAt('s'))}`);
      },
    },
    expect: { main: ['connect: ENOENT', 'after the second closed: ECONNREFUSED'] },
  }),

  contractCase(SECTION, {
    name: 'unix-late-close-keeps-other-file',
    purpose: 'A listener that is closed after its path was taken over by another does not take the file of the other away.',
    roles: {
      *main(host, { saw }) {
        const first = yield* listening(host, unixAt('s'));
        must(host.storage.unlink('s'));
        yield* listening(host, unixAt('s'));
        first.close();
        yield* pause(host);
        saw(`stat: ${must(host.storage.stat('s')).kind}, connect: ${yield* connectOutcome(host, unixAt('s'))}`);
      },
    },
    expect: { main: ['stat: socket, connect: ok'] },
  }),

  contractCase(SECTION, {
    name: 'unix-rename',
    purpose: 'A renamed socket file is reached by its new name, and takes the place of what was there.',
    roles: {
      *main(host, { saw }) {
        const door = new Door();
        const listener = yield* listening(host, unixAt('old'), door.accept);
        must(host.storage.write('new', new Uint8Array(1)));
        must(host.storage.rename('old', 'new'));
        saw(`old: ${yield* connectOutcome(host, unixAt('old'))}`);
        const client = yield* connected(host, unixAt('new'));
        yield* door.next();
        saw(`new: ${must(host.storage.stat('new')).kind}, listener still says ${JSON.stringify(listener.local)}`);
        saw(`client says ${JSON.stringify(client.stream.remote)}`);
      },
    },
    expect: {
      main: [
        'old: ENOENT',
        'new: socket, listener still says {"transport":"unix","path":"old"}',
        'client says {"transport":"unix","path":"new"}',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'unix-replaced-by-rename',
    purpose: 'A second listener moved over the first takes the path over in one step; the first keeps its connections.',
    roles: {
      *main(host, { saw }) {
        const { client, server } = yield* pairOf(host, unixAt('s'));
        const door = new Door();
        yield* listening(host, unixAt('s.new'), door.accept);
        must(host.storage.rename('s.new', 's'));
        const newer = yield* connected(host, unixAt('s'));
        newer.write('to the second');
        yield* (yield* door.next()).untilText('to the second');
        client.write('to the first');
        yield* server.untilText('to the first');
        saw('both');
      },
    },
    expect: { main: ['both'] },
  }),

  contractCase(SECTION, {
    name: 'unix-backlog-full',
    purpose: 'A stopped process whose backlog is n admits n + 1 connections, then connecting is EAGAIN; it accepts them when continued.',
    roles: {
      *main(host, stage) {
        const { pid, output, input } = converse(host, stage, 'server');
        yield* output.untilText('ready');
        must(host.process.kill(pid, 'SIGSTOP'));
        const results: string[] = [];
        for (let count = 0; count < 4; count++) results.push(yield* attempt(host, `${count}`));
        stage.saw(results.join(' '));
        must(host.process.kill(pid, 'SIGCONT'));
        yield* output.until(end => end.text === 'readyaccepted');
        stage.saw(`after: ${yield* attempt(host, 'x')}`);
        input.write('exit');
        stage.saw((yield* reaped(host)).how);
      },
      *server(host: Host) {
        const input = attach(host, 0, 'read');
        const output = attach(host, 1, 'write');
        let accepted = 0;
        const accept = () => {
          accepted += 1;
          if (accepted === 2) output.write('accepted');
          return IGNORE;
        };
        yield* listening(host, unixAt('s'), accept, 1);
        output.write('ready');
        yield* input.untilText('exit');
      },
    },
    expect: { main: ['ok ok EAGAIN EAGAIN', 'after: ok', 'exit 0'] },
  }),
];

export const programs = programsOf(UNIX_PATH);

/** Connects and stays connected. */
function* attempt(host: Host, greeting: string): Story<string> {
  const result: string[] = [];
  yield resume =>
    host.network.connect(unixAt('s'), {}, opened => {
      if (opened.ok) opened.value.write(new TextEncoder().encode(greeting));
      result.push(outcome(opened));
      resume();
      return IGNORE;
    });
  return result.join();
}
