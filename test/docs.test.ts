/** Every command shown in the documents is run, in order, and ends as it says: with 0, or with the code after `# exits`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsOf } from './support/documents.ts';
import { command, ROOT } from './support/slipway.ts';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/properties.md',
  'docs/viewer.md',
  'traces/README.md',
  'docs/traces.md',
  'src/impl/lifetime/README.md',
  'conformance/adapt/README.md',
];

describe.each(DOCUMENTS.filter(document => commandsOf(document).length > 0))('%s', document => {
  it.each(commandsOf(document).map(shown => [shown.line, shown] as const))('%s', async (_, { line, exits }) => {
    const ended = await command('sh', ['-c', line]);
    expect(ended).toMatchObject({ code: exits });
    expect(ended.stderr).not.toContain('a fault of its own');
  });
});

it.each(DOCUMENTS)('%s shows no command outside a block that is run', document => {
  const fences = [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)];
  const hidden = fences.filter(([, language, block]) => language !== 'sh' && /^(\.\/)?slipway /m.test(block ?? ''));
  expect(hidden.map(match => match[0])).toEqual([]);
});

it('README.md shows commands for each use', () => {
  const verbs = commandsOf('README.md').map(({ line }) => line.split(' ')[1]);
  expect(new Set(verbs)).toEqual(
    new Set([
      'run',
      'sweep',
      'exhaust',
      'replay',
      'shrink',
      'show',
      'diff',
      'view',
      'import',
      'conform',
      'report',
      'compare',
      'matrix',
      'serve',
      'proxy',
      'list',
      'explain',
    ]),
  );
});
