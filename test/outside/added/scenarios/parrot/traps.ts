/** The traps of parrot, one row each. */
import { eventually } from '../../src/check/property.ts';
import type { Scenario } from '../../src/check/scenario.ts';
import { type TrapSpec, type TrapStage, trapScenario } from '../../src/check/trap.ts';
import { seconds } from '../../src/host/time.ts';
import { programs } from '../../src/impl/parrot/programs.ts';
import { QUIRK, type Quirk } from '../../src/impl/parrot/quirks.ts';

const STAGE: TrapStage = {
  protocol: 'parrot',
  programs,
  ranges: { first: [1_024, 9_999], gap: [1, 500], count: [1, 3], turn: [0, 1] },
  liveness: 30,
  maxEvents: 2_000,
  busyLoop: 1_000,
};

const answered = eventually('is-answered', 'Whoever asks hears what was said.', { within: seconds(20) }, () => {
  let right = false;
  return {
    see: ({ kind, data }) => {
      right ||= kind === 'log' && data?.['event'] === 'answered' && data['right'] === true;
      return right;
    },
  };
});

const TABLE: readonly TrapSpec<Quirk>[] = [
  {
    quirk: QUIRK.FORGET_REST,
    title: 'A line is said back, whatever pieces it comes in.',
    properties: [answered],
  },
];

export const traps: readonly Scenario[] = TABLE.map(spec =>
  trapScenario(STAGE, spec, (world, { profile, first, gap }) => {
    const place = ['--address=10.0.0.1', `--port=${first}`];
    const quirks = profile === 'corrected' || spec.quirk === undefined ? [] : [`--quirk=${spec.quirk}`];
    world.machine('perch').start('parrot', [...place, ...quirks]);
    world.machine('ship').start('parrot-client', [...place, `--pause=${gap}`]);
  }),
);
