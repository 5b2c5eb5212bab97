/** A network as large as the builder makes them: every host reaches every other, and itself. */
import { expect, test } from 'vitest';
import { CLIENT } from '../../../scenarios/lonc/daemons/names.ts';
import { clearAsk } from '../../../scenarios/lonc/parts/asks.ts';
import { buildNetwork, CASTING, GATEWAY, HOSTS_MAX, hostIds, LOND } from '../../../scenarios/lonc/parts/network.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

/** A child whose first attempt came before lond listened backs off for up to 359 s. */
const UNTIL = instantOf(seconds(420));

test.each([1, 7, HOSTS_MAX])('%i hosts', count => {
  const ends: string[] = [];
  const sink = ({ kind, process, data }: TraceEvent): void => {
    if (kind === 'exit' && process.includes(`/${CLIENT}.`)) ends.push(String(data?.['code']));
  };
  const world = new World({ seed: String(count), programs: CASTING, sink });
  const ids = hostIds(count);
  const probes = ids.map(peer => [CLIENT, `--peer=${peer}`, `--probe=20000:${clearAsk(1)}`]);
  buildNetwork(
    world,
    ids.map(id => ({ id, daemons: [[LOND], [GATEWAY]], others: probes })),
  );
  world.run(UNTIL);
  expect(world.bugs).toEqual([]);
  expect(ends).toEqual(Array.from({ length: count * count }, () => '0'));
});
