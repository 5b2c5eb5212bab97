/**
 * Machines with a rwhod each, the people on them, and those who look on.
 */
import type { Profile } from '../../../src/check/scenario.ts';
import type { Programs } from '../../../src/host/host.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { programs } from '../../../src/impl/rwho/programs.ts';
import type { Quirk } from '../../../src/impl/rwho/quirks.ts';
import { SPOOL } from '../../../src/impl/rwho/readers/spool-files.ts';
import type { AddressOptions, Machine } from '../../../src/sim/machine.ts';
import type { MachineStatus, Session } from '../../../src/sim/system.ts';
import type { World } from '../../../src/sim/world.ts';
import { crowd } from '../daemons/crowd.ts';
import { forger } from '../daemons/forger.ts';
import { CROWD, FORGER, READER, WAYS, WITNESS } from '../daemons/names.ts';
import { reader } from '../daemons/reader.ts';
import { ways } from '../daemons/ways.ts';
import { witness } from '../daemons/witness.ts';
import { EPOCH } from './forged.ts';

export const RWHOD = 'rwhod';
export const CASTING: Programs = {
  [RWHOD]: programs['rwhod'] ?? (() => {}),
  [READER]: reader,
  [FORGER]: forger,
  [WAYS]: ways,
  [CROWD]: crowd,
  [WITNESS]: witness,
};
export const DIRECTORIES: readonly string[] = ['/var', '/var/spool', SPOOL];

export interface MachineSpec {
  readonly name: string;
  readonly addresses: readonly AddressOptions[];
  /** Arguments of its rwhod; absent: it has none. */
  readonly rwhod?: readonly string[];
  /** Seconds after which its rwhod is started; default at once. */
  readonly after?: number;
  /** Command lines of other programs. */
  readonly others?: readonly (readonly string[])[];
  readonly status?: Partial<MachineStatus>;
}

export function addMachine(world: World, { name, addresses, rwhod, after, others = [], status = {} }: MachineSpec): Machine {
  const machine = world.machine(name, { addresses, directories: DIRECTORIES });
  Object.assign(machine.status, { load: [17, 8, 4], sessions: people(2), ...status });
  if (rwhod !== undefined && after === undefined) machine.start(RWHOD, rwhod);
  if (rwhod !== undefined && after !== undefined) world.at(instantOf(seconds(after)), () => void machine.start(RWHOD, rwhod));
  for (const [program = '', ...args] of others) machine.start(program, args);
  return machine;
}

/** Each has typed last a minute before the world began, or a minute earlier than the one before. */
export function people(count: number): readonly Session[] {
  const at = (second: number) => instantOf((EPOCH + second) * 1_000_000);
  return Array.from({ length: count }, (_, index) => {
    return { line: `pts/${index}`, user: `user${index}`, since: at(-3_000), lastInput: at(-60 * (index + 1)) };
  });
}

/** Of 10.0.0.0/24, which broadcasts. */
export const onLan = (number: number): AddressOptions => ({ address: `10.0.0.${number}`, netmask: '255.255.255.0' });

/** Of 10.0.0.0/16, which has room for all that a scenario may want. */
export const onWideLan = (number: number): AddressOptions => ({ address: `10.0.${number >> 8}.${number & 255}`, netmask: '255.255.0.0' });
export const WIDE_BROADCAST = '10.0.255.255';

/** What our rwhod is told: nothing, all quirks, or those that a scenario is about. */
export function quirkArgs(profile: Profile, quirks: readonly Quirk[] | undefined): readonly string[] {
  if (profile === 'corrected') return [];
  return quirks === undefined ? ['--profile=as-written'] : quirks.map(slug => `--quirk=${slug}`);
}
