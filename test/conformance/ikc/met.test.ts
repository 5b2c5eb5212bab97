/** How a kernel of IKC is named on the command line: the socket at which it is met, and the states that it has published. */
import { expect, test } from 'vitest';
import { Stop } from '../../../cli/exit.ts';
import { type AdapterFlags, type TestedRole, testedRoles } from '../../../cli/tested-role.ts';
import { claimsJsonSchema, readClaims } from '../../../conformance/adapt/claims-schema.ts';
import { IKC } from '../../../conformance/ikc/suite.ts';

const met = (flags: AdapterFlags): TestedRole | undefined => testedRoles(IKC, ['server'], [], { exec: 'true', ...flags }, undefined)[0];

function refusal(flags: AdapterFlags): string {
  try {
    return JSON.stringify(met(flags));
  } catch (thrown) {
    return thrown instanceof Stop ? thrown.message : String(thrown);
  }
}

test('--at is a socket in the directory of the case, --set a name', () => {
  expect(met({})?.implementation).not.toHaveProperty('at');
  expect(met({})?.implementation).not.toHaveProperty('settings');
  expect(met({ at: 'unix:kernel', set: ['session=test', 'echo=a=b'] })?.implementation).toMatchObject({
    at: { transport: 'unix', path: 'kernel' },
    settings: { session: 'test', echo: 'a=b' },
  });
});

test('what there is not is refused', () => {
  expect(refusal({ set: ['x=1'] })).toContain('the role server of ikc has session, echo, add');
  expect(refusal({ set: ['session'] })).toContain('--set is NAME=VALUE');
  expect(refusal({ at: 'tcp://127.0.0.1:1' })).toContain('unix:PATH takes its place');
});

test('a claims file has settings', () => {
  const roles = { server: { start: { command: ['x'] }, at: 'unix:kernel' } };
  const claims = { suite: 'ikc', implementation: { name: 'x', version: '' }, roles };
  expect(readClaims(JSON.stringify({ ...claims, settings: { session: 'test' } }), IKC)).toMatchObject({ settings: { session: 'test' } });
  expect(readClaims(JSON.stringify({ ...claims, settings: { x: 'test' } }), IKC)).toContain('settings.x: the suite ikc has session');
  expect(JSON.stringify(claimsJsonSchema())).toContain('"settings"');
});
