/** The mutator on small texts, its table of survivors, and the judge on mutants whose fate is known. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { protocols } from '../../protocols/index.ts';
import { compiled } from '../../src/node/package.ts';
import { Mutator, sitesOf } from '../../tools/mutants/mutator.ts';
import { OPERATORS } from '../../tools/mutants/operators.ts';
import type { Overlay } from '../../tools/mutants/overlay.ts';
import { PROBE, Probe } from '../../tools/mutants/probe.ts';
import type { Result } from '../../tools/mutants/results.ts';
import { judgedSources } from '../../tools/mutants/sources.ts';
import { judged } from '../../tools/mutants/start.ts';
import { survivorsDocument } from '../../tools/mutants/table.ts';
import { ROOT } from '../support/slipway.ts';

/** By operator: a text, and all that the operator makes of it. */
const MADE: Readonly<Record<string, readonly [text: string, made: readonly string[]]>> = {
  'condition negated': ['a ? b : c;', ['(!(a)) ? b : c;']],
  'condition forced': ['if (a) b();', ['if (true) b();', 'if (false) b();']],
  boundary: ['f(a < b);', ['f((a <= b));']],
  equality: ['f(a !== b);', ['f((a === b));']],
  arithmetic: ["f(a - b, a + 'x' + b);", ["f((a + b), a + 'x' + b);"]],
  logical: ['f(a || b || c);', ['f(((a || b) && c));', 'f((a && b) || c);']],
  'one side of ??': ['f(a ?? b);', ['f(a);', 'f(b);']],
  'not dropped': ['f(!a);', ['f(a);']],
  'step reversed': ['f(a++, --b);', ['f((a--), --b);', 'f(a++, (++b));']],
  'number off by one': [
    'f(7, 1n, { 5: a });',
    ['f((7 + 1), 1n, { 5: a });', 'f((7 - 1), 1n, { 5: a });', 'f(7, (1n + 1n), { 5: a });', 'f(7, (1n - 1n), { 5: a });'],
  ],
  'boolean altered': ['f(true);', ['f(false);']],
  'string altered': [
    "const a: 'x' = f('x', 'y', 'for people');",
    ["const a: 'x' = f('y', 'y', 'for people');", "const a: 'x' = f('x', 'x', 'for people');"],
  ],
  'default altered': ['const f = (a = b) => a;', ['const f = (a = undefined) => a;']],
  'arguments swapped': ['f(a, b.c, 1);', ['f(b.c, a, 1);']],
  'argument dropped': ['f(a, b);', ['f(a);']],
  'call dropped': ['const f = () => timer.cancel();', ['const f = () => undefined;']],
  'statement deleted': ['if (a) timer.cancel();', ['if (a) {}']],
  'block emptied': ['function f() { a = 1; }', ['function f() {}']],
  'return early': ['function f() { a(); b(); }', ['function f() { a(); {return;} }']],
  'element dropped': ['f([a], { b: [], c }, [d] = e);', ['f([...[]], { b: [], c }, [d] = e);', 'f([a], { ...{}, c }, [d] = e);']],
};

function made(operator: string, text: string): readonly string[] {
  const changes = sitesOf({ path: 'a.ts', text }).flatMap(site => site.flatMap(([name, each]) => (name === operator ? each : [])));
  return changes.map(({ from, to, text: by }) => text.slice(0, from) + by + text.slice(to));
}

it.each(Object.keys(OPERATORS))('%s', operator => {
  const [text = '', expected] = MADE[operator] ?? [];
  expect(made(operator, text)).toEqual(expected);
});

describe('a mutant', () => {
  const text = 'export const f = (a: number): number => (a < 7 ? a + 1 : g(a, 2));\n';
  const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

  it('follows from the text and its seed', () => {
    const drawn = (from: string): readonly string[] => {
      const mutator = new Mutator([{ path: 'a.ts', text: from }]);
      return seeds.slice(0, 20).map(seed => mutator.mutant(seed).after);
    };
    expect(drawn(text)).toEqual(drawn(text));
    expect(new Set(drawn(text)).size).toBeGreaterThan(6);
    expect(drawn(text)).not.toEqual(drawn(text.replace('7', '8')));
  });

  it('is another program', () => {
    // All that can be done to the first is nothing; the second has one boolean.
    expect(() => new Mutator([{ path: 'a.ts', text: 'const f = (a = undefined) => a;' }]).mutant(1)).toThrow('nothing');
    const mutator = new Mutator([{ path: 'a.ts', text: 'while (true) a = 1n;' }]);
    const afters = new Set(seeds.map(seed => mutator.mutant(seed).after));
    expect(afters).not.toContain('while (true) a = 1n;');
    expect(afters).toContain('while (false) a = 1n;');
  });

  it('says where it is', () => {
    const mutator = new Mutator([{ path: 'a.ts', text: `// First.\n\n${text}` }]);
    const mutant = seeds.map(seed => mutator.mutant(seed)).find(each => each.operator === 'boundary');
    expect(mutant).toMatchObject({ path: 'a.ts', line: 3, before: text.trim(), after: text.trim().replace('a < 7', '(a <= 7)') });
  });

  it('tells a probe of both values where nothing is done to get them, and else that it was come to', () => {
    const told = (text: string): readonly string[] =>
      sitesOf({ path: 'a.ts', text }).flatMap(site => site.flatMap(([, each]) => each.map(change => change.told)));
    expect(told('f(a < 7);')).toContain('globalThis.slipwayMutant.either(() => (a < 7), () => (a <= 7))');
    expect(told('f(a++ < 7);')).toContain('(globalThis.slipwayMutant.reached(), (a++ <= 7))');
  });
});

test('a probe knows whether its place was come to, and whether a value was another than before', () => {
  const came = ({ came, differed }: Probe): readonly boolean[] => [came, differed];
  const probe = new Probe();
  expect(came(probe)).toEqual([false, false]);
  expect(
    probe.either(
      () => 1,
      () => 1,
    ),
  ).toBe(1);
  expect(came(probe)).toEqual([true, false]);
  expect(
    probe.either(
      () => 1,
      () => 2,
    ),
  ).toBe(2);
  expect(came(probe)).toEqual([true, true]);
  const failing = new Probe();
  failing.either(
    () => {
      throw new Error('it is not there');
    },
    () => 1,
  );
  expect(came(failing)).toEqual([true, true]);
  const plain = new Probe();
  plain.reached();
  expect(came(plain)).toEqual([true, true]);
});

test('sources are those that some protocol runs, but for tables of mistakes', () => {
  const { sources, protocols: judges } = judgedSources(ROOT, Object.keys(protocols));
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['src/impl/lonc/child.ts', 'src/impl/framing/byte-queue.ts']));
  expect(paths.filter(path => /as-written|quirks|command-line|proxy/.test(path))).toEqual([]);
  expect(judges.get('src/impl/cipher/idea.ts')).toEqual(['lonc']);
  expect(judges.get('src/impl/framing/byte-queue.ts')).toEqual(['ikc', 'lifetime', 'lonc', 'rover']);
  // What nobody loads, and what only others load, is not drawn from.
  const alone = judgedSources(ROOT, ['rwho']).sources.map(({ path }) => path.split('/')[2]);
  expect(new Set(alone)).toEqual(new Set(['calendar', 'rwho']));
});

describe('the table of survivors', () => {
  const result = (seed: number, rest: Partial<Result>): Result => ({
    ...{ seed, path: 'src/impl/rwho/a.ts', line: seed, operator: 'logical', before: 'a || b', after: 'a && b', runs: 1, cpu: 1 },
    ...{ verdict: 'survived', reached: 'corrected', differed: true },
    ...rest,
  });
  const results = [
    result(1, {}),
    result(2, { after: 'a `&&` c', differed: false }),
    result(3, { after: 'd', reached: 'never' }),
    result(5, { after: 'e', reached: 'as-written' }),
    result(4, { verdict: 'killed' }),
  ];

  it('has all that survived, and shares', () => {
    const document = survivorsDocument(results, 20, '');
    expect(document).toContain('| rwho | 5 | 1 (20 %) | 2 | 2 |');
    expect(document).toContain('| 1 | src/impl/rwho/a.ts:1 | logical | `a \\|\\| b` | `a && b` | open: nothing looks at it |');
    expect(document).toContain("`a '&&' c` | open: it never made a difference |");
    expect(document).toContain('`d` | not reached |');
    expect(document).toContain('`e` | not reached but as written |');
    expect(document).not.toContain('| 4 | src');
  });

  it('keeps what was written by hand, though lines have moved', () => {
    const earlier = survivorsDocument(results, 20, '').replace('open: nothing looks at it', 'equivalent: both are true');
    const later = survivorsDocument([result(1, { line: 9 }), result(2, { after: 'other' })], 20, earlier);
    expect(later).toContain('a.ts:9 | logical | `a \\|\\| b` | `a && b` | equivalent: both are true |');
    expect(later.match(/equivalent: /g)).toHaveLength(1);
    expect(survivorsDocument([result(3, { after: 'd' })], 20, earlier)).toContain('`d` | open: nothing looks at it |');
  });
});

describe('a judge', () => {
  const urlOf = (name: string): URL => pathToFileURL(compiled(`src/impl/lifetime/${name}.ts`));
  const altered = (name: string, alter: (text: string) => string): Overlay => ({
    url: urlOf(name).href,
    module: alter(readFileSync(urlOf(name), 'utf8')),
  });
  const url = urlOf('programs').href;

  it('names what found it out', async () => {
    const module = 'export const programs = {};';
    const ending = await judged({ protocols: ['lifetime'], overlay: { url, module }, budget: 5 });
    expect(ending).toMatchObject({
      verdict: 'killed',
      killer: { by: expect.stringMatching(/^(throws|scenario)$/), where: expect.stringMatching(/^lifetime\/.* seed 0$/) },
    });
  });

  it('names what cannot be loaded, and what never ends', async () => {
    const [broken, endless] = await Promise.all(
      (
        [
          ['export const programs = none;', 20],
          ['export const programs = {}; for (;;) {}', 1],
        ] as const
      ).map(([module, budget]) => judged({ protocols: ['lifetime'], overlay: { url, module }, budget }, 0)),
    );
    expect(broken).toMatchObject({ verdict: 'killed', killer: { by: 'load', why: expect.stringContaining('none is not defined') } });
    expect(endless).toMatchObject({ verdict: 'killed', killer: { by: 'hangs', where: 'load' } });
  });

  it('finds nothing where nothing was changed', async () => {
    const tasks = [
      {},
      { overlay: altered('programs', text => `${text}\n${PROBE}.either(() => 1, () => 1);`) },
      // Where a request is lost, which it is as written.
      { overlay: altered('child', text => text.replace("this.#log('debug', 'request-lost'", `${PROBE}.either(() => 1, () => 1), $&`)) },
    ];
    const [nothing, alike, lost] = await Promise.all(tasks.map(each => judged({ protocols: ['lifetime'], budget: 1, ...each })));
    expect(nothing).toMatchObject({ verdict: 'survived', reached: 'never', differed: false });
    expect(alike).toMatchObject({ verdict: 'survived', reached: 'corrected', differed: false });
    expect(lost).toMatchObject({ verdict: 'survived', reached: 'as-written', differed: false });
  });
});
