/**
 * Machines with kernels of IKC: `hub`, whose server the others call, and who else a scenario wants.
 */
import type { Profile } from '../../../src/check/scenario.ts';
import type { Programs } from '../../../src/host/host.ts';
import { programs } from '../../../src/impl/ikc/programs.ts';
import type { Quirk } from '../../../src/impl/ikc/quirks.ts';
import type { Machine } from '../../../src/sim/machine.ts';
import type { World } from '../../../src/sim/world.ts';
import { init } from '../daemons/init.ts';
import { mirror } from '../daemons/mirror.ts';
import { INIT, MIRROR, PEER, READER, STORER, WATCHER } from '../daemons/names.ts';
import { peer } from '../daemons/peer.ts';
import { reader } from '../daemons/reader.ts';
import { storer } from '../daemons/storer.ts';
import { watcher } from '../daemons/watcher.ts';
import { CLIENT, LITE, SERVER } from './programs.ts';

export const HUB = 'hub';
/** The hub is the first machine of its world. */
export const HUB_ADDRESS = '10.0.0.1';
export const AT_HUB: string = `${HUB_ADDRESS}:603`;
const RUN = '/run';
/** Where the hub listens for those on its own machine. */
export const HUB_SOCKET: string = `${RUN}/ikc`;
export const DIRECTORIES: readonly string[] = [RUN];

export { CLIENT, LITE, SERVER };

export const CASTING: Programs = {
  ...programs,
  [PEER]: peer,
  [INIT]: init,
  [MIRROR]: mirror,
  [STORER]: storer,
  [WATCHER]: watcher,
  [READER]: reader,
};

export interface KernelSpec {
  readonly program: string;
  readonly args: readonly string[];
}

/** A machine with these programs; those after the first start with it. */
export function addMachine(world: World, name: string, kernels: readonly KernelSpec[]): Machine {
  const machine = world.machine(name, { directories: DIRECTORIES });
  for (const { program, args } of kernels) machine.start(program, args);
  return machine;
}

export const server = (listen: string, ...args: readonly string[]): KernelSpec => ({
  program: SERVER,
  args: [`--listen=${listen}`, ...args],
});
/** One that is started again when it has failed; `--ends=MS` of its init before it. */
export const kept = ({ program, args }: KernelSpec, ...of: readonly string[]): KernelSpec => ({
  program: INIT,
  args: [...of, program, ...args],
});
export const client = (connect: string, ...args: readonly string[]): KernelSpec => ({
  program: CLIENT,
  args: [`--connect=${connect}`, ...args],
});
export const stranger = (how: 'connect' | 'listen', address: string, ...steps: readonly string[]): KernelSpec => ({
  program: PEER,
  args: [`--${how}=${address}`, ...steps],
});

/** What our kernels are told: nothing, all quirks, or those that a scenario is about. */
export function quirkArgs(profile: Profile, quirks?: readonly Quirk[]): readonly string[] {
  if (profile === 'corrected') return [];
  return quirks === undefined ? ['--profile=as-written'] : quirks.map(slug => `--quirk=${slug}`);
}
