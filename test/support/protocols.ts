/** The protocols of this package, as tests use them. */

import type { Arm } from '../../conformance/run/arm.ts';
import { type NodeArmOptions, nodeArm } from '../../conformance/node/arm-node.ts';
import { Catalogue } from '../../protocols/catalogue.ts';
import { loadProtocols } from '../../protocols/index.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import type { Programs } from '../../src/host/host.ts';

const protocols = await loadProtocols();
export const catalogue = new Catalogue(protocols);
export const { scenarios, suites } = catalogue;
export const scenarioNamed: Catalogue['scenarioNamed'] = name => catalogue.scenarioNamed(name);
export const suiteNamed: Catalogue['suiteNamed'] = name => catalogue.suiteNamed(name);

/** What conformance runs of any of them start, in the simulator. */
export const programs: Programs = Object.assign({}, ...protocols.map(each => each.programs));

export function protocolNamed(name: string): Protocol {
  const found = protocols.find(each => each.name === name);
  if (found === undefined) throw new Error(`no protocol ${name}`);
  return found;
}

/** The real arm of one of them. */
export function realArm(name: string, options?: NodeArmOptions): Arm {
  const protocol = protocolNamed(name);
  return nodeArm(protocol.programs, protocol.module, options);
}
