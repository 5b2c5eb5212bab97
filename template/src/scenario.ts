/** What can happen: a server and a client on two machines, and connections that break. And what must hold all the same. */
import { always, defineScenario, eventually, integer, list, seconds, sometimes } from 'slipway';
import { client } from './client.ts';
import { server } from './server.ts';

export const daemons = { 'my-protocol': server(), 'my-protocol-client': client };

export const exchange = defineScenario({
  name: 'my-protocol/exchange',
  title: 'A client has its numbers added up, though connections break.',
  programs: daemons,
  workload: { port: integer(1_024, 9_999), numbers: list(integer(0, 9_999), 4, 1) },
  build: (world, { port, numbers }) => {
    world.machine('quay').start('my-protocol', [String(port), '10.0.0.1']);
    world.machine('ship').start('my-protocol-client', [String(port), numbers.join(','), '10.0.0.1']);
  },
  properties: [
    always(
      'no-wrong-total',
      'Nobody is told a wrong total.',
      () => ({
        see: ({ data }) => (data?.['event'] === 'done' && data['right'] === false ? `the total was ${data['total']}` : undefined),
      }),
      ['log'],
    ),
    eventually(
      'is-served',
      'Whoever asks comes to an end.',
      { within: seconds(20) },
      () => {
        let done = false;
        return {
          see: ({ data }) => {
            done ||= data?.['event'] === 'done';
            return done;
          },
        };
      },
      ['log'],
    ),
    sometimes(
      'breaks',
      'A connection breaks before the client is done.',
      () => ({ see: ({ process, data }) => process.includes('client') && data?.['error'] === 'ECONNRESET' }),
      ['close'],
    ),
  ],
  faults: { kinds: { reset: 2, latency: 1 }, programs: ['my-protocol'], longest: seconds(1) },
  chaos: seconds(2),
});
