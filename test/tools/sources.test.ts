/** The sources are as the compiler and the linter want them; what is run is compiled before the tests, and this beside them. */
import { expect, test } from 'vitest';
import { command, ROOT } from '../support/slipway.ts';

test.each([
  ['tsc', '-b', 'test', 'template'],
  ['biome', 'lint', '--error-on-warnings'],
])('%s %s %s', async (program, ...words) => {
  const { code, stdout, stderr } = await command(`${ROOT}node_modules/.bin/${program}`, words);
  expect({ code, told: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, told: '' });
});
