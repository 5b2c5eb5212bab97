/**
 * lond and gateway on the kernel, as a user starts them: two machines on loopback, 2,000 requests of 10 clients, and in the middle
 * a SIGKILL to a lond-child and to a gateway-child. The run is that of bench/gateway.ts, which says what it saw.
 */
import { expect, test } from 'vitest';
import { command, ROOT } from '../../../support/slipway.ts';

const REQUESTS = 2_000;

interface Seen {
  readonly asked: number;
  readonly own: number;
  readonly lost: number;
  readonly unanswered: number;
  readonly strange: readonly string[];
  readonly pauses: readonly (readonly [victim: string, seconds: number])[];
  readonly endings: readonly { readonly daemon: string; readonly code: number | null; readonly signal: string | null }[];
  readonly left: readonly unknown[];
}

// Processes are found in /proc, and only Linux has all of 127.0.0.0/8 on loopback.
test.skipIf(process.platform !== 'linux')('every request has its own answer or con_lost, whoever is killed', async () => {
  const options = [`--requests=${REQUESTS}`, '--clients=10', '--kills=lond-child,gateway-child', '--json'];
  const ended = await command(process.execPath, [`${ROOT}dist/bench/gateway.js`, ...options]);
  expect(ended.stderr).toBe('');
  // The one line that --json prints.
  const seen = JSON.parse(ended.stdout) as Seen;
  expect(seen.strange).toEqual([]);
  expect(seen).toMatchObject({ asked: REQUESTS, unanswered: 0 });
  expect(seen.own + seen.lost).toBe(REQUESTS);
  // Each kill costs what was outstanding, and what was asked until the socket was closed; the rest is served.
  expect(seen.lost).toBeGreaterThan(0);
  expect(seen.own).toBeGreaterThan(REQUESTS * 0.9);
  expect(seen.pauses.map(([victim]) => victim)).toEqual(['lond-child', 'gateway-child']);
  const daemons = ['gateway of east', 'gateway of west', 'lond of east', 'lond of west'];
  expect(seen.endings).toEqual(daemons.map(daemon => ({ daemon, code: 0, signal: null })));
  expect(seen.left).toEqual([]);
  expect(ended.code).toBe(0);
});
