/**
 * Who is in the scenarios of the traps: a hub, kernels of ours that call it, and peers that are not ours.
 */
import { AT_HUB, client, type KernelSpec, LITE, server, stranger } from './network.ts';

type Steps = readonly string[];

export const HUB_SERVER: KernelSpec = server(AT_HUB, '--name=hub');
export const ours = (...args: Steps): KernelSpec => client(AT_HUB, ...args);
export const lite = (...args: Steps): KernelSpec => ({
  program: LITE,
  args: [`--connect=${AT_HUB}`, '--name=lite', '--timeout=5000', ...args],
});
export const caller = (...steps: Steps): KernelSpec => stranger('connect', AT_HUB, ...steps);
export const listener = (...steps: Steps): KernelSpec => stranger('listen', AT_HUB, ...steps);

export const CALL = '--call=poe:/demo/echo "x"';
export const OF_LITE: Steps = ['--call=poe:/demo/echo "x"', '--call=poe:/demo/echo "y"'];
