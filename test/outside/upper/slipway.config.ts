/** A protocol of somebody else, in one file: a server that answers every line with the same in capital letters. */
import {
  choice,
  type Daemon,
  defineConfig,
  defineProtocol,
  defineScenario,
  eventually,
  fromUtf8,
  integer,
  logs,
  seconds,
  utf8,
} from 'slipway';
import { defineSuite, lines } from 'slipway/conformance';

const NEWLINE = 0x0a;
const LINE_LIMIT = 1_000;

const log = logs({ answered: { right: 'boolean' } });

/** `keep`: bytes of a line that is not over are kept for the next read. */
const server =
  (keep: boolean): Daemon =>
  host => {
    const [port = '7000', address = '127.0.0.1'] = host.process.args;
    host.network.listen(
      { transport: 'tcp', address, port: Number(port) },
      { backlog: 8 },
      {
        opened: result => {
          if (!result.ok) return host.process.exit(1);
          host.log('info', 'listening', { port });
          return undefined;
        },
        accept: stream => {
          let held: number[] = [];
          return {
            data: bytes => {
              for (const byte of bytes) {
                if (byte !== NEWLINE) held.push(byte);
                else {
                  stream.write(utf8(`${(fromUtf8(Uint8Array.from(held)) ?? '?').toUpperCase()}\n`));
                  held = [];
                }
                if (held.length > LINE_LIMIT) stream.reset();
              }
              if (!keep) held = [];
            },
            end: () => stream.close(),
          };
        },
      },
    );
  };

const client: Daemon = host => {
  const [port = '7000', word = '', address = '127.0.0.1'] = host.process.args;
  host.network.connect({ transport: 'tcp', address, port: Number(port) }, {}, result => {
    if (!result.ok) {
      host.clock.setTimer(seconds(1), () => client(host));
      return { data: () => {} };
    }
    let answer = '';
    result.value.write(utf8(`${word}\n`));
    return {
      data: bytes => {
        answer += fromUtf8(bytes) ?? '';
        if (!answer.endsWith('\n')) return;
        log(host).answered({ right: answer === `${word.toUpperCase()}\n` });
        host.process.exit(0);
      },
    };
  });
};

const daemons = { upper: server(true), 'upper-client': client };

const exchange = defineScenario({
  name: 'upper/exchange',
  title: 'A client that asks is answered, in capital letters.',
  programs: daemons,
  workload: { port: integer(1_024, 9_999), word: choice('hello', 'ahoy', 'x') },
  build: (world, { port, word }) => {
    world.machine('quay').start('upper', [String(port), '10.0.0.1']);
    world.machine('ship').start('upper-client', [String(port), word, '10.0.0.1']);
  },
  properties: [
    eventually('is-answered', 'Whoever asks has the right answer.', { within: '20 s' }, () => {
      let answered = false;
      return {
        see: event => {
          answered ||= log.answered.of(event)?.right === true;
          return answered;
        },
      };
    }),
  ],
  variants: {
    forgets: { text: 'what was read of a line is forgotten', programs: { upper: server(false) }, breaks: ['is-answered'] },
  },
  faults: { kinds: { latency: 1 }, longest: '1 s' },
  chaos: '1 s',
});

const within = '5 s';
const dial = { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within } as const;
const says = (...texts: readonly string[]) =>
  texts.map(text => ({ message: { type: 'line', name: `the line ${text}`, fields: { text } }, times: 'one' as const }));

const decoder = lines({ read: text => ({ type: 'line', fields: { text } }) });

const suite = defineSuite({
  name: 'upper',
  title: 'Lines in capital letters',
  roles: {
    server: {
      channels: {
        call: { descriptor: undefined, direction: 'both', decoder },
      },
      options: ['{port}'],
      probe: undefined,
      surroundings: { accepts: [], directories: [], files: {} },
    },
  },
  requirements: [
    {
      id: 'upper.server.answers',
      clause: '1',
      level: 'MUST',
      role: 'server',
      text: 'A server answers every line with the same in capital letters.',
    },
  ],
  cases: [
    {
      id: 'upper.server.one',
      title: 'One line',
      shows: 'upper.server.answers',
      steps: [
        { verb: 'start' },
        dial,
        { verb: 'say', channel: 'call', text: 'ahoy\n' },
        { verb: 'expect-sequence', channel: 'call', items: says('AHOY'), within },
      ],
    },
    {
      id: 'upper.server.pieces',
      title: 'A line in two pieces',
      shows: 'upper.server.answers',
      twin: 'upper.server.one',
      deviation: 'the line comes in two writes',
      steps: [
        { verb: 'start' },
        dial,
        { verb: 'say', channel: 'call', text: 'one\ntw' },
        { verb: 'expect-sequence', channel: 'call', items: says('ONE'), within },
        { verb: 'say', channel: 'call', text: 'o\n' },
        { verb: 'expect-sequence', channel: 'call', items: says('TWO'), within },
      ],
    },
  ],
  own: { server: { program: 'upper', args: ['{options}'], claims: [] } },
  mutants: [
    {
      name: 'server/forgets',
      role: 'server',
      program: 'upper-forgets',
      args: ['{options}'],
      text: 'what was read of a line is forgotten',
      fails: ['upper.server.pieces'],
    },
  ],
});

export default defineConfig({
  protocols: [
    defineProtocol({
      name: 'upper',
      title: 'Lines in capital letters',
      daemons,
      scenarios: [exchange],
      suite,
      decoders: { tcp: decoder },
      programs: { 'upper-forgets': server(false) },
    }),
  ],
});
