/** What a gateway, or whoever has its address, can do to a lond. Here it is one of the same machine, which has a line in the table, too. */
import { expect } from 'vitest';
import { utf8 } from '../../../../src/host/bytes.ts';
import { seconds } from '../../../../src/host/time.ts';
import { LEAVING_MAX, SESSIONS_PER_HOST, UNTAKEN_MAX } from '../../../../src/impl/lonc/lond-child.ts';
import { SecureText } from '../../../../src/impl/lonc/secure-text.ts';
import { LOND_FACTS } from '../../../../src/impl/lonc/session-table.ts';
import { DIALOGUE_MAX, ENCRYPTED_MAX, REPLY_MAX } from '../../../../src/impl/lonc/wire.ts';
import type { Act, Acts, Run, Tester } from '../bench.ts';
import { CONF, polite, run } from '../bench.ts';
import { IN_TRANSIT } from './from-lond.ts';
import { Raw } from './raw.ts';
import type { Row } from './row.ts';

const VICTIM = 'lond, from a caller';
const TO = { transport: 'tcp', address: '10.0.0.1', port: 5_663 } as const;
const slugs = (seen: Run): readonly string[] => seen.slugs('lond-child');
const sent = ({ trace }: Run): number =>
  trace
    .filter(event => event.kind === 'send' && event.process.startsWith('a/lond-child') && event.channel.startsWith('tcp'))
    .reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);

/** A lond of `a`; at 10 somebody calls; at 40 an honest caller has to be admitted and answered. */
function beside(act: Act, { until = 60, faultless = true } = {}): Run {
  let honest: Raw | undefined;
  const seen = run({
    start: 'nothing',
    peer: 'none',
    acts: [
      [1, t => void t.host.process.spawn('lond', [`--conf=${CONF}`])],
      [10, act],
      [
        40,
        t => {
          honest = admitted(t, raw => raw.write('ping\n'));
        },
      ],
    ],
    until,
  });
  expect(honest?.heard.split('\n').slice(1)).toEqual(['ok', 'a', '']);
  if (faultless) expect(seen.slugs('lond')).not.toContain('restarting-child');
  return seen;
}

/** Goes through the greeting, then does something. */
function admitted(t: Tester, then: (raw: Raw) => void, each: (raw: Raw) => void = () => {}): Raw {
  let step = 0;
  const raw = new Raw(t.host, TO, {
    each: self => {
      const lines = self.heard.split('\n');
      if (step === 0 && lines.length > 1) {
        step = 1;
        self.write(`${lines[0]}\n`);
      } else if (step === 1 && lines[1] === 'ok') {
        step = 2;
        then(self);
      } else if (step === 2) each(self);
    },
  });
  raw.write('init\n');
  return raw;
}
/** What came after the greeting. */
const replies = (raw: Raw | undefined): readonly string[] => (raw?.heard ?? '').split('\n').slice(2, -1);

const MALFORMED = ['enc:', 'enc:1', 'enc::00', 'enc:1:', 'enc:1:0', 'enc:8:0000000000000000', 'enc:-1:0000000000000000'];
const MORE_MALFORMED = [`enc:${'9'.repeat(400)}:00`, 'enc:1:000000000000000g', 'enc:01:0000000000000000', 'enc:0:0000000000000000'];

function storeThen(value: string, then: (raw: Raw) => void): (raw: Raw) => void {
  return raw => {
    raw.write(`put:d:u:n:k=${value}\n`);
    then(raw);
  };
}

/** From now on the lond of `a` takes who calls from here for `b`. */
const AS_B: Acts = [
  [5, t => t.host.storage.write('/t/hosts.tab', utf8('a:d:l:a:10.0.0.9\nb:d:l:b:10.0.0.1\n'))],
  [6, t => t.kill('lond-child', 'SIGKILL')],
];

const lines: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'endless line before it is admitted',
    limit: 'DIALOGUE_MAX',
    log: 'violation',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = new Raw(t.host, TO);
        raw.flood('x');
      });
      expect(raw?.endedAt).toBeLessThan(11);
      // Read and not kept until it is closed for good.
      expect(seen.logs('lond-child').join()).toContain(`more than ${DIALOGUE_MAX} bytes`);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'endless request',
    limit: 'ENCRYPTED_MAX',
    log: 'violation',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = admitted(t, self => self.flood('x'));
      });
      expect(raw?.endedAt).toBeLessThan(20);
      expect(seen.logs('lond-child').join()).toContain(`more than ${ENCRYPTED_MAX} bytes`);
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
        raw = admitted(t, self => self.write(`${bytes}\nput:d:u:n:${bytes}=${bytes}\nget:d:u:n:${bytes}\n`));
      });
      expect(replies(raw)).toEqual(['unknown_cmd', 'ok', bytes]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'enc: without a key, or not well formed',
    play: () => {
      let raw: Raw | undefined;
      const all = [...MALFORMED, ...MORE_MALFORMED].map(text => `${text}\n`).join('');
      const seen = beside(t => {
        raw = admitted(t, self => self.write(`${all}ekey\n${all}`));
      });
      const count = MALFORMED.length + MORE_MALFORMED.length;
      expect(new Set(replies(raw).slice(0, count))).toEqual(new Set(['error:no_key']));
      expect(new Set(replies(raw).slice(count + 1))).toEqual(new Set(['error:not_decrypted']));
      expect(replies(raw).length).toBe(2 * count + 1);
      return slugs(seen);
    },
  },
];

const replying: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'requests without end, replies not read',
    limit: 'UNTAKEN_MAX',
    play: () => {
      const seen = beside(t => {
        const raw: Raw = admitted(
          t,
          storeThen('v'.repeat(100_000), self => {
            self.pauseReading();
            self.flood('dump:d:u:n\n');
          }),
        );
        void raw;
      });
      expect(sent(seen)).toBeGreaterThan(UNTAKEN_MAX);
      expect(sent(seen)).toBeLessThan(UNTAKEN_MAX + IN_TRANSIT);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'the same long value many times in one request',
    limit: 'REPLY_MAX',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = admitted(
          t,
          storeThen('v'.repeat(1_000_000), self => self.write(`get:d:u:n:${'k&'.repeat(4_000)}k\n`)),
        );
      });
      expect(replies(raw)).toEqual(['ok', `error:a reply of more than ${REPLY_MAX} bytes`]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'a reply too long to be encrypted',
    limit: 'REPLY_MAX',
    play: () => {
      let raw: Raw | undefined;
      const asks = `eget:d:u:n:${'k&'.repeat(6)}k\n`;
      const seen = beside(t => {
        raw = admitted(
          t,
          storeThen('v'.repeat(700_000), self => self.write(`ekey\n${asks}`)),
        );
      });
      expect(replies(raw)[2]).toMatch(/^error:more than [0-9]+ bytes to encrypt$/);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'an odd answer to the reverse ping',
    limit: 'REVERSE_PING_MAX',
    play: () => {
      // `b` calls the lond of `a`; its own lond is a script, which the gateway of `a` asks.
      const odd = '\0\u00ff'.repeat(500);
      const script = polite();
      const seen = run({
        peer: (line, caller) => (line === 'ping' ? caller.say(odd) : script(line, caller)),
        acts: [
          ...AS_B,
          [
            20,
            t => {
              pinged = admitted(t, self => self.write('pong\nping\n'));
            },
          ],
        ],
        until: 60,
      });
      expect(replies(pinged)).toEqual([`a:${odd.slice(0, 200)}`, 'a']);
      expect(seen.slugs('lond').filter(slug => slug === 'restarting-child').length).toBe(1);
      return slugs(seen);
    },
  },
];
let pinged: Raw | undefined;

const timing: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'close in every state',
    play: () => {
      const seen = beside(t => {
        const leave = (raw: Raw): void => raw.close();
        new Raw(t.host, TO).close();
        const challenged: Raw = new Raw(t.host, TO, { each: leave });
        challenged.write('init\n');
        admitted(t, leave);
        admitted(t, raw => {
          raw.write('put:d:u:n:a=b\npong\n');
          raw.close();
        });
      });
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(t => {
        raw = admitted(t, self => self.trickle('put:d:u:n:k=v\n'));
      });
      expect(replies(raw)).toEqual(['ok']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second without end, before it is admitted',
    limit: 'greetingTimeout',
    play: () => {
      let raw: Raw | undefined;
      const seen = beside(
        t => {
          raw = new Raw(t.host, TO);
          raw.trickle('x'.repeat(100));
        },
        { until: 120 },
      );
      expect(raw?.endedAt).toBeCloseTo(10 + LOND_FACTS.greetingTimeout / 1_000_000, 0);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'many connections of one host',
    limit: 'SESSIONS_PER_HOST',
    log: 'too-many',
    play: () => {
      const all: Raw[] = [];
      const seen = beside(t => {
        for (let count = 0; count < SESSIONS_PER_HOST + 5; count++)
          t.host.clock.setTimer(seconds(count), () => void all.push(admitted(t, () => {})));
      });
      // The oldest, and one more for the honest caller.
      expect(all.map(raw => raw.endedAt !== undefined)).toEqual(all.map((_, index) => index < 6));
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'strangers that never leave',
    limit: 'LEAVING_MAX',
    log: 'refused',
    play: () => {
      const all: Raw[] = [];
      let closedAtOnce = 0;
      const seen = run({
        start: 'nothing',
        peer: 'none',
        hosts: 'a:d:l:a:10.0.0.9\n',
        acts: [
          [1, t => void t.host.process.spawn('lond', [`--conf=${CONF}`])],
          [
            10,
            t => {
              for (let count = 0; count < LEAVING_MAX + 30; count++) all.push(new Raw(t.host, TO));
              for (const raw of all) raw.write('x'.repeat(DIALOGUE_MAX * 10));
            },
          ],
          [
            11,
            () => {
              closedAtOnce = all.filter(raw => raw.heard === 'bye\nrefused\n').length;
            },
          ],
        ],
        until: 30,
      });
      expect(closedAtOnce).toBeGreaterThan(0);
      const closed = seen.trace.filter(event => event.kind === 'close' && event.process.startsWith('a/lond-child'));
      expect(closed.filter(event => event.time < 11_000_000).length).toBe(30);
      expect(closed.length).toBe(LEAVING_MAX + 30);
      expect(all.every(raw => raw.endedAt !== undefined)).toBe(true);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'many requests behind one that takes time',
    limit: 'WAITING_MAX',
    play: () => {
      let raw: Raw | undefined;
      const seen = run({
        peer: (line, caller) => (line === 'ping' ? undefined : polite()(line, caller)),
        acts: [
          ...AS_B,
          [
            20,
            t => {
              raw = admitted(t, self => self.write(`pong\n${'ping\n'.repeat(17)}`));
            },
          ],
        ],
        until: 30,
      });
      expect(replies(raw)).toEqual([]);
      expect(raw?.endedAt).toBeLessThan(21);
      return slugs(seen);
    },
  },
];

/** A request that was taken for another: with the key of somebody else it says nothing. */
const keys: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'a line feed under the cipher',
    play: () => {
      let raw: Raw | undefined;
      const text = new SecureText({ server: 'a', client: 'a' });
      let asked = false;
      const seen = beside(t => {
        raw = admitted(
          t,
          self => self.write('ekey\n'),
          self => {
            const [key] = replies(self);
            if (key === undefined || asked) return;
            asked = true;
            text.build({ reply: key });
            self.write(`${text.encrypt('put:d:u:n:a=b')}\n${text.encrypt('put:d:u:n:a=b\nexit')}\n`);
          },
        );
      });
      expect(replies(raw).slice(1)).toEqual(['ok', 'error:not_decrypted']);
      return slugs(seen);
    },
  },
];

export const fromCaller: readonly Row[] = [...lines, ...replying, ...timing, ...keys];
