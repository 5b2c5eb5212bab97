/** The README's two lines, and what the first one shows: every step ends as it says, and the commands that are shown work. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command, ROOT, slipway } from '../support/slipway.ts';

it('README.md begins with two lines that work', async () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n');
  const shown = lines.filter(line => line.startsWith('    npm')).map(line => line.trim().replace(/\s+#.*/, ''));
  expect(shown).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  const scripts: Record<string, string> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
  expect(scripts['start']).toBe('node slipway tour');
});

it('shows a run, finds a bug and a planted fault, and says how to go on', async () => {
  const { code, stdout } = await slipway(['tour']);
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/│◀─+ lifetimeevent kind=0 id=0 ─+│/);
  expect(stdout).toMatch(/found in \d+ of 200 runs/);
  expect(stdout).toContain('stops-on-eof: A child whose control pipe its parent has closed ends');
  expect(stdout).toMatch(/^ +✗ stops-on-eof$/m);
  expect(stdout).toMatch(/smallest\.jsonl {2}reproduced/);
  expect(stdout).toContain('✗ lifetime.child.ids.constants');
  expect(stdout).toContain('✓ lifetime.child.stop.control-eof');
  const [again] = stdout.match(/\.\/slipway conform .*/) ?? [];
  expect(await command('sh', ['-c', `${again} --case lifetime.child.ids.constants`])).toMatchObject({ code: 1 });
  expect(await command('sh', ['-c', stdout.match(/\.\/slipway explain \S+/)?.[0] ?? 'exit 9'])).toMatchObject({ code: 0 });
});

it('leaves out what needs an interpreter that is not here, and says so', async () => {
  const { code, stdout } = await slipway(['tour'], { env: { PATH: '/nowhere' } });
  expect(code).toBe(0);
  expect(stdout).toContain('python3 is not here, so this was left out');
});
