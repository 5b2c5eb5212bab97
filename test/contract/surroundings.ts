/**
 * Processes: what a program is started with beside its arguments, the environment, and as whom it runs.
 * Lacks: what the rights of a user are, which the simulator has not; what he starts, who may not be able to read these programs.
 */
import type { Host, Programs } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { outcome, reaped } from './kit.ts';

const SECTION = 'processes: surroundings';
const VALUES: readonly string[] = ['', 'two words', 'a=b=c', 'Straße 東京 🚢', 'line\nbreak', '$HOME'];
const MISSING = 'CONTRACT_NOBODY_SETS_THIS';
/** Of one argument with its NUL, as Linux has it. */
const LONGEST_ARGUMENT = 131_071;

const variables = (values: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(values.map((value, index) => [`CONTRACT_${index}`, value]));
const shown = ({ process }: Host, names: readonly string[]): string => JSON.stringify(names.map(name => process.environment(name) ?? null));

export const SURROUNDINGS: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'environment-given',
    purpose: 'Variables arrive as they were given, with any text; one that nobody has set is not there.',
    roles: {
      *main(host, stage) {
        must(host.process.spawn(stage.program('child'), [], { environment: variables(VALUES) }));
        yield* reaped(host);
        stage.saw(shown(host, ['CONTRACT_0']));
      },
      child(host, { saw }) {
        saw(shown(host, [...Object.keys(variables(VALUES)), MISSING]));
        host.process.exit(0);
      },
    },
    expect: { main: ['[null]'], child: [JSON.stringify([...VALUES, null])] },
  }),

  contractCase(SECTION, {
    name: 'environment-inherited',
    purpose: 'A child has the variables of its parent, and instead of one of them what it was given under that name; `exec` keeps them.',
    roles: {
      *main(host, stage) {
        must(host.process.spawn(stage.program('middle'), [], { environment: variables(['old', 'kept']) }));
        yield* reaped(host);
      },
      *middle(host, stage) {
        must(host.process.spawn(stage.program('last'), [], { environment: variables(['new']) }));
        yield* reaped(host);
        stage.saw(shown(host, ['CONTRACT_0', 'CONTRACT_1']));
        host.process.exec(stage.program('after'), []);
      },
      last(host, { saw }) {
        saw(shown(host, ['CONTRACT_0', 'CONTRACT_1']));
        host.process.exit(0);
      },
      after(host, { saw }) {
        saw(shown(host, ['CONTRACT_0', 'CONTRACT_1']));
        host.process.exit(0);
      },
    },
    expect: { middle: ['["old","kept"]'], last: ['["new","kept"]'], after: ['["old","kept"]'] },
  }),

  contractCase(SECTION, {
    name: 'environment-refused',
    purpose: 'A name that is empty or has a `=` in it, and a NUL anywhere, are EINVAL; a variable is no longer than an argument.',
    roles: {
      *main(host, stage) {
        const tried = (environment: Readonly<Record<string, string>>): string =>
          outcome(host.process.spawn(stage.program('child'), [], { environment }));
        stage.saw(
          `${tried({ '': 'x' })} ${tried({ 'a=b': 'x' })} ${tried({ 'a\0': 'x' })} ${tried({ a: '\0' })} ${tried({ a: '\ud83d' })}`,
        );
        stage.saw(`too long: ${tried({ a: 'x'.repeat(LONGEST_ARGUMENT - 1) })}`);
        stage.saw(`longest: ${tried({ a: 'x'.repeat(LONGEST_ARGUMENT - 2) })}`);
        yield* reaped(host);
      },
      child: host => host.process.exit(0),
    },
    expect: { main: ['EINVAL EINVAL EINVAL EINVAL EINVAL', 'too long: E2BIG', 'longest: ok'] },
  }),

  contractCase(SECTION, {
    name: 'environment-longest',
    purpose: 'The longest variable arrives.',
    roles: {
      *main(host, stage) {
        must(host.process.spawn(stage.program('child'), [], { environment: { a: 'x'.repeat(LONGEST_ARGUMENT - 2) } }));
        yield* reaped(host);
      },
      child(host, { saw }) {
        saw(`${host.process.environment('a')?.length}`);
        host.process.exit(0);
      },
    },
    expect: { child: [`${LONGEST_ARGUMENT - 2}`] },
  }),

  contractCase(SECTION, {
    name: 'become-another',
    purpose: 'root becomes another user; there is no way back, and nobody becomes a user that is not there.',
    asRoot: true,
    roles: {
      *main(host, stage) {
        stage.saw(`nobody knows him: ${outcome(host.process.become('no-such-user'))}`);
        stage.start('child');
        yield* reaped(host);
        stage.saw(`this one still is who it was: ${outcome(host.process.become('root'))}`);
      },
      child(host, stage) {
        stage.saw(outcome(host.process.become('nobody')));
        stage.saw(`back: ${outcome(host.process.become('root'))}`);
        stage.saw(`nobody knows him: ${outcome(host.process.become('no-such-user'))}`);
        host.process.exit(0);
      },
    },
    expect: {
      main: ['nobody knows him: ENOENT', 'this one still is who it was: ok'],
      child: ['ok', 'back: EPERM', 'nobody knows him: ENOENT'],
    },
  }),
];

export const programs: Programs = programsOf(SURROUNDINGS);
