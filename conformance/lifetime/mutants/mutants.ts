/**
 * The mutants of both roles, and exactly which cases each of them fails.
 */
import type { Programs } from '../../../src/host/host.ts';
import { caught, failsIn } from '../../mutants.ts';
import type { Mutant } from '../../suite.ts';
import { BROKEN_CHILDREN, HELPERS, ODD_CHILD, PLAIN_CHILD } from './children.ts';
import fails from './fails.json' with { type: 'json' };
import { BROKEN_PARENTS, PLAIN_PARENT } from './parents.ts';
import { QUIRKY } from './quirky.ts';

const CHILD_CLAIMS = ['p2p-address', 'rpc-address', 'listeners'];
const PARENT_CLAIMS = ['names', 'escalation'];

const programOf = (role: string, name: string): string => `lifetime-${role}-${name}`;

const failsOf = failsIn('lifetime', fails);

const CUT = 'how the bytes are cut';
const DEPENDS: Readonly<Record<string, string>> = {
  'child/dc-04': 'whether the control pipe is read before a listener of requests waits',
  'parent/dc-20': CUT,
  'parent/dc-21': CUT,
  'parent/first-of-chunk': CUT,
  'parent/frame-per-chunk': CUT,
};
const dependsOf = (role: string, name: string): { readonly depends?: string } => {
  const depends = DEPENDS[`${role}/${name}`];
  return depends === undefined ? {} : { depends };
};

function own(role: string, broken: Readonly<Record<string, { readonly text: string }>>, claims: readonly string[]): readonly Mutant[] {
  return Object.entries(broken).map(([name, { text }]) => ({
    name: `${role}/${name}`,
    role,
    text,
    program: programOf(role, name),
    args: [],
    claims,
    fails: failsOf(role, name),
    ...dependsOf(role, name),
  }));
}

const right = (role: string, name: string, text: string, claims: readonly string[]): Mutant => ({
  name: `${role}/${name}`,
  role,
  text,
  program: programOf(role, name),
  args: [],
  claims,
  fails: [],
});
/** Right, though nobody else's: they have to pass everything. */
export const CORRECT: readonly Mutant[] = [
  right('child', 'plain', 'the child that the broken ones are made of', CHILD_CLAIMS),
  right('child', 'odd', 'a child with frames of types nobody knows', CHILD_CLAIMS),
  right('parent', 'plain', 'the parent that the broken ones are made of', PARENT_CLAIMS),
];

/** All there could be; what no case of a role sees is left out of `MUTANTS`. */
export const CANDIDATES: readonly Mutant[] = [
  ...own('child', BROKEN_CHILDREN, CHILD_CLAIMS),
  ...own('parent', BROKEN_PARENTS, PARENT_CLAIMS),
  ...QUIRKY.map(({ role, name, text, args }) => ({
    name: `${role}/${name}`,
    role,
    text,
    program: `lifetime-${role}`,
    args,
    claims: role === 'child' ? CHILD_CLAIMS : PARENT_CLAIMS,
    fails: failsOf(role, name),
    ...dependsOf(role, name),
  })),
];

export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);

/** To be put into the table of programs. */
export const MUTANT_PROGRAMS: Programs = {
  ...HELPERS,
  [programOf('child', 'plain')]: PLAIN_CHILD,
  [programOf('child', 'odd')]: ODD_CHILD,
  [programOf('parent', 'plain')]: PLAIN_PARENT,
  ...Object.fromEntries(Object.entries(BROKEN_CHILDREN).map(([name, { daemon }]) => [programOf('child', name), daemon])),
  ...Object.fromEntries(Object.entries(BROKEN_PARENTS).map(([name, { daemon }]) => [programOf('parent', name), daemon])),
};
