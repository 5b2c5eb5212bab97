/** Command lines: what is read, and what people are told of what cannot be. */
import { describe, expect, test } from 'vitest';
import { Options } from '../../../src/impl/command-line/options.ts';
import { quirkOptions, quirksOf, type Trap } from '../../../src/impl/command-line/traps.ts';

describe('what is given', () => {
  test('is read by name, the last value of several, and all of them', () => {
    const options = new Options(['--name=a', '--name=b=c', '--count=7', '--loud', '--empty=']);
    expect(options.all('name')).toEqual(['a', 'b=c']);
    expect(options.number('count', 7, 1)).toBe(7);
    expect([options.flag('loud'), options.flag('soft'), options.text('empty'), options.text('other')]).toEqual([
      true,
      false,
      '',
      undefined,
    ]);
    expect(options.choice('mode', ['one', 'two'], 'two')).toBe('two');
    expect(options.problem).toBeUndefined();
  });

  test.each<[readonly string[], RegExp]>([
    [['name'], /'name' is not an option/],
    [['-n'], /is not an option/],
    [['--Name=x'], /is not an option/],
    [['--name\u001b=x'], /u\{1b\}/],
    [['--name'], /--name takes a value/],
    [['--loud=yes'], /--loud takes no value/],
    [['--count=8'], /from 1 to 7/],
    [['--count=-1'], /from 1 to 7/],
    [['--count=1e1'], /from 1 to 7/],
    [['--count=99999999999'], /from 1 to 7/],
    [['--mode=three'], /choose one of one, two/],
    [['--other=x'], /--other: no such option/],
  ])('%j is refused', (args, told) => {
    const options = new Options(args);
    options.all('name');
    options.flag('loud');
    options.number('count', 7, 1);
    options.choice('mode', ['one', 'two'], 'two');
    expect(options.problem).toMatch(told);
  });

  test('the first error is told', () => {
    expect(new Options(['a', 'b']).problem).toMatch(/'a'/);
  });
});

describe('quirks', () => {
  type Slug = 'red' | 'blue';
  const traps: readonly Trap<Slug>[] = [
    { id: 'T-1', side: 'daemon', quirk: 'red', text: '', instead: '' },
    { id: 'T-2', side: 'daemon', quirk: 'blue', variant: true, text: '', instead: '' },
    { id: 'T-3', side: 'none', text: '', instead: '' },
  ];
  test('of a profile, and those that are named', () => {
    expect([...quirksOf(traps, 'corrected')]).toEqual([]);
    expect([...quirksOf(traps, 'as-written')]).toEqual(['red']);
    expect([...quirkOptions(new Options(['--profile=as-written', '--quirk=blue']), traps)]).toEqual(['red', 'blue']);
    expect([...quirkOptions(new Options(['--quirk=blue']), traps)]).toEqual(['blue']);
  });
  test('what is no quirk is refused', () => {
    const options = new Options(['--quirk=green', '--profile=corrected']);
    expect([...quirkOptions(options, traps)]).toEqual([]);
    expect(options.problem).toMatch(/no such quirk/);
  });
});
