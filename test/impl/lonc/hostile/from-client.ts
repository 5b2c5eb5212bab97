/** What a local client can do to a gateway child, and to those who use it, too. */
import { expect } from 'vitest';
import { seconds } from '../../../../src/host/time.ts';
import { CLIENTS_MAX, UNTAKEN_MAX } from '../../../../src/impl/lonc/local-clients.ts';
import { REQUEST_MAX } from '../../../../src/impl/lonc/wire.ts';
import type { Run, Script, Tester } from '../bench.ts';
import { polite, run } from '../bench.ts';
import { IN_TRANSIT } from './from-lond.ts';
import { Raw } from './raw.ts';
import type { Row } from './row.ts';

const VICTIM = 'gateway, from a local client';
const TO = { transport: 'unix', path: '/s/b' } as const;

/** At second 20 somebody does something; at 40 another client asks, and has to be served. */
function beside(act: (t: Tester) => void, peer: Script = echo, until = 60): Run {
  const seen = run({
    start: 'child',
    peer,
    acts: [
      [20, act],
      [40, t => t.client('other').send('ping\n')],
    ],
    until,
  });
  expect(seen.heard).toContain('40 other b');
  return seen;
}
const echo = polite((line, caller) => caller.say(`re ${line}`));
const slugs = (seen: Run): readonly string[] => seen.slugs('gateway-child');
const bytesSent = ({ trace }: Run, process: string, channel: string): number =>
  trace
    .filter(event => event.kind === 'send' && event.process.startsWith(process) && event.channel.startsWith(channel))
    .reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);

export const fromClient: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'endless line',
    limit: 'REQUEST_MAX',
    log: 'client-closed',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = new Raw(t.host, TO);
        raw.flood('x');
      });
      expect(raw?.flooded).toBeGreaterThan(REQUEST_MAX);
      expect(raw?.flooded).toBeLessThan(REQUEST_MAX + IN_TRANSIT);
      expect(raw?.endedAt).toBeLessThan(21);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'requests without end, answers not read',
    limit: 'UNTAKEN_MAX',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(
        t => {
          raw = new Raw(t.host, TO, { deaf: true });
          raw.flood('x'.repeat(999).concat('\n'));
        },
        polite((line, caller) => caller.say(line)),
      );
      const answered = bytesSent(seen, 'a/gateway-child', 'unix');
      expect(answered).toBeGreaterThan(UNTAKEN_MAX);
      expect(answered).toBeLessThan(UNTAKEN_MAX + IN_TRANSIT);
      expect(raw?.flooded).toBeLessThan(answered + IN_TRANSIT);
      expect(raw?.endedAt).toBeUndefined();
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'requests without end, one is not answered',
    limit: 'QUEUE_MAX',
    play: () => {
      let raw: Raw | undefined;
      const late: Script = (line, caller) => (line === '' ? undefined : polite()(line, caller));
      const seen = run({
        start: 'child',
        peer: late,
        acts: [
          [
            20,
            t => {
              raw = new Raw(t.host, TO);
              raw.flood('\n');
            },
          ],
        ],
        until: 200,
      });
      // It is read once, and then no more: what the kernels hold is all it could say.
      const reads = seen.trace.filter(
        event => event.kind === 'recv' && event.process.startsWith('a/gateway-child') && event.channel.startsWith('unix'),
      );
      expect(reads.length).toBe(1);
      expect(raw?.flooded).toBeLessThan(IN_TRANSIT);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'NUL and 8-bit bytes',
    play: () => {
      let raw: Raw | undefined;
      const bytes = '\0\u0001\u0080\u00ff\r';
      const seen = beside(t => {
        raw = new Raw(t.host, TO);
        raw.write(`${bytes}\n`);
      });
      expect(seen.wire).toContain(`1 ${bytes}`);
      expect(raw?.heard).toBe(`re ${bytes}\n`);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'enc: that is not well formed',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = new Raw(t.host, TO);
        raw.write('enc:-1:zz\nenc\nencrypt\n');
      });
      expect(raw?.heard).toBe('re enc:-1:zz\nre enc\nre encrypt\n');
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'more clients than there may be',
    limit: 'CLIENTS_MAX',
    log: 'client-closed',
    play: () => {
      const all: Raw[] = [];
      const seen = run({
        start: 'child',
        peer: echo,
        acts: [
          // The backlog of a Unix-domain socket is short: one after the other.
          ...Array.from(
            { length: CLIENTS_MAX + 20 },
            (_, index) => [20 + index / 100, (t: Tester) => void all.push(new Raw(t.host, TO))] as const,
          ),
          [30, () => all[0]?.close()],
          [31, t => t.client('other').send('ping\n')],
        ],
        until: 40,
      });
      expect(all.filter(raw => raw.endedAt !== undefined).length).toBe(20);
      expect(seen.heard).toEqual(['31 other b']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'leaves with all it asked',
    play: () => {
      const slow: Script = (line, caller) => (line === 'slow' ? caller.later(5, () => caller.say('S')) : echo(line, caller));
      const seen = beside(t => {
        const raw = new Raw(t.host, TO);
        raw.write('slow\nnever\nnever\n');
        t.host.clock.setTimer(seconds(1), () => raw.close());
      }, slow);
      expect(seen.wire.filter(line => line.endsWith('never'))).toEqual([]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(
        t => {
          raw = new Raw(t.host, TO);
          raw.trickle(`${'x'.repeat(50)}\n`);
        },
        echo,
        80,
      );
      expect(raw?.heard).toBe(`re ${'x'.repeat(50)}\n`);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'connects and says nothing',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = new Raw(t.host, TO);
      });
      expect(raw?.endedAt).toBeUndefined();
      return slugs(seen);
    },
  },
];
