/**
 * The mutants of the three roles, and exactly which cases each of them fails.
 */
import type { Programs } from '../../../src/host/host.ts';
import { lond } from '../../../src/impl/lonc/lond.ts';
import { londChild } from '../../../src/impl/lonc/lond-child.ts';
import { gateway, gatewayChild } from '../../../src/impl/lonc/programs.ts';
import { caught, failsIn } from '../../mutants.ts';
import type { Mutant } from '../../suite.ts';
import fails from './fails.json' with { type: 'json' };
import type { Broken } from './gateways.ts';
import { BROKEN_CHILDREN, OLD_HOSTS, STALE_HOSTS } from './gateways.ts';
import { BROKEN_LONDS } from './londs.ts';
import { meddled } from './meddle.ts';
import { QUIRKY } from './quirky.ts';

const failsOf = failsIn('lonc', fails);

/** What these make of bytes depends on how they are cut, which is drawn. */
const CHUNKED: readonly string[] = [
  'chunk-lines',
  'chunk-requests',
  'one-request',
  'some-requests',
  'takes-chunks',
  'one-of-each',
  'reverses',
];

/** A role whose cases do not see what is broken has no such mutant. */
function broken(role: string, program: string, table: Readonly<Record<string, Broken>>): readonly Mutant[] {
  const claims = role === 'lond' ? ['commands'] : [];
  const args = role === 'lond' ? ['--listen=127.0.0.1'] : [];
  return Object.entries(table).map(([name, { text }]) => ({
    name: `${role}/${name}`,
    role,
    text,
    program: `${program}-${name}`,
    args,
    claims,
    fails: failsOf(role, name),
    ...(CHUNKED.includes(name) ? { depends: 'how the bytes are cut' } : {}),
  }));
}

/** All there could be; what no case of a role sees is left out of `MUTANTS`. */
export const CANDIDATES: readonly Mutant[] = [
  ...QUIRKY.map(({ role, name, text, args }) => ({
    name: `${role}/${name}`,
    role,
    text,
    program: 'gateway',
    args,
    fails: failsOf(role, name),
  })),
  ...broken('lond-client', 'gateway', BROKEN_CHILDREN),
  ...broken('local', 'gateway', BROKEN_CHILDREN),
  ...broken('lond', 'lond', BROKEN_LONDS),
];

export const MUTANTS: readonly Mutant[] = caught(CANDIDATES, fails);

/** A parent and a child for each: the parent starts the child that is broken. */
export const MUTANT_PROGRAMS: Programs = {
  ...Object.fromEntries(
    Object.entries(BROKEN_CHILDREN).flatMap(([name, { meddling, parent = {} }]) => [
      [`gateway-${name}`, meddled(gateway, parent, { 'gateway-child': `gateway-child-${name}` })],
      [`gateway-child-${name}`, meddled(gatewayChild, meddling)],
    ]),
  ),
  [`gateway-${STALE_HOSTS}`]: meddled(gateway, {}, { gateway: `gateway-${STALE_HOSTS}-again` }),
  [`gateway-${STALE_HOSTS}-again`]: meddled(gateway, OLD_HOSTS),
  ...Object.fromEntries(
    Object.entries(BROKEN_LONDS).flatMap(([name, { meddling }]) => [
      [`lond-${name}`, meddled(lond, {}, { 'lond-child': `lond-child-${name}` })],
      [`lond-child-${name}`, meddled(londChild, meddling)],
    ]),
  ),
};
