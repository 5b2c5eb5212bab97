/**
 * What was seen when the published gateway was run against a scripted lond (schedules L-01 to L-06): as written, clients here
 * hear the same. L-07 to L-10 are status-signal-hangs, rearm-duplicates-child, restart-inherits-handlers and
 * attempts-never-reset, whose properties say it.
 */
import { expect, test } from 'vitest';
import { scenarioNamed } from '../../../scenarios/registry.ts';
import { planOf, runPlan } from '../../../src/check/run.ts';
import { textOf } from '../../../src/host/bytes.ts';

/** What each client has heard, in the order of their pids; EOF where the child has ended first. */
function heard(name: string, seed: number): readonly string[] {
  const scenario = scenarioNamed(`lonc/${name}`);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const texts = new Map<string, string>();
  for (const { process, kind, bytes, data } of runPlan(scenario, planOf(scenario, seed, 'as-written'), seed, { keep: true }).events ?? []) {
    if (!process.startsWith('h1/lonc-client.')) continue;
    if (kind === 'start') texts.set(process, '');
    if (kind === 'recv' && bytes !== undefined) texts.set(process, `${texts.get(process)}${textOf(bytes)}`);
    // Requests that the child had not read turn its end into a reset.
    if (kind === 'eof' || (kind === 'close' && data?.['error'] !== undefined)) texts.set(process, `${texts.get(process)}EOF`);
  }
  return [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
}

test.each([
  ['L-01 late reply delivered to another client', 'late-reply', ['con_lost\n', 'h2.1\n']],
  ['L-02 head of a partial reply lost, tail delivered to the next requester', 'partial-reply', ['con_lost\n', '2.1\n']],
  ['L-04 two failed requests suppress the reconnect, the next kills the child', 'sigpipe-kills', ['con_lost\ncon_lost\nEOF']],
  ['L-05 replies shifted by one for the rest of the connection', 'late-reply-pipelined', ['con_lost\nh2.1\nh2.2\nh2.3\n']],
  ['L-06 an encrypted delayed message desynchronises', 'delayed-extra-newline', ['unknown_cmd\n']],
])('%s', (_title, name, expected) => {
  expect(heard(name, 0)).toEqual(expected);
});

test('L-03 con_lost repeats while the client stays', () => {
  expect(heard('con-lost-repeated', 0).join('')).toMatch(/(?:con_lost\n){4,}/);
});
