/**
 * Machines of Rover: `server`, and `c0`, `c1` … that ask. What our programs keep is below `/var`; users have the secrets that their names say.
 */
import type { Profile } from '../../../src/check/scenario.ts';
import { textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Programs } from '../../../src/host/host.ts';
import { programs } from '../../../src/impl/rover/programs.ts';
import type { Quirk } from '../../../src/impl/rover/quirks.ts';
import type { Machine } from '../../../src/sim/machine.ts';
import type { World } from '../../../src/sim/world.ts';
import { crowd } from '../daemons/crowd.ts';
import { foreign } from '../daemons/foreign.ts';
import { httpd } from '../daemons/httpd.ts';
import { init } from '../daemons/init.ts';
import { killer } from '../daemons/killer.ts';
import { CROWD, FOREIGN, HTTPD, INIT, KILLER, PEER } from '../daemons/names.ts';
import { peer } from '../daemons/peer.ts';

export const PARENT = 'rover';
export const DAEMON = 'rover-daemon';
export const WORKER = 'rover-worker';
export const CLIENT = 'rover-client';

export const SERVER = 'server';
/** The server is the first machine of its world. */
export const SERVER_ADDRESS = '10.0.0.1';
export const PORT = 9090;
export const AT_SERVER: string = `${SERVER_ADDRESS}:${PORT}`;
/** Of the httpd on the same machine. */
export const AT_HTTPD: string = `${SERVER_ADDRESS}:80`;

/** Of the server, and of a client. */
export const STATE = '/var/rover';
export const QUEUE = '/var/queue';
/** Of the forked server. */
export const CGI_STATE = '/var/cgi';
const DIRECTORIES: readonly string[] = ['/var', '/etc'];
export const USERS = '/etc/rover-users';
export const NAMES: readonly string[] = ['ann', 'bob', 'cyd'];
/** Beside one whose name begins as another one's. */
export const KNOWN: readonly string[] = [...NAMES, 'anna'];
export const secretOf = (user: string): string => `secret-of-${user}`;

export const CASTING: Programs = {
  ...programs,
  [FOREIGN]: foreign,
  [CROWD]: crowd,
  [PEER]: peer,
  [INIT]: init,
  [HTTPD]: httpd,
  [KILLER]: killer,
};

export const addMachine = (world: World, name: string): Machine =>
  world.machine(name, { directories: DIRECTORIES, users: ['root', ...NAMES] });

/** A server of ours, which is started again when it has failed. */
export function addServer(world: World, ...args: readonly string[]): Machine {
  const machine = addMachine(world, SERVER);
  startServer(machine, ...args);
  return machine;
}
/** The same for these users. */
export function addServerOf(world: World, names: readonly string[], ...args: readonly string[]): Machine {
  const machine = addMachine(world, SERVER);
  startServerOf(machine, names, '--tests', ...args);
  return machine;
}
/** The file of users. */
export const usersText = (names: readonly string[] = NAMES): Uint8Array => utf8(names.map(name => `${name} ${secretOf(name)}\n`).join(''));
export const startServer = (machine: Machine, ...args: readonly string[]): void => startPlainServer(machine, '--tests', ...args);
/** Without the commands for tests. */
export const startPlainServer = (machine: Machine, ...args: readonly string[]): void => startServerOf(machine, NAMES, ...args);
function startServerOf(machine: Machine, names: readonly string[], ...args: readonly string[]): void {
  const own = [`--listen=0.0.0.0:${PORT}`, `--state=${STATE}`, `--users=${USERS}`];
  machine.start(INIT, [`--file=${USERS}`, textOf(usersText(names)), PARENT, ...own, ...args]);
}

/** A client of ours, which is started again when it has ended before its time. */
export const addClient = (world: World, name: string, user: string, ...args: readonly string[]): Machine =>
  addLateClient(world, name, user, 0, ...args);
/** It begins so many milliseconds after its machine. */
export function addLateClient(world: World, name: string, user: string, after: number, ...args: readonly string[]): Machine {
  const machine = addMachine(world, name);
  startClient(machine, user, after, ...args);
  return machine;
}
export function startClient(machine: Machine, user: string, after: number, ...args: readonly string[]): void {
  const who = [`--server=${AT_SERVER}`, `--user=${user}`, `--host=${machine.name}`, `--auth=${secretOf(user)}`, `--state=${QUEUE}`];
  machine.start(INIT, ['--over=1', `--after=${after}`, CLIENT, ...who, ...args]);
}

/** Who a client that is not ours says it is, and whom it asks. */
export interface Who {
  readonly user: string;
  readonly host: string;
  /** Default: the server. */
  readonly at?: string;
}

/** A client that is not ours (daemons/peer.ts), who says the secret of its user. */
export function addPeer(world: World, name: string, { user, host, at = AT_SERVER }: Who, ...steps: readonly string[]): Machine {
  const machine = addMachine(world, name);
  machine.start(PEER, [`--server=${at}`, user, host, KNOWN.includes(user) ? secretOf(user) : '', ...steps]);
  return machine;
}

/** What our programs are told: nothing, all quirks, or those that a scenario is about. */
export function quirkArgs(profile: Profile, quirks?: readonly Quirk[]): readonly string[] {
  if (profile === 'corrected') return [];
  return quirks === undefined ? ['--profile=as-written'] : quirks.map(slug => `--quirk=${slug}`);
}
