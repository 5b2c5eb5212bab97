/**
 * Children and parents that are started with any options: each value that may be given and its neighbours that may not, words that are no
 * options, and programs that are not there. Who cannot take its options says which, and ends; who can goes on.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, evenly, list } from '../../src/check/fields.ts';
import { PLAIN, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { seconds } from '../../src/host/time.ts';
import { refusedEnd } from '../usage-property.ts';
import { NO_CHILD_OF_OURS } from './housekeeping.ts';
import { wrongForChild, wrongForParent } from './model/usage.ts';
import { CASTING, CHILD, MACHINE, PARENT } from './pair.ts';
import { optionRefused } from './properties/reach.ts';

const given = (name: string, ...values: readonly string[]): readonly string[] => values.map(value => `--${name}=${value}`);

const ENDPOINTS = [
  '127.0.0.1:0',
  '127.0.0.1:65535',
  '127.0.0.1:65536',
  '127.0.0.1:99999',
  '127.0.0.1:100000',
  '[::1]:0',
  '::1:0',
  '[::1:0',
  '::1]:0',
];
const ODD_ENDPOINTS = [...ENDPOINTS, '[]:0', ':0', '127.0.0.1', '127.0.0.1:', '127.0.0.1:x', ''];
const SIZES = ['x:61:0', 'x:61:1', 'x:61:4294967295', 'x:61:4294967296', 'x:61:-1', 'x:61:1.5', 'x:61:y'];
const CHILD_OPTIONS: readonly string[] = [
  ...[
    '--lifetimeevents',
    '--boundaddrevents',
    '--nolisten',
    '--norpc',
    '--ipc-only',
    '--nolisten=1',
    '--ipc-only=',
    '--lifetimeevents=yes',
  ],
  ...['--pipetx', '--database', '--nothing', '--nothing=1', 'nothing', '-x', '--', '--Repeat=1'],
  ...given('pipetx', '1048575', '1048576', 'x', '-1'),
  ...given('piperx', '1048575', '1048576', ''),
  ...given('listen', ...ODD_ENDPOINTS),
  ...given('rpclisten', ...ODD_ENDPOINTS),
  ...given('event-ids', 'constants', 'comment', 'none', ''),
  ...given('open-delay', '0', '10', '3600000', '3600001', '1.5', '-1', '99999999999'),
  ...given('database', '/var/data', '/none/data'),
  ...given('event', '0,0', '0,255', '255,0', '256,0', '0,256', '1', '1,2,3', 'a,b', '1,', ''),
  ...given('message', 'x:', 'x', ':61', 'x:6', 'x:zz', 'x:61', ...SIZES),
  ...given('blob', 'x:/none', 'x:', 'x', ...SIZES),
  ...given('repeat', '0', '1', '1000000', '1000001', 'x'),
  ...given('profile', 'corrected', 'other'),
];
const PARENT_OPTIONS: readonly string[] = [
  ...['--nothing', 'nothing', '-x', '--grace', '--lifetimeevents'],
  ...given('stop-after', '0', '50', '3600000', '3600001', 'x'),
  ...given('grace', '0', '3600000', '3600001', '-1', ''),
  ...given('kill-after', '0', '3600000', '3600001', '1.5'),
  ...given('payload-limit', '0', '20', '4294967295', '4294967296', 'x'),
  ...given('profile', 'corrected', 'other'),
];
const PROGRAMS: readonly string[] = [`-- ${CHILD}`, `-- ${CHILD}`, `-- ${CHILD}`, `-- ${CHILD} --nothing`, '-- none', '--', ''];

interface Line {
  readonly ofParent: boolean;
  readonly options: readonly number[];
  readonly program: string;
}
interface Lines {
  readonly lines: readonly Line[];
}
const MOST = 1_000;
const LINE = workloads<Line>({
  ofParent: choice(false, false, true),
  options: list(evenly(0, MOST), 3),
  program: choice(...PROGRAMS),
});
const LINES = workloads<Lines>({ lines: list({ arbitrary: fc.record(LINE.arbitraries, PLAIN), shape: object(LINE.shapes) }, 10, 5) });

const isWrong = (program: string, args: string): boolean => {
  const words = args.split(' ').filter(each => each !== '');
  return program === CHILD ? wrongForChild(words).length > 0 : program === PARENT && wrongForParent(words).length > 0;
};

export const commandLines: Scenario<CommonPlan & Lines> = defineScenario<CommonPlan & Lines>({
  name: 'lifetime/command-lines',
  protocol: 'lifetime',
  title: 'Whatever a child or a parent is started with, it says what is wrong, or takes it.',
  exempt: { ...NO_CHILD_OF_OURS, 'no-leak': 'Nobody stops those that run.' },
  programs: () => CASTING,
  plans: profile => plans<Lines>(profile, {}, LINES.arbitraries),
  workload: LINES.shapes,
  build: (world, { lines }) => {
    const machine = world.machine(MACHINE, { directories: ['/var'] });
    for (const { ofParent, options, program } of lines) {
      const all = ofParent ? PARENT_OPTIONS : CHILD_OPTIONS;
      const words = options.map(each => all[each % all.length] ?? '');
      machine.start(ofParent ? PARENT : CHILD, [...words, ...(ofParent ? program.split(' ').filter(each => each !== '') : [])]);
    }
  },
  properties: [optionRefused, refusedEnd(isWrong)],
  chaos: seconds(1),
  liveness: seconds(1),
  maxEvents: 20_000,
  busyLoop: 5_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
