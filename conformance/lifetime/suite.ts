/**
 * The suite of the lifetime protocol, both roles.
 */
import { identifyTable } from '../../src/impl/lifetime/event-ids.ts';
import type { Message as WireMessage } from '../../src/impl/lifetime/wire.ts';
import { WIRE_CLAUSES } from '../../src/impl/lifetime/wire.ts';
import type { Item, Varying, Wiring } from '../case.ts';
import { lineDecoder } from '../judge/lines.ts';
import type { Suite } from '../suite.ts';
import { explained } from '../suite.ts';
import { CHILD_CASES } from './cases-child.ts';
import { PARENT_CASES } from './cases-parent.ts';
import { READING_CASES } from './cases-parent-reading.ts';
import { CLAUSES } from './clauses.ts';
import { frameDecoder } from './frames.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { RATIONALES } from './rationales.ts';
import { REQUIREMENTS } from './requirements.ts';
import { PROBE_EVENTS } from './script.ts';
import { SETS } from './sets.ts';
import { CONTROL, EVENTS, OUT, REPORT } from './vocabulary.ts';

const STDERR = 'stderr';

const FRAME_FORMAT = 'lifetime.child.frame-format';
/** Bytes that break a rule of the format break this requirement, in whatever case they come. */
const FRAME_RULES: Readonly<Record<string, string>> = {
  [WIRE_CLAUSES.version]: FRAME_FORMAT,
  [WIRE_CLAUSES.type]: FRAME_FORMAT,
  [WIRE_CLAUSES.payloadLength]: FRAME_FORMAT,
  [WIRE_CLAUSES.truncated]: FRAME_FORMAT,
  [WIRE_CLAUSES.event]: 'lifetime.child.event-payload',
};

/** The kernel chooses the ports. */
const VARIES: readonly Varying[] = ['p2plistenaddr', 'rpclistenaddr'].map(type => ({ type, field: 'address', mode: 'structural' }));

const CHILD: Wiring = {
  varies: VARIES,
  channels: {
    [EVENTS]: { descriptor: 3, direction: 'in', decoder: frameDecoder, rules: FRAME_RULES, unfinished: FRAME_FORMAT },
    [CONTROL]: { descriptor: 4, direction: 'out' },
    [OUT]: { descriptor: 1, direction: 'in' },
    [STDERR]: { descriptor: 2, direction: 'in' },
  },
  options: ['--pipetx=3', '--piperx=4', '--lifetimeevents', '--boundaddrevents'],
  probe: undefined,
};

/** What a parent says that no case may overlook. A violation is not among them: whether it is said at all is a case of its own. */
const SAYINGS = ['lifetime', 'address', 'ended'];

const PARENT: Wiring = {
  channels: {
    [OUT]: { descriptor: 1, direction: 'in', decoder: () => lineDecoder(SAYINGS) },
    [STDERR]: { descriptor: 2, direction: 'in' },
    [REPORT]: { descriptor: undefined, direction: 'in', decoder: () => lineDecoder(PROBE_EVENTS) },
  },
  options: [],
  probe: 'lifetime-probe',
};

export const LIFETIME: Suite = {
  name: 'lifetime',
  title: 'Lifetime events between a parent and its child',
  realTime: 'seconds',
  roles: { child: CHILD, parent: PARENT },
  claims: {
    'p2p-address': 'the child has at least one P2P listener and announces it',
    'rpc-address': 'the child has at least one RPC listener and announces it',
    listeners: 'the announced addresses are those of real listeners on this machine',
    names: 'the parent says which subsystem it takes an id for',
    escalation: 'the parent ends a child that does not stop',
  },
  sets: SETS,
  requirements: explained(REQUIREMENTS, RATIONALES),
  clauses: CLAUSES,
  cases: [...CHILD_CASES, ...PARENT_CASES, ...READING_CASES],
  own: {
    child: { program: 'lifetime-child', args: [], claims: ['p2p-address', 'rpc-address', 'listeners'] },
    parent: { program: 'lifetime-parent', args: ['--grace=200', '--kill-after=200'], claims: ['names', 'escalation'] },
  },
  mutants: MUTANTS,
  facts(role, conversations) {
    if (role !== 'child') return {};
    return { 'event-ids': tableOf(conversations.map(each => identifyTable((each.get(EVENTS) ?? []).flatMap(wireMessage)))) };
  },
};

/** Each conversation is a process of its own, and all are of the same program. */
function tableOf(found: readonly ReturnType<typeof identifyTable>[]): string {
  if (found.includes('neither') || (found.includes('constants') && found.includes('comment'))) return 'neither constants nor comment';
  return found.find(each => each !== 'either') ?? 'constants or comment, nothing tells';
}

function wireMessage(item: Item): readonly WireMessage[] {
  if (item.kind !== 'message') return [];
  const { kind, id, address } = item.fields;
  if (typeof kind === 'number' && typeof id === 'number') return [{ kind: 'lifetime', event: kind, id }];
  if (item.type !== 'p2plistenaddr' && item.type !== 'rpclistenaddr') return [];
  return [{ kind: 'address', type: item.type, address: String(address) }];
}
