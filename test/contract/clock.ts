/**
 * Clock, chance and log.
 */
import { micros, millis, ZERO } from '../../src/host/time.ts';
import { type ContractCase, contractCase, programsOf } from './case.ts';
import { pause, throws } from './kit.ts';

const SECTION = 'clock and chance';

export const CLOCK: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'timer-order',
    purpose: 'Timers fire in the order of their delays; those of one delay in the order in which they were set.',
    roles: {
      *main(host, { saw }) {
        const fired: string[] = [];
        const set = (name: string, delay: number): void => void host.clock.setTimer(millis(delay), () => fired.push(name));
        set('c', 320);
        set('a', 20);
        set('b1', 140);
        set('b2', 140);
        set('b3', 140);
        // A busy machine may stop us for a while between two of them.
        yield* pause(host, millis(450));
        saw(fired.join());
      },
    },
    expect: { main: ['a,b1,b2,b3,c'] },
  }),

  contractCase(SECTION, {
    name: 'timer-not-early',
    purpose: 'A timer fires once, not before its delay of monotonic time, whatever fraction of a millisecond that is.',
    roles: {
      *main(host, { saw }) {
        for (const delay of [micros(1), micros(1_500), micros(20_001), micros(30_999)]) {
          const start = host.clock.monotonic();
          yield* pause(host, delay);
          saw(`${delay} µs: ${host.clock.monotonic() - start >= delay}`);
        }
      },
    },
    expect: { main: ['1 µs: true', '1500 µs: true', '20001 µs: true', '30999 µs: true'] },
  }),

  contractCase(SECTION, {
    name: 'timer-cancel',
    purpose: 'A cancelled timer does not fire; cancelling again, or after it has fired, has no effect.',
    roles: {
      *main(host, { saw }) {
        let fired = 0;
        const one = host.clock.setTimer(millis(20), () => saw('cancelled timer'));
        one.cancel();
        one.cancel();
        const two = host.clock.setTimer(millis(20), () => void fired++);
        const three = host.clock.setTimer(millis(30), () => saw('cancelled by another'));
        host.clock.setTimer(millis(10), () => three.cancel());
        yield* pause(host);
        two.cancel();
        const four = host.clock.setTimer(ZERO, () => saw('cancelled at once'));
        four.cancel();
        yield* pause(host);
        saw(`fired ${fired}`);
      },
    },
    expect: { main: ['fired 1'] },
  }),

  contractCase(SECTION, {
    name: 'timer-zero',
    purpose: 'A delay of zero, or below, fires after the callback that set it.',
    roles: {
      *main(host, { saw }) {
        const order: string[] = [];
        yield resume => {
          host.clock.setTimer(ZERO, () => order.push('zero'));
          host.clock.setTimer(millis(-5), () => {
            order.push('below');
            host.clock.setTimer(ZERO, () => {
              order.push('inside');
              resume();
            });
            order.push('after the inner call');
          });
          order.push('after the calls');
        };
        saw(order.join(', '));
      },
    },
    expect: { main: ['after the calls, zero, below, after the inner call, inside'] },
  }),

  contractCase(SECTION, {
    name: 'timer-chain',
    purpose: 'A timer may set the next; time goes forward by each delay.',
    roles: {
      *main(host, { saw }) {
        const start = host.clock.monotonic();
        let count = 0;
        yield resume => {
          const again = (): void => {
            count += 1;
            if (count === 5) resume();
            else host.clock.setTimer(millis(10), again);
          };
          host.clock.setTimer(millis(10), again);
        };
        saw(`${count} timers, time enough: ${host.clock.monotonic() - start >= millis(50)}`);
      },
    },
    expect: { main: ['5 timers, time enough: true'] },
  }),

  contractCase(SECTION, {
    name: 'timer-cancelled-by-its-elder',
    purpose: 'Of two timers due at the same time the first may cancel the second.',
    roles: {
      *main(host, { saw }) {
        const second: { cancel?: () => void } = {};
        host.clock.setTimer(millis(20), () => second.cancel?.());
        const timer = host.clock.setTimer(millis(20), () => saw('second fired'));
        second.cancel = () => timer.cancel();
        yield* pause(host);
        saw('end');
      },
    },
    expect: { main: ['end'] },
  }),

  contractCase(SECTION, {
    name: 'clock-readings',
    purpose: 'Both clocks are whole microseconds; the monotonic one never goes back, the wall clock is in this century.',
    roles: {
      *main(host, { saw }) {
        const { clock } = host;
        const monotonic = clock.monotonic();
        const wall = clock.wall();
        saw(`whole: ${Number.isSafeInteger(monotonic) && Number.isSafeInteger(wall)}`);
        saw(`after 2020: ${wall > 1_577_836_800_000_000}, before 2100: ${wall < 4_102_444_800_000_000}`);
        let last = monotonic;
        let back = 0;
        for (let count = 0; count < 1_000; count++) {
          const now = clock.monotonic();
          if (now < last) back += 1;
          last = now;
        }
        yield* pause(host);
        saw(`went back: ${back}, goes on: ${clock.monotonic() > monotonic && clock.wall() > wall}`);
      },
    },
    expect: { main: ['whole: true', 'after 2020: true, before 2100: true', 'went back: 0, goes on: true'] },
  }),

  contractCase(SECTION, {
    name: 'clock-shared',
    purpose: 'Processes of one machine read one monotonic clock.',
    roles: {
      *main(host, stage) {
        const before = host.clock.monotonic();
        yield resume => {
          stage.start('child', [String(before)]);
          host.process.wait(resume);
        };
      },
      child(host, { saw }) {
        const since = host.clock.monotonic() - Number(host.process.args[0]);
        saw(`later than its parent: ${since >= 0 && since < 20_000_000}`);
        host.process.exit(0);
      },
    },
    expect: { child: ['later than its parent: true'] },
  }),

  contractCase(SECTION, {
    name: 'random',
    purpose: 'Chance is a whole number below its bound, evenly; a bound outside 1 to 2^32 throws; `fill` fills all of its target.',
    roles: {
      main(host, { saw }) {
        const { random } = host;
        const counts = [0, 0, 0, 0, 0];
        for (let count = 0; count < 5_000; count++) {
          const value = random.below(5);
          counts[value] = (counts[value] ?? Number.NaN) + 1;
        }
        saw(`five values: ${counts.length === 5}, evenly: ${counts.every(count => count > 850 && count < 1_150)}`);
        saw(`of one: ${random.below(1)}, large: ${random.below(2 ** 32) < 2 ** 32}`);
        saw(`throws: ${[0, -1, 1.5, 2 ** 32 + 1, Number.NaN].map(bound => throws(() => random.below(bound))).join()}`);
        const target = new Uint8Array(100_000);
        random.fill(target);
        const zeros = target.filter(byte => byte === 0).length;
        saw(`filled: ${zeros > 200 && zeros < 600 && target.subarray(-1_000).some(byte => byte !== 0)}`);
        host.process.exit(0);
      },
    },
    expect: {
      main: ['five values: true, evenly: true', 'of one: 0, large: true', 'throws: true,true,true,true,true', 'filled: true'],
    },
  }),

  contractCase(SECTION, {
    name: 'log-text',
    purpose: 'A log line keeps its text: control characters, quotes and any script.',
    roles: {
      main(host, { saw }) {
        saw('tab\tline\nquote" backslash\\ \u001b[31m Straße 東京 🚢 \u2028');
        host.process.exit(0);
      },
    },
    expect: { main: ['tab\tline\nquote" backslash\\ \u001b[31m Straße 東京 🚢 \u2028'] },
  }),
];

export const programs = programsOf(CLOCK);
