/**
 * A trace that no run has made, of as many events as one likes: machines whose processes ask each other over streams, set timers and note what they
 * do, and from time to time a fault.
 */
import { instantOf } from '../../src/host/time.ts';
import { ENGINE_VERSION, NO_CAUSE, TRACE_VERSION, type TraceEvent, type TraceHeader } from '../../src/trace/event.ts';

const MACHINES = 6;
/** Events between two that ask. */
const ROUND = 10;
const PAYLOAD = 48;

export const madeUpHeader = (count: number): TraceHeader => ({
  version: TRACE_VERSION,
  engine: ENGINE_VERSION,
  kind: 'sim',
  clock: 'virtual',
  name: 'made/up',
  seed: '0',
  plan: { count },
  title: 'Machines ask each other for ever.',
});

export function* madeUp(count: number): Generator<TraceEvent> {
  let time = 0;
  for (let index = 0; index < count; index++) {
    const step = index % ROUND;
    const round = Math.floor(index / ROUND);
    const [asker, asked] = [round % MACHINES, (round + 1 + (round % 3)) % MACHINES];
    time += step === 0 ? 700 : 13;
    yield eventAt(index, step, round, instantOf(time), `m${asker}/client.100`, `m${asked}/server.101`);
  }
}

function eventAt(index: number, step: number, round: number, time: TraceEvent['time'], client: string, server: string): TraceEvent {
  const plain = { index, time, process: client, cause: NO_CAUSE, message: 0, channel: '', bytes: undefined, data: undefined };
  const channel = `tcp${round % 40}`;
  // As hard to pack as what is encrypted.
  let state = index + 1;
  const bytes = new Uint8Array(PAYLOAD).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  switch (step) {
    case 0:
      return { ...plain, kind: 'timer', data: { delay: 5_000_000, id: round } };
    case 1:
      return { ...plain, kind: 'send', channel: `${channel}>`, message: 2 * round + 1, bytes };
    case 2:
      return { ...plain, process: server, kind: 'recv', cause: index - 1, channel: `${channel}>`, message: 2 * round + 1, bytes };
    case 3:
      return { ...plain, process: server, kind: 'log', data: { event: 'request', severity: 'info', number: round } };
    case 4:
      return { ...plain, process: server, kind: 'write', bytes: bytes.subarray(0, 16), data: { path: `/var/store/${round % 1000}` } };
    case 5:
      return { ...plain, process: server, kind: 'send', channel: `${channel}<`, message: 2 * round + 2, bytes };
    case 6:
      return { ...plain, kind: 'recv', cause: index - 1, channel: `${channel}<`, message: 2 * round + 2, bytes };
    case 7:
      return { ...plain, kind: 'cancel', data: { id: round } };
    case 8:
      return { ...plain, kind: 'log', data: { event: 'answer', severity: round % 100 === 0 ? 'warning' : 'debug', number: round } };
    default: {
      const isFault = round % 500 < 20 && round % 10 === 0;
      const data = {
        fault: Math.floor(round / 500),
        kind: 'partition',
        step: round % 500 === 0 ? 'begin' : round % 500 === 10 ? 'end' : 'fire',
      };
      return isFault ? { ...plain, process: '', kind: 'fault', data } : { ...plain, kind: 'random', data: { of: 100, value: round % 100 } };
    }
  }
}
