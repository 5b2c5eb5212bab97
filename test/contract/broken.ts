/**
 * Cases that go wrong in each way a case can, to see the arms notice. They are no part of the suite.
 */
import type { Programs } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must } from './case.ts';
import { attach, converse, parentOf, pause } from './kit.ts';

const SECTION = 'broken';

/** `main` ends, its child stays for ever, deaf to everything but SIGKILL, and has said its pid. */
export const STAYS: ContractCase = contractCase(SECTION, {
  name: 'broken-stays',
  purpose: 'A process stays behind.',
  roles: {
    *main(host, stage) {
      stage.saw('started');
      const { output } = converse(host, stage, 'child');
      yield* output.untilText('ready');
    },
    *child(host, { saw }) {
      saw(`${host.process.pid}`);
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE'] as const) must(host.signals.handle(signal, 'ignore'));
      const { input, output } = parentOf(host);
      output.write('ready');
      yield* input.untilClosed();
      const { read } = must(host.descriptors.pipe());
      yield* attach(host, read, 'read').untilEnded();
    },
  },
  expect: { main: ['started'] },
  limit: seconds(2),
});

export const THROWS: ContractCase = contractCase(SECTION, {
  name: 'broken-throws',
  purpose: 'A daemon has a bug.',
  roles: {
    *main(host, { saw }) {
      saw('before');
      yield* pause(host);
      throw new Error('a bug made for this test');
    },
  },
  expect: { main: ['before', 'after'] },
});

export const UNEXPECTED: ContractCase = contractCase(SECTION, {
  name: 'broken-unexpected',
  purpose: 'A role speaks that should have been silent.',
  roles: {
    *main(host, stage) {
      stage.saw('as expected');
      stage.start('child');
      yield resume => host.process.wait(resume);
    },
    child(host, { saw }) {
      saw('unexpected');
      host.process.exit(0);
    },
  },
  expect: { main: ['as expected'] },
});

export const programs: Programs = { ...STAYS.programs, ...THROWS.programs, ...UNEXPECTED.programs };
