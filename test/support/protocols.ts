/** The protocols of this package, as tests use them. */

import { Catalogue } from '../../protocols/catalogue.ts';
import { loadProtocols } from '../../protocols/index.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import type { Programs } from '../../src/host/host.ts';

export const protocols: readonly Protocol[] = await loadProtocols();
export const catalogue = new Catalogue(protocols);
export const { scenarios, suites } = catalogue;
/** One that has no scenario at all has none that could be wrong. */
export const played: readonly Protocol[] = protocols.filter(protocol => protocol.scenarios.length > 0);
export const scenarioNamed: Catalogue['scenarioNamed'] = name => catalogue.scenarioNamed(name);
export const suiteNamed: Catalogue['suiteNamed'] = name => catalogue.suiteNamed(name);

/** What conformance runs of any of them start, in the simulator. */
export const programs: Programs = Object.assign({}, ...protocols.map(each => each.programs));
