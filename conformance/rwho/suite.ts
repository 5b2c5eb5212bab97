/**
 * The suite of rwho: a server as the one that speaks, and as the one that keeps and shows.
 */
import type { ChannelWiring, Varying, Wiring } from '../case.ts';
import type { OwnImplementation, Suite } from '../suite.ts';
import { explained } from '../suite.ts';
import { RECEIVER_CASES } from './cases-receiver.ts';
import { SENDER_CASES } from './cases-sender.ts';
import { SHOWN_CASES } from './cases-shown.ts';
import { CLAUSES } from './clauses.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { OWN_ARGUMENTS, OWN_READERS } from './own.ts';
import { RATIONALES } from './rationales.ts';
import { recordDecoder, reportDecoder, TOO_SHORT } from './report.ts';
import { REQUIREMENTS } from './requirements.ts';
import { SETS } from './sets.ts';
import { hostsDecoder, peopleDecoder } from './shown.ts';
import { HOSTS, NOW, OUT, PEOPLE, RECORD, report, SPOOL, STDERR, STRANGER, WHO } from './vocabulary.ts';

const WHO_PORT: ChannelWiring = {
  descriptor: undefined,
  direction: 'both',
  datagrams: 'port',
  decoder: reportDecoder,
  // Of a name that is known only now: a report that gives itself away by when its machine was started.
  encoder: host => report({ host, boot: NOW - 5, send: NOW, load: [1, 2, 3] }),
};
const seen = (decoder: NonNullable<ChannelWiring['decoder']>): ChannelWiring => ({ descriptor: undefined, direction: 'in', decoder });

/** When it was sent, by whom, and how the machine was. */
const VARIES: readonly Varying[] = [
  'port',
  'stamp',
  'send',
  'boot',
  'uptime',
  'load',
  'leastLoad',
  'host',
  'dotted',
  'named',
  'users',
  'length',
  'people',
  'who',
  'everybody',
].map(field => ({ type: 'report', field, mode: 'structural' }));

const serverOf = (rules: Readonly<Record<string, Readonly<Record<string, string>>>>): Wiring => ({
  varies: VARIES,
  channels: {
    [OUT]: { descriptor: 1, direction: 'in' },
    [STDERR]: { descriptor: 2, direction: 'in' },
    [WHO]: { ...WHO_PORT, rules: rules[WHO] ?? {} },
    [STRANGER]: { descriptor: undefined, direction: 'both', datagrams: 'other', decoder: reportDecoder },
    [RECORD]: { ...seen(recordDecoder), rules: rules[RECORD] ?? {} },
    [HOSTS]: seen(hostsDecoder),
    [PEOPLE]: seen(peopleDecoder),
  },
  options: [],
  probe: undefined,
  startedBecause: 'a server reports when it starts, and then for three minutes says nothing',
  environment: {
    accepts: [],
    // Where a file of that name would be; and where a name with a slash in it would lead to.
    directories: [SPOOL, `${SPOOL}/whod.taken`, `${SPOOL}/whod.keep`],
    files: {},
  },
});

const OWN: OwnImplementation = { program: 'rwhod', args: OWN_ARGUMENTS, readers: OWN_READERS, claims: ['clock', 'logins'] };

export const RWHO: Suite = {
  name: 'rwho',
  title: 'rwho: status by datagram',
  realTime: 'seconds',
  roles: {
    sender: serverOf({ [WHO]: { [TOO_SHORT]: 'rwho.sender.layout' } }),
    receiver: serverOf({ [RECORD]: { [TOO_SHORT]: 'rwho.receiver.content' } }),
  },
  claims: {
    clock: 'the clock of its machine is that of the tester’s, to a minute',
    logins: 'who is logged in on its machine is what the file {dir}/utmp says',
  },
  sets: SETS,
  requirements: explained(REQUIREMENTS, RATIONALES),
  clauses: CLAUSES,
  cases: [...SENDER_CASES, ...RECEIVER_CASES, ...SHOWN_CASES],
  own: { sender: OWN, receiver: OWN },
  mutants: MUTANTS,
  facts: () => ({}),
};
