/**
 * Machines of this network, from 1 to 20: each with its files, and what it starts at boot.
 */
import type { Profile } from '../../../src/check/scenario.ts';
import type { Programs } from '../../../src/host/host.ts';
import { programs } from '../../../src/impl/lonc/programs.ts';
import type { Quirk } from '../../../src/impl/lonc/quirks.ts';
import type { World } from '../../../src/sim/world.ts';
import { answering } from '../daemons/answering.ts';
import { asker } from '../daemons/asker.ts';
import { caller } from '../daemons/caller.ts';
import { client } from '../daemons/client.ts';
import { keeper } from '../daemons/keeper.ts';
import { library } from '../daemons/library.ts';
import { ANSWERING, ASKER, CALLER, CLIENT, KEEPER, LIBRARY, OPERATOR, OTHER_LOND, SETUP } from '../daemons/names.ts';
import { operator } from '../daemons/operator.ts';
import { otherLond } from '../daemons/other-lond.ts';
import { setup } from '../daemons/setup.ts';
import { CONF, DIRECTORIES } from './places.ts';

export const GATEWAY = 'gateway';
export const GATEWAY_CHILD = 'gateway-child';
export const LOND = 'lond';
export const LOND_CHILD = 'lond-child';

/** Everybody who can appear. */
export const CASTING: Programs = {
  ...programs,
  [SETUP]: setup,
  [CLIENT]: client,
  [ASKER]: asker,
  [KEEPER]: keeper,
  [CALLER]: caller,
  [LIBRARY]: library,
  [OTHER_LOND]: otherLond,
  [OPERATOR]: operator,
  [ANSWERING]: answering,
};

export const HOSTS_MAX = 20;
export const hostIds = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `h${index + 1}`);
export const addressOf = (index: number): string => `10.0.0.${index + 1}`;

/** One more of the only machine that has more than one, and the id by which a table may know it. */
export const moreAddressOf = (index: number): string => `10.0.0.${index + 101}`;
export const moreIdOf = (index: number): string => `x${index + 1}`;

export interface MachineSpec {
  /** The host id, which is the name of the machine, too. */
  readonly id: string;
  /** How many addresses it has beside its own: `moreAddressOf`. */
  readonly more?: number;
  /** A second id at its address, which stands behind it in the tables: the first one counts. */
  readonly alias?: string;
  /** Hosts in its table; default all. */
  readonly knows?: readonly string[];
  /** Command lines that need the files of the machine. */
  readonly daemons: readonly (readonly string[])[];
  /** Milliseconds before the last of them is started. */
  readonly after?: number;
  /** Command lines that need none of its files. */
  readonly others?: readonly (readonly string[])[];
  /** Files among the delayed messages. */
  readonly delayed?: Readonly<Record<string, string>>;
  /** Other files that are there before, by their paths; an empty one is none. */
  readonly files?: Readonly<Record<string, string>>;
}

const times = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Addresses follow the order of the machines. */
export function buildNetwork(world: World, machines: readonly MachineSpec[]): void {
  for (const { id, knows, daemons, others = [], after, delayed = {}, files = {}, more = 0 } of machines) {
    const own = machines.findIndex(each => each.id === id);
    const addresses = [addressOf(own), ...times(more, moreAddressOf)].map(address => ({ address, netmask: '255.255.255.0' }));
    const machine = world.machine(id, { directories: DIRECTORIES, ...(more === 0 ? {} : { addresses }) });
    const table = machines.flatMap((each, index) =>
      (knows ?? machines.map(one => one.id)).includes(each.id)
        ? [
            `--host=${each.id}:${addressOf(index)}`,
            ...(each.alias === undefined ? [] : [`--host=${each.alias}:${addressOf(index)}`]),
            ...times(each.more ?? 0, one => `--host=${moreIdOf(one)}:${moreAddressOf(one)}`),
          ]
        : [],
    );
    const left = [
      ...Object.entries(delayed).map(([name, text]) => `--delayed=${name}:${text}`),
      ...Object.entries(files).flatMap(([path, text]) => (text === '' ? [] : [`--file=${path}:${text}`])),
    ];
    for (const [index, [program = '', ...args]] of daemons.entries()) {
      const waits = after === undefined || index < daemons.length - 1 ? [] : [`--after=${after}`];
      machine.start(SETUP, [`--id=${id}`, ...waits, ...table, ...(index === 0 ? left : []), '--', program, `--conf=${CONF}`, ...args]);
    }
    for (const [program = '', ...args] of others) machine.start(program, args);
  }
}

/** What our gateway is told: nothing; or all quirks, and the one that a scenario is about, for it may be a variant. */
export function quirkArgs(profile: Profile, quirk?: Quirk): readonly string[] {
  if (profile === 'corrected') return [];
  return ['--profile=as-written', ...(quirk === undefined ? [] : [`--quirk=${quirk}`])];
}
