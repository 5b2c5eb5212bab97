/**
 * `slipway list KIND`: everything of one kind, a line each; without a kind, the kinds there are, and how many of each.
 */

import { FORMS } from '../../conformance/report/forms.ts';
import type { Catalogue } from '../../protocols/catalogue.ts';
import { propertiesOf } from '../../src/check/scenario.ts';
import { printable } from '../../src/host/bytes.ts';
import { FAULT_KINDS } from '../../src/sim/fault.ts';
import type { Context } from '../context.ts';
import { EXIT, EXIT_CODES, type ExitCode, usage } from '../exit.ts';
import { COMMAND } from '../name.ts';
import { nearest } from '../names.ts';

type List = (catalogue: Catalogue) => readonly Entry[];

interface Entry {
  readonly id: string;
  readonly text: string;
}

const cases: List = ({ suites }) => suites.flatMap(suite => suite.cases.map(each => ({ id: each.id, text: each.title })));
const requirements: List = ({ suites }) =>
  suites.flatMap(suite => suite.requirements.map(each => ({ id: each.id, text: `${each.level} ${each.text}` })));
const mutants: List = ({ suites }) =>
  suites.flatMap(suite => suite.mutants.map(each => ({ id: each.name, text: `${each.text}; fails ${each.fails.join(', ')}` })));
const properties: List = ({ scenarios }) =>
  scenarios.flatMap(scenario =>
    propertiesOf(scenario).map(each => ({ id: `${scenario.name}:${each.name}`, text: `${each.expectation}: ${each.text}` })),
  );
const recordings: List = ({ recordings: all }) =>
  all.map(({ slug, scenario, violates, meets = [] }) => ({
    id: `traces/${scenario.split('/')[0]}/${slug}`,
    text: `${scenario}${violates === undefined ? meets.map(each => `, meets ${each}`).join('') : `, fails ${violates}`}`,
  }));
const quirks: List = ({ traps }) => traps.map(each => ({ id: each.id, text: `${each.quirk ?? `(${each.side})`}: ${each.text}` }));

export const LISTS: Readonly<Record<string, List>> = {
  scenarios: ({ scenarios }) => scenarios.map(each => ({ id: each.name, text: each.title })),
  properties,
  recordings,
  faults: () => Object.entries(FAULT_KINDS).map(([id, text]) => ({ id, text })),
  quirks,
  suites: ({ suites }) => suites.map(each => ({ id: each.name, text: `${each.title}; roles ${Object.keys(each.roles).join(', ')}` })),
  cases,
  requirements,
  clauses: ({ suites, traps }) =>
    suites.flatMap(suite =>
      (suite.clauses ?? [])
        .filter(each => !traps.some(trap => trap.id === each.id))
        .map(each => ({ id: each.id, text: `${suite.name}: ${each.title}` })),
    ),
  mutants,
  daemons: ({ daemons }) => daemons.map(id => ({ id, text: `${COMMAND} serve ${id} -- [its options]` })),
  forms: () => FORMS.map(each => ({ id: each.name, text: `${each.file}: for ${each.text}` })),
  'exit-codes': () => EXIT_CODES.map(({ code, meaning }) => ({ id: String(code), text: meaning })),
};

const kinds: List = catalogue => Object.entries(LISTS).map(([id, each]) => ({ id, text: `${each(catalogue).length}` }));

function noSuchList(kind: string): ReturnType<typeof usage> {
  const known = Object.keys(LISTS);
  const near = nearest(kind, known);
  return usage(
    `there is no list of '${printable(kind)}'; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are: ${known.join(', ')}`}`,
  );
}

export function list(kind: string | undefined, { screen, catalogue }: Context): ExitCode {
  const found = kind === undefined ? kinds : Object.hasOwn(LISTS, kind) ? LISTS[kind] : undefined;
  const entries = found?.(catalogue);
  if (entries === undefined) throw noSuchList(kind ?? '');
  const width = Math.max(...entries.map(each => each.id.length));
  for (const { id, text } of entries) screen.line(`${screen.style('bold', id.padEnd(width))}  ${text}`);
  screen.value(entries);
  return EXIT.ok;
}
