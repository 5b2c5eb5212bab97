/** Claims files: what is wrong is said with its place; the published schema is the one that is used. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { interview, template } from '../../../cli/commands/init-claims.ts';
import { addressFault, parseAddress, parseAt } from '../../../conformance/adapt/address.ts';
import { claimed, said } from '../../../conformance/adapt/claims.ts';
import { CLAIMS_LIMIT, claimsJsonSchema, readClaims } from '../../../conformance/adapt/claims-schema.ts';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import { RWHO } from '../../../conformance/rwho/suite.ts';

const MINIMAL = {
  suite: 'lifetime',
  implementation: { name: 'x', version: '1' },
  roles: { child: { start: { command: ['x'] } } },
};
const read = (value: unknown): unknown => readClaims(JSON.stringify(value), LIFETIME);
const inRole = (child: unknown): unknown => read({ ...MINIMAL, roles: { child } });

test('the least that can be said', () => expect(read(MINIMAL)).toEqual(MINIMAL));

describe('what is wrong, and where', () => {
  test.each([
    ['no object', [], 'the file: '],
    ['an unknown key', { ...MINIMAL, feature: {} }, 'the file: Unrecognized key: "feature"'],
    ['another suite', { ...MINIMAL, suite: 'lonc' }, "suite: it is about 'lonc', not about lifetime"],
    [
      'a role that there is not',
      { ...MINIMAL, roles: { server: { shim: { command: ['x'] } } } },
      'roles.server: the suite lifetime has child, parent',
    ],
    ['a feature that there is not', { ...MINIMAL, features: { tls: true } }, 'features.tls: the suite lifetime has p2p-address'],
    ['a choice that is no MAY', { ...MINIMAL, choices: { 'lifetime.child.exit-zero': true } }, 'choices.lifetime.child.exit-zero: '],
    ['a feature that is neither', { ...MINIMAL, features: { listeners: 'yes' } }, 'features.listeners: '],
    ['an impossible factor', { ...MINIMAL, timeScale: 0.5 }, 'timeScale: '],
  ])('%s', (_, value, why) => expect(read(value)).toContain(why));

  test.each([
    ['nothing', {}, 'roles.child: says how it is met'],
    ['no command', { start: { command: [] } }, 'roles.child.start.command: '],
    [
      'two signs',
      { start: { command: ['x'], ready: { port: true, line: 'x' } } },
      'roles.child.start.ready: names one of port, line, file',
    ],
    ['readers of what is there', { addresses: ['tcp://127.0.0.1:1'], readers: { ruptime: ['x'] } }, 'for what is started for each case'],
    ['a place of what is there', { addresses: ['tcp://127.0.0.1:1'], at: 'udp://127.0.0.1:1' }, 'for what is started for each case'],
    ['a pid file of what does not fork', { start: { command: ['x'], pidFile: 'y' } }, 'say "forks": true'],
    ['a shim and a start', { shim: { command: ['x'] }, start: { command: ['x'] } }, 'a shim is met alone'],
    ['kept without an address', { start: { command: ['x'], lifetime: 'run' } }, 'is met at addresses'],
    ['an address without being kept', { start: { command: ['x'] }, addresses: ['tcp://127.0.0.1:1'] }, 'say "lifetime": "run"'],
    ['a reset of what is new', { start: { command: ['x'] }, reset: { command: ['y'] } }, 'reset is for what is kept'],
    ['no address', { addresses: ['localhost:1'] }, "'localhost:1' is no address"],
    ['an environment that is none', { start: { command: ['x'], environment: { 'A B': 'c' } } }, 'roles.child.start.environment'],
  ])('a role with %s', (_, role, why) => expect(inRole(role)).toContain(why));

  test('what is no JSON, and what is too long', () => {
    expect(readClaims('{', LIFETIME)).toContain('it is no JSON');
    expect(readClaims(' '.repeat(CLAIMS_LIMIT + 1), LIFETIME)).toBe(`it is longer than ${CLAIMS_LIMIT} characters`);
  });
});

test('only what is true is claimed; null says nothing', () => {
  expect(claimed({ a: true, b: false, c: null })).toEqual(['a']);
  expect(said({ a: true, b: false, c: null })).toEqual({ a: true, b: false });
  expect([claimed(undefined), said(undefined)]).toEqual([[], {}]);
});

describe('addresses', () => {
  test.each([
    ['tcp://127.0.0.1:5663', { transport: 'tcp', address: '127.0.0.1', port: 5_663 }],
    ['tcp://[::1]:80', { transport: 'tcp', address: '::1', port: 80 }],
    ['udp://10.0.0.1:513', { transport: 'udp', address: '10.0.0.1', port: 513 }],
    ['unix:/run/x.sock', { transport: 'unix', path: '/run/x.sock' }],
  ])('%s', (text, address) => expect(parseAddress(text)).toEqual(address));

  test.each([
    ['tcp://localhost:80', 'names are not resolved'],
    ['tcp://127.0.0.1:0', 'the port is 1 to 65535'],
    ['tcp://127.0.0.1:99999', 'the port is 1 to 65535'],
    ['tcp://::1:80', 'is no address'],
    ['tcp://[127.0.0.1]:80', 'is no IP address'],
    ['unix:run/x.sock', 'absolute path'],
    [`unix:/${'x'.repeat(107)}`, 'longer than 107 bytes'],
    ['http://127.0.0.1:80', 'is no address'],
  ])('%s is none', (text, why) => expect(parseAddress(text)).toContain(why));

  test('a role that they do not fit', () => {
    const tcp = { transport: 'tcp', address: '127.0.0.1', port: 1 } as const;
    const unix = { transport: 'unix', path: '/x' } as const;
    const [child, gateway, lond] = [LIFETIME.roles['child'], LONC.roles['local'], LONC.roles['lond']];
    if (child === undefined || gateway === undefined || lond === undefined) throw new Error('these roles exist');
    expect(addressFault([tcp], child, 'child')).toContain('only pipes');
    expect(addressFault([unix], gateway, 'local')).toContain('connects to the tester: name the tcp address');
    expect(addressFault([unix, tcp], gateway, 'local')).toBeUndefined();
    expect(addressFault([tcp], lond, 'lond')).toBeUndefined();
    expect(addressFault([tcp, tcp], lond, 'lond')).toContain('two tcp addresses');
    expect(addressFault([{ ...tcp, transport: 'udp' }], lond, 'lond')).toContain('has no datagrams');
  });

  test('where what is started is: an address in a role with datagrams, a socket in one with streams', () => {
    const [server, lond, child] = [RWHO.roles['receiver'], LONC.roles['lond'], LIFETIME.roles['child']];
    if (server === undefined || lond === undefined || child === undefined) throw new Error('these roles exist');
    expect(parseAt('udp://10.77.0.2:513', server, 'receiver')).toEqual({ address: '10.77.0.2', port: 513 });
    expect(parseAt('tcp://10.77.0.2:513', server, 'receiver')).toBe('it is a udp address');
    expect(parseAt('10.77.0.2', server, 'receiver')).toContain('is no address');
    expect(parseAt('unix:/x', server, 'receiver')).toBe('it is a udp address');
    expect(parseAt('udp://10.77.0.2:513', lond, 'lond')).toContain('has no datagrams');
    expect(parseAt('unix:socket', lond, 'lond')).toEqual({ transport: 'unix', path: 'socket' });
    expect(parseAt('unix:/run/socket', lond, 'lond')).toEqual({ transport: 'unix', path: '/run/socket' });
    expect(parseAt(`unix:${'x'.repeat(110)}`, lond, 'lond')).toContain('longer than 107 bytes');
    expect(parseAt('unix:socket', child, 'child')).toContain('only pipes');
    expect(addressFault([{ transport: 'udp', address: '10.77.0.2', port: 513 }], server, 'receiver')).toContain(
      'by starting it for each case',
    );
  });
});

test('the published schema is the one that is used (UPDATE=1 writes it)', () => {
  const path = fileURLToPath(new URL('../../../conformance/schemas/claims.schema.json', import.meta.url));
  const schema = JSON.parse(JSON.stringify(claimsJsonSchema()));
  if (process.env['UPDATE'] === '1') writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(schema);
});

describe('a claims file that is made', () => {
  test.each([LIFETIME, LONC])('the template for $name is one', suite => {
    expect(readClaims(JSON.stringify(template(suite)), suite)).toEqual(template(suite));
  });

  test('by asking: what is not answered is left open, and a role without a command is none', async () => {
    const answers = ['Mine', '1.2', '', 'me@example', "my-child --name 'a b'", 'yes', '{dir}/it.pid', '', 'yes', 'no', 'perhaps'];
    const questions: string[] = [];
    const claims = await interview(LIFETIME, question => {
      questions.push(question);
      return Promise.resolve(answers[questions.length - 1] ?? '');
    });
    expect(claims).toMatchObject({
      implementation: { name: 'Mine', version: '1.2', url: '', contact: 'me@example' },
      roles: { child: { start: { command: ['my-child', '--name', 'a b'], forks: true, pidFile: '{dir}/it.pid' } } },
      features: { 'p2p-address': true, 'rpc-address': false, listeners: null },
    });
    expect(Object.keys(claims.roles)).toEqual(['child']);
    // Nothing is asked about a role that it has not.
    expect(questions.join()).not.toContain('escalation');
    expect(typeof readClaims(JSON.stringify(claims), LIFETIME)).toBe('object');
  });
});
