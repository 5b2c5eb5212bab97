/** THE CONTRACT on a machine with networks: the part of it that the loopback does not show, on the kernel. */
import { expect, it } from 'vitest';
import { NETWORKS, ON_NETWORKS } from '../contract/networks.ts';
import { runOnNode } from '../contract/node-arm.ts';
import { expectationOf } from '../contract/observation.ts';
import { ENTER, inLabs } from './lab.ts';

/** The laboratory has the first of NETWORKS; the second is one more wire. */
const SECOND = `
ip link add lan1 index 21 type veth peer name lan1 netns peer index 22
ip address add ${NETWORKS[1]?.address}/24 brd + dev lan1
ip link set lan1 up
ip -n peer link set lan1 up
until read -r state </sys/class/net/lan1/operstate && [ "$state" = up ]; do sleep 0.002; done
exec "$@"`;

inLabs('Node: networks', () => {
  it.each(ON_NETWORKS.map(contract => [contract.name, contract.purpose, contract] as const))(
    '%s: %s',
    async (_name, _purpose, contract) => {
      const seen = await runOnNode(contract, 'programs.js', [ENTER, 'bash', '-ec', SECOND, 'bash']);
      expect(seen).toEqual(expectationOf(contract, seen.notes));
    },
  );
});
