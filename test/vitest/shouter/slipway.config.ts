/** A protocol for the tests of `slipway/vitest`: a server that greets with bytes no terminal should see, and a client that may not retry. */
import {
  choice,
  type Daemon,
  defineConfig,
  defineProtocol,
  defineScenario,
  eventually,
  millis,
  type Scenario,
  seconds,
  sometimes,
  utf8,
} from 'slipway';

const PORT = 7_000;
const ADDRESS = '10.0.0.1';

const server =
  (greeting: string): Daemon =>
  host => {
    host.network.listen(
      { transport: 'tcp', address: ADDRESS, port: PORT },
      { backlog: 8 },
      {
        opened: () => {},
        accept: stream => {
          const pause = host.clock.setTimer(millis(500), () => stream.write(utf8(greeting)));
          const gone = () => pause.cancel();
          return {
            data: () => {},
            end: () => {
              gone();
              stream.close();
            },
            close: gone,
          };
        },
      },
    );
  };

const client =
  (retries: boolean): Daemon =>
  host => {
    const again = () => void host.clock.setTimer(millis(100), () => client(retries)(host));
    host.network.connect({ transport: 'tcp', address: ADDRESS, port: PORT }, {}, ({ ok }) => {
      if (!ok) again();
      return {
        data: () => {
          host.log('info', 'greeted');
          host.process.exit(0);
        },
        close: () => {
          if (retries) again();
        },
      };
    });
  };

/** `retries`: it holds. */
export const greeting = (retries: boolean, word = '\u001b[2J::error::\u202e\n'): Scenario =>
  defineScenario({
    name: 'shouter/greeting',
    title: 'A client is greeted.',
    programs: { shouter: server(word), 'shouter-client': client(retries) },
    workload: { mood: choice('loud', 'louder') },
    build: world => {
      world.machine('quay').start('shouter');
      world.machine('ship').start('shouter-client');
    },
    properties: [
      eventually(
        'is-greeted',
        'Whoever comes is greeted.',
        { within: seconds(20) },
        () => {
          let greeted = false;
          return {
            see: ({ data }) => {
              greeted ||= data?.['event'] === 'greeted';
              return greeted;
            },
          };
        },
        ['log'],
      ),
      sometimes(
        'breaks',
        'The connection breaks.',
        () => ({
          see: ({ process, data }) => process.includes('client') && data?.['error'] === 'ECONNRESET',
        }),
        ['close'],
      ),
    ],
    faults: { kinds: { reset: 1 }, programs: ['shouter'] },
    chaos: seconds(1),
  });

export default defineConfig({
  protocols: [defineProtocol({ name: 'shouter', daemons: {}, scenarios: [greeting(false)] })],
});
