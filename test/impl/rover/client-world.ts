/** A client and a server that is not ours in a small world: what the client told, and what the server did. */
import { foreign, foreignLog } from '../../../scenarios/rover/daemons/foreign.ts';
import type { Daemon } from '../../../src/host/host.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { clientNoted } from '../../../src/impl/rover/client-log.ts';
import { roverClient } from '../../../src/impl/rover/client-program.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export interface ClientRun {
  readonly trace: readonly TraceEvent[];
  /** `NUMBER STATUS RESULT` of what was told, in order, over all lives. */
  readonly told: readonly string[];
  /** `EPOCH-less NUMBER REQUEST` of what the server did. */
  readonly did: readonly string[];
  /** Status of each client that ended. */
  readonly ends: readonly unknown[];
  fields(slug: string, field: string): readonly unknown[];
}

export interface Lives {
  /** Arguments of a client, and when it starts, in seconds. */
  readonly clients: readonly (readonly [at: number, ...args: readonly string[]])[];
  readonly server?: readonly string[];
  /** Seconds. */
  readonly until?: number;
  readonly faults?: readonly Fault[];
  /** In the place of `rover-client`. */
  readonly client?: Daemon;
}

export const AT_FOREIGN = ['--server=10.0.0.1:9090', '--user=ann', '--host=laptop', '--state=/var/queue'] as const;
const calm = ['--moods=answer', '--calm=0'];

export function live({ clients, server = calm, until = 600, faults = [], client = roverClient }: Lives): ClientRun {
  const trace: TraceEvent[] = [];
  const starter: Daemon = host => {
    for (const [at, ...args] of clients)
      host.clock.setTimer(seconds(at), () => void host.process.spawn('rover-client', [...AT_FOREIGN, ...args]));
  };
  const programs = { foreign, starter, 'rover-client': client };
  const world = new World({ seed: 's', programs, sink: event => trace.push(event) });
  world.machine('server', {}).start('foreign', ['--port=9090', ...server]);
  world.machine('laptop', { directories: ['/var'] }).start('starter');
  world.inject(faults);
  world.run(instantOf(until * 1_000_000), 500_000);
  const bug = trace.find(({ kind }) => kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  const told = trace.flatMap(event => {
    const answer = clientNoted.answer.of(event);
    return answer === undefined ? [] : [`${answer.number} ${answer.status} ${answer.result}`];
  });
  const did = trace.flatMap(event => {
    const one = foreignLog.did.of(event);
    return one === undefined ? [] : [`${one.number} ${one.request}`];
  });
  const ends = trace
    .filter(({ kind, process }) => kind === 'exit' && process.includes('rover-client'))
    .map(({ data }) => data?.['signal'] ?? data?.['code']);
  const fields = (slug: string, field: string): readonly unknown[] =>
    trace.filter(({ kind, data }) => kind === 'log' && data?.['event'] === slug).map(({ data }) => data?.[field]);
  return { trace, told, did, ends, fields };
}
