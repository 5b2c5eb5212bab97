/**
 * `node dist/bench/history.js [clients]`: what it costs to judge a history of 10,000 operations, half of them reads, by so many
 * clients: of a map with 100 keys, of one register that all share, and both with a last answer that cannot be.
 */
import { checkHistory, type Operation } from '../src/check/models/history.ts';
import { type MapCall, map } from '../src/check/models/usual.ts';
import type { Instant } from '../src/host/time.ts';
import { Prng } from '../src/sim/core/prng.ts';

const OPERATIONS = 10_000;
const CLIENTS = Number(process.argv[2] ?? 10);

type Asked = Operation<MapCall<number>, number | null>;

/** Each step one client calls, is served, or is answered. `wrong`: the last answer is a value that nobody wrote. */
function drawn(keys: number, wrong: boolean): readonly Asked[] {
  const prng = new Prng('history');
  const values = new Map<string, number>();
  const operations: Asked[] = [];
  const clients: { asked?: Asked; answer?: number | null }[] = Array.from({ length: CLIENTS }, () => ({}));
  for (let index = 0; operations.length < OPERATIONS; index++) {
    const number = prng.below(CLIENTS);
    const client = clients[number] ?? {};
    const point = { index, time: index as Instant };
    const { asked, answer } = client;
    if (asked === undefined) {
      const key = `k${prng.below(keys)}`;
      const call: MapCall<number> = prng.below(2) === 0 ? { op: 'get', key } : { op: 'put', key, value: prng.below(1_000) };
      client.asked = { process: `c.${number}`, call, called: point };
    } else if (answer === undefined) {
      if (asked.call.op === 'put') values.set(asked.call.key, asked.call.value);
      client.answer = asked.call.op === 'get' ? (values.get(asked.call.key) ?? null) : null;
    } else {
      const last = wrong && operations.length === OPERATIONS - 1;
      operations.push({ ...asked, answered: { ...point, answer: last ? -1 : answer } });
      clients[number] = {};
    }
  }
  return [...operations, ...clients.flatMap(({ asked }) => asked ?? [])];
}

for (const [name, keys] of [
  ['a map with 100 keys', 100],
  ['one register', 1],
] as const) {
  for (const wrong of [false, true]) {
    const history = drawn(keys, wrong);
    const begun = performance.now();
    const { verdict, counterexample } = checkHistory(map<number>(), history);
    const found = counterexample === undefined ? '' : `, ${counterexample.operations.length} of them suffice`;
    console.log(`${name}, ${CLIENTS} clients: ${verdict}${found}, ${Math.round(performance.now() - begun)} ms`);
  }
}
