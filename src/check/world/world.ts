/**
 * THE PROPERTIES THAT COME WITH THE WORLD: what is judged of every scenario without being asked for, to find mistakes that no
 * scenario was written for. What a scenario knows of its programs (housekeeping.ts) makes more of them, and sharper ones.
 * Lacks: a protocol; anything that a trace does not tell.
 */
import type { Duration } from '../../host/time.ts';
import type { Property } from '../property.ts';
import { durableBeforeTold } from './durable.ts';
import { endsOnceTold } from './ends-once-told.ts';
import type { Housekeeping } from './housekeeping.ts';
import { noLeak } from './no-leak.ts';
import { noLivelock } from './no-livelock.ts';
import { noLogFlood } from './no-log-flood.ts';
import { noTemporaryLeft } from './no-temporary-left.ts';
import { noUnansweredWait } from './no-unanswered-wait.ts';
import { noSignalToReaped } from './reaped.ts';
import { timersAct } from './timers-act.ts';

/** What they look at of a scenario. */
export interface WorldSubject {
  readonly liveness: Duration;
  readonly housekeeping?: Housekeeping;
  /** Names of properties that come with the world and do not apply, each with the reason. */
  readonly exempt?: Readonly<Partial<Record<WorldPropertyName, string>>>;
}

/** What a scenario may be exempt from. */
export type WorldPropertyName =
  | 'no-leak'
  | 'no-temporary-left'
  | 'no-unanswered-wait'
  | 'no-livelock'
  | 'no-log-flood'
  | 'no-signal-to-reaped'
  | 'ends-once-told'
  | 'timers-act'
  | 'durable-before-told';

/** Absent where the scenario does not say what it takes. */
const WORLD_PROPERTIES: Readonly<Record<WorldPropertyName, (scenario: WorldSubject) => Property | undefined>> = {
  'no-leak': ({ liveness, housekeeping: { programs = {} } = {} }) => noLeak(liveness, programs),
  'no-temporary-left': ({ liveness }) => noTemporaryLeft(liveness),
  'no-unanswered-wait': ({ liveness, housekeeping: { programs = {} } = {} }) =>
    noUnansweredWait(
      liveness,
      Object.keys(programs).filter(each => programs[each]?.asks === true),
    ),
  'no-livelock': () => noLivelock,
  'no-log-flood': ({ housekeeping: { prints = [] } = {} }) => noLogFlood(prints),
  'no-signal-to-reaped': () => noSignalToReaped,
  'ends-once-told': ({ liveness, housekeeping: { programs = {} } = {} }) =>
    endsOnceTold(
      liveness,
      new Map(Object.entries(programs).flatMap(([program, { endsWithin }]) => (endsWithin ? [[program, endsWithin]] : []))),
    ),
  'timers-act': ({ housekeeping: { programs = {} } = {} }) => {
    const idle = new Map(Object.entries(programs).flatMap(([program, { idleTimers }]) => (idleTimers ? [[program, idleTimers]] : [])));
    return idle.size === 0 ? undefined : timersAct(idle);
  },
  'durable-before-told': ({ housekeeping: { directories = {} } = {} }) =>
    Object.keys(directories).length === 0 ? undefined : durableBeforeTold(directories),
};

// The table is Record<WorldPropertyName, …>, so its keys are exactly the names.
export const WORLD_PROPERTY_NAMES: readonly WorldPropertyName[] = Object.keys(WORLD_PROPERTIES) as WorldPropertyName[];

export const worldPropertiesOf = (scenario: WorldSubject): readonly Property[] =>
  WORLD_PROPERTY_NAMES.filter(name => scenario.exempt?.[name] === undefined).flatMap(name => WORLD_PROPERTIES[name](scenario) ?? []);
