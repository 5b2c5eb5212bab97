/** The suite of parrot. */
import { seconds } from '../../src/host/time.ts';
import { TRAPS } from '../../src/impl/parrot/quirks.ts';
import { clausesFrom, trapClauses } from '../clauses.ts';
import { lines } from '../decoders.ts';
import { defineSuite } from '../define.ts';
import type { Suite } from '../suite.ts';
import { MUTANTS } from './mutants/mutants.ts';

const within = seconds(5);
const begins = [{ verb: 'start' }, { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within }] as const;
const over = [
  { verb: 'signal', signal: 'SIGKILL' },
  { verb: 'expect-exit', within, signals: ['SIGKILL'] },
] as const;
const say = (text: string) => ({ verb: 'say', channel: 'call', text }) as const;
const hears = (text: string) =>
  ({
    verb: 'expect-sequence',
    channel: 'call',
    items: [{ message: { type: 'line', name: `the line ${text}`, fields: { text } }, times: 'one' }],
    within,
  }) as const;

export const PARROT: Suite = defineSuite({
  name: 'parrot',
  title: 'Lines that are said back',
  roles: {
    server: {
      channels: {
        call: { descriptor: undefined, direction: 'both', decoder: lines({ read: text => ({ type: 'line', fields: { text } }) }) },
      },
      options: ['--port={port}'],
      probe: undefined,
      environment: { accepts: [], directories: [], files: {} },
    },
  },
  clauses: [
    ...clausesFrom('the first ship', { P1: ['Lines', 'What a parrot hears it says: line after line.'] }),
    ...trapClauses('the first ship', TRAPS),
  ],
  requirements: [
    {
      id: 'parrot.server.says-back',
      clause: 'P1, PA-01',
      level: 'MUST',
      role: 'server',
      text: 'A server MUST say back every line as it came.',
      rationale: 'Whoever asks has nothing else to go by.',
    },
  ],
  cases: [
    {
      id: 'parrot.server.one',
      title: 'One line',
      shows: 'parrot.server.says-back',
      steps: [...begins, say('ahoy\n'), hears('ahoy'), ...over],
    },
    {
      id: 'parrot.server.pieces',
      title: 'A line in two pieces',
      shows: 'parrot.server.says-back',
      twin: 'parrot.server.one',
      deviation: 'the line comes in two writes',
      steps: [...begins, say('one\ntw'), hears('one'), say('o\n'), hears('two'), ...over],
    },
  ],
  own: { server: { program: 'parrot', args: ['{options}'], claims: [] } },
  mutants: MUTANTS,
});
