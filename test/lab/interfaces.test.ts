/** What the Node Host says of interfaces is what `ip address` says, and what is sent by them arrives. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { NetworkInterface } from '../../src/host/host.ts';
import { directory, heard, inLabs, records, script, spools } from './lab.ts';

/** A line of JSON each: what we say, and what `ip` says. */
const BOTH = `
node -e 'import("./dist/src/node/interfaces.js").then(module => console.log(JSON.stringify(module.interfaces())))'
ip -j -4 address`;

interface IpLink {
  readonly flags: readonly string[];
  readonly addr_info: readonly {
    readonly local: string;
    readonly address?: string;
    readonly prefixlen: number;
    readonly broadcast?: string;
    readonly label: string;
  }[];
}

function parse(out: string): { readonly ours: readonly NetworkInterface[]; readonly theirs: readonly IpLink[] } {
  const [ours = '', theirs = ''] = out.trim().split('\n');
  // As the script prints them; what is not there fails the tests.
  return { ours: JSON.parse(ours), theirs: JSON.parse(theirs) };
}

/** What `ip` says in our words; where it knows no broadcast, `broadcast` is what the kernel takes for one. */
const worded = (links: readonly IpLink[], unset: Readonly<Record<string, string>>): readonly unknown[] =>
  links.flatMap(({ flags, addr_info }) =>
    addr_info.map(({ local, address, broadcast, label }) => ({
      name: label,
      address: local,
      broadcast: broadcast ?? unset[local],
      peer: flags.includes('POINTOPOINT') ? address : undefined,
      loopback: flags.includes('LOOPBACK'),
    })),
  );

const byAddress = (list: readonly { readonly address?: string }[]): readonly unknown[] =>
  list.toSorted((one, other) => ((one.address ?? '') < (other.address ?? '') ? -1 : 1));

/** A point-to-point link between the two computers; the wire is cut. */
const LINK = `
ip link delete lan0
mkfifo $dir/end
python3 test/lab/tunnel.py < $dir/end > $dir/there &
exec 8> $dir/end
until_there $dir/there
ip link set ppp1 netns peer
ip address add 10.82.0.1 peer 10.82.0.2 dev ppp0
ip link set ppp0 up
ip -n peer address add 10.82.0.2 peer 10.82.0.1 dev ppp1
ip -n peer link set ppp1 up
`;

inLabs('interfaces', () => {
  it('are what ip says of them: labelled, with a broadcast address and without, in pairs, down', async () => {
    const out = await script(
      directory(),
      `ip -batch - <<< 'address add 10.78.0.1/24 brd + label lan0:1 dev lan0
      address add 10.90.1.1/23 dev lan0
      address add 10.80.0.1/31 dev lan0
      address add 10.80.0.5/32 dev lan0
      link add down0 type veth peer name down1
      address add 10.81.0.1/24 brd + dev down0'
      ${BOTH}`,
    );
    const { ours, theirs } = parse(out);
    const running = theirs.filter(({ flags }) => flags.includes('LOWER_UP'));
    expect(byAddress(ours.map(({ netmask: _, ...rest }) => rest))).toEqual(
      // RW-45: Linux takes the last address of a network for a broadcast, whatever was set.
      JSON.parse(JSON.stringify(byAddress(worded(running, { '10.90.1.1': '10.90.1.255' }) as readonly { address: string }[]))),
    );
    expect(Object.fromEntries(ours.map(each => [each.address, [each.name, each.netmask, each.broadcast]]))).toEqual({
      '127.0.0.1': ['lo', '255.0.0.0', undefined],
      '10.77.0.1': ['lan0', '255.255.255.0', '10.77.0.255'],
      '10.78.0.1': ['lan0:1', '255.255.255.0', '10.78.0.255'],
      '10.90.1.1': ['lan0', '255.255.254.0', '10.90.1.255'],
      '10.80.0.1': ['lan0', '255.255.255.254', undefined],
      '10.80.0.5': ['lan0', '255.255.255.255', undefined],
    });
  });

  it('of a point-to-point link have the other end', async () => {
    const { ours, theirs } = parse(await script(directory(), LINK + BOTH));
    expect(byAddress(ours.map(({ netmask: _, ...rest }) => rest))).toEqual(
      JSON.parse(JSON.stringify(byAddress(worded(theirs, {}) as readonly { address: string }[]))),
    );
    expect(ours.find(each => !each.loopback)).toMatchObject({ name: 'ppp0', address: '10.82.0.1', peer: '10.82.0.2' });
  });
});

const RECORDS = ['whod.peer', 'whod.tester'];
const ours = (options: string): string => `node slipway serve rwhod -- --spool=$dir/ours --interval=18 ${options} &
  until_there $dir/ours/whod.tester
`;

inLabs('reports', () => {
  it("reach Debian's rwhod over a point-to-point link, and come back by it", async () => {
    const dir = spools('ours', 'theirs');
    await script(
      dir,
      `${LINK}${ours('--no-broadcast --learn=no')} lab/rwhod-debian $dir/theirs -p &\n until_there $dir/ours/whod.peer $dir/theirs/whod.tester`,
    );
    expect(records(join(dir, 'ours'))).toEqual(RECORDS);
    // Nobody broadcasts there: Debian's does not hear itself.
    expect(records(join(dir, 'theirs'))).toEqual(['whod.tester']);
  });

  it('are heard by the group 224.0.1.3 where nothing else is sent', async () => {
    const dir = spools('ours', 'theirs');
    const multicast = '--multicast --no-broadcast --no-point-to-point --learn=no';
    await script(
      dir,
      `${ours(multicast)}
      lab/peer node slipway serve rwhod -- --spool=$dir/theirs --interval=18 ${multicast} &
      until_there $dir/theirs/whod.peer $dir/ours/whod.peer $dir/theirs/whod.tester`,
    );
  });

  it('go to the group once by each interface, however many addresses it has', async () => {
    const dir = spools('ours');
    await script(
      dir,
      `ip address add 10.77.0.9/24 dev lan0
      ip address add 10.78.0.9/24 label lan0:1 dev lan0
      lab/peer node dist/test/lab/post.js receive 2 $dir/ear 10.77.0.2 &
      ear=$!
      until_there $dir/ear
      ${ours('--multicast --no-broadcast')}
      kill $!
      wait $!
      post send 10.77.0.2 00
      wait $ear`,
    );
    expect(heard(join(dir, 'ear'))).toEqual([
      ['10.77.0.1:513', expect.stringMatching(/^0101/)],
      ['10.77.0.1:513', '00'],
    ]);
  });

  it('leave by every network of an interface, labelled or not (RW-46); of Debian only by those that are labelled', async () => {
    const dir = spools('ours', 'theirs');
    const networks = (at: string, brd: string): string => `ip ${at} -batch - <<END
address add 10.78.0.${brd}/24 brd + dev lan0
address add 10.79.0.${brd}/24 brd + label lan0:1 dev lan0
END
`;
    const sources = async (file: string, count: number, command: string): Promise<readonly string[]> => {
      const text = `${networks('', '1')}${networks('-n peer', '2')}post receive ${count} $dir/${file} & ear=$!\nuntil_there $dir/${file}\n${command} &\nwait $ear`;
      await script(dir, text);
      return heard(join(dir, file))
        .map(([from]) => from.split(':', 1)[0] ?? '')
        .sort();
    };
    expect(await sources('debian', 2, 'lab/rwhod-debian $dir/theirs')).toEqual(['10.77.0.2', '10.79.0.2']);
    expect(await sources('slipway', 3, 'lab/peer node slipway serve rwhod -- --spool=$dir/ours')).toEqual([
      '10.77.0.2',
      '10.78.0.2',
      '10.79.0.2',
    ]);
  });

  /** Both computers have their address with another broadcast address, or none. */
  const without = (brd: string): string =>
    [1, 2]
      .map(host => {
        const at = host === 1 ? 'ip' : 'ip -n peer';
        return `${at} address delete 10.77.0.${host}/24 dev lan0; ${at} address add 10.77.0.${host}/24 ${brd} dev lan0`;
      })
      .join('\n');

  it('go where no broadcast address was set, from ours (RW-45); from Debian to itself', async () => {
    const dir = spools('ours', 'theirs');
    await script(
      dir,
      `${without('')}
      lab/rwhod-debian $dir/theirs &
      debian=$!
      until_there $dir/theirs/whod.peer
      ${ours('--learn=no')}
      until_there $dir/theirs/whod.tester
      rm $dir/theirs/whod.peer
      kill -HUP $debian
      until_there $dir/theirs/whod.peer
      sleep 0.2`,
    );
    expect(records(join(dir, 'theirs'))).toEqual(RECORDS);
    expect(records(join(dir, 'ours'))).toEqual(['whod.tester']);
  });

  it('go where another broadcast address was set, between ours and Debian', async () => {
    const dir = spools('ours', 'theirs');
    await script(
      dir,
      `${without('brd 10.77.0.128')}\n${ours('')} lab/rwhod-debian $dir/theirs &\n until_there $dir/ours/whod.peer $dir/theirs/whod.tester`,
    );
  });
});
