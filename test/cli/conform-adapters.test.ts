/** The command line of conform: how an implementation is named and met, and what is wrong with how it was. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Stop } from '../../cli/exit.ts';
import { type AdapterFlags, findClaims, testedRoles } from '../../cli/tested-role.ts';
import { findFaketime } from '../../conformance/arms/node/faketime.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-adapters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

/** With what the command would end. */
async function refusal(act: () => unknown): Promise<unknown> {
  try {
    return await act();
  } catch (thrown) {
    return thrown instanceof Stop ? [thrown.code, thrown.message] : thrown;
  }
}

/** Begins as a child of the lifetime protocol does, and ends. */
const BEGINS = `printf '\\001\\015lifetimeevent\\002\\000\\000\\000\\000\\000' >&3`;
const ONE = 'lifetime.child.start.database-first';
const claims = (child: object, more: object = {}): string => {
  const path = file(`${Math.random()}.json`);
  const said = { suite: 'lifetime', implementation: { name: 'Toy', version: '7', contact: 'toy@example' }, roles: { child }, ...more };
  writeFileSync(path, JSON.stringify(said));
  return path;
};

describe('a claims file', () => {
  test('says who it is, how it is met and what it has; the report compares', async () => {
    const child = {
      start: {
        command: ['sh', '-c', `[ "$WHO" = {role} ] && ${BEGINS}; echo up; sleep 60`],
        environment: { WHO: '{role}' },
        ready: { line: 'up' },
      },
    };
    const path = claims(child, { features: { 'p2p-address': true, listeners: false }, limits: ['it is a toy'] });
    const report = file('report');
    const ended = await slipway([
      'conform',
      'lifetime',
      '--claims-file',
      path,
      '--case',
      ONE,
      '--patience',
      '4',
      '--report',
      report,
      '--json',
    ]);
    expect(ended.stderr).toBe('');
    const { implementation, rows, claims: compared, limits } = JSON.parse(ended.stdout);
    expect(implementation).toMatchObject({
      name: 'Toy',
      version: '7',
      contact: 'toy@example',
      roles: [{ role: 'child', adapter: 'exec', claims: ['p2p-address'] }],
    });
    expect(rows).toMatchObject([{ case: ONE, verdict: 'pass' }]);
    expect(compared).toContainEqual(expect.objectContaining({ id: 'p2p-address', claimed: 'yes', observed: 'not seen' }));
    expect(limits).toContain('it is a toy');
    expect(rows[0].reproduce.live).toContain(`--claims-file ${path}`);
    const replayed = await slipway(['replay', join(report, 'traces', `${ONE}.jsonl`)]);
    expect(replayed).toMatchObject({ code: 0 });
  });

  test('what is not claimed and works is told', async () => {
    const path = claims({ start: { command: ['python3', 'examples/lifetime-child.py'] } }, { features: {} });
    const ended = await slipway([
      'conform',
      'lifetime',
      '--claims-file',
      path,
      '--case',
      ONE,
      '--probe-unclaimed',
      '--patience',
      '4',
      '--json',
    ]);
    const report = JSON.parse(ended.stdout);
    expect(report.warnings).toContainEqual(expect.stringMatching(/^not claimed, and works: p2p-address /));
    expect(report.claims).toContainEqual(expect.objectContaining({ id: 'p2p-address', claimed: 'no', probed: 'yes', agrees: false }));
    expect(report.rows).toHaveLength(1);
  });
});

describe('a daemon that forks', () => {
  /** For descriptor 2, which the tester reads to its end, is another one. */
  const script = `${BEGINS}; (exec setsid sleep 60 2>/dev/null) & sleep 0.2`;
  const forks = { start: { command: ['sh', '-c', script], forks: true } };

  test('by flags or by a claims file; what is written by --init says so again', async () => {
    const path = file('forks.claims.json');
    const one = ['--case', ONE, '--patience', '4'];
    const words = ['--forks', '--pid-file', '{dir}/it.pid', '--', 'sh', '-c', `${script}; echo $! > "$1"`, 'sh', '{dir}/it.pid'];
    const flagged = await slipway(['conform', 'lifetime', ...one, '--json', '--report', file('forks'), ...words]);
    expect(JSON.parse(flagged.stdout).rows[0]).toMatchObject({ end: expect.stringContaining('SIGKILL') });
    expect(flagged.stdout).toMatch(/--forks .*--pid-file '{dir}.it.pid'/);
    const claimed = await slipway(['conform', 'lifetime', ...one, '--json', '--claims-file', claims(forks)]);
    expect(JSON.parse(claimed.stdout).rows[0]).toMatchObject({ end: expect.stringContaining('SIGKILL') });
    const lond = ['--exec', 'perl examples/lond.pl --daemon --pid-file={dir}/it.pid', '--forks', '--pid-file', '{dir}/it.pid'];
    await slipway(['conform', 'lonc', '--role', 'lond', '--init', path, '--patience', '4', ...lond]);
    expect(JSON.parse(readFileSync(path, 'utf8')).roles.lond.start).toMatchObject({ forks: true, pidFile: '{dir}/it.pid' });
    const replayed = await slipway(['replay', join(file('forks'), 'traces', `${ONE}.jsonl`)]);
    expect(replayed.stdout).toContain('reproduced');
  });

  test('flags are not for a claims file, which says it itself', async () => {
    const found = await findClaims(claims(forks), LIFETIME);
    const refused = await refusal(() => testedRoles(LIFETIME, ['child'], [], { forks: true }, found));
    expect(refused).toEqual([2, expect.stringContaining('start.forks')]);
    expect(testedRoles(LIFETIME, ['child'], [], {}, found)[0]?.implementation).toMatchObject({ forks: { within: 10_000_000 } });
  });
});

describe('--init', () => {
  test('probes an implementation, and what it writes is read', async () => {
    const path = file('probed.json');
    const ended = await slipway(['conform', 'lifetime', '--exec', 'python3 examples/lifetime-child.py', '--init', path, '--patience', '4']);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`--claims-file ${path}`) });
    const said = JSON.parse(readFileSync(path, 'utf8'));
    expect(said.roles).toEqual({ child: { start: { command: ['python3', 'examples/lifetime-child.py'] } } });
    expect(said.features).toEqual({ 'p2p-address': true, 'rpc-address': true, listeners: true });
    const again = await slipway(['conform', 'lifetime', '--init', path]);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') });
  });

  test('without an implementation and without a terminal: the questions, in a file', async () => {
    const path = file('template.json');
    expect(await slipway(['conform', 'lonc', '--init', path])).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toContain('features.commands: lond has the commands');
    const tried = await slipway(['conform', 'lonc', '--claims-file', path]);
    expect(tried).toMatchObject({ code: 4, stderr: expect.stringContaining('my-implementation: there is no such program') });
  });
});

describe('on the command line', () => {
  test.each<readonly [string, AdapterFlags, number, string]>([
    ['two ways', { exec: 'x', attach: ['tcp://127.0.0.1:1'] }, 2, 'exclude each other'],
    ['an address that is none', { attach: ['localhost:80'] }, 2, "'localhost:80' is no address"],
    ['an address for pipes', { attach: ['tcp://127.0.0.1:80'] }, 2, 'the role child has only pipes'],
    ['a placeholder for what there is not', { exec: 'sh {fd:event}' }, 2, 'its pipes are {fd:events}, {fd:control}'],
    ['a sign that is none', { exec: 'sh', ready: 'soon' }, 2, "--ready is port, line:TEXT or file:PATH, not 'soon'"],
    ['a pid file of what does not fork', { exec: 'sh', pidFile: 'x' }, 2, '--pid-file is about a program that forks: --forks'],
    ['a pid file without a name', { exec: 'sh', forks: true, pidFile: '' }, 2, '--pid-file names a file'],
    ['ours that forks', { forks: true }, 2, 'are about an implementation that --exec or a claims file names'],
    ['a place in its pid file', { exec: 'sh', forks: true, pidFile: '{fd:nothing}' }, 2, 'has no such channel'],
    ['a port where there is none', { exec: 'sh', ready: 'port' }, 2, 'does not listen on the port of the case'],
    ['a variable that is none', { exec: 'sh', env: ['7=x'] }, 2, "--env is NAME=VALUE, not '7=x'"],
    ['a clock for ours', { faketime: '10' }, 2, 'an implementation that --exec or a claims file names'],
    ['no such program', { exec: 'no-such-program', env: ['A=b'] }, 4, 'no-such-program: there is no such program'],
    ['a claim that there is not', { exec: 'sh', claim: ['tls'] }, 2, "no claim 'tls'"],
  ])('%s', async (_, flags, code, why) => {
    expect(await refusal(() => testedRoles(LIFETIME, ['child'], [], flags, undefined))).toEqual([code, expect.stringContaining(why)]);
  });

  test.each<readonly [string, () => string, string]>([
    ['is not there', () => '/no/such/file', "there is no file /no/such/file; 'conform lifetime --init' writes one"],
    ['says nothing of the role', () => claims({ shim: { command: ['x'] } }), 'it says nothing of the role parent'],
    ['is wrong', () => claims({}), 'roles.child: says how it is met'],
  ])('a claims file that %s', async (_, path, why) => {
    const found = async (): Promise<unknown> => testedRoles(LIFETIME, ['parent'], [], {}, await findClaims(path(), LIFETIME));
    expect(await refusal(found)).toEqual([2, expect.stringContaining(why)]);
  });

  test('a shim that is none', async () => {
    const ended = await slipway(['conform', 'lifetime', '--shim', 'true', '--case', ONE]);
    expect(ended).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('it ended, or closed its standard output, before it said exit'),
    });
  });

  test('nobody at an address: exit 4, and the report says why', async () => {
    const report = file('nobody');
    const args = ['--role', 'lond', '--attach', 'tcp://127.0.0.1:9', '--case', 'lonc.lond.greeting.admitted', '--report', report];
    const ended = await slipway(['conform', 'lonc', ...args]);
    expect(ended).toMatchObject({ code: 4, stderr: expect.stringContaining('nobody answers at tcp://127.0.0.1:9: ECONNREFUSED') });
    expect(JSON.parse(readFileSync(join(report, 'report.json'), 'utf8'))).toMatchObject({
      complete: false,
      warnings: [expect.stringContaining('nobody answers')],
    });
  });

  test('--env, --cwd and placeholders reach it', async () => {
    const words = [
      'sh',
      '-c',
      `[ "$PWD $COLOUR" = "${folder} blue" ] && printf '\\001\\015lifetimeevent\\002\\000\\000\\000\\000\\000' >&{fd:events}; sleep 60`,
    ];
    const ended = await slipway([
      'conform',
      'lifetime',
      '--case',
      ONE,
      '--patience',
      '4',
      '--env',
      'COLOUR=blue',
      '--cwd',
      folder,
      '--json',
      '--',
      ...words,
    ]);
    expect(JSON.parse(ended.stdout).rows).toMatchObject([{ verdict: 'pass' }]);
  });
});

describe('--faketime', () => {
  const library = findFaketime();
  if (library === undefined) process.stderr.write('libfaketime is not here (package faketime): --faketime was NOT tested with a clock\n');

  test.skipIf(library === undefined)('sleeps are shorter by as much, and the report says what that means', async () => {
    // Sleeps for 100 s of its own; the case waits 5 s at most.
    const args = ['--faketime', '200', '--case', ONE, '--json'];
    const ended = await slipway(['conform', 'lifetime', ...args, '--', 'sh', '-c', `sleep 100; ${BEGINS}; sleep 10000`]);
    const report = JSON.parse(ended.stdout);
    expect(report.rows).toMatchObject([{ verdict: 'pass' }]);
    expect(report.timeScale).toBe(200_000);
    expect(report.limits).toContainEqual(expect.stringContaining('alarm(2)'));
  });

  test('is looked for where Debian puts it', () => {
    expect(findFaketime('/no/such/root')).toBeUndefined();
    if (library !== undefined) expect(existsSync(library)).toBe(true);
  });
});
