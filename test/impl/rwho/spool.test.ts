/** The records: which report stands, how many there are, what clocks, disks and restarts do to them. */
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/host/time.ts';
import { QUIRK, type Quirk } from '../../../src/impl/rwho/quirks.ts';
import { parseRecord, recordOf } from '../../../src/impl/rwho/record.ts';
import type { Status } from '../../../src/impl/rwho/wire.ts';
import { decode } from '../../../src/impl/rwho/wire.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { arrived, type Bench, EPOCH, OWN, report, run, type Setup, SPOOL } from './bench.ts';

const quirks = (...slugs: readonly Quirk[]): readonly string[] => slugs.map(slug => `--quirk=${slug}`);
const record = (hostName: string, sent: number, stamp = sent): Uint8Array => {
  const status = decode(report(hostName, sent))?.status;
  if (status === undefined) throw new Error('a report is a report');
  return recordOf(status, EPOCH + stamp);
};
const boot = (second: number): Partial<Status> => ({ bootTime: EPOCH + second });
const others = (setup: Setup): readonly string[] => [...run(setup).files.keys()].filter(name => name !== OWN);

/** The load tells which report it was: its number, from 1. */
function standing(reports: readonly (readonly [at: number, sent: number, changed?: Partial<Status>])[], args: readonly string[] = []) {
  const acts = reports.map(([at, sent, changed], index) => [at, report('x', sent, { load: [index + 1, 0, 0], ...changed })] as const);
  const { files, logs } = run({ args, acts, until: 1_000 });
  return { stands: parseRecord(files.get('x') ?? new Uint8Array(60))?.load[0], logs };
}

describe('which report stands', () => {
  test.each<[string, Parameters<typeof standing>[0], number]>([
    [
      'the newest',
      [
        [30, 30],
        [210, 210],
      ],
      2,
    ],
    [
      'not one that was overtaken (RW-54)',
      [
        [30, 30],
        [31, 20],
      ],
      1,
    ],
    [
      'not the same again, however long after',
      [
        [30, 30],
        [900, 30],
      ],
      1,
    ],
    [
      'not the same again',
      [
        [30, 30],
        [31, 30],
      ],
      1,
    ],
    [
      'an older one after 450 s of silence: a clock was set back',
      [
        [30, 30],
        [479, -3_000],
        [481, -2_998],
      ],
      3,
    ],
    [
      'that of a new start',
      [
        [30, 30],
        [210, 210, boot(100)],
      ],
      2,
    ],
    [
      'not that of another machine, started earlier',
      [
        [30, 30, boot(0)],
        [40, 40, boot(-500)],
      ],
      1,
    ],
    [
      'that of the other one, when the first is silent for 450 s',
      [
        [30, 30, boot(0)],
        [481, 481, boot(-500)],
      ],
      2,
    ],
    [
      'one whose start is told a second off',
      [
        [30, 30, boot(0)],
        [210, 210, boot(-1)],
        [390, 390, boot(1)],
      ],
      3,
    ],
    [
      'one whose clock was set forward',
      [
        [30, 30, boot(0)],
        [210, 3_810, boot(3_600)],
      ],
      2,
    ],
    [
      'not one whose clock was set back, until the silence',
      [
        [30, 30, boot(0)],
        [210, -3_390, boot(-3_600)],
        [390, -3_210, boot(-3_600)],
      ],
      1,
    ],
    [
      'and then it',
      [
        [30, 30, boot(0)],
        [390, -3_210, boot(-3_600)],
        [570, -3_030, boot(-3_600)],
      ],
      3,
    ],
    [
      'the newest, when the seconds come round',
      [
        [30, 2 ** 31 - 1 - EPOCH],
        [210, 2 ** 31 + 179 - EPOCH],
      ],
      2,
    ],
  ])('%s', (_what, reports, number) => {
    expect(standing(reports).stands).toBe(number);
  });

  test('a clash of names is logged (RW-41); as written the last one wins', () => {
    const twins = [
      [30, 30, boot(0)],
      [40, 40, boot(-500)],
    ] as const; // prettier-ignore
    expect(standing(twins).logs).toContain('name-clash');
    expect(standing(twins, quirks(QUIRK.LAST_TWIN_WINS)).stands).toBe(2);
  });

  test('as written the last to arrive is the newest', () => {
    expect(
      standing(
        [
          [30, 30],
          [31, 20],
        ],
        quirks(QUIRK.LATE_WINS),
      ).stands,
    ).toBe(2); // prettier-ignore
  });

  test('whoever hears itself by broadcast does not wonder', () => {
    const { logs, files } = run({ until: 600 });
    expect(logs).toEqual([]);
    expect([...files.keys()]).toEqual([OWN]);
  });
});

describe('room', () => {
  /** So many at once fit into a socket. */
  const TOGETHER = 200;
  const invented = (count: number) =>
    Array.from({ length: Math.ceil(count / TOGETHER) }, (_, batch) => {
      const send = (bench: Bench): void => {
        for (let index = 0; index < TOGETHER; index++) bench.send(report(`n${batch * TOGETHER + index}`, 1));
      };
      return [1 + batch / 50, send] as const;
    });

  test('a hundred thousand invented names: as many records as there is room for, and the own one', () => {
    const { files, logs, alive } = run({ args: ['--records=100'], acts: invented(100_000), until: 15 });
    expect(files.size).toBe(100);
    expect([...files.keys()]).toContain(OWN);
    expect(logs).toEqual(['spool-full']);
    expect(alive).toBe(1);
  });

  test('RW-43: as written there is no end', () => {
    expect(run({ args: ['--records=100', ...quirks(QUIRK.UNBOUNDED)], acts: invented(600), until: 10 }).files.size).toBe(601);
  });

  test('whoever is down makes room, the longest silent first; whoever is up does not', () => {
    const at = (second: number, name: string) => [second, report(name, second)] as const;
    const acts = [at(10, 'a'), at(20, 'b'), at(600, 'b'), at(660, 'c'), at(680, 'd'), at(681, 'e'), at(1_270, 'f')];
    const { files, trace } = run({ args: ['--records=3'], acts, until: 1_280 });
    expect([...files.keys()]).toEqual([OWN, 'd', 'f'].toSorted());
    const gone = trace.flatMap(({ kind, data }) => (kind === 'log' && data?.['event'] === 'record-evicted' ? [data['host']] : []));
    expect(gone).toEqual(['a', 'b']);
  });

  test('what a host was found silent does not stay when it is heard again', () => {
    const at = (second: number, name: string) => [second, report(name, second)] as const;
    // At 200 and 700 room is looked for: whoever was the longest silent at 200 was heard meanwhile.
    const acts = [at(10, 'a'), at(20, 'b'), at(200, 'c'), at(300, 'a'), at(310, 'a'), at(690, 'd'), at(1_000, 'e')];
    const { files } = run({ args: ['--records=3'], acts, until: 1_010 });
    expect([...files.keys()]).toEqual([OWN, 'd', 'e'].toSorted());
  });

  test('a spool that holds more already keeps the newest', () => {
    const left = Array.from({ length: 10 }, (_, index) => `old${index}`);
    const before: Setup['before'] = host => {
      for (const [index, name] of left.entries()) host.storage.write(`${SPOOL}/whod.${name}`, record(name, -1_000 + index * 10));
    };
    expect(others({ before, args: ['--records=4'] })).toEqual(['old7', 'old8', 'old9']);
  });
});

describe('clocks', () => {
  const step = (by: number, at = 50): readonly Fault[] => [{ kind: 'clock-step', machine: 'a', at: seconds(at), by: seconds(by) }];
  const ageOf = (args: readonly string[], by: number): number => {
    const { files } = run({
      args,
      acts: [
        [30, report('x', 30)],
        [60, report('y', 60)],
      ],
      faults: step(by),
      until: 100,
    }); // prettier-ignore
    return (by + 100 - arrived(files.get('x') ?? new Uint8Array(60))) | 0;
  };

  test.each([700, -700, 100_000, -100_000, 20 * 31_557_600])('set by %d s: every record is as old as it was', by => {
    expect(ageOf([], by)).toBe(70);
  });
  test('RW-40: as written all are down, or up for ever', () => {
    expect(ageOf(quirks(QUIRK.TRUST_WALL_CLOCK), 700)).toBe(770);
    expect(ageOf(quirks(QUIRK.TRUST_WALL_CLOCK), -700)).toBe(-630);
  });
  test('a clock that is set has the records stamped anew, those first that were heard first', () => {
    const at = (second: number, name: string) => [second, report(name, second)] as const;
    const { trace } = run({ acts: [at(10, 'x'), at(12, 'y'), at(14, 'z'), at(16, 'x'), at(60, 'z')], faults: step(3_600), until: 100 });
    const read = trace.flatMap(({ kind, data }) => (kind === 'read' ? [String(data?.['path']).split('.').at(-1)] : []));
    expect(read).toEqual(['y', 'z', 'x', OWN]);
  });

  test('a clock that only drifts is not set', () => {
    const faults: readonly Fault[] = [{ kind: 'clock-drift', machine: 'a', at: seconds(1), duration: seconds(900), partsPerMillion: 500 }];
    expect(run({ faults, until: 900 }).logs).toEqual([]);
  });
  test('a record from the future, left by an earlier daemon, is stamped anew', () => {
    const before: Setup['before'] = host => void host.storage.write(`${SPOOL}/whod.x`, record('x', 5_000));
    expect(arrived(run({ before }).files.get('x') ?? new Uint8Array(60))).toBe(0);
    expect(arrived(run({ before, args: quirks(QUIRK.TRUST_WALL_CLOCK) }).files.get('x') ?? new Uint8Array(60))).toBe(5_000);
  });
  const full = (at: number, duration: number): Fault => ({ kind: 'disk-full', machine: 'a', at: seconds(at), duration: seconds(duration) });
  test.each([700, -100_000])('set by %d s while the disk is full: when there is room again, every record is as old as it was', by => {
    const { files } = run({
      acts: [
        [30, report('x', 30)],
        [60, report('y', 60)],
      ],
      faults: [full(40, 100), ...step(by)],
      until: 400,
    }); // prettier-ignore
    expect((by + 400 - arrived(files.get('x') ?? new Uint8Array(60))) | 0).toBe(370);
  });
  test('a record from the future, found while the disk is full, is stamped anew when there is room', () => {
    const off: Fault = { kind: 'power-cut', machine: 'a', at: seconds(50), duration: seconds(50), unsynced: 'kept' };
    const faults = [off, full(60, 140), ...step(-5_000, 70)];
    const { files } = run({ acts: [[30, report('x', 30)]], faults, until: 400 });
    // As of the moment when it was found.
    expect((-5_000 + 400 - arrived(files.get('x') ?? new Uint8Array(60))) | 0).toBe(300);
  });
  test.each([700, -100_000])('set by %d s between a newcomer and the report for it: the own record is of that report', by => {
    const acts: Setup['acts'] = [
      [30, report('x', 30)],
      [60, report('y', 60)],
    ]; // prettier-ignore
    const { files, said } = run({ acts, faults: step(by, 30.5), until: 62 });
    const told = Math.max(...said.map(({ second }) => second));
    expect(told).toBeGreaterThan(30);
    expect((by + told - arrived(files.get(OWN) ?? new Uint8Array(60))) | 0).toBe(0);
  });
  test('an own clock that was set back does not keep the own record old', () => {
    const { files } = run({ faults: step(-5_000), until: 400 });
    expect(arrived(files.get(OWN) ?? new Uint8Array(60))).toBeLessThan(-4_600);
  });
});

describe('files', () => {
  test('a restart knows what was left: an older report is late', () => {
    const before: Setup['before'] = host => void host.storage.write(`${SPOOL}/whod.x`, record('x', -10));
    expect(arrived(run({ before, acts: [[30, report('x', -20)]] }).files.get('x') ?? new Uint8Array(60))).toBe(-10);
    expect(arrived(run({ before, acts: [[30, report('x', 30)]] }).files.get('x') ?? new Uint8Array(60))).toBe(30);
  });

  test('what is no record is left alone, and does not hurt', () => {
    const before: Setup['before'] = host => {
      host.storage.write(`${SPOOL}/whod.torn`, new Uint8Array(20));
      host.storage.write(`${SPOOL}/whod.alias`, record('x', -10));
      host.storage.makeDirectory(`${SPOOL}/whod.dir`);
    };
    const { files, ends } = run({
      before,
      acts: [
        [30, report('torn', 30)],
        [31, report('dir', 31)],
      ],
    }); // prettier-ignore
    expect(files.get('torn')?.length).toBe(60);
    expect([...files.keys()]).toEqual(['alias', OWN, 'torn']);
    expect(ends).toEqual([]);
  });

  const full: Setup = {
    acts: [
      [30, report('x', 30)],
      [60, report('x', 60)],
      [61, report('y', 61)],
    ], // prettier-ignore
    faults: [{ kind: 'disk-full', machine: 'a', at: seconds(50), duration: seconds(20) }],
    until: 100,
  };
  test('a full disk leaves the old record, and is logged; RW-10: as written it leaves an empty one, and no line', () => {
    const { files, logs } = run(full);
    expect(arrived(files.get('x') ?? new Uint8Array(60))).toBe(30);
    expect(logs).toEqual(['not-written']);
    const written = run({ ...full, args: quirks(QUIRK.WRITE_IN_PLACE) });
    expect(written.files.get('x')?.length).toBe(0);
    expect(written.logs).toEqual([]);
  });

  test('a record is whole at every moment; RW-09: as written it is empty for a while', () => {
    const seen = (args: readonly string[]): ReadonlySet<number> => {
      const lengths = new Set<number>();
      const look = (bench: Bench): void => {
        const read = bench.disk.read(`${SPOOL}/whod.x`);
        if (read.ok) lengths.add(read.value.length);
      };
      const looks = Array.from({ length: 800 }, (_, index) => [31 + index / 100_000, look] as const);
      run({ args, acts: [[30, report('x', 30)], [31, report('x', 31)], ...looks] }); // prettier-ignore
      return lengths;
    };
    expect([...seen([])]).toEqual([60]);
    expect([...seen(quirks(QUIRK.WRITE_IN_PLACE))].toSorted()).toEqual([0, 60]);
  });

  test('a power cut takes a record or leaves it, whole', () => {
    for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8']) {
      const { files } = run({
        seed,
        acts: [
          [30, report('x', 30)],
          [40, report('x', 40)],
        ], // prettier-ignore
        faults: [{ kind: 'power-cut', machine: 'a', at: seconds(50), duration: seconds(5), unsynced: 'torn' }],
        until: 52,
      });
      for (const bytes of files.values()) expect(bytes.length).toBe(60);
    }
  });
});
