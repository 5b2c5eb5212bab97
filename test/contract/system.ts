/**
 * What a machine knows of itself, and its interfaces.
 */
import { broadcastOf } from '../../src/host/address.ts';
import { seconds } from '../../src/host/time.ts';
import { type ContractCase, contractCase, programsOf } from './case.ts';
import { pause } from './kit.ts';

const SECTION = 'the machine';
const HOST_NAME_MAX = 64;
const LAST_BYTE = String.fromCharCode(255);

export const SYSTEM: readonly ContractCase[] = [
  contractCase(SECTION, {
    name: 'system-host-name',
    purpose: 'A machine has a name of one byte to 64, and the same one whenever it is asked.',
    roles: {
      *main(host, { saw }) {
        const name = host.system.hostName();
        saw(`length: ${name.length > 0 && name.length <= HOST_NAME_MAX}`);
        yield* pause(host);
        saw(`the same: ${host.system.hostName() === name}`);
      },
    },
    expect: { main: ['length: true', 'the same: true'] },
  }),

  contractCase(SECTION, {
    name: 'system-boot-time',
    purpose: 'A machine was started in the past, by its own wall clock; time passing does not move that by more than a second.',
    roles: {
      *main(host, { saw }) {
        const boot = host.system.bootTime();
        saw(`past: ${boot <= host.clock.wall()}`);
        yield* pause(host);
        saw(`still: ${Math.abs(host.system.bootTime() - boot) <= seconds(1)}`);
      },
    },
    expect: { main: ['past: true', 'still: true'] },
  }),

  contractCase(SECTION, {
    name: 'system-load',
    purpose: 'Three load averages, whole numbers of hundredths, none below zero.',
    roles: {
      *main(host, { saw }) {
        const loads = host.system.loadAverages();
        saw(`${loads.length}: ${loads.every(load => Number.isSafeInteger(load) && load >= 0)}`);
      },
    },
    expect: { main: ['3: true'] },
  }),

  contractCase(SECTION, {
    name: 'system-logins',
    purpose: 'Whoever is logged in has a name and a terminal of at most 32 bytes; where nobody keeps account, that is said.',
    roles: {
      *main(host, { saw }) {
        const logins = host.system.logins();
        const fits = (text: string): boolean => text.length > 0 && text.length <= 32 && [...text].every(letter => letter <= LAST_BYTE);
        if (logins.ok) saw(`good: ${logins.value.every(({ user, line }) => fits(user) && fits(line))}`);
        else saw(`good: ${['ENOENT', 'EACCES', 'EIO'].includes(logins.error.code)}`);
      },
    },
    expect: { main: ['good: true'] },
  }),

  contractCase(SECTION, {
    name: 'system-interfaces',
    purpose: 'The loopback is there and cannot broadcast; an interface broadcasts to its network or has a peer, and not both.',
    roles: {
      *main(host, { saw }) {
        const all = host.network.interfaces();
        saw(`loopback: ${all.some(each => each.loopback && each.address === '127.0.0.1' && each.broadcast === undefined)}`);
        saw(`broadcast: ${all.every(each => each.broadcast === undefined || each.broadcast === broadcastOf(each.address, each.netmask))}`);
        saw(`both: ${all.some(each => each.broadcast !== undefined && each.peer !== undefined)}`);
      },
    },
    expect: { main: ['loopback: true', 'broadcast: true', 'both: false'] },
  }),
];

export const programs = programsOf(SYSTEM);
