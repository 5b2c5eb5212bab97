import { runSeed, simTest, suiteTests } from 'slipway/vitest';
import { expect, test } from 'vitest';
import { protocol } from './slipway.config.ts';
import { exchange } from './src/scenario.ts';

simTest('a client has its sum, whatever breaks', exchange);

test('nobody is told a total before the greeting', () => {
  expect(runSeed(exchange, 1)).toHappenBefore({ kind: 'send', bytes: 'WELCOME' }, { kind: 'send', bytes: 'TOTAL' });
});

suiteTests(protocol);
