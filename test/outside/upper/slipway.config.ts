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
  millis,
  seconds,
  utf8,
} from 'slipway';
import { type Disturbance, defineSuite, lines } from 'slipway/conformance';

const NEWLINE = 0x0a;
const LINE_LIMIT = 1_000;

const log = logs({ answered: { right: 'boolean' } });

interface Ways {
  /** Bytes of a line that is not over are forgotten after the read. */
  readonly forgets?: boolean;
  /** They are answered at the end. */
  readonly halves?: boolean;
  /** Who ends ends the server. */
  readonly leaves?: boolean;
  /** Whoever comes while somebody is there is not answered. */
  readonly one?: boolean;
}

const server =
  ({ forgets = false, halves = false, leaves = false, one = false }: Ways = {}): Daemon =>
  host => {
    let open = 0;
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
          open += 1;
          const deaf = one && open > 1;
          const left = (): void => {
            open -= 1;
            if (leaves) host.process.exit(1);
          };
          return {
            data: bytes => {
              if (deaf) return;
              for (const byte of bytes) {
                if (byte !== NEWLINE) held.push(byte);
                else {
                  stream.write(utf8(`${(fromUtf8(Uint8Array.from(held)) ?? '?').toUpperCase()}\n`));
                  held = [];
                }
                if (held.length > LINE_LIMIT) stream.reset();
              }
              if (forgets) held = [];
            },
            end: () => {
              if (halves) stream.write(utf8(`${(fromUtf8(Uint8Array.from(held)) ?? '?').toUpperCase()}\n`));
              stream.end();
            },
            close: left,
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

const daemons = { upper: server(), 'upper-client': client };

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
    forgets: { text: 'what was read of a line is forgotten', programs: { upper: server({ forgets: true }) }, breaks: ['is-answered'] },
  },
  faults: { kinds: { latency: 1 }, longest: '1 s' },
  chaos: '1 s',
});

const SOCKET = {
  descriptor: undefined,
  direction: 'both',
  decoder: lines({ read: text => ({ type: 'line', fields: { text } }) }),
} as const;
const within = '5 s';
const dial = { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within } as const;
const says = (...texts: readonly string[]) =>
  texts.map(text => ({ message: { type: 'line', name: `the line ${text}`, fields: { text } }, times: 'one' as const }));

/** A call that meets a fault from its beginning. */
const disturbed = (fault: Disturbance) => [{ verb: 'start' }, dial, { verb: 'disturb', channel: 'call', fault }] as const;
const sends = (channel: string, text: string) => ({ verb: 'say', channel, text }) as const;
/** Somebody else is served. */
const serves = [
  { ...dial, channel: 'other' },
  sends('other', 'still\n'),
  { verb: 'expect-sequence', channel: 'other', items: says('STILL'), within },
] as const;

const suite = defineSuite({
  name: 'upper',
  title: 'Lines in capital letters',
  roles: {
    server: {
      channels: { call: SOCKET, other: SOCKET },
      options: ['{port}'],
      probe: undefined,
      environment: { accepts: [], directories: [], files: {} },
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
    {
      id: 'upper.server.whole',
      clause: '2',
      level: 'MUST',
      role: 'server',
      text: 'A server answers nothing to a line that has no end.',
    },
    {
      id: 'upper.server.serves-on',
      clause: '3',
      level: 'MUST',
      role: 'server',
      text: 'A server serves others whatever becomes of a connection.',
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
    {
      id: 'upper.server.byte-by-byte',
      title: 'Every byte comes alone',
      shows: 'upper.server.answers',
      steps: [
        ...disturbed({ kind: 'split', bytes: 1, gap: millis(5) }),
        sends('call', 'one\ntwo\n'),
        { verb: 'expect-sequence', channel: 'call', items: says('ONE', 'TWO'), within },
      ],
    },
    {
      id: 'upper.server.late',
      title: 'The second half of a line comes later',
      shows: 'upper.server.answers',
      steps: [
        ...disturbed({ kind: 'hold', after: { bytes: 3 }, lasting: millis(300) }),
        sends('call', 'slowly\n'),
        { verb: 'expect-sequence', channel: 'call', items: says('SLOWLY'), within },
      ],
    },
    {
      id: 'upper.server.truncated',
      title: 'A line ends in its midst, by an orderly end',
      shows: 'upper.server.whole',
      steps: [
        ...disturbed({ kind: 'truncate', after: { bytes: 6 } }),
        sends('call', 'one\ntwo\n'),
        { verb: 'expect-sequence', channel: 'call', items: says('ONE'), thenEof: true, within },
      ],
    },
    {
      id: 'upper.server.reset',
      title: 'A connection is reset in the midst of a line',
      shows: 'upper.server.serves-on',
      steps: [...disturbed({ kind: 'reset', after: { bytes: 2 } }), sends('call', 'one\n'), ...serves],
    },
    {
      id: 'upper.server.cut',
      title: 'A connection ends in the midst of a line',
      shows: 'upper.server.serves-on',
      steps: [...disturbed({ kind: 'cut', after: { bytes: 2 } }), sends('call', 'one\n'), ...serves],
    },
    {
      id: 'upper.server.half-open',
      title: 'A connection falls silent in the midst of a line',
      shows: 'upper.server.serves-on',
      steps: [
        ...disturbed({ kind: 'half-open', after: { bytes: 6 } }),
        sends('call', 'one\ntwo\n'),
        ...serves,
        { verb: 'expect-silence', channels: ['call', 'other'], lasting: millis(300) },
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
      fails: ['upper.server.byte-by-byte', 'upper.server.late'],
      depends: 'whether a line that was written at once is read at once',
    },
    {
      name: 'server/answers-halves',
      role: 'server',
      program: 'upper-halves',
      args: ['{options}'],
      text: 'what has come of a line is answered at the end of the connection',
      fails: ['upper.server.truncated'],
    },
    {
      name: 'server/leaves',
      role: 'server',
      program: 'upper-leaves',
      args: ['{options}'],
      text: 'the end of one connection, or its breaking, ends the server',
      fails: ['upper.server.reset', 'upper.server.cut'],
    },
    {
      name: 'server/one-at-a-time',
      role: 'server',
      program: 'upper-one',
      args: ['{options}'],
      text: 'nobody is answered while another is connected',
      fails: ['upper.server.half-open'],
      depends: 'whether the end of one connection is heard before the next one begins',
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
      programs: {
        'upper-forgets': server({ forgets: true }),
        'upper-halves': server({ halves: true }),
        'upper-leaves': server({ leaves: true }),
        'upper-one': server({ one: true }),
      },
      decoders: { tcp: SOCKET.decoder },
    }),
  ],
});
