/** Every edition at the width of its types and buffers, byte for byte what the real programs printed. */
import { describe, expect, test } from 'vitest';
import { ruptime } from '../../../src/impl/rwho/readers/ruptime.ts';
import { rwho } from '../../../src/impl/rwho/readers/rwho.ts';
import { CORRECTED, VARIANTS, variantNamed } from '../../../src/impl/rwho/readers/variant.ts';
import { SPOOL, storageOf } from './images.ts';
import type { Limit, LimitRun } from './limits.ts';
import { LIMITS } from './limits.ts';

const answer = ({ files, now }: Limit, { command, args }: Pick<LimitRun, 'command' | 'args'>, edition: string) => {
  const variant = variantNamed(edition) ?? expect.fail(`there is no ${edition}`);
  const options = { storage: storageOf(files), spool: SPOOL, now, variant, zone: () => 0 };
  const { out, err, status } = command === 'ruptime' ? ruptime(args, options) : rwho(args, options);
  return { out, err, status };
};

const editions = VARIANTS.filter(each => each !== CORRECTED).map(({ name }) => name);

describe.each(Object.entries(LIMITS))('%s', (_name, limit) => {
  const runs = limit.runs.flatMap(run =>
    Object.entries(run.printed).flatMap(([names, printed]) =>
      names.split(' ').map(edition => [edition, run.command, run.args.join(' '), run, printed] as const),
    ),
  );
  test.each(runs)(`${limit.say}: %s %s %s`, (edition, _command, _args, run, printed) => {
    expect(answer(limit, run, edition)).toEqual(printed);
  });

  test('all editions were asked, and ours ends well', () => {
    for (const run of limit.runs) {
      const asked = [...Object.keys(run.printed), ...Object.keys(run.undefined ?? {})].flatMap(names => names.split(' '));
      expect(asked.toSorted()).toEqual(editions.toSorted());
      for (const { name } of VARIANTS) expect(answer(limit, run, name).status).toBeLessThanOrEqual(1);
    }
  });
});

describe('corrected', () => {
  const lines = (name: string, command: LimitRun['command'], ...args: readonly string[]): readonly string[] =>
    answer(LIMITS[name] ?? expect.fail(`there is no ${name}`), { command, args }, CORRECTED.name).out;

  test.each(['year_max', 'year_2038', 'year_2040', 'year_2072', 'year_2106'])(
    'knows who is up and for how long, and who is down: %s',
    name => {
      expect(lines(name, 'ruptime', '-t').map(line => line.split(',')[0])).toEqual([
        'h0            up       1:00',
        'h2            up       0:01',
        'h1          down       0:12',
        'h3          down    1+03:47',
        'h4          down    3+00:00',
      ]);
      expect(lines(name, 'rwho')).toHaveLength(2);
    },
  );

  test.each([
    ['login_max', 'Jan 19 03:14'],
    // Of 1901 and 2038 the nearer.
    ['login_min', 'Jan 19 03:14'],
    ['login_minus1', 'Dec 31 23:59'],
  ])('a login is of the moment nearest to now: %s', (name, date) => {
    expect(lines(name, 'rwho')).toEqual([`ada      h:tty0 ${date}`]);
  });

  test('a name ends where its field does, and whole names count for the order', () => {
    expect(lines('host_full_load', 'rwho')).toEqual([0, 1, 2, 3].map(tty => `ada      ${'n'.repeat(31)}:tty${tty} Nov 14 22:12`));
    expect(lines('sort_eight', 'rwho').slice(0, 3)).toEqual([
      'ada      workstation-a:tty1 Nov 14 22:12',
      'ada      workstation-a:tty3 Nov 14 22:12',
      'ada      workstation-b:tty2 Nov 14 22:12',
    ]);
  });

  test('nobody is idle for less than no time, nor for more than 99:59', () => {
    const times = lines('idle', 'rwho', '-a').map(line => line.slice('ada      h:t00 Nov 14 22:12'.length));
    expect(times.slice(9)).toEqual([' 10:00', ...Array.from({ length: 4 }, () => ' 99:59'), ...Array.from({ length: 9 }, () => '')]);
  });

  test('the largest number is the largest, in both directions', () => {
    const order = lines('loads', 'ruptime', '-l').map(line => line.slice(0, 2));
    expect(order).toEqual(['l0', 'l8', 'l6', 'l5', 'l4', 'l2', 'l3', 'l7', 'l1']);
    expect(lines('loads', 'ruptime', '-rl').map(line => line.slice(0, 2))).toEqual(order.toReversed());
  });

  test('a file that cannot be read is nobody', () => {
    expect(lines('dir_last', 'ruptime')).toHaveLength(1);
    expect(lines('dir_last', 'rwho')).toEqual(['ada      one:tty0 Nov 14 22:12']);
  });
});
