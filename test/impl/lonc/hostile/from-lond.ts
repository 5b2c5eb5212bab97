/** What a lond can do to a gateway child. */
import { expect } from 'vitest';
import { seconds } from '../../../../src/host/time.ts';
import { SETTLE_TIME } from '../../../../src/impl/lonc/connection-table.ts';
import { gatewayChild } from '../../../../src/impl/lonc/programs.ts';
import { DIALOGUE_MAX, REPLY_MAX, REQUEST_MAX } from '../../../../src/impl/lonc/wire.ts';
import type { Acts, Caller, Run, Script, Setup } from '../bench.ts';
import { polite, run } from '../bench.ts';
import type { Row } from './row.ts';
import { slowListen } from './slow-listen.ts';

const VICTIM = 'gateway, from its lond';
/** What both kernels hold of one direction, and one read. */
export const IN_TRANSIT = 1_048_576;

const ASK: Acts = [
  [20, t => t.client('asks').send('odd\n')],
  [500, t => t.client('other').send('ping\n')],
];

const child = (peer: Script, acts: Acts = ASK, setup: Setup = {}): Run => run({ start: 'child', peer, acts, until: 520, ...setup });
const odd = (act: (caller: Caller) => void): Script => polite((line, caller) => (line === 'odd' ? act(caller) : caller.say('ok')));
const heardBy = ({ heard }: Run, name: string): readonly string[] =>
  heard.flatMap(line => (line.split(' ')[1] === name ? [line.split(' ').slice(2).join(' ')] : []));
const dials = ({ wire }: Run): number => wire.filter(line => / init$/.test(line)).length;
const slugs = (seen: Run): readonly string[] => seen.slugs('gateway-child');

/** The lines of the dialogue, by the state of the gateway that waits for an answer. */
const STATES = { init: 'init', challenge: '12345', pong: 'pong', key: 'ekey' } as const;
/** Once: the first connection only. */
const at =
  (line: string, act: (caller: Caller) => void): Script =>
  (said, caller) =>
    said === line && caller.number === 1 ? act(caller) : polite()(said, caller);

const endless: readonly Row[] = Object.entries(STATES).map(([state, line]) => ({
  victim: VICTIM,
  name: `endless line in state ${state}`,
  limit: 'DIALOGUE_MAX',
  log: 'back-off',
  play: () => {
    const seen = child(
      at(line, caller => caller.flood('x')),
      [],
    );
    expect(seen.flooded).toBeLessThan(DIALOGUE_MAX + IN_TRANSIT);
    expect(seen.logs('gateway-child').at(-1)).toContain(`more than ${DIALOGUE_MAX} bytes`);
    return slugs(seen);
  },
}));

const closing: readonly Row[] = Object.entries(STATES).map(([state, line]) => ({
  victim: VICTIM,
  name: `close in state ${state}`,
  log: 'back-off',
  play: () => {
    const seen = child(
      at(line, caller => caller.close()),
      [],
    );
    expect(seen.slugs('gateway-child')).not.toContain('online');
    expect(dials(seen)).toBe(1);
    return slugs(seen);
  },
}));

const MALFORMED = {
  'odd number of digits': 'enc:1:571db23f385f217',
  'half a block': 'enc:1:571db23f',
  'huge length': `enc:${'9'.repeat(400)}:571db23f385f2179`,
  'length beyond the blocks': 'enc:4194304:571db23f385f2179',
  'negative length': 'enc:-1:571db23f385f2179',
  'missing length': 'enc::571db23f385f2179',
  'missing blocks': 'enc:0',
  'not hexadecimal': 'enc:0:571db23f385f217g',
  'a space in the length': 'enc: 1:571db23f385f2179',
  'another key': 'enc:0:0000000000000000',
} as const;

const encrypted: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'enc: that is not well formed',
    play: () => {
      const replies = Object.values(MALFORMED);
      const script = polite((line, caller) => caller.say(replies[Number(line)] ?? 'none'));
      const seen = child(script, [[20, t => t.client('asks').send(replies.map((_, index) => `${index}\n`).join(''))]]);
      // The answer to a question is a line: this one is passed on as it came.
      expect(heardBy(seen, 'asks')).toEqual(replies.map(text => (text.length > 100 ? `${text.length} bytes` : text)));
      expect(slugs(seen)).not.toContain('connection-lost');
      return slugs(seen);
    },
  },
];

const order: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'answer before the request',
    log: 'connection-lost',
    play: () => {
      const early = polite((line, caller) => caller.say(`own ${line}`));
      const script: Script = (line, caller) => {
        early(line, caller);
        if (line === 'ekey' && caller.number === 1) caller.later(15, () => caller.say('early'));
      };
      const seen = child(script, [[22, t => t.client('asks').send('odd\n')]]);
      expect(heardBy(seen, 'asks')).toEqual(['own odd']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'two answers at once',
    log: 'connection-lost',
    play: () => {
      const script = polite((line, caller) => (line === 'odd' ? caller.raw('first\nsecond\n') : caller.say(`own ${line}`)));
      const seen = child(script, [[20, t => t.client('asks').send('odd\nnext\n')]]);
      expect(heardBy(seen, 'asks')).toEqual(['first', 'own next']);
      expect(dials(seen)).toBe(2);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'two answers, the second while nothing is asked',
    log: 'connection-lost',
    play: () => {
      const script = odd(caller => {
        caller.say('first');
        caller.later(2, () => caller.say('second'));
      });
      const seen = child(script);
      expect([heardBy(seen, 'asks'), heardBy(seen, 'other')]).toEqual([['first'], ['b']]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'the whole dialogue at once',
    log: 'back-off',
    play: () => {
      const seen = child(
        at('init', caller => caller.raw('1\nok\nb:a\n48213AC7B9E0F0B29A7D51200000000\nanswer\n')),
        [],
      );
      expect(slugs(seen)).not.toContain('online');
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'lines without end, nothing asked',
    limit: 'SETTLE_TIME',
    log: 'connection-lost',
    play: () => {
      const script: Script = (line, caller) => (line === 'ekey' ? caller.flood('KEY\n') : polite()(line, caller));
      const seen = child(script, [], { until: 60 });
      // A lond that does it every time is called again every time, after the pause of the dialogue.
      expect(dials(seen)).toBeLessThanOrEqual(60_000_000 / SETTLE_TIME + 1);
      expect(seen.flooded).toBeLessThan(dials(seen) * IN_TRANSIT);
      return slugs(seen);
    },
  },
];

const others: readonly Row[] = [
  {
    victim: VICTIM,
    name: 'reply of 1 GB',
    limit: 'REPLY_MAX',
    log: 'connection-lost',
    play: () => {
      const seen = child(odd(caller => caller.number === 1 && caller.flood('x')));
      expect(seen.flooded).toBeGreaterThan(REPLY_MAX);
      expect(seen.flooded).toBeLessThan(REPLY_MAX + IN_TRANSIT);
      expect([heardBy(seen, 'asks'), heardBy(seen, 'other')]).toEqual([['con_lost'], ['b']]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'NUL and 8-bit bytes',
    play: () => {
      const bytes = '\0\u0001\u0080\u00ff\r';
      const script: Script = (line, caller) =>
        line === 'init' ? caller.say(bytes) : polite((_line, to) => to.say(bytes))(line === bytes ? '12345' : line, caller);
      const seen = child(script, [[20, t => t.client('asks').send('odd\n')]]);
      expect(seen.wire).toContain(`1 ${bytes}`);
      expect(heardBy(seen, 'asks')).toEqual([bytes]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'NUL and 8-bit bytes in what is logged',
    log: 'init-reply',
    play: () => {
      const seen = child(
        at('12345', caller => caller.say('\0\u001b[2J\u009b\u00ff\r')),
        [],
      );
      const log = seen.file('/d/logs/lonc.log');
      expect(log).toContain('Init reply: >\\u{0}\\u{1b}[2J\\u{9b}ÿ\\u{d}<');
      expect(
        log
          .trimEnd()
          .split('\n')
          .every(line => line.startsWith('Thu Jan  1 ')),
      ).toBe(true);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'close in state settle',
    log: 'back-off',
    play: () => {
      const seen = child(
        at('12345', caller => {
          caller.say('ok');
          caller.later(2, caller.close);
        }),
        [],
      );
      expect(seen.wire).toEqual(['1 init', '1 12345']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'close in state listen',
    log: 'back-off',
    play: () => {
      const script = at('ekey', caller => {
        polite()('ekey', caller);
        caller.later(0.5, caller.close);
      });
      const seen = child(script, [], { programs: { 'gateway-child': host => gatewayChild(slowListen(host, seconds(1))) } });
      expect(slugs(seen)).not.toContain('online');
      expect(seen.list('/s')).toEqual(['delayed']);
      expect(seen.ends.every(end => end.endsWith('gateway-child 0'))).toBe(true);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'close in state serve, nothing asked',
    log: 'connection-lost',
    play: () => {
      const script: Script = (line, caller) => {
        polite()(line, caller);
        if (line === 'ekey' && caller.number === 1) caller.later(5, caller.close);
      };
      const seen = child(script, [[30, t => t.client('other').send('ping\n')]]);
      expect(heardBy(seen, 'other')).toEqual(['b']);
      expect(dials(seen)).toBe(2);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'close before the answer',
    log: 'connection-lost',
    play: () => {
      const seen = child(odd(caller => caller.close()));
      expect([heardBy(seen, 'asks'), heardBy(seen, 'other')]).toEqual([['con_lost'], ['b']]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'reset in the middle of an answer',
    log: 'connection-lost',
    play: () => {
      const script = odd(caller => {
        caller.raw('half of');
        caller.later(1, caller.reset);
      });
      const seen = child(script);
      expect([heardBy(seen, 'asks'), heardBy(seen, 'other')]).toEqual([['con_lost'], ['b']]);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second in the dialogue',
    play: () => {
      const slowly = (text: string, caller: Caller): void => {
        for (const [index, byte] of [...text].entries()) caller.later(index + 1, () => caller.raw(byte));
      };
      const script: Script = (line, caller) => polite()(line, { ...caller, say: text => slowly(`${text}\n`, caller) });
      const seen = child(script, [[60, t => t.client('other').send('ping\n')]]);
      expect(heardBy(seen, 'other')).toEqual(['b']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second without end, in the dialogue',
    limit: 'DIALOGUE_TIMEOUT',
    log: 'back-off',
    play: () => {
      const script = at('init', caller => {
        for (let second = 1; second < 200; second++) caller.later(second, () => caller.raw('x'));
      });
      const seen = child(script, []);
      expect(seen.logs('gateway-child').at(-1)).toMatch(/: timeout$/);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'one byte a second without end, as a reply',
    limit: 'REQUEST_TIMEOUT',
    log: 'timeout',
    play: () => {
      const script = odd(caller => {
        for (let second = 1; second < 400; second++) caller.later(second, () => caller.raw('x'));
      });
      const seen = child(script);
      expect(seen.heard[0]).toBe('320 asks con_lost');
      expect(heardBy(seen, 'other')).toEqual(['b']);
      return slugs(seen);
    },
  },
  {
    victim: VICTIM,
    name: 'says nothing, in any state',
    limit: 'DIALOGUE_TIMEOUT',
    log: 'back-off',
    play: () => {
      const all = Object.values(STATES).map(line =>
        slugs(
          child(
            at(line, () => {}),
            [],
          ),
        ),
      );
      for (const one of all) expect(one).toContain('back-off');
      return all[0] ?? [];
    },
  },
  {
    victim: VICTIM,
    name: 'does not read a long request',
    limit: 'REQUEST_TIMEOUT',
    log: 'timeout',
    play: () => {
      const deaf: Script = (line, caller) => {
        polite()(line, caller);
        if (line === 'ekey') caller.pauseReading();
      };
      const seen = child(deaf, [[20, t => t.client('asks').send(`${'x'.repeat(REQUEST_MAX)}\n`)]]);
      expect(seen.heard[0]).toBe('320 asks con_lost');
      return slugs(seen);
    },
  },
];

export const fromLond: readonly Row[] = [...endless, ...closing, ...encrypted, ...order, ...others];
