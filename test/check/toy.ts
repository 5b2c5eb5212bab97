/**
 * A toy protocol for tests of src/check: a client sends `ping <n>` lines over TCP, the server answers `pong <n>`. Written as
 * its source says, the client waits for a pong without limit, which holds until a connection falls silent.
 */
import fc from 'fast-check';
import type { FaultBudget } from '../../src/check/budget.ts';
import { faults } from '../../src/check/faults.ts';
import { locals, pick, plans, schedules } from '../../src/check/plans.ts';
import { always, eventually, type Property, sometimes } from '../../src/check/property.ts';
import { type CommonPlan, defineScenario, type Scenario } from '../../src/check/scenario.ts';
import { integerFrom } from '../../src/check/shape.ts';
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler } from '../../src/host/host.ts';
import { type Duration, millis, seconds } from '../../src/host/time.ts';
import { LINK_DEFAULTS } from '../../src/sim/core/options.ts';

export interface ToyPlan extends CommonPlan {
  /** Milliseconds between two pings. */
  readonly interval: number;
}

const PORT = 7000;
const TIMEOUT = millis(300);
/** Longer than any run. */
const FOREVER = seconds(3600);

/** Calls `line` for every whole line of a stream. */
function lines(line: (text: string) => void): (bytes: Uint8Array) => void {
  let rest = '';
  return bytes => {
    const text = rest + textOf(bytes);
    const parts = text.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) line(part.trimEnd());
  };
}

export const server: Daemon = host => {
  const accept = (stream: Stream): StreamHandler => ({
    data: lines(text => {
      const matched = /^ping (\d+)$/.exec(text);
      if (matched === null) host.log('error', 'garbled');
      else stream.write(utf8(`pong ${matched[1]}\n`));
    }),
    end: () => stream.end(),
  });
  const opened = (result: { readonly ok: boolean }) => host.log('info', result.ok ? 'listening' : 'bind-failed');
  host.network.listen({ transport: 'tcp', address: '0.0.0.0', port: PORT }, { backlog: 16 }, { opened, accept });
};

export const client =
  (timeout: Duration): Daemon =>
  host =>
    new Client(host, timeout).connect();

class Client {
  readonly #host: Host;
  readonly #interval: Duration;
  readonly #timeout: Duration;
  #attempt = 0;
  #sent = 0;

  constructor(host: Host, timeout: Duration) {
    this.#host = host;
    this.#interval = millis(Number(host.process.args[0]));
    this.#timeout = timeout;
  }

  connect(): void {
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt;
    const watchdog = this.#host.clock.setTimer(TIMEOUT, () => this.#again(attempt));
    this.#host.network.connect({ transport: 'tcp', address: '10.0.0.2', port: PORT }, {}, result => {
      if (current()) watchdog.cancel();
      if (!result.ok) {
        this.#again(attempt);
        return { data: () => {} };
      }
      if (!current()) {
        result.value.close();
        return { data: () => {} };
      }
      return this.#converse(result.value, attempt);
    });
  }

  #converse(stream: Stream, attempt: number): StreamHandler {
    const { clock } = this.#host;
    let overdue = { cancel: () => {} };
    const ping = () => {
      if (attempt !== this.#attempt) return;
      stream.write(utf8(`ping ${++this.#sent}\n`));
      overdue = clock.setTimer(this.#timeout, () => {
        stream.reset();
        this.#again(attempt);
      });
    };
    ping();
    const data = lines(text => {
      overdue.cancel();
      this.#host.log('info', text === `pong ${this.#sent}` ? 'pong' : 'wrong-pong');
      clock.setTimer(this.#interval, ping);
    });
    return {
      data,
      end: () => stream.close(),
      close: () => {
        overdue.cancel();
        this.#again(attempt);
      },
    };
  }

  #again(attempt: number): void {
    if (attempt !== this.#attempt) return;
    this.#attempt++;
    this.#host.log('info', 'reconnect');
    this.#host.clock.setTimer(millis(100), () => this.connect());
  }
}

const logged = (name: string) => (event: { readonly data: Readonly<Record<string, unknown>> | undefined }) =>
  event.data?.['event'] === name;

export const noGarble: Property = always(
  'no-garble',
  'The server understands every line.',
  () => ({ see: event => (logged('garbled')(event) ? 'the server could not read a line' : undefined) }),
  ['log'],
);
export const pongs: Property = eventually(
  'pongs-again',
  'After healing a ping is answered.',
  { within: seconds(3) },
  () => {
    let healed = false;
    return {
      see: event => {
        if (event.kind === 'phase' && event.data?.['name'] === 'heal') healed = true;
        return healed && logged('pong')(event);
      },
    };
  },
  ['log', 'phase'],
);
export const reconnects: Property = sometimes('reconnects', 'A connection breaks.', () => ({ see: logged('reconnect') }), ['log']);

export const TOY_BUDGET: FaultBudget = {
  kinds: { segmentation: 1, partition: 1, 'power-cut': 1, latency: 1, reset: 2, 'half-open': 1 },
  total: 5,
  longest: seconds(1),
  programs: ['server'],
  machines: ['a', 'b'],
  severity: { extra: millis(100) },
};

export const toy: Scenario<ToyPlan> = defineScenario<ToyPlan>({
  name: 'toy/ping',
  protocol: 'toy',
  title: 'A client keeps pinging a server.',
  programs: plan => ({ server, client: client(plan.profile === 'as-written' ? FOREVER : TIMEOUT) }),
  plans: profile =>
    plans<{ interval: number }>(
      profile,
      {
        faults: faults(TOY_BUDGET, { until: seconds(2), timeouts: [TIMEOUT], moments: [millis(300)] }),
        link: pick([LINK_DEFAULTS]),
        local: locals(),
        schedule: schedules(),
      },
      { interval: fc.integer({ min: 10, max: 100 }) },
    ),
  workload: { interval: integerFrom(10, 100) },
  build: (world, plan) => {
    const [a, b] = [world.machine('a'), world.machine('b')];
    b.start('server');
    a.start('client', [String(plan.interval)]);
  },
  properties: [noGarble, pongs, reconnects],
  chaos: seconds(2),
  liveness: seconds(4),
  maxEvents: 50_000,
  budget: TOY_BUDGET,
  expected: { corrected: 'holds', 'as-written': { fails: ['pongs-again'], quirk: 'toy-no-timeout' } },
});
