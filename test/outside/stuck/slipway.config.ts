/** A protocol of somebody else whose server never comes back once a line says so: an endless loop, which hears nothing. */
import { type Daemon, defineConfig, defineProtocol, defineScenario, eventually, fromUtf8, integer, seconds, utf8 } from 'slipway';
import { defineSuite, lines } from 'slipway/conformance';

function stuck(): never {
  process.stderr.write('stuck\n');
  for (;;) {
    try {
      while (process.argv.length > 0);
    } finally {
      process.stderr.write('out of it\n');
    }
  }
}

const server: Daemon = host => {
  const [port = '7000'] = host.process.args;
  host.network.listen(
    { transport: 'tcp', address: '127.0.0.1', port: Number(port) },
    { backlog: 8 },
    {
      opened: () => {},
      accept: stream => {
        let said = '';
        return {
          data: bytes => {
            said += fromUtf8(bytes);
            if (said.startsWith('loop')) stuck();
            stream.write(utf8('ok\n'));
          },
        };
      },
    },
  );
};

/** Stuck only where it is asked to be, so that its runs can be recorded. */
const sleeper: Daemon = host => {
  host.clock.setTimer(seconds(1), () => {
    if (process.env['STUCK'] !== undefined) stuck();
    host.log('info', 'slept');
  });
};

/** Stuck, where it is asked to be, only with a small number: who makes a failure smaller comes there. */
const sinker: Daemon = host => {
  if (process.env['STUCK'] !== undefined && Number(host.process.args[0]) < 10) stuck();
  host.log('info', 'sunk');
};

const scenario = (name: string, awaited: string, program: 'sleeper' | 'sinker' = 'sleeper') =>
  defineScenario<{ readonly number: number }>({
    name: `stuck/${name}`,
    title: 'Somebody sleeps.',
    programs: { sleeper, sinker },
    workload: { number: integer(0, 99) },
    build: (world, { number }) => {
      world.machine('bed').start(program, program === 'sinker' ? [String(number)] : []);
    },
    properties: [
      eventually('wakes', 'Who sleeps wakes.', { within: seconds(5) }, () => ({ see: event => event.data?.['event'] === awaited })),
    ],
    faults: { kinds: {}, longest: seconds(1) },
    chaos: seconds(1),
  });

const within = seconds(5);
const asks = (text: string) =>
  [
    { verb: 'start' },
    { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within },
    { verb: 'say', channel: 'call', text: `${text}\n` },
    {
      verb: 'expect-sequence',
      channel: 'call',
      items: [{ message: { type: 'line', name: 'ok', fields: { text: 'ok' } }, times: 'one' }],
      within,
    },
  ] as const;

const line = lines({ read: text => ({ type: 'line', fields: { text } }) });
/** Of what is captured; a line that says so keeps it for ever, where it is asked to be stuck. */
const slow = lines({
  read: text => (text === 'loop' && process.env['STUCK'] !== undefined ? stuck() : { type: 'line', fields: { text } }),
});

const suite = defineSuite({
  name: 'stuck',
  title: 'A server that may loop',
  roles: {
    server: {
      channels: {
        call: { descriptor: undefined, direction: 'both', decoder: line },
      },
      options: ['{port}'],
      probe: undefined,
      environment: { accepts: [], directories: [], files: {} },
    },
  },
  requirements: [{ id: 'stuck.answers', clause: '1', level: 'MUST', role: 'server', text: 'A server answers.' }],
  cases: [
    { id: 'stuck.first', title: 'It answers', shows: 'stuck.answers', steps: asks('hello') },
    { id: 'stuck.second', title: 'It is asked to loop', shows: 'stuck.answers', steps: asks('loop') },
    { id: 'stuck.third', title: 'It answers again', shows: 'stuck.answers', steps: asks('hello') },
  ],
  own: { server: { program: 'stuck', args: ['{options}'], claims: [] } },
});

export default defineConfig({
  protocols: [
    defineProtocol({
      name: 'stuck',
      title: 'A server that may loop',
      daemons: { stuck: server, sleeper, sinker },
      scenarios: [scenario('wakes', 'slept'), scenario('sleeps', 'woken'), scenario('sinks', 'risen', 'sinker')],
      suite,
      decoders: { tcp: slow },
    }),
  ],
});
