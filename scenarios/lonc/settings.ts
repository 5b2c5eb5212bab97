/**
 * A machine whose configuration was written by hand: settings that are missing, wrong, given twice or in two files, and a hosts table with lines that
 * are none, all of them at their limits. A gateway, whose children are not ours, and a lond read them, and somebody calls that lond.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { locals, pick, plans } from '../../src/check/plans.ts';
import { type SometimesProperty, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom, listUpTo } from '../../src/check/shape.ts';
import { seconds } from '../../src/host/time.ts';
import { CALLER, OPERATOR } from './daemons/names.ts';
import { otherChild } from './daemons/other-child.ts';
import { addressOf, buildNetwork, CASTING, GATEWAY, GATEWAY_CHILD, LOND } from './parts/network.ts';
import { CONF } from './parts/places.ts';
import { programOf } from './parts/processes.ts';
import { asConfigured } from './properties/settings.ts';

export interface SettingsWorkload {
  /** Of BASES. */
  readonly base: number;
  /** Lines beside it: of LINES. */
  readonly lines: readonly number[];
  /** A second file: of SECONDS. */
  readonly second: number;
  /** Lines of the hosts table: of HOSTS. */
  readonly hosts: readonly number[];
  /** How many hosts there are before these, beside the limit of a table; 0: none. */
  readonly many: number;
}
export type SettingsPlan = CommonPlan & SettingsWorkload;

const MORE = '/etc/more.conf';
const AROUND = [-1, 0, 1];
const LINE_MAX = 4_096;
const BYTES_MAX = 4_194_304;
const HOSTS_MAX = 4_096;
const LINES_MAX = 5;
const TABLE_MAX = 10;
const ID_MAX = 40;

const REQUIRED = ['lonHostID h1', 'lonDaemons /d', 'lonTabDir /t', 'lonSockDir /s', 'lonDocRoot /w'].map(line => `PerlSetVar ${line}`);
/** All that is required; the same, written in another way; and what has not all of it. */
const BASES: readonly (readonly string[])[] = [
  REQUIRED,
  REQUIRED,
  REQUIRED,
  REQUIRED,
  REQUIRED.map(line => `${line}\r`),
  REQUIRED.map(line => `\t ${line.replaceAll(' ', ' \t')}  `),
  ...REQUIRED.map(missing => REQUIRED.filter(line => line !== missing)),
  ['lonTabDir t', 'lonDocRoot w', 'lonDaemons ./d', 'lonSockDir s'].map(line => `PerlSetVar ${line}`),
  [],
];
const LINES: readonly string[] = [
  '',
  '# PerlSetVar lonHostID h2',
  'PerlSetVariable lonHostID h2',
  'PerlSetVar',
  'PerlSetVar lonHostID',
  'PerlSetVar lonHostID h2 h3',
  'PerlSetVar lon-HostID h2',
  'PerlSetVar lonHostID h1',
  ...['1', '5663', '65535', '65536', '0', '00000', '99999', '123456', '+80', '80x'].map(port => `PerlSetVar londPort ${port}`),
  ...['100', '50', '0.001', '12.5', '100.001', '99.999', '0', '0.000', '101', '.5', '1.', '50.0000'].map(
    each => `PerlSetVar lonTimePercent ${each}`,
  ),
  'PerlSetVar lonUsersDir /d/users/net',
  'PerlSetVar lonUsersDir users',
  ...AROUND.map(more => `#${'.'.repeat(LINE_MAX + more - 1)}`),
  ...AROUND.map(more => `PerlSetVar lonUsersDir /d/users${' '.repeat(LINE_MAX + more - 31)}`),
  ...AROUND.map(more => `#${'.'.repeat(BYTES_MAX + more)}`),
];
/** The last of them make the file as long as it may be. */
const HUGE = LINES.length - AROUND.length;
const MORES: readonly (readonly string[] | 'absent' | 'none')[] = [
  'none',
  'none',
  'none',
  'none',
  'absent',
  [],
  ['PerlSetVar londPort 7000', 'PerlSetVar'],
  ['PerlSetVar londPort 0'],
  REQUIRED,
];
const HOSTS: readonly string[] = [
  'h2:net:library:name:10.0.0.2',
  'h2:net:library:other:10.0.0.9',
  'h3:net:library:name:10.0.0.3:more:and:more',
  '#h4:net:library:name:10.0.0.4',
  '',
  ' \t',
  'h4:net:library:10.0.0.4',
  'h4:net:library:name:10.0.0.4\r',
  'a.b-c_d:net:library:name:255.255.255.255',
  '.x:net:library:name:10.0.0.5',
  'a/b:net:library:name:10.0.0.5',
  'a b:net:library:name:10.0.0.5',
  ':net:library:name:10.0.0.5',
  ...AROUND.map(more => `${'i'.repeat(ID_MAX + more)}:net:library:name:10.0.0.6`),
  ...['10.0.0.256', '10.0.0', '10.0.0.1.1', '10.0.0.1000', 'a.b.c.d', '10.0.0.', '', ' 10.0.0.7'].map(
    address => `h7:net:library:name:${address}`,
  ),
  ...AROUND.map(more => `l${more + 1}:net:library:name:10.0.0.8:`.padEnd(LINE_MAX + more, '.')),
];
const MANY = [...Array.from({ length: 12 }, () => 0), HOSTS_MAX - 1, HOSTS_MAX, HOSTS_MAX + 1];

const began: SometimesProperty = sometimes(
  'lond-serves',
  'A lond serves.',
  () => ({ see: ({ data }) => data?.['event'] === 'listening' }),
  ['log'],
);
const refused: SometimesProperty = sometimes(
  'refuses-settings',
  'A daemon ends because of its settings.',
  () => ({ see: ({ process, data }) => programOf(process) === LOND && data?.['code'] === 1 }),
  ['exit'],
);

export const settings: Scenario<SettingsPlan> = defineScenario<SettingsPlan>({
  name: 'lonc/settings',
  protocol: 'lonc',
  title: 'Daemons do what their configuration says, and say what is wrong with it.',
  programs: () => ({ ...CASTING, [GATEWAY_CHILD]: otherChild([{ lasts: 0, status: 0, deaf: false, answers: 'nobody' }]) }),
  plans: profile =>
    plans<SettingsWorkload>(
      profile,
      { local: locals({ reads: [16_384, 65_536] }) },
      {
        base: pick([...BASES.keys(), ...Array.from({ length: 12 }, (_, index) => index % 6)]),
        // What makes much work is rare.
        lines: fc.array(pick([...LINES.keys(), ...Array.from({ length: HUGE }, (_, index) => index)]), { maxLength: LINES_MAX }),
        second: pick([...MORES.keys()]),
        hosts: fc.array(pick([...HOSTS.keys()]), { maxLength: TABLE_MAX, size: 'max' }),
        many: pick(MANY),
      },
    ),
  workload: {
    base: integerFrom(0, BASES.length - 1),
    lines: listUpTo(LINES_MAX, integerFrom(0, LINES.length - 1)),
    second: integerFrom(0, MORES.length - 1),
    hosts: listUpTo(TABLE_MAX, integerFrom(0, HOSTS.length - 1)),
    many: integerFrom(0, HOSTS_MAX + 1),
  },
  build: (world, { base, lines, second, hosts, many }) => {
    const more = MORES[second] ?? 'none';
    const before = Array.from({ length: many }, (_, index) => `m${index}:net:library:name:10.1.${index >> 8}.${index & 255}`);
    const files = {
      [CONF]: confOf([...(BASES[base] ?? []), ...lines.map(each => LINES[each] ?? '')]),
      '/t/hosts.tab': [...before, ...hosts.map(each => HOSTS[each] ?? '')].map(line => `${line}\n`).join('') || '\n',
      ...(typeof more === 'string' ? {} : { [MORE]: `${more.join('\n')}\n` }),
    };
    const also = more === 'none' ? [] : [`--conf=${MORE}`];
    buildNetwork(world, [
      {
        id: 'h1',
        files,
        // A gateway has a child for each host.
        daemons: [[LOND, ...also], ...(many > 0 ? [] : [[GATEWAY, ...also]])],
        others: [[OPERATOR, '--send=500:SIGUSR1:gateway']],
      },
      {
        id: 'h2',
        daemons: [],
        others: [[CALLER, `--to=${addressOf(0)}`, '--server=h1', '--client=h2', '--call=1000:put:net:u0:n0:k0=1|load']],
      },
    ]);
  },
  properties: [asConfigured, began, refused],
  chaos: seconds(10),
  liveness: seconds(20),
  maxEvents: 3_000,
  busyLoop: 2_000,
  budget: NO_FAULTS,
  housekeeping: { programs: { [GATEWAY_CHILD]: { endsWithin: seconds(1) } } },
  expected: { corrected: 'holds' },
});

/** A line that fills a file is as much shorter as there is beside it. */
function confOf(lines: readonly string[]): string {
  const rest = lines.reduce((sum, line) => sum + (line.length > BYTES_MAX / 2 ? 0 : line.length + 1), 0);
  return lines.map(line => `${line.length > BYTES_MAX / 2 ? line.slice(rest + 2) : line}\n`).join('');
}
