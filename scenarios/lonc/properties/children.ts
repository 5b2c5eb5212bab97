/**
 * How children live: one for each host, started again as often as was said, and no more.
 */
import {
  type AlwaysProperty,
  always,
  type ResponseProperty,
  responds,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { seconds, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { LIFE_KINDS, Lives } from '../parts/lives.ts';
import { isLog, machineOf, programOf } from '../parts/processes.ts';

/** What a parent promises (README.md of the gateway, L9; A3). */
const ATTEMPTS_MAX = 5;
const HEALTHY_LIFE = seconds(900);
/** A parent may be paused; this is from healing on. */
const RESTARTED = seconds(5);

export const oneChildPerHost: AlwaysProperty = always(
  'one-child-per-host',
  'No machine has two living gateway children for the same host (A-B14).',
  () => {
    const lives = new Lives();
    return {
      see: event => {
        const change = lives.see(event);
        if (change?.kind !== 'born') return undefined;
        const twins = lives.of(change.life.link);
        return twins.length > 1 ? `${twins.map(life => life.process).join(' and ')} live at once` : undefined;
      },
    };
  },
  LIFE_KINDS,
);

const isGateway = (process: string): boolean => programOf(process) === 'gateway';

/** Deaths of each link since its count began anew. */
class Deaths {
  readonly #lives = new Lives();
  readonly #counts = new Map<string, number>();

  /** The link whose child has died or was born, and its deaths. */
  see(event: TraceEvent): { readonly kind: 'born' | 'died'; readonly link: string; readonly deaths: number } | undefined {
    if (event.kind === 'signal' && event.data?.['signal'] === 'SIGUSR1' && isGateway(event.process)) this.#rearm(machineOf(event.process));
    if (event.kind === 'power') this.#rearm(String(event.data?.['machine']));
    const change = this.#lives.see(event);
    if (change === undefined) return undefined;
    const { link, began } = change.life;
    if (change.kind === 'died') {
      const before = since(began, event.time) >= HEALTHY_LIFE ? 0 : this.of(link);
      this.#counts.set(link, before + 1);
    }
    return { kind: change.kind, link, deaths: this.of(link) };
  }

  of(link: string): number {
    return this.#counts.get(link) ?? 0;
  }

  #rearm(machine: string): void {
    for (const link of this.#counts.keys()) if (link.startsWith(`${machine} for `)) this.#counts.set(link, 0);
  }
}

const DEATH_KINDS = [...LIFE_KINDS, 'signal'] as const;

export const attemptsAsConfigured: AlwaysProperty = always(
  'attempts-as-configured',
  'A host has five restarts: the sixth death in a row is final, and no earlier one (A3, A-B11).',
  () => {
    const deaths = new Deaths();
    return {
      see: event => {
        if (isLog(event, 'skipped') && isGateway(event.process)) {
          const peer = String(event.data?.['text']).replace('Skipped ', '');
          const count = deaths.of(`${machineOf(event.process)} for ${peer}`);
          return count <= ATTEMPTS_MAX ? `${peer} is given up after ${count} deaths in a row` : undefined;
        }
        const change = deaths.see(event);
        if (change?.kind !== 'born' || change.deaths <= ATTEMPTS_MAX) return undefined;
        return `${change.link}: a child is started after ${change.deaths} deaths in a row`;
      },
    };
  },
  [...DEATH_KINDS, 'log'],
);

export const restartedAtOnce: ResponseProperty = responds(
  'restarted-at-once',
  'A child that has died is started again at once, or its host is given up (A3).',
  RESTARTED,
  () => {
    const deaths = new Deaths();
    let change: ReturnType<Deaths['see']>;
    return {
      // Asked before the trigger, so that each event is seen once.
      response: event => {
        change = deaths.see(event);
        if (change?.kind === 'born') return change.link;
        if (!isLog(event, 'skipped')) return undefined;
        return `${machineOf(event.process)} for ${String(event.data?.['text']).replace('Skipped ', '')}`;
      },
      trigger: () => (change?.kind === 'died' ? change.link : undefined),
      excuses: (event, key) =>
        event.kind === 'power' || (event.kind === 'exit' && isGateway(event.process) && key.startsWith(`${machineOf(event.process)} for `)),
    };
  },
  [...DEATH_KINDS, 'log'],
);

export const restartMet: SometimesProperty = sometimes(
  'child-restarted',
  'A gateway starts a child again.',
  () => ({ see: event => isLog(event, 'restarting-child') && isGateway(event.process) }),
  ['log'],
);

export const startsMet: SometimesProperty = sometimes(
  'gateway-starts',
  'A gateway starts the children of all its hosts.',
  () => ({ see: event => isLog(event, 'started') && isGateway(event.process) }),
  ['log'],
);
