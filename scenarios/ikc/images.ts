/**
 * Values of every kind and at every limit, as images of Storable: through the state `echo` of a hub, and through a mirror, in the order of the
 * network and of a machine. What comes back must be, byte by byte, what Perl stores of them.
 */
import fc from 'fast-check';
import { NO_FAULTS } from '../../src/check/budget.ts';
import { choice, type Field, list } from '../../src/check/fields.ts';
import { locals, PLAIN, pick, plans } from '../../src/check/plans.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { object } from '../../src/check/shape.ts';
import { workloads } from '../../src/check/workload.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';
import { MIRROR, STORER } from './daemons/names.ts';
import { JSON_NAMES, NAMES } from './parts/images.ts';
import { AT_HUB, addMachine, CASTING, HUB, HUB_ADDRESS, quirkArgs, server } from './parts/network.ts';
import { serverSurvives } from './properties/ends.ts';
import { imageRefusedMet, imagesComeBack, imagesEnd } from './properties/images.ts';

interface Drawn {
  readonly piece: string;
  readonly size: number;
}
interface Images {
  readonly pieces: readonly Drawn[];
  readonly texts: readonly Drawn[];
}
export type ImagesPlan = CommonPlan & Images;

/** Lengths at which one form ends and another begins, here or in whoever reads them. */
const SIZES = [
  ...Array.from({ length: 34 }, (_, index) => index),
  63,
  64,
  126,
  127,
  128,
  129,
  254,
  255,
  256,
  257,
  300,
  1_000,
  16_370,
  20_000,
];
function of(names: readonly string[]): Field<Drawn> {
  const { arbitraries: one, shapes: shape } = workloads<Drawn>({ piece: choice(...names), size: choice(...SIZES) });
  return { arbitrary: fc.record(one, PLAIN), shape: object(shape) };
}
const { arbitraries, shapes } = workloads<Images>({ pieces: list(of(NAMES), 24, 14), texts: list(of(JSON_NAMES), 6) });

const AT_MIRROR = `${HUB_ADDRESS}:604`;
const AT_EXACT = `${HUB_ADDRESS}:605`;
const HOWS = [
  ['asked', AT_HUB],
  ['json', AT_HUB],
  ['whole', AT_MIRROR],
  ['native', AT_MIRROR],
  ['exact', AT_EXACT],
] as const;

export const images: Scenario<ImagesPlan> = defineScenario<ImagesPlan>({
  name: 'ikc/images',
  protocol: 'ikc',
  title: 'A value that is read and stored again is the same, whatever it is.',
  programs: () => CASTING,
  plans: profile => plans<Images>(profile, { link: pick([LINK_DEFAULTS]), local: locals({ reads: [4_096, 65_536] }) }, arbitraries),
  workload: shapes,
  build: (world, { pieces, texts, profile }) => {
    const wordsOf = (all: readonly Drawn[]) => all.map(({ piece, size }) => `${piece}*${size}`);
    addMachine(world, HUB, [
      server(AT_HUB, '--name=hub', '--alias=centre', ...quirkArgs(profile)),
      { program: MIRROR, args: [AT_MIRROR] },
      { program: MIRROR, args: [AT_EXACT, '--exact'] },
    ]);
    const machines = HOWS.map(([how]) => addMachine(world, how, []));
    // When there is somebody who listens.
    world.at(instantOf(1_000_000), () => {
      for (const [index, [how, at]] of HOWS.entries())
        machines[index]?.start(STORER, [at, how, ...wordsOf(how === 'json' ? texts : pieces)]);
    });
  },
  properties: [imagesComeBack, imagesEnd, serverSurvives, imageRefusedMet],
  chaos: seconds(20),
  liveness: seconds(20),
  maxEvents: 60_000,
  busyLoop: 40_000,
  budget: NO_FAULTS,
  expected: { corrected: 'holds' },
});
