/**
 * A LONG QUIET DAY: ten hosts, each with a lond and a gateway that has links to the nine others, light traffic on every link,
 * and a partition each hour, after which links are lost, rest, and come back. It is a scenario like any other, so it can be run
 * as all are, every property judged at every event, and in a bare world, which records and fingerprints and judges nothing.
 */
import fc from 'fast-check';
import { CLIENT } from '../scenarios/lonc/daemons/names.ts';
import { clearAsk, KEYS } from '../scenarios/lonc/parts/asks.ts';
import { buildNetwork, CASTING, GATEWAY, hostIds, LOND } from '../scenarios/lonc/parts/network.ts';
import { allAnswered, answersAreOwn, conLostMet, replyMet } from '../scenarios/lonc/properties/answers.ts';
import { oneChildPerHost } from '../scenarios/lonc/properties/children.ts';
import { backOffMet, linksUp, lostMet } from '../scenarios/lonc/properties/links.ts';
import { noSecretInLogs } from '../scenarios/lonc/properties/secrets.ts';
import { plans } from '../src/check/plans.ts';
import { runPlan } from '../src/check/run.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../src/check/scenario.ts';
import { after, type Duration, ORIGIN, seconds } from '../src/host/time.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS } from '../src/sim/core/options.ts';
import type { Fault, PartitionFault } from '../src/sim/fault.ts';
import { World } from '../src/sim/world.ts';

export const HOSTS = 10;
/** Between two requests on one link. */
const ASK_EVERY = 600;
const HOUR = 3_600;
const SEED = 0;
const IDS = hostIds(HOSTS);
/** As in lonc/mesh: an attempt, a back-off, a request that waits on a dead connection, and a dialogue. */
const LINKS_UP = seconds(180 + 359 + 300 + 25);
const LIVENESS = seconds(900);

/** One an hour, ten minutes after its beginning; every shape in turn, and all hosts are hit. */
const SHAPES: readonly ((hour: number) => Pick<PartitionFault, 'shape' | 'machines'>)[] = [
  hour => ({ shape: 'symmetric', machines: [idAt(hour), idAt(hour + 3)] }),
  hour => ({ shape: 'isolate', machines: [idAt(hour)] }),
  hour => ({ shape: 'halves', machines: [0, 2, 4, 6, 8].map(step => idAt(hour + step)) }),
  hour => ({ shape: 'one-way', machines: [idAt(hour), idAt(hour + 1)] }),
  hour => ({ shape: 'swizzle', machines: [idAt(hour), idAt(hour + 5)] }),
];

const idAt = (index: number): string => IDS[index % HOSTS] ?? '';

function partitions(hours: number): readonly Fault[] {
  return Array.from({ length: hours }, (_, hour): Fault => {
    const cut = SHAPES[hour % SHAPES.length]?.(hour) ?? { shape: 'isolate', machines: [idAt(hour)] };
    return { kind: 'partition', at: seconds(HOUR * hour + 600), duration: seconds(300 + 60 * (hour % 6)), ...cut };
  });
}

/** All links of a host ask in turn, not at once. */
function clients(own: number, hours: number): readonly (readonly string[])[] {
  return IDS.flatMap((peer, index) => {
    if (index === own) return [];
    const says = Array.from({ length: (hours * HOUR) / ASK_EVERY }, (_, turn) => {
      const at = 30 + turn * ASK_EVERY + index * 60 + own * 6;
      return `--say=${at * 1_000}:${clearAsk((turn + own) % KEYS)}`;
    });
    return [
      [CLIENT, `--peer=${peer}`, ...says],
      [CLIENT, `--peer=${peer}`, `--probe=${hours * HOUR * 1_000}:${clearAsk(index)}`],
    ];
  });
}

export function dayOf(hours: number): { readonly scenario: Scenario; readonly plan: CommonPlan } {
  const faults = partitions(hours);
  const chaos: Duration = seconds(hours * HOUR);
  const plan: CommonPlan = { profile: 'corrected', faults, link: LINK_DEFAULTS, local: LOCAL_DEFAULTS, schedule: { strategy: 'fifo' } };
  const scenario = defineScenario<CommonPlan>({
    name: 'bench/day',
    protocol: 'lonc',
    title: 'Ten hosts have a quiet day.',
    programs: () => CASTING,
    plans: profile => plans(profile, { faults: fc.constant(faults) }, {}),
    workload: {},
    build: world => {
      const specs = IDS.map((id, own) => ({ id, daemons: [[LOND], [GATEWAY]], others: clients(own, hours) }));
      buildNetwork(world, specs);
    },
    properties: [
      answersAreOwn,
      allAnswered(LINKS_UP),
      linksUp(LINKS_UP),
      oneChildPerHost,
      noSecretInLogs,
      replyMet,
      conLostMet,
      lostMet,
      backOffMet,
    ],
    chaos,
    liveness: LIVENESS,
    maxEvents: 100_000 * (hours + 1),
    budget: { kinds: { partition: hours }, total: hours, longest: seconds(600), machines: IDS },
    expected: { corrected: 'holds' },
  });
  return { scenario, plan };
}

export interface DayRun {
  readonly simulatedSeconds: number;
  readonly events: number;
  readonly fingerprint: string;
  /** Of this process, by the clock of the processor: what others do beside it does not count. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface JudgedDay extends DayRun {
  readonly violations: readonly string[];
  /** Of the moments that a day has to have, those that it had. */
  readonly met: readonly string[];
}

/** As every scenario is run. Its property `links-up` says that in the end every link carries a request and its reply. */
export function judgedDay(hours: number): JudgedDay {
  const { scenario, plan } = dayOf(hours);
  return timed(() => {
    const result = runPlan(scenario, plan, SEED);
    const { eventCount, fingerprint, ending, met } = result;
    const violations = result.violations.map(({ property, why }) => `${property}: ${why}`);
    return { events: eventCount, fingerprint, simulatedSeconds: ending.time / 1_000_000, violations, met };
  });
}

/** The same events, with nobody who looks at them. */
export function bareDay(hours: number): DayRun {
  const { scenario, plan } = dayOf(hours);
  return timed(() => {
    const world = new World({ seed: String(SEED), programs: scenario.programs(plan), link: plan.link, local: plan.local });
    world.phase('chaos');
    scenario.build(world, plan);
    world.inject(plan.faults);
    world.run(after(ORIGIN, scenario.chaos));
    world.heal();
    world.phase('liveness');
    world.run(after(after(ORIGIN, scenario.chaos), scenario.liveness));
    return { events: world.events, fingerprint: world.fingerprint(), simulatedSeconds: world.now / 1_000_000 };
  });
}

function timed<T>(run: () => T): T & { readonly cpuSeconds: number; readonly wallSeconds: number } {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const result = run();
  const { user, system } = process.cpuUsage(cpu);
  return { ...result, cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - wall) / 1_000 };
}
