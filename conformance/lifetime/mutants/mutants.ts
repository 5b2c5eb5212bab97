/**
 * The mutants of both roles, and exactly which cases each of them fails.
 * May import: its own folder, suite.ts.
 */
import type { Programs } from '../../../src/host/host.ts';
import type { Mutant } from '../../suite.ts';
import { BROKEN_CHILDREN, HELPERS, ODD_CHILD, PLAIN_CHILD } from './children.ts';
import { DEPENDS, FAILS } from './fails.ts';
import { BROKEN_PARENTS, PLAIN_PARENT } from './parents.ts';
import { QUIRKY } from './quirky.ts';

const CHILD_CLAIMS = ['p2p-address', 'rpc-address', 'listeners'];
const PARENT_CLAIMS = ['names', 'escalation'];

const programOf = (role: string, name: string): string => `lifetime-${role}-${name}`;

/** Ids are written without the suite and the role, which all cases of a mutant share. */
const failsOf = (role: string, name: string): readonly string[] => (FAILS[`${role}/${name}`] ?? []).map(id => `lifetime.${role}.${id}`);

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

/** Right, though nobody else's: they have to pass everything. */
export const CORRECT: readonly Mutant[] = [
  {
    name: 'child/plain',
    role: 'child',
    text: 'the child that the broken ones are made of',
    program: programOf('child', 'plain'),
    args: [],
    claims: CHILD_CLAIMS,
    fails: [],
  },
  {
    name: 'child/odd',
    role: 'child',
    text: 'a child with frames of types nobody knows',
    program: programOf('child', 'odd'),
    args: [],
    claims: CHILD_CLAIMS,
    fails: [],
  },
  {
    name: 'parent/plain',
    role: 'parent',
    text: 'the parent that the broken ones are made of',
    program: programOf('parent', 'plain'),
    args: [],
    claims: PARENT_CLAIMS,
    fails: [],
  },
];

export const MUTANTS: readonly Mutant[] = [
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

/** To be put into the table of programs. */
export const MUTANT_PROGRAMS: Programs = {
  ...HELPERS,
  [programOf('child', 'plain')]: PLAIN_CHILD,
  [programOf('child', 'odd')]: ODD_CHILD,
  [programOf('parent', 'plain')]: PLAIN_PARENT,
  ...Object.fromEntries(Object.entries(BROKEN_CHILDREN).map(([name, { daemon }]) => [programOf('child', name), daemon])),
  ...Object.fromEntries(Object.entries(BROKEN_PARENTS).map(([name, { daemon }]) => [programOf('parent', name), daemon])),
};
