/**
 * A service of one's own, judged by ready properties: a register over TCP. `write 5` is answered `ok`, `read` is answered `5`.
 * docs/properties.md goes through it. Lacks: a disk; the register is as old as its process.
 */
import {
  answeredWithin,
  type Daemon,
  defineConfig,
  defineProtocol,
  defineScenario,
  fromUtf8,
  type Host,
  integer,
  linearizable,
  logs,
  millis,
  models,
  type Stream,
  utf8,
} from 'slipway';
import { lines } from 'slipway/conformance';

const AT = { transport: 'tcp', address: '10.0.0.1', port: 7000 } as const;

/** What a client does, and what it hears: the properties see no more than that. */
const log = logs({ read: {}, write: { value: 'number' }, was: { value: 'number' }, written: {}, lost: {} });

const decoder = lines({
  read: line => {
    const [word = '', value] = line.split(' ');
    return /^(read|write|ok|-?\d+)$/.test(word)
      ? { type: /\d/.test(word) ? 'value' : word, fields: value === undefined ? {} : { value } }
      : { clause: 'words', detail: `a line that begins with ${word}` };
  },
});

/** Calls `heard` for each line, however it is cut. */
const lineReader = (heard: (line: string) => void): ((bytes: Uint8Array) => void) => {
  let held = '';
  return bytes => {
    const all = `${held}${fromUtf8(bytes) ?? ''}`.split('\n');
    held = all.pop() ?? '';
    all.forEach(heard);
  };
};

/** `apply`: when a write that is answered takes effect. */
const server =
  (apply: (host: Host, write: () => void) => void): Daemon =>
  host => {
    let value = '0';
    const accept = (stream: Stream) => ({
      data: lineReader(line => {
        if (line === 'read') return void stream.write(utf8(`${value}\n`));
        apply(host, () => {
          value = line.slice('write '.length);
        });
        return void stream.write(utf8('ok\n'));
      }),
      end: () => stream.close(),
    });
    host.network.listen(AT, { backlog: 8 }, { opened: result => (result.ok ? undefined : host.process.exit(1)), accept });
  };

/** Asks so often, one call at a time. Where the connection breaks, nobody knows whether the last one happened. */
const client: Daemon = host => {
  let left = Number(host.process.args[0]);
  const writer = log(host);
  const connect = (): void =>
    host.network.connect(AT, {}, result => {
      let open = false;
      let connected = result.ok;
      const again = (): void => {
        connected = false;
        if (open) writer.lost();
        host.clock.setTimer(millis(100), connect);
      };
      if (!result.ok) {
        again();
        return { data: () => {} };
      }
      const ask = (): void => {
        if (!connected) return;
        if (left-- === 0) host.process.exit(0);
        const value = host.random.below(100);
        open = true;
        if (value % 2 === 0) writer.read();
        else writer.write({ value });
        result.value.write(utf8(value % 2 === 0 ? 'read\n' : `write ${value}\n`));
      };
      ask();
      const hear = (line: string): void => {
        open = false;
        if (line === 'ok') writer.written();
        else writer.was({ value: Number(line) });
        host.clock.setTimer(millis(host.random.below(20)), ask);
      };
      return { data: lineReader(hear), close: again };
    });
  connect();
};

const calls = defineScenario({
  name: 'register/calls',
  title: 'Clients read and write one register.',
  programs: { register: server((_, write) => write()), 'register-client': client },
  workload: { clients: integer(2, 4), calls: integer(1, 12) },
  build: (world, { clients, calls }) => {
    world.machine('quay', { address: AT.address }).start('register');
    for (let index = 1; index <= clients; index++) world.machine(`ship${index}`).start('register-client', [String(calls)]);
  },
  properties: [
    linearizable({
      model: models.register(0),
      kinds: ['log'],
      operation: event => {
        const [write, was] = [log.write.of(event), log.was.of(event)];
        if (write !== undefined) return { call: { op: 'write', value: write.value } };
        if (log.read.of(event) !== undefined) return { call: { op: 'read' } };
        if (was !== undefined) return { answer: was.value };
        if (log.written.of(event) !== undefined) return { answer: null };
        return log.lost.of(event) === undefined ? undefined : { ended: 'unknown' };
      },
    }),
    answeredWithin({
      within: '10 s',
      kinds: ['log'],
      request: event => (log.read.of(event) ?? log.write.of(event)) && event.process,
      answer: event => (log.was.of(event) ?? log.written.of(event)) && event.process,
      excuses: (event, key) => event.process === key && log.lost.of(event) !== undefined,
    }),
  ],
  variants: {
    'answers-first': {
      text: 'a write is answered before it takes effect',
      programs: { register: server((host, write) => host.clock.setTimer(millis(30), write)) },
      breaks: ['linearizable'],
    },
  },
  faults: { kinds: { latency: 1, reset: 1 }, programs: ['register-client'], moments: ['20 ms', '100 ms'] },
  chaos: '2 s',
});

export default defineConfig({
  protocols: [
    defineProtocol({ name: 'register', title: 'A register over TCP', daemons: {}, scenarios: [calls], decoders: { tcp: decoder } }),
  ],
});
