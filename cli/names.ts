/**
 * What a user may have meant by a name.
 */
import type { Catalogue } from '../protocols/catalogue.ts';
import type { Scenario } from '../src/check/scenario.ts';
import { printable } from '../src/host/bytes.ts';
import { usage } from './exit.ts';
import { COMMAND } from './name.ts';

/** The scenarios a user named: exact names, or a prefix up to a slash (`lifetime`); all when none is named. */
export function selectScenarios({ scenarios }: Catalogue, names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return scenarios;
  for (const name of names)
    if (!scenarios.some(scenario => isNamed(scenario, name)))
      throw unknown(
        'scenario',
        name,
        scenarios.map(each => each.name),
      );
  return scenarios.filter(scenario => names.some(name => isNamed(scenario, name)));
}

const isNamed = (scenario: Scenario, name: string): boolean => scenario.name === name || scenario.name.startsWith(`${name}/`);

/** One line that says what was wrong and what is near. */
export function unknown(what: string, name: string, known: readonly string[]): ReturnType<typeof usage> {
  const near = nearest(name, known);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `'${COMMAND} list ${what}s' shows what there is`;
  return usage(`there is no ${what} '${printable(name)}'; ${hint}`);
}

/** Up to three names that somebody may have meant, the nearest first: `DC-4` and `dc_04` are `DC-04` written otherwise. */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const said = simplified(name);
  const last = (text: string): string => text.split('/').at(-1) ?? text;
  const far = (each: string): number => Math.min(distance(simplified(each), said), distance(last(simplified(each)), last(said)));
  const reach = Math.min(FAR, Math.floor(last(said).length / 2));
  return [...new Set(known)]
    .map(each => ({ each, by: far(each) }))
    .filter(({ by }) => by <= reach)
    .sort((left, right) => left.by - right.by)
    .filter(({ by }, _at, [first]) => by === first?.by || first?.by !== 0)
    .slice(0, 3)
    .map(({ each }) => each);
}
/** Edits. */
const FAR = 3;

/** Without what people leave out or write otherwise: case, leading zeros, the kind of dash. */
const simplified = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[-_. ]+/g, '-')
    .replace(/(?<!\d)0+(?=\d)/g, '');

/** Levenshtein's edit distance, for names of a few dozen characters. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
