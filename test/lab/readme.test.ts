/** Every command of lab/README.md is run and ends as it says, as those of other documents are (test/docs.test.ts). */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { commandsOf } from '../support/documents.ts';
import { command, ROOT } from '../support/slipway.ts';
import { inLab } from './lab.ts';

const MADE = join(ROOT, 'out/lab');

inLab('lab/README.md', () => {
  afterAll(() => rmSync(MADE, { recursive: true, force: true }));

  it.each(commandsOf('lab/README.md').map(shown => [shown.line, shown.exits] as const))('%s', async (line, exits) => {
    expect(await command('sh', ['-c', line])).toMatchObject({ code: exits });
  });

  it('leads to a rwhod of Debian that knows both', () => {
    expect(readdirSync(join(MADE, 'theirs')).sort()).toEqual(['whod.peer', 'whod.tester']);
  });
});
