/** Our rwhod and Debian's, on two computers with a wire between them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hex, unhex } from '../../src/host/bytes.ts';
import { turned } from '../../src/impl/rwho/as-written.ts';
import { parseRecord } from '../../src/impl/rwho/record.ts';
import type { Status } from '../../src/impl/rwho/wire.ts';
import { decode, encode, hostNameOf, OFFSET } from '../../src/impl/rwho/wire.ts';
import { encodeUtmp } from '../../src/node/utmp.ts';
import { heard, inLabs, records, script, spools } from './lab.ts';

/** Logged in a minute ago, on terminals that no machine has: nobody is idle. */
const SINCE = Math.floor(Date.now() / 1_000) - 60;
const ADA = { line: 'none/0', user: 'ada', since: SINCE };
const BOB = { line: 'none/1', user: 'bob', since: SINCE - 3_600 };
const EVE = { line: 'none/2', user: 'eve', since: SINCE - 7_200 };

const bytesOf = (text: string | undefined): Uint8Array => {
  const bytes = text === undefined ? undefined : unhex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
};

const read = (dir: string, path: string): Uint8Array => new Uint8Array(readFileSync(join(dir, path)));
/** Without the time of arrival. */
const unstamped = (record: Uint8Array): string => hex(record.fill(0, OFFSET.receiveTime, OFFSET.receiveTime + 4));

const entry = { line: 'eight888', name: 'user8888', loginTime: SINCE, idle: -1 };
const STATUS: Status = {
  sendTime: SINCE,
  receiveTime: 0x01020304,
  hostName: 'h',
  load: [123, 45_678, 2_147_483_647],
  bootTime: SINCE - 86_400,
  entries: [],
};
const named = (hostName: string): string => hex(encode({ ...STATUS, hostName }));

inLabs("Debian's rwhod and ours", () => {
  it('hear each other, and all readers show both, byte for byte the same on either spool', async () => {
    const dir = spools('ours', 'theirs');
    writeFileSync(join(dir, 'utmp-ours'), encodeUtmp([ADA, BOB]));
    writeFileSync(join(dir, 'utmp-theirs'), encodeUtmp([EVE]));
    const out = await script(
      dir,
      `ln -s $dir/utmp-ours /run/utmp
      node slipway serve rwhod -- --spool=$dir/ours --interval=18 &
      until_there $dir/ours/whod.tester
      lab/rwhod-debian $dir/theirs $dir/utmp-theirs &
      # Ours has heard the first report of theirs, a newcomer, and greets it.
      until_there $dir/ours/whod.peer $dir/theirs/whod.peer $dir/theirs/whod.tester
      kill $(jobs -p)
      wait
      for spool in ours theirs; do
        for reader in ruptime rwho; do
          lab/with-spool $dir/$spool $reader
          echo
          node slipway $reader --format=debian --spool=$dir/$spool
          echo
        done
      done`,
    );
    const shown = out.split('\n\n').slice(0, -1);
    expect(shown).toHaveLength(8);
    for (let index = 0; index < shown.length; index += 2) expect(shown[index + 1]).toBe(shown[index]);
    expect(shown[0]).toMatch(/^peer {10}up .*, {5}1 user, {3}load .*\ntester {8}up .*, {5}2 users, {2}load /);
    expect(shown[2]?.split('\n').map(line => line.split(/ +/, 2).join(' '))).toEqual([
      'ada tester:none/0',
      'bob tester:none/1',
      'eve peer:none/2',
    ]);
    // What ours sent is what theirs keeps, to the byte; of theirs only the junk behind the name is not kept (RW-25).
    expect(unstamped(read(dir, 'theirs/whod.tester'))).toBe(unstamped(read(dir, 'ours/whod.tester')));
    const [kept, sent] = ['ours/whod.peer', 'theirs/whod.peer'].map(path => parseRecord(read(dir, path)));
    expect({ ...kept, receiveTime: 0 }).toEqual({ ...sent, receiveTime: 0 });
  });

  it('what Debian sends is a report to us: 41 people of 50 (RW-30)', async () => {
    const dir = spools('theirs');
    writeFileSync(join(dir, 'two'), encodeUtmp([ADA, BOB]));
    writeFileSync(join(dir, 'fifty'), encodeUtmp(Array.from({ length: 50 }, () => EVE)));
    await script(
      dir,
      `post receive 2 $dir/ear &
      ear=$!
      until_there $dir/ear
      for utmp in two fifty; do
        lab/rwhod-debian --name=theirs.example.org $dir/theirs $dir/$utmp &
        until_there $dir/theirs/whod.theirs
        kill $!
        wait $!
        rm $dir/theirs/whod.theirs
      done
      wait $ear`,
    );
    const reports = heard(join(dir, 'ear'));
    expect(reports.map(([from]) => from)).toEqual(['10.77.0.2:513', '10.77.0.2:513']);
    const [two, fifty] = reports.map(([, text]) => decode(bytesOf(text)));
    expect(two).toMatchObject({ version: 1, type: 1, trailing: 0, status: { hostName: 'theirs' } });
    const entries = [ADA, BOB].map(({ line, user, since }) => ({ line, name: user, loginTime: since, idle: 0 }));
    expect(two?.status.entries).toEqual(entries);
    expect(Math.abs((two?.status.sendTime ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
    expect(fifty?.status.entries).toHaveLength(41);
  });

  it('Debian keeps reports to the byte, and nothing that is none', async () => {
    const dir = spools('theirs');
    const full = hex(encode({ ...STATUS, hostName: 'x'.repeat(31), entries: Array.from({ length: 42 }, () => entry) }));
    const taken = { 'whod.h': named('h'), [`whod.${'x'.repeat(31)}`]: full, 'whod.half': `${named('half')}0102030405` };
    const refused = [named('short').slice(0, 2 * 59), `02${named('version').slice(2)}`, named('a/b'), named('two words'), named('')];
    await script(
      dir,
      `lab/rwhod-debian $dir/theirs &
      until_there $dir/theirs/whod.peer
      post send 10.77.0.2:5130 ${named('port')}
      post send 10.77.0.2 ${[...refused, ...Object.values(taken), named('last')].join(' ')}
      until_there $dir/theirs/whod.last`,
    );
    expect(records(join(dir, 'theirs'))).toEqual([...Object.keys(taken), 'whod.last', 'whod.peer'].sort());
    for (const [file, report] of Object.entries(taken)) {
      expect(unstamped(read(dir, `theirs/${file}`)), file).toBe(unstamped(turned(bytesOf(report), 0)));
    }
  });

  it('Debian keeps a record for every name somebody invents (RW-43); ours has room for so many', async () => {
    const dir = spools('ours', 'theirs');
    const invented = Array.from({ length: 100 }, (_, index) => named(`invented${index}`));
    await script(
      dir,
      `lab/rwhod-debian $dir/theirs &
      until_there $dir/theirs/whod.peer
      ip -batch - <<< 'netns add third
      link add wire type veth peer name lan0 netns third
      address add 10.78.0.1/24 brd + dev wire
      link set wire up'
      ip -n third -batch - <<< 'address add 10.78.0.2/24 brd + dev lan0
      link set lan0 up'
      lab/peer --host=third node slipway serve rwhod -- --spool=$dir/ours --records=20 &
      until_there $dir/ours/whod.third
      for to in 10.77.0.2 10.78.0.2; do post send $to ${invented.join(' ')}; done
      until_there $dir/theirs/whod.invented99
      kill $!
      wait $!`,
    );
    expect(records(join(dir, 'theirs'))).toHaveLength(101);
    expect(records(join(dir, 'ours'))).toHaveLength(20);
  });

  it.each([
    ['Debian passes on what it does not keep (RW-47), and nothing more after 181 (RW-49)', 'lab/rwhod-debian $dir/peer -f', 1, 181],
    ['ours passes on what it keeps', 'lab/peer node slipway serve rwhod -- --spool=$dir/peer --forward', 0, 190],
  ])('%s', async (_, command, illegal, passedOn) => {
    const dir = spools('peer');
    const legal = Array.from({ length: 190 }, (_, index) => named(`n${index}`));
    // In parts that a receive buffer has room for.
    const parts = [0, 1, 2, 3, 4].map(part => {
      const until = (part + 1) * 38;
      return `post send 10.77.0.2 ${legal.slice(until - 38, until).join(' ')}
      until_there $dir/peer/whod.n${until - 1}
      until_lines $dir/ear ${Math.min(1 + illegal + until, 1 + passedOn)}`;
    });
    await script(
      dir,
      `ip netns add third
      ip -n peer link add lan1 type veth peer name lan0 netns third
      ip -n peer -batch - <<< 'address add 10.78.0.2/24 brd + dev lan1
      link set lan1 up'
      ip -n third -batch - <<< 'address add 10.78.0.3/24 brd + dev lan0
      link set lan0 up'
      ${command} &
      until_there $dir/peer/whod.peer
      lab/peer --host=third node dist/test/lab/post.js receive 999 $dir/ear &
      until_there $dir/ear
      post send 10.77.0.2 ${named('a/b')}
      ${parts.join('\n')}
      lab/peer node dist/test/lab/post.js send 10.78.0.3:5130 00
      until grep -q ':5130 00$' $dir/ear; do sleep 0.01; done`,
    );
    // But for the last, and for its own report if it has made one.
    const reports = heard(join(dir, 'ear'))
      .slice(0, -1)
      .filter(([, text]) => hostNameOf(bytesOf(text)) !== 'peer');
    expect(reports.map(([from]) => from)).toEqual(reports.map(() => '10.78.0.2:513'));
    expect(reports.map(([, text]) => text)).toEqual([named('a/b'), ...legal].slice(1 - illegal, 1 + passedOn - illegal));
    expect(records(join(dir, 'peer'))).toHaveLength(191);
  });

  it('of Debian, a killed sender leaves a receiver, and a killed receiver a sender (RW-23)', async () => {
    const dir = spools('one', 'two');
    const out = await script(
      dir,
      `lab/rwhod-debian $dir/one &
      until_there $dir/one/whod.peer
      kill -KILL $(pgrep -xn rwhod)
      rm $dir/one/whod.peer
      kill -HUP $!
      post send 10.77.0.2 ${named('heard')}
      until_there $dir/one/whod.heard
      kill $!
      wait $!
      # Whoever is not reaped yet is the oldest otherwise.
      for _ in {1..1500}; do pgrep -x rwhod >$dir/left || break; sleep 0.01; done
      lab/rwhod-debian $dir/two &
      until_there $dir/two/whod.peer
      debian=$!
      kill -KILL $(pgrep -xo rwhod)
      post receive 1 $dir/ear &
      until_there $dir/ear
      kill -HUP $debian
      wait $!
      pgrep -xc rwhod`,
    );
    expect(records(join(dir, 'one'))).toEqual(['whod.heard']);
    expect(heard(join(dir, 'ear'))).toEqual([['10.77.0.2:513', expect.stringMatching(/^0101/)]]);
    expect(out).toBe('1\n');
  });

  it('one of Debian and three of ours on one network know all four', async () => {
    const dir = spools('peer', 'tester', 'third', 'fourth');
    const hosts = ['fourth', 'peer', 'tester', 'third'];
    await script(
      dir,
      `ip netns add switch
      ip -n switch link add bridge type bridge
      ip -n switch link set bridge up
      ip link delete lan0
      plug() { # HOST ADDRESS
        ip -n switch link add port-$1 type veth peer name lan0
        ip -n switch link set port-$1 up master bridge
        ip -n switch link set lan0 netns "$3"
        \${4-} ip address add $2/24 brd + dev lan0
        \${4-} ip link set lan0 up
      }
      plug tester 10.77.0.1 $$
      for host in 'peer 10.77.0.2' 'third 10.77.0.3' 'fourth 10.77.0.4'; do
        set -- $host
        [ $1 = peer ] || ip netns add $1
        plug $1 $2 $1 "ip netns exec $1"
      done
      for host in third fourth; do
        lab/peer --host=$host node slipway serve rwhod -- --spool=$dir/$host --interval=18 &
      done
      node slipway serve rwhod -- --spool=$dir/tester --interval=18 &
      until_there $dir/third/whod.third $dir/fourth/whod.fourth $dir/tester/whod.tester
      lab/rwhod-debian $dir/peer &
      for spool in tester peer third fourth; do
        until_there $dir/$spool/whod.{tester,peer,third,fourth}
      done`,
    );
    for (const host of hosts) expect(records(join(dir, host))).toEqual(hosts.map(each => `whod.${each}`));
  });
});
