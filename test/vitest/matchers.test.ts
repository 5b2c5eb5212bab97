/** What the matchers of `slipway/vitest` take, and what they say. */
import { expect, test } from 'vitest';
import { runPlan, runSeed } from '../../api/vitest.ts';
import { always, eventually } from '../../src/check/property.ts';
import { traceOf } from '../../src/check/record.ts';
import { planOf } from '../../src/check/run.ts';
import { seconds } from '../../src/host/time.ts';
import { readTrace } from '../../src/trace/read.ts';
import { greeting } from './shouter/slipway.config.ts';

const scenario = greeting(true, 'ahoy\u001b');
const run = runSeed(scenario, 0);
const { events } = run;

function messageOf(work: () => void): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  throw new Error('nothing was thrown');
}

test('an event is found by any part of it, in a run, in events and in a trace that was read', () => {
  const read = readTrace([new TextEncoder().encode([...traceOf(scenario, run)].join(''))]);
  for (const traced of [run, events, read]) {
    expect(traced).toContainEvent({ kind: 'log', process: 'ship/shouter-client', data: { event: 'greeted' } });
    expect(traced).toContainEvent({ process: 'ship/shouter-client.100', kind: 'exit', data: { code: 0 } });
    expect(traced).toContainEvent({ process: /^quay/, bytes: 'hoy\u001b' });
    expect(traced).toContainEvent({ kind: 'send', bytes: Uint8Array.of(0x61, 0x68) });
    expect(traced).toContainEvent({ data: { code: expect.any(Number) } });
    expect(traced).toContainEvent({ kind: 'send', channel: 'tcp1<' });
    expect(traced).not.toContainEvent({ kind: 'send', process: 'ship/shouter' });
    expect(traced).not.toContainEvent({ kind: 'send', bytes: 'hey' });
    expect(traced).not.toContainEvent({ kind: 'exit', data: { code: 1 } });
    expect(traced).not.toContainEvent({ kind: 'send', channel: 'tcp1>' });
  }
});

test('what is missing is shown beside what there is, escaped', () => {
  const missing = messageOf(() =>
    expect(run).toContainEvent({ kind: 'send', process: 'quay/shouter', bytes: 'hey\u001b', data: { to: 'x y' } }),
  );
  expect(missing).toMatch(
    /^expected an event like: send of quay\/shouter with "hey\\\\u\{1b\}" in its bytes to="x y"\n {2}there are, of \d+ events:\n.* send .*\|ahoy\.\|/,
  );
  expect(messageOf(() => expect(run).toContainEvent({ kind: 'fault' }))).toMatch(/no event of \d+ is of kind fault$/);
  expect(messageOf(() => expect(run).toContainEvent({ data: { code: 9 } }))).toMatch(/^ {2}… \d+ more$/m);
  expect(messageOf(() => expect(run).not.toContainEvent({ kind: 'exit' }))).toMatch(/^expected no event like: exit\n.*code=0$/);
});

test('one event comes before another', () => {
  const [dials, speaks] = [{ kind: 'connect' }, { kind: 'send' }] as const;
  expect(run).toHappenBefore(dials, speaks);
  expect(run).not.toHappenBefore(speaks, dials);
  expect(run).not.toHappenBefore(dials, { kind: 'fault' });
  expect(messageOf(() => expect(run).toHappenBefore(speaks, dials))).toMatch(
    /^expected: send\n {2}before: connect\n.* send .*\n.* connect /,
  );
  expect(messageOf(() => expect(run).toHappenBefore({ kind: 'fault' }, dials))).toContain('nothing is like: fault\n');
});

test('properties hold of a run, and of events', () => {
  const quiet = always('quiet', 'Nobody speaks.', () => ({ see: ({ kind }) => (kind === 'send' ? 'somebody did\u001b' : undefined) }));
  const greeted = scenario.properties.filter(each => each.name === 'is-greeted');
  expect(run).toHold();
  expect(runPlan(scenario, planOf(scenario, 0, 'corrected'), 0)).toHold();
  expect(run).toHold(...greeted);
  expect(events).toHold(...greeted);
  expect(events).not.toHold(quiet);
  expect(events.slice(0, 2)).toHold(quiet);
  expect(messageOf(() => expect(run).toHold(quiet))).toMatch(
    /^expected to hold: quiet\n {2}quiet: Nobody speaks\.\n {4}event \d+, \d+\.\d{6} s: somebody did\\u\{1b\}$/,
  );
  const breaks = scenario.properties.filter(each => each.name === 'breaks');
  expect(messageOf(() => expect(run).toHold(...breaks))).toBe('expected to hold: breaks\n  breaks: was not met: The connection breaks.');
  expect(messageOf(() => expect(run).not.toHold())).toBe('expected something of this not to hold: everything');
  const never = eventually('never', 'It comes.', { within: seconds(5) }, () => ({ see: () => false }));
  expect(messageOf(() => expect(events).toHold(never))).toContain('not within 5.000000 s of healing');
});

test('what is no trace is told', () => {
  const bare = runPlan(scenario, planOf(scenario, 0, 'corrected'), 0);
  for (const wrong of [bare, undefined, null, 7, 'text'])
    expect(messageOf(() => expect(wrong).toContainEvent({}))).toContain('expected events, a run that kept them');
  expect(messageOf(() => expect(events).toHold())).toContain('name some');
});
