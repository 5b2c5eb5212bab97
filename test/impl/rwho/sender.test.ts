/** What a daemon says of its machine, when, and how it ends. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex, unhex } from '../../../src/host/bytes.ts';
import type { Host } from '../../../src/host/host.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { rulesOf } from '../../../src/impl/rwho/as-written.ts';
import { parseOptions } from '../../../src/impl/rwho/options.ts';
import { EDITIONS, QUIRK, type Quirk } from '../../../src/impl/rwho/quirks.ts';
import { decode } from '../../../src/impl/rwho/wire.ts';
import type { Session } from '../../../src/sim/system.ts';
import { EPOCH, OWN, report, run, type Setup, SPOOL } from './bench.ts';

interface Capture {
  readonly host: string;
  readonly packets: readonly {
    readonly hex: string;
    readonly decoded: { readonly wd_sendtime: number; readonly wd_loadav: readonly number[] };
  }[];
  readonly tty_atime_age: Readonly<Record<string, number>>;
  readonly utmp: readonly { readonly line: string; readonly user: string; readonly time: number; readonly type: number }[];
}
// A copy of what was captured; the tests fail where it has another form.
const vectors = JSON.parse(readFileSync(new URL('vectors/rwhod.json', import.meta.url), 'utf8')) as {
  readonly sender_captures: Readonly<Record<string, Capture>>;
};

const quirks = (slugs: readonly Quirk[]): readonly string[] => slugs.map(slug => `--quirk=${slug}`);
const wall = (second: number) => instantOf(second * 1_000_000);

/** Of utmp(5). */
const USER_PROCESS = 7;
/** Names that every receiver refuses: ours does not say them. */
const UNSPEAKABLE = ['host_dot_only', 'host_leading_dot', 'host_space'];
/** Bytes of stack, and times of another day. */
function masked(bytes: Uint8Array): string {
  const copy = bytes.slice();
  copy.fill(0, 4, 12);
  const end = copy.indexOf(0, 12);
  copy.fill(0, end, 44);
  copy.fill(0, 56, 60);
  return hex(copy);
}

describe('what Debian sent', () => {
  test.each(Object.entries(vectors.sender_captures))('%s', (name, { host, packets, utmp, tty_atime_age }) => {
    const [packet] = packets;
    const sent = decode(unhex(packet?.hex ?? '') ?? new Uint8Array(0))?.status;
    const sessions = utmp
      .filter(({ type }) => type === USER_PROCESS)
      .map(({ line, user, time }, index): Session => {
        // The entry it sent has the idle time that it found, within a second of the age that was set.
        const entry = sent?.entries[index];
        const found = tty_atime_age[line.slice(0, 8)] === undefined || entry === undefined ? undefined : wall(EPOCH - entry.idle);
        // A terminal that fills its field was looked for under another name (RW-28); ours is not.
        return { line, user, since: wall(time), lastInput: line.length === 8 ? wall(EPOCH) : found };
      });
    const [one = 0, five = 0, fifteen = 0] = packet?.decoded.wd_loadav ?? [];
    const { said, alive } = run({
      args: quirks(EDITIONS.debian),
      status: { hostName: host, sessions, load: [one, five, fifteen] },
      until: 10,
    });
    const silent = UNSPEAKABLE.includes(name);
    expect(said.map(({ bytes }) => masked(bytes))).toEqual(silent ? [] : packets.map(each => masked(unhex(each.hex) ?? new Uint8Array(0))));
    expect(alive).toBe(host.length >= 63 ? 1 : 2);
  });
});

describe('what is said', () => {
  const sessions = Array.from({ length: 50 }, (_, index): Session => {
    return { line: `tty${index}`, user: `user${index}`, since: wall(EPOCH - index), lastInput: wall(EPOCH - 60 * index) };
  });
  const first = (setup: Setup = {}) => run({ until: 5, ...setup }).said[0];

  test('is of 42 people at most, the name up to the first dot, the load in hundredths, the times of the own clock', () => {
    const said = first({ status: { hostName: 'alpha.example.org', load: [1, 20, 300], sessions } });
    expect(said).toMatchObject({ to: '10.0.0.255:513', second: 0 });
    expect(said?.report?.status).toMatchObject({ hostName: 'alpha', load: [1, 20, 300], sendTime: EPOCH, bootTime: EPOCH, receiveTime: 0 });
    expect(said?.report?.status.entries.length).toBe(42);
    expect(said?.report?.status.entries[3]).toEqual({ line: 'tty3', name: 'user3', loginTime: EPOCH - 3, idle: 180 });
    expect(said?.bytes.length).toBe(1_068);
  });

  test('has names of 31 bytes; the daemon knows its own when it is longer', () => {
    const long = 'abcdefghijklmnopqrstuvwxyz0123456789ABCD';
    const { said, files, logs } = run({ status: { hostName: long }, until: 200 });
    expect(said.map(({ report }) => report?.status.hostName)).toEqual([long.slice(0, 31), long.slice(0, 31)]);
    expect([...files.keys()]).toEqual([long.slice(0, 31)]);
    expect(logs).toEqual([]);
  });

  test.each(['.', '.example.org', 'al pha'])('is nothing where the machine is called %j, and the log says so', hostName => {
    const { said, logs } = run({ status: { hostName } });
    expect([said, logs]).toEqual([[], ['own-name-unusable']]);
  });

  test('is zero where nothing is said', () => {
    const bytes = first()?.bytes ?? new Uint8Array(0);
    expect(hex(bytes.subarray(2, 4)) + hex(bytes.subarray(8, 12)) + hex(bytes.subarray(12 + OWN.length, 44))).toMatch(/^0+$/);
  });

  test.each([
    [QUIRK.SKIP_LAST_SLOT, (status: readonly unknown[]) => expect(status.length).toBe(41)],
    [QUIRK.FORGET_USERS, (status: readonly unknown[]) => expect(status.length).toBe(0)],
    [
      QUIRK.IDLE_OF_EVERY_SECOND,
      (status: readonly unknown[]) => expect(status.slice(0, 4)).toMatchObject([{ idle: 0 }, { idle: 0 }, { idle: 120 }, { idle: 0 }]),
    ],
  ])('--quirk=%s', (quirk, check) => {
    check(first({ args: quirks([quirk]), status: { sessions } })?.report?.status.entries ?? []);
  });

  test('RW-26: a long name spills into the load', () => {
    const bytes = first({ args: quirks([QUIRK.SPILL_NAME]), status: { hostName: 'h'.repeat(40) } })?.bytes ?? new Uint8Array(0);
    expect(hex(bytes.subarray(43, 52))).toBe('68'.repeat(9));
  });

  test('logins that cannot be read are nobody', () => {
    for (const accounting of ['absent', 'unreadable'] as const)
      expect(first({ status: { accounting, sessions } })?.report?.status.entries).toEqual([]);
  });
});

describe('when', () => {
  const times = (args: readonly string[], until = 1_000): readonly number[] => run({ args, until }).said.map(({ time }) => time);

  test('at once, then every three minutes less up to ten seconds', () => {
    const all = times([]);
    expect(all.length).toBeGreaterThan(5);
    for (const [index, time] of all.slice(1).entries()) {
      expect(time - (all[index] ?? 0)).toBeGreaterThan(169);
      expect(time - (all[index] ?? 0)).toBeLessThanOrEqual(180);
    }
    expect(new Set(all.map(time => Math.round(time % 180))).size).toBeGreaterThan(2);
  });

  test('RW-51: as written on the second, for ever', () => {
    expect(times(quirks([QUIRK.NO_JITTER])).map(Math.round)).toEqual([0, 180, 360, 540, 720, 900]);
  });

  test('--interval', () => {
    expect(times(['--interval=60'], 113).length).toBe(2);
    expect(times(['--interval=60'], 120).length).toBe(3);
  });

  test('RW-52: whoever hears a newcomer speaks soon, but once', () => {
    const acts = ['x', 'y', 'z'].map((name, index) => [30 + index, report(name, 30 + index)] as const);
    const seconds = run({ acts }).said.map(({ second }) => second);
    expect(seconds.length).toBe(2);
    expect(seconds[1]).toBeGreaterThanOrEqual(31);
    expect(seconds[1]).toBeLessThanOrEqual(41);
    expect(run({ acts, args: quirks([QUIRK.BLIND_START]) }).said.length).toBe(1);
  });

  test('RW-20: an alarm that is handled once ends the daemon at the second; RW-22: one that is forgotten silences it', () => {
    const once = run({ args: quirks([QUIRK.ALARM_ONCE]), until: 600 });
    expect([once.said.length, once.ends]).toEqual([2, ['SIGALRM']]);
    const unreadable = {
      acts: [
        [100, bench => Object.assign(bench.status, { accounting: 'unreadable' })],
        [200, bench => Object.assign(bench.status, { accounting: 'kept' })],
      ],
    } satisfies Setup; // prettier-ignore
    expect(run({ ...unreadable, args: quirks([QUIRK.FORGET_ALARM]), until: 900 }).said.length).toBe(1);
    expect(run({ ...unreadable, until: 900 }).said.length).toBeGreaterThan(4);
  });
});

describe('signals', () => {
  test('SIGTERM and SIGINT end it with 0', () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { ends, logs } = run({ acts: [[30, bench => bench.kill(signal)]] });
      expect([ends, logs]).toEqual([['0'], ['stopped']]);
    }
  });

  test('SIGHUP sends nothing; as Debian has it (RW-50) one more report, and the phase begins anew', () => {
    const acts = [[30, bench => bench.kill('SIGHUP')]] satisfies Setup['acts'];
    expect(run({ acts }).said.length).toBe(1);
    const moved = run({ acts, args: quirks([QUIRK.HUP_SENDS, QUIRK.NO_JITTER]), until: 300 });
    expect(moved.said.map(({ second }) => second)).toEqual([0, 30, 210]);
  });

  test('SIGPIPE is nothing to it', () => {
    expect(run({ acts: [[30, bench => bench.kill('SIGPIPE')]] }).alive).toBe(1);
  });
});

describe('RW-23: two processes', () => {
  const args = quirks([QUIRK.SPLIT_IN_TWO, QUIRK.NO_JITTER, QUIRK.HUP_SENDS, QUIRK.BLIND_START]);
  const killed = (which: 'oldest' | 'newest', signal: 'SIGKILL' | 'SIGTERM' | 'SIGHUP') =>
    run({
      args,
      acts: [
        [30, bench => bench.kill(signal, which)],
        [400, report('x', 400)],
      ],
      until: 600,
    }); // prettier-ignore

  test('without a sender the receiver goes on', () => {
    const { said, files, alive } = killed('newest', 'SIGKILL');
    expect([said.length, [...files.keys()], alive]).toEqual([1, [OWN, 'x'], 1]);
  });
  test('without a receiver the sender goes on', () => {
    const { said, files, alive } = killed('oldest', 'SIGKILL');
    expect(said.map(({ second }) => second)).toContain(540);
    expect([[...files.keys()], alive]).toEqual([[OWN], 1]);
  });
  test('SIGTERM to the receiver ends both; SIGHUP to the sender is a report', () => {
    expect(killed('oldest', 'SIGTERM').alive).toBe(0);
    expect(killed('newest', 'SIGHUP').said.map(({ second }) => second)).toEqual([0, 30, 210, 390, 570]);
  });
});

describe('start', () => {
  const taken = (host: Host): void => host.network.bind({ address: '0.0.0.0', port: 513 }, {}, { opened: () => {}, message: () => {} });

  test('a port that is taken ends it, with a line; RW-13: as written it sends from any port, and hears nothing', () => {
    const { ends, logs } = run({ before: taken });
    expect([ends, logs]).toEqual([['1'], ['not-bound']]);
    const { said, trace, files } = run({ before: taken, args: quirks([QUIRK.IGNORE_BIND]), acts: [[30, report('x', 30)]] });
    expect(said.length).toBe(1);
    expect(
      trace.find(({ kind, process, data }) => kind === 'bind' && process.startsWith('a/rwhod') && data?.['error'] === undefined)?.data,
    ).not.toEqual({ at: '0.0.0.0:513' });
    expect([...files.keys()]).toEqual([OWN]);
  });

  test('a spool that is missing ends it, with a line', () => {
    const { ends, logs } = run({ args: ['--spool=/nowhere'] });
    expect([ends, logs]).toEqual([['1'], ['spool-unreadable']]);
  });

  test.each([
    ['--colour=red', /no such option/],
    ['spool', /is not an option/],
    ['--port=0', /from 1 to 65535/],
    ['--interval=661', /from 1 to 660/],
    ['--address=here', /IPv4/],
    ['--neighbour=10.0.0.1:0', /address:port/],
    ['--neighbour=10.0.0', /address:port/],
    ['--learn=perhaps', /yes, no/],
    ['--quirk=none', /no such quirk/],
    ['--records=100001', /from 1 to 100000/],
    ['--forward=yes', /takes no value/],
  ])('%s is refused', (arg, text) => {
    const options = parseOptions([arg], rulesOf);
    expect('problem' in options ? options.problem : '').toMatch(text);
    expect(run({ args: [arg] }).ends).toEqual(['2']);
  });

  test('65 neighbours are too many', () => {
    const args = Array.from({ length: 65 }, (_, index) => `--neighbour=10.1.0.${index + 1}`);
    expect(parseOptions(args, rulesOf)).toMatchObject({ problem: expect.stringMatching(/64 times/) });
    expect(parseOptions(args.slice(1), rulesOf)).toMatchObject({ spool: '/var/spool/rwho', interval: seconds(180) });
  });

  test('the spool is the one that was named', () => {
    expect(run().trace.some(({ kind, data }) => kind === 'rename' && data?.['to'] === `${SPOOL}/whod.${OWN}`)).toBe(true);
  });
});
