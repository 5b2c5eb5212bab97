/** One gateway child against a scripted lond: what it does corrected, and each quirk beside it. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/host/bytes.ts';
import type { Host } from '../../../src/host/host.ts';
import { seconds } from '../../../src/host/time.ts';
import { QUEUE_MAX } from '../../../src/impl/lonc/local-clients.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import type { Acts, Caller, Run, Script, Setup } from './bench.ts';
import { polite, run } from './bench.ts';

const child = (peer: Script, acts: Acts, setup: Setup = {}): Run => run({ start: 'child', peer, acts, until: 700, ...setup });
const quirks = (...slugs: readonly Quirk[]): readonly string[] => slugs.map(slug => `--quirk=${slug}`);

/** What a script does with all but the dialogue, by line. */
const script = (table: Readonly<Record<string, (caller: Caller) => void>>): Script => polite((line, caller) => table[line]?.(caller));
/** A lond that does one thing after the other: `slow` takes its time, and what comes meanwhile waits. */
function slowFor(second: number): Script {
  const waiting: [string, Caller][] = [];
  let busy = false;
  const answer = script({
    put: caller => caller.say('ok'),
    slow: caller => {
      busy = true;
      caller.later(second, () => {
        busy = false;
        caller.say('reply-AAA');
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) answer(...next);
      });
    },
  });
  return (line, caller) => (busy && caller.number === 1 ? void waiting.push([line, caller]) : answer(line, caller));
}
const closes = script({ put: caller => caller.close() });

/** A message as the library leaves it. */
const delay =
  (...files: readonly (readonly [name: string, text: string])[]) =>
  (host: Host): void => {
    for (const [name, text] of files) host.storage.write(`/s/delayed/${name}`, utf8(text));
  };
const wireOf = ({ wire }: Pick<Run, 'wire'>): readonly string[] => wire.filter(line => !/ (init|12345|pong|ekey)$/.test(line));

describe('corrected', () => {
  test('requests of several clients, answered in order', () => {
    const { heard, wire, logs } = child(script({ x: caller => caller.say('X'), '': caller => caller.say('empty') }), [
      [
        10,
        t => {
          const [one, two] = [t.client('one'), t.client('two')];
          one.send('ping\nx\n\nping\n');
          two.send('x\n');
        },
      ],
    ]);
    expect(heard.filter(line => line.includes('one'))).toEqual(['10 one b', '10 one X', '10 one empty', '10 one b']);
    expect(heard).toContain('10 two X');
    expect(wire.slice(0, 4)).toEqual(['1 init', '1 12345', '1 pong', '1 ekey']);
    expect(logs('gateway-child')).toContain('online: b online');
  });

  test('CR is a byte, and a request may come in pieces', () => {
    const { heard, wire } = child(script({ 'x\r': caller => caller.say('X\r') }), [
      [
        10,
        t => {
          const client = t.client('c');
          client.send('x');
          t.host.clock.setTimer(seconds(1), () => client.send('\r\n'));
        },
      ],
    ]);
    expect(heard).toEqual(['11 c X\r']);
    expect(wire).toContain('1 x\r');
  });

  test('replies of megabytes arrive whole', () => {
    const { heard } = child(script({ big: caller => caller.say('x'.repeat(3_000_000)) }), [[10, t => t.client('c').send('big\n')]]);
    expect(heard.map(line => line.slice(3))).toEqual(['c 3000000 bytes']);
  });

  test('a request that is too long closes its client, and nobody else', () => {
    const { heard } = child(polite(), [
      [
        10,
        t => {
          t.client('long').send('x'.repeat(1_048_577));
          t.client('other').send('ping\n');
        },
      ],
    ]);
    expect(heard.map(line => line.slice(3)).toSorted()).toEqual(['long EOF', 'other b']);
  });

  test('a reply that is too long is no reply', () => {
    const { heard, slugs } = child(script({ huge: caller => caller.raw('x'.repeat(8_388_610)) }), [
      [10, t => t.client('c').send('huge\n')],
    ]);
    expect(heard.map(line => line.slice(3))).toEqual(['c con_lost']);
    expect(slugs('gateway-child')).toContain('connection-lost');
  });

  test('a client that leaves while its request is outstanding: the answer goes nowhere', () => {
    const { heard } = child(script({ slow: caller => caller.later(5, () => caller.say('S')) }), [
      [
        10,
        t => {
          const gone = t.client('gone');
          gone.send('slow\nslow\n');
          t.host.clock.setTimer(seconds(1), () => gone.close());
          t.host.clock.setTimer(seconds(2), () => t.client('next').send('ping\n'));
        },
      ],
    ]);
    expect(heard).toEqual(['15 next b']);
  });

  test('many requests of one client wait in the kernel, and all are answered', () => {
    const { heard } = child(polite(), [[10, t => t.client('c').send('ping\n'.repeat(500))]]);
    expect(heard.length).toBe(500);
  });

  test('a client with QUEUE_MAX requests waiting is not read, and is read again', () => {
    const slow = script({ slow: caller => caller.later(20, () => caller.say('S')) });
    const { heard, trace } = child(slow, [
      [
        10,
        t => {
          const client = t.client('c');
          client.send(`slow\n${'ping\n'.repeat(QUEUE_MAX)}`);
          t.host.clock.setTimer(seconds(1), () => client.send('ping\n'));
        },
      ],
    ]);
    const of = (kind: string): readonly number[] =>
      trace
        .filter(event => event.kind === kind && event.process.startsWith('a/gateway-child') && event.channel.startsWith('unix'))
        .map(event => Math.floor(event.time / 1_000_000));
    expect([of('pause')[0], of('resume')[0]]).toEqual([10, 30]);
    // What the client said at 11 was read at 30.
    expect(new Set(of('recv').filter(time => time > 10))).toEqual(new Set([30]));
    expect(heard.length).toBe(QUEUE_MAX + 2);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: con_lost to who waits, the socket file is removed, status 0', signal => {
    const { heard, ends, list } = child(polite(), [
      [10, t => t.client('c').send('slow\n')],
      [11, t => t.kill('gateway-child', signal)],
    ]);
    expect(heard).toEqual(['11 c con_lost', '11 c EOF']);
    expect(ends).toEqual(['11 gateway-child 0']);
    expect(list('/s')).toEqual(['delayed']);
  });

  test('SIGHUP is ignored, SIGUSR1 writes the status line, SIGQUIT is logged', () => {
    const { ends, slugs, file } = child(polite(), [
      [10, t => t.kill('gateway-child', 'SIGHUP')],
      [11, t => t.kill('gateway-child', 'SIGUSR1')],
      [12, t => t.kill('gateway-child', 'SIGQUIT')],
    ]);
    expect(file('/w/lon-status/loncstatus.txt')).toMatch(/^[0-9]+\tb\tThu Jan {2}1 00:00:05 2026: Main loop\t.*b online<\/font>\n$/);
    expect(slugs('gateway-child').at(-1)).toBe('abnormal-exit');
    expect(ends).toEqual(['12 gateway-child 1']);
  });

  test('connects from the address it was told to', () => {
    const from = (address: string): Run => run({ start: 'child', peer: polite(), args: [`--from=${address}`], until: 10 });
    expect(from('10.0.0.1').slugs('gateway-child')).toContain('online');
    expect(from('10.0.0.9').logs('gateway-child').at(-1)).toMatch(/^back-off: Couldn't connect to b .*: EADDRNOTAVAIL$/);
  });

  test('nobody there: backs off, and ends with 0', () => {
    const { ends, slugs } = run({ start: 'child', peer: 'none', until: 400 });
    expect(slugs('gateway-child')).toEqual(['back-off']);
    expect(ends.length).toBe(1);
    expect(Number(ends[0]?.split(' ')[0])).toBeGreaterThanOrEqual(120);
  });

  test('a refusal is logged, and what the peer says cannot make a second line', () => {
    const { file } = child((line, caller) => caller.say(line === 'init' ? 'bye' : 'no\u0007\r[x]: </font>'), []);
    const lines = file('/d/logs/lonc.log').trimEnd().split('\n');
    expect(lines.every(line => line.startsWith('Thu Jan  1 '))).toBe(true);
    expect(lines[1]).toMatch(/Init reply: >no\\u\{7\}\\u\{d\}\[x\]: <\/font><$/);
    expect(lines[2]).toContain('WARNING: Init failed (');
  });

  test('an encrypted request and its reply', () => {
    const { wire, heard } = child(
      polite((_line, caller) => caller.say('enc:0:')),
      [[10, t => t.client('c').send('encrypt:put:a\n')]],
    );
    expect(wire.at(-1)).toMatch(/^1 enc:5:[0-9a-f]{16}$/);
    // Not well formed: passed on as it is.
    expect(heard).toEqual(['10 c enc:0:']);
  });

  test('the same seed gives the same run', () => {
    const once = (): unknown => child(polite(), [[10, t => t.client('c').send('ping\n')]]).trace;
    expect(once()).toEqual(once());
  });
});

describe('loss and reconnection', () => {
  test('a lost request is answered con_lost once; the next one goes to a new connection', () => {
    const { heard, wire } = child(closes, [
      [10, t => t.client('stays').send('put\n')],
      [60, t => t.client('later').send('ping\n')],
    ]);
    expect(heard).toEqual(['10 stays con_lost', '60 later b']);
    expect(new Set(wire.map(line => line[0]))).toEqual(new Set(['1', '2']));
  });

  test('A-B03: it is sent again after each reconnect while the client stays', () => {
    for (const args of [quirks('con-lost-repeated'), quirks('con-lost-repeated', 'reconnect-deferred')]) {
      const { heard, wire } = child(closes, [[10, t => t.client('stays').send('put\n')]], { args, until: 60 });
      expect(heard.length).toBeGreaterThan(5);
      expect(new Set(heard.map(line => line.slice(3)))).toEqual(new Set(['stays con_lost']));
      expect(wire.filter(line => line.endsWith(' init')).length).toBeGreaterThan(5);
    }
    const left = child(closes, [[10, t => t.ask('one', 'put')]], { args: quirks('con-lost-repeated'), until: 60 });
    expect(left.heard.length).toBe(1);
    expect(left.wire.filter(line => line.endsWith(' init')).length).toBeLessThanOrEqual(3);
  });

  test('A-B04: a reply that says con_lost', () => {
    const says = script({ odd: caller => caller.say('con_lost') });
    const corrected = child(says, [[10, t => t.client('c').send('odd\n')]]);
    expect(corrected.heard).toEqual(['10 c con_lost']);
    expect(corrected.slugs('gateway-child')).not.toContain('connection-lost');
    for (const args of [quirks('con-lost-in-band'), quirks('con-lost-in-band', 'reconnect-deferred')]) {
      const asWritten = child(says, [[10, t => t.client('c').send('odd\n')]], { args });
      expect(asWritten.slugs('gateway-child')).toContain('connection-lost');
    }
  });

  test('a lond that leaves between its last word and the socket that was asked for', () => {
    const dialogue = polite();
    const leaves: Script = (line, caller) => {
      dialogue(line, caller);
      if (line === 'ekey') caller.close();
    };
    const runs = Array.from({ length: 20 }, (_, seed) => child(leaves, [], { seed: `${seed}`, until: 60 }));
    const early = runs.filter(({ slugs }) => !slugs('gateway-child').includes('online'));
    expect(early.length).toBeGreaterThan(0);
    for (const { list, slugs } of early) expect([list('/s'), slugs('gateway-child').at(-1)]).toEqual([['delayed'], 'back-off']);
  });

  test('A-B05: two failures in one buffer suppress the reconnect', () => {
    const acts: Acts = [[10, t => t.client('c').send('put\nput\n')]];
    expect(child(closes, acts).wire.filter(line => line.endsWith(' init')).length).toBe(3);
    const deferred = child(closes, acts, { args: quirks('reconnect-deferred') });
    expect(deferred.heard).toEqual(['10 c con_lost', '10 c con_lost']);
    expect(deferred.wire.filter(line => line.endsWith(' init')).length).toBe(1);
  });

  test('A-B06: a late reply', () => {
    const acts: Acts = [
      [10, t => t.client('A').send('slow\n')],
      [20, t => t.client('B').send('ping\n')],
    ];
    const slow = slowFor(450);
    const corrected = child(slow, acts);
    expect(corrected.heard).toEqual(['310 A con_lost', '315 B b']);
    const asWritten = child(slowFor(450), acts, { args: quirks('reconnect-deferred', 'late-reply-kept') });
    expect(asWritten.heard).toEqual(['460 A con_lost', '465 B reply-AAA']);
  });

  test('A-B06: pipelined, every later reply is one off', () => {
    const acts: Acts = [
      [
        10,
        t => {
          const client = t.client('A');
          client.send('slow\nping\nput\n');
          t.host.clock.setTimer(seconds(500), () => client.send('ping\n'));
        },
      ],
    ];
    const late = child(slowFor(310), acts, { args: quirks('reconnect-deferred', 'late-reply-kept') });
    expect(late.heard.map(line => line.slice(4))).toEqual(['A con_lost', 'A reply-AAA', 'A b', 'A ok']);
    expect(child(slowFor(310), acts).heard.map(line => line.slice(4))).toEqual(['A con_lost', 'A b', 'A ok', 'A b']);
  });

  test('A-B06b: the head of a late line is lost, its tail is a reply', () => {
    const half = script({
      half: caller => {
        caller.raw('part1-');
        caller.later(320, () => caller.raw('part2-AAA\n'));
      },
    });
    const acts: Acts = [
      [10, t => t.client('A').send('half\n')],
      [20, t => t.client('B').send('ping\n')],
    ];
    const args = quirks('reconnect-deferred', 'late-reply-kept', 'partial-line-dropped');
    // The ping is answered before the tail comes: the partial head is what it is glued to, or not.
    const silent: Script = (line, caller) => (line === 'ping' ? undefined : half(line, caller));
    expect(child(silent, acts, { args }).heard.map(line => line.slice(4))).toContain('B part2-AAA');
    expect(child(silent, acts, { args: args.slice(0, 2) }).heard.map(line => line.slice(4))).toContain('B part1-part2-AAA');
    expect(child(half, acts).heard).toEqual(['310 A con_lost', '315 B b']);
  });

  test('A-B15: SIGPIPE', () => {
    const acts: Acts = [
      [10, t => t.client('c').send('put\nput\n')],
      [12, t => t.client('d').send('ping\n')],
      [13, t => t.client('e').send('ping\n')],
    ];
    const args = quirks('reconnect-deferred', 'sigpipe-kills');
    expect(child(closes, acts, { args }).ends.map(end => end.slice(3))).toEqual(['gateway-child SIGPIPE']);
    expect(child(closes, acts, { args: args.slice(0, 1) }).ends).toEqual([]);
  });

  test('A-B15: SIGPIPE of a client that asks once more and leaves; not of one whose two requests came together', () => {
    const slow = script({ slow: caller => caller.later(5, () => caller.say('S')) });
    const leaving = (requests: string, more = ''): Acts => [
      [
        10,
        t => {
          const client = t.client('c');
          client.send(requests);
          t.host.clock.setTimer(seconds(1), () => {
            if (more !== '') client.send(more);
          });
          t.host.clock.setTimer(seconds(2), () => client.close());
        },
      ],
    ];
    const args = quirks('sigpipe-kills');
    expect(child(slow, leaving('slow\n', 'slow\n'), { args }).ends).toEqual(['20 gateway-child SIGPIPE']);
    expect(child(slow, leaving('slow\nslow\n'), { args }).ends).toEqual([]);
    expect(child(slow, leaving('slow\n'), { args }).ends).toEqual([]);
    expect(child(slow, leaving('slow\n', 'slow\n')).ends).toEqual([]);
  });

  test('A-B21: who waits while it backs off', () => {
    const gone = script({ put: caller => caller.close() });
    const once: Script = (line, caller) => (caller.number > 1 ? caller.reset() : gone(line, caller));
    const acts: Acts = [
      [
        10,
        t => {
          const client = t.client('A');
          client.send('put\n');
          // It was told to go, and goes on talking.
          t.host.clock.setTimer(seconds(20), () => client.send('ping\nping\n'));
        },
      ],
      [40, t => t.client('B').send('ping\n')],
    ];
    const corrected = child(once, acts);
    expect(corrected.ends.length).toBe(1);
    expect(corrected.heard).toEqual(['10 A con_lost', '10 A EOF', '40 B ENOENT']);
    const asWritten = child(once, acts, { args: quirks('listens-in-back-off') });
    expect(asWritten.heard.slice(0, 1)).toEqual(['10 A con_lost']);
    const heardByB = asWritten.heard.findLast(line => line.includes(' B '));
    expect(heardByB).toMatch(/B (con_lost|EOF)$/);
    expect(Number(heardByB?.split(' ')[0])).toBeGreaterThan(120);
  });

  test('A-B24: what a lond leaves unfinished', () => {
    const cut = (text: string): Script =>
      script({
        put: caller => {
          caller.raw(text);
          caller.close();
        },
      });
    const acts: Acts = [[10, t => t.client('c').send('put\nping\n')]];
    for (const text of ['half', '0']) expect(child(cut(text), acts).heard.map(line => line.slice(3))).toEqual(['c con_lost', 'c b']);
    const args = quirks('unterminated-reply-passed');
    expect(child(cut('half'), acts, { args }).heard.map(line => line.slice(3))).toEqual(['c halfb']);
    expect(child(cut('0'), acts, { args }).heard.map(line => line.slice(3))).toEqual(['c con_lost', 'c b']);
    expect(child(script({ put: caller => caller.say('0') }), acts).heard.map(line => line.slice(3))).toEqual(['c 0', 'c b']);
  });
});

describe('the dialogue', () => {
  test('A-B17, A-B20: a lond that falls silent', () => {
    const mute: Script = (line, caller) => (line === 'pong' ? undefined : polite()(line, caller));
    expect(child(mute, []).slugs('gateway-child')).toContain('back-off');
    const waits = child(mute, [], { args: quirks('pong-without-timeout') });
    expect(waits.slugs('gateway-child')).toEqual(['connected']);
    expect(waits.ends).toEqual([]);
    const silent: Script = (line, caller) => (line === 'init' ? caller.say('1') : undefined);
    expect(child(silent, [], { args: quirks('timeout-without-back-off') }).ends).toEqual(['60 gateway-child 0']);
    expect(Number(child(silent, []).ends[0]?.split(' ')[0])).toBeGreaterThanOrEqual(180);
  });

  test('A-B18: a lond that closes at ekey', () => {
    const leaves: Script = (line, caller) => (line === 'ekey' ? caller.close() : polite()(line, caller));
    expect(child(leaves, []).slugs('gateway-child')).not.toContain('online');
    const accepts = child(leaves, [[10, t => t.client('c').send('ping\n')]], {
      args: quirks('end-at-pong-accepted', 'reconnect-deferred'),
      until: 14,
    });
    expect(accepts.slugs('gateway-child')).toContain('online');
    expect(accepts.heard).toEqual(['10 c con_lost']);
  });

  test('A-B19: a challenge after the time', () => {
    const late: Script = (line, caller) => (line === 'init' ? caller.later(70, () => caller.say('777')) : undefined);
    expect(child(late, [], { args: quirks('init-timeout-ignored') }).logs('gateway-child')).toContain('init-reply: Init reply: >777<');
    const corrected = child(late, []);
    expect(corrected.wire).toEqual(['1 init']);
    expect(corrected.logs('gateway-child').at(-1)).toMatch(/^back-off: Init failed \([0-9]+ secs\): timeout$/);
  });
});

describe('delayed messages', () => {
  const answers = polite((line, caller) => caller.say(line === '' ? 'unknown_cmd' : `did ${line}`));

  test('are sent before the socket is there, oldest first, and removed', () => {
    const before = delay(
      ['1000.2.7.put.b', 'two\n'],
      ['999.11.7.put.b', 'one\n'],
      ['1000.10.7.put.b', 'three\n'],
      ['1001.put.b', 'four\n'],
      ['998.1.7.put.a', 'other\n'],
    );
    const corrected = child(answers, [], { before });
    expect(wireOf(corrected)).toEqual(['1 one', '1 two', '1 three', '1 four']);
    expect(corrected.list('/s/delayed')).toEqual(['998.1.7.put.a']);
    const permanent = corrected.file('/d/logs/lonnet.perm.log').trimEnd().split('\n');
    expect(permanent[0]).toMatch(/^[0-9]+:S:b:one:Thu Jan {2}1 00:00:05 2026$/);
    expect(permanent.length).toBe(4);
    const asWritten = child(answers, [], { before, args: quirks('delayed-directory-order') });
    expect(wireOf(asWritten).toSorted()).toEqual(wireOf(corrected).toSorted());
  });

  test('A-B10: the order of the directory is some order', () => {
    const files = Array.from({ length: 12 }, (_, index) => [`${1_000 + index}.put.b`, `m${index}\n`] as const);
    const sorted = files.map((_, index) => `1 m${index}`);
    expect(wireOf(child(answers, [], { before: delay(...files) }))).toEqual(sorted);
    const orders = ['x', 'y', 'z'].map(seed =>
      wireOf(child(answers, [], { seed, before: delay(...files), args: quirks('delayed-directory-order') })),
    );
    expect(orders.some(order => order.join() !== sorted.join())).toBe(true);
  });

  test('A-B10b: a file that is not one line is set aside, or played away', () => {
    const before = delay(['1.a.b', 'first\nsecond\n'], ['2.b.b', ''], ['3.c.b', 'cut'], ['4.d.b', '\n'], ['5.e.b', 'good\n']);
    const corrected = child(answers, [], { before });
    expect(wireOf(corrected)).toEqual(['1 good']);
    expect(corrected.list('/s/delayed')).toEqual(['1.a.b.bad', '2.b.b.bad', '3.c.b.bad', '4.d.b.bad']);
    const asWritten = child(answers, [], { before, args: quirks('delayed-first-line-only') });
    expect(wireOf(asWritten)).toEqual(['1 first', '1 ', '1 cut', '1 ', '1 good']);
    expect(asWritten.list('/s/delayed')).toEqual([]);
  });

  test('A-B10b: no answer in time: the file stays, and nothing else is sent on that connection', () => {
    const before = delay(['1.a.b', 'mute\n'], ['2.b.b', 'next\n']);
    const mute = polite((line, caller) => (line === 'mute' ? undefined : caller.say('ok')));
    const corrected = child(mute, [], { before, until: 100 });
    expect(wireOf(corrected)).toEqual(['1 mute']);
    expect(corrected.list('/s/delayed')).toEqual(['1.a.b', '2.b.b']);
    const asWritten = child(mute, [], {
      before,
      until: 100,
      args: quirks('delayed-first-line-only', 'late-reply-kept', 'delayed-once-per-life'),
    });
    expect(wireOf(asWritten)).toEqual(['1 mute', '1 next']);
    expect(asWritten.list('/s/delayed')).toEqual(['1.a.b']);
  });

  test('one that is never answered does not keep the host offline, and is tried again', () => {
    const mute = polite((line, caller) => (line === 'mute' ? undefined : caller.say('ok')));
    const acts: Acts = [[80, t => t.client('c').send('ping\n')]];
    const { heard, wire, ends } = child(mute, acts, { before: delay(['1.a.b', 'mute\n']), until: 500 });
    expect(heard).toEqual(['80 c b']);
    expect(wireOf({ wire })).toEqual(['1 mute', '2 ping', '2 mute']);
    expect(ends).toEqual([]);
  });

  test('A-B10c: whose message it is', () => {
    const hosts = 'a:d:l:a:10.0.0.1\nb.c:d:l:b:10.0.0.2\n';
    const before = delay(['1.put.bxc', 'wrong\n'], ['2.put.b.c', 'right\n'], ['3.put.z.b.c', 'other\n']);
    const start = (host: Host, args: readonly string[]): void => {
      before(host);
      host.process.spawn('gateway-child', ['--conf=/etc/loncapa.conf', '--peer=b.c', '--address=10.0.0.2', ...args]);
    };
    const of = (...slugs: readonly Quirk[]): readonly string[] =>
      wireOf(run({ hosts, start: 'nothing', peer: answers, before: host => start(host, quirks(...slugs)), until: 30 }));
    expect(of()).toEqual(['1 right']);
    expect(of('host-id-as-pattern').toSorted()).toEqual(['1 other', '1 right', '1 wrong']);
  });

  test('A-B09, A-B10d: an encrypted one', () => {
    const before = delay(['1.a.b', 'encrypt:passwd:d:u:secret\n']);
    const acts: Acts = [[10, t => t.client('c').send('ping\n')]];
    const corrected = child(answers, acts, { before });
    expect(wireOf(corrected)[0]).toMatch(/^1 enc:17:[0-9a-f]{48}$/);
    expect(wireOf(corrected)[1]).toBe('1 ping');
    expect(corrected.heard).toEqual(['10 c b']);
    expect(corrected.file('/d/logs/lonnet.perm.log') + corrected.file('/d/logs/lonc.log')).not.toContain('secret');
    const asWritten = child(answers, acts, { before, args: quirks('delayed-extra-newline', 'late-reply-kept', 'clear-text-logged') });
    expect(wireOf(asWritten)[1]).toBe('1 ');
    expect(asWritten.heard).toEqual(['10 c unknown_cmd']);
    expect(asWritten.file('/d/logs/lonnet.perm.log')).toContain('secret');
  });

  test('A-B10e: one that is written while the child serves', () => {
    const acts: Acts = [[20, t => delay(['1.a.b', 'later\n'])(t.host)]];
    expect(wireOf(child(answers, acts))).toEqual(['1 later']);
    expect(wireOf(child(answers, acts, { args: quirks('delayed-once-per-life') }))).toEqual([]);
  });
});

describe('other quirks', () => {
  test('A-B01: the mask after an odd number of transactions', () => {
    const acts: Acts = [
      [10, t => t.client('c').send('ping\n')],
      [11, t => t.kill('gateway-child', 'SIGTERM')],
      [20, t => t.client('d').send('ping\n')],
    ];
    const masked = child(polite(), acts, { args: quirks('signal-mask-toggles') });
    expect(masked.ends.map(end => end.split(' ')[0])).toEqual(['20']);
    expect(child(polite(), acts).ends).toEqual(['11 gateway-child 0']);
  });

  test('A-B07: close_connection_exit', () => {
    const acts: Acts = [[10, t => t.client('c').send('close_connection_exit\n')]];
    const says = polite((_line, caller) => caller.say('unknown_cmd'));
    const corrected = child(says, acts);
    expect(corrected.ends).toEqual(['10 gateway-child 0']);
    expect(wireOf(corrected)).toEqual([]);
    const asWritten = child(says, acts, { args: quirks('close-request-forwarded') });
    expect(asWritten.heard).toEqual(['10 c unknown_cmd']);
    expect(asWritten.ends).toEqual([]);
  });

  test('A-B08: a short build key', () => {
    const short: Script = (line, caller) => (line === 'ekey' ? caller.say('48213AC7B9E0F0B29A7D512') : polite()(line, caller));
    const of = (...slugs: readonly Quirk[]): string | undefined =>
      wireOf(child(short, [[10, t => t.client('c').send('encrypt:\n')]], { args: quirks(...slugs) }))[0];
    expect(of()).toMatch(/^1 enc:0:[0-9a-f]{16}$/);
    expect(of('build-key-with-newline')).not.toBe(of());
  });

  test('A-B12: SIGUSR1 to an idle child', () => {
    const acts: Acts = [
      [
        10,
        t => {
          t.client('idle');
          const busy = t.client('busy');
          t.host.clock.setTimer(seconds(2), () => busy.send('ping\n'));
        },
      ],
      [11, t => t.kill('gateway-child', 'SIGUSR1')],
      [30, t => t.client('new').send('ping\n')],
    ];
    expect(child(polite(), acts).heard).toEqual(['12 busy b', '30 new b']);
    const asWritten = child(polite(), acts, { args: quirks('status-signal-hangs') });
    expect(asWritten.heard.toSorted()).toEqual(['30 busy b', '30 idle EOF', '30 new b']);
  });

  test('A-B23: a reply that begins with enc', () => {
    const says = script({ word: caller => caller.say('encyclopedia') });
    const acts: Acts = [[10, t => t.client('c').send('word\n')]];
    expect(child(says, acts).heard).toEqual(['10 c encyclopedia']);
    expect(child(says, acts, { args: quirks('enc-prefix-decrypted') }).heard).toEqual(['10 c ']);
  });

  test('A-B26: the socket file', () => {
    const acts: Acts = [[10, t => t.kill('gateway-child', 'SIGTERM')]];
    expect(child(polite(), acts).list('/s')).toEqual(['delayed']);
    expect(child(polite(), acts, { args: quirks('socket-file-left') }).list('/s')).toEqual(['b', 'delayed']);
  });

  test.each([['--no-such=1'], ['--quirk=none'], ['--profile=other'], ['word'], ['--sibling=x'], ['--lifeline=-1'], ['--from=x']])(
    '%s is a usage error',
    option => {
      const { ends, slugs } = run({ start: 'child', args: [option], until: 5 });
      expect(ends).toEqual(['0 gateway-child 2']);
      expect(slugs('gateway-child')).toEqual(['usage']);
    },
  );
});
