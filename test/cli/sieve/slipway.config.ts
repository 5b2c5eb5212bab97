/** A protocol for the tests of `slipway sweep`: a daemon that sorts a number, and does with some numbers what no daemon should. */
import { always, type Daemon, defineConfig, defineProtocol, defineScenario, integer, millis, type Scenario, sometimes } from 'slipway';

/** What it does with the numbers below so many hundredths. */
interface Habits {
  /** It never comes back. */
  readonly loops?: number;
  /** It says one of two things that nobody should say. */
  readonly wrong?: number;
  /** Milliseconds of a real processor that a run costs. */
  readonly costs?: number;
}

const sorter =
  ({ loops = 0, wrong = 0, costs = 0 }: Habits): Daemon =>
  host => {
    const number = Number(host.process.args[0]);
    host.clock.setTimer(millis(number), () => {
      for (const end = performance.now() + costs; performance.now() < end; );
      if (number < loops) for (;;);
      if (number < wrong) host.log('error', number % 2 === 0 ? 'even' : 'odd', { number });
      host.log('info', 'sorted', { number });
    });
  };

/** Its number is anything but a small one, for which only a change of a kept plan is near. */
const scenario = (name: string, habits: Habits): Scenario =>
  defineScenario({
    name: `sieve/${name}`,
    title: 'A number is sorted.',
    programs: { sorter: sorter(habits) },
    workload: { number: integer(0, 99) },
    build: (world, { number }) => world.machine('bowl').start('sorter', [String(number)]),
    properties: [
      always(
        'nothing-wrong',
        'Nobody says what is wrong.',
        () => ({
          see: ({ data }) =>
            data?.['event'] === 'even' || data?.['event'] === 'odd' ? `${data['event']} number ${data['number']}` : undefined,
        }),
        ['log'],
      ),
      sometimes('sorts', 'A number is sorted.', () => ({ see: ({ data }) => data?.['event'] === 'sorted' }), ['log']),
    ],
    faults: { kinds: {} },
    chaos: '1 s',
    liveness: '1 s',
  });

export default defineConfig({
  protocols: [
    defineProtocol({
      name: 'sieve',
      title: 'A sorter of numbers',
      daemons: {},
      scenarios: [
        scenario('good', {}),
        scenario('wrong', { wrong: 40 }),
        scenario('mended', {}),
        scenario('loops', { loops: 4 }),
        scenario('slow', { costs: 10 }),
      ],
    }),
  ],
});
