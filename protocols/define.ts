/**
 * What a user's `slipway.config.ts` is written with.
 */
import { HELPERS } from '../conformance/helpers.ts';
import type { ProtocolDefinition } from './protocol.ts';

/** The default export of `slipway.config.ts`. */
export interface Config {
  readonly protocols: readonly ProtocolDefinition[];
}

export const defineConfig = (config: Config): Config => config;

/** With all that a conformance run starts, for a process of its own to find it. What is wrong with it is said when it is loaded. */
export const defineProtocol = (protocol: ProtocolDefinition): ProtocolDefinition => ({
  ...protocol,
  programs: { ...HELPERS, ...protocol.daemons, ...protocol.programs },
});
