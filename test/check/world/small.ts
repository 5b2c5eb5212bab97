/** Small scenarios for tests of the properties that come with the world: one machine, one daemon, and what runs of it violate. */
import { type ScenarioDefinition, scenario } from '../../../src/check/define.ts';
import { runSeed } from '../../../src/check/run.ts';
import type { Daemon, Host, Programs, Stream, StreamHandler } from '../../../src/host/host.ts';
import type { Result } from '../../../src/host/result.ts';
import { type Duration, millis } from '../../../src/host/time.ts';

type More = Partial<Pick<ScenarioDefinition<Record<never, never>>, 'housekeeping' | 'exempt' | 'liveness'>>;

/** What a run of `daemon` under the name `it` violates, of the properties of a scenario that has none of its own. */
export function violated(daemon: Daemon, more: More = {}, others: Programs = {}): readonly string[] {
  const small = scenario({
    name: 'small/one',
    title: 'One daemon.',
    programs: { it: daemon, ...others },
    build: world => void world.machine('m', { directories: ['/s', '/s/kept'] }).start('it'),
    properties: [],
    chaos: '1 s',
    liveness: '16 s',
    ...more,
  });
  return runSeed(small, 0).violations.map(({ property, why }) => `${property}: ${why}`);
}

/** Does something again and again. */
export function every(host: Host, delay: Duration, act: () => void): void {
  host.clock.setTimer(delay, () => {
    act();
    every(host, delay, act);
  });
}

export const HOUR: Duration = millis(3_600_000);
export const deaf: StreamHandler = { data: () => {} };
export const HERE = { transport: 'unix', path: '/s/here' } as const;

export function streamOf(result: Result<Stream>): Stream {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
