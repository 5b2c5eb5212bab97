/** The README's two lines: they are what it says, and the main job ends well and says how to go on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, slipway } from './support/slipway.ts';

it('README.md begins with two lines that work', { timeout: 300_000 }, async () => {
  const lines = readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n');
  const shown = lines.filter(line => line.startsWith('    npm')).map(line => line.trim().replace(/\s+#.*/, ''));
  expect(shown).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  const scripts: Record<string, string> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
  expect(scripts['start']).toBe('node slipway demo');
  const demo = await slipway(['demo', '--seeds', '0..1'], { limitMillis: 280_000 });
  expect(demo).toMatchObject({ code: 0 });
  expect(demo.stdout).toContain('What to type next');
});
