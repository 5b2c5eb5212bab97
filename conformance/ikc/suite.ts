/**
 * The suite of IKC, POE's inter-kernel communication: a server seen from its clients, and a client seen from its server.
 */
import type { ChannelWiring, Varying, Wiring } from '../case.ts';
import { explained, type Suite } from '../suite.ts';
import { CLIENT_CASES } from './cases-client.ts';
import { NEGOTIATION_CASES } from './cases-negotiation.ts';
import { PEER_CASES } from './cases-peers.ts';
import { REQUEST_CASES } from './cases-requests.ts';
import { FRAMES, IMAGES, ikcDecoder, JSON_TEXT, LINES } from './channels.ts';
import { CLAUSES } from './clauses.ts';
import { encoderOf } from './frames.ts';
import { CLAIMS, MUTANTS } from './mutants/mutants.ts';
import { outputDecoder } from './output.ts';
import { RATIONALES } from './rationales.ts';
import { CLIENT_REQUIREMENTS } from './requirements-client.ts';
import { SERVER_REQUIREMENTS } from './requirements-server.ts';
import { clientStart, frameRetelling } from './retelling.ts';
import { SETS } from './sets.ts';
import { CONNECTIONS, type Names, namesOf, OUT, STDERR } from './vocabulary.ts';
import { OPTIONS as CLIENT_OPTIONS, serverNames } from './vocabulary-client.ts';
import { OPTIONS as SERVER_OPTIONS } from './vocabulary-server.ts';

const OUTPUT: Readonly<Record<string, ChannelWiring>> = {
  [OUT]: { descriptor: 1, direction: 'in' },
  [STDERR]: { descriptor: 2, direction: 'in' },
};
/** `names`: what the tester calls itself. Bytes that break a rule of the form break the requirement of that name. */
const connections = (
  role: string,
  names: (channel: string) => Names,
  more: Pick<ChannelWiring, 'retelling'> = {},
): Readonly<Record<string, ChannelWiring>> =>
  Object.fromEntries(
    CONNECTIONS.map(name => [
      name,
      {
        descriptor: undefined,
        direction: 'both',
        ...more,
        decoder: ikcDecoder,
        encoder: encoderOf({ ...names(name) }),
        rules: Object.fromEntries(Object.entries(RULES).map(([clause, demand]) => [clause, `ikc.${role}.${demand}`])),
      },
    ]),
  );
const RULES = { [LINES]: 'lines', [FRAMES]: 'frames', [IMAGES]: 'images', [JSON_TEXT]: 'json' };

const STATES = ['echo', 'add', 'void', 'fail', 'list', 'note', 'count', 'forward'] as const;

/** Who it is: another in each run, and so is what it says of itself in a frame. */
const VARIES: readonly Varying[] = [
  { type: 'iam', field: 'name', mode: 'bound' },
  { type: 'iam', field: 'text', mode: 'ignore' },
  { type: 'frame', field: 'from', mode: 'structural' },
  { type: 'frame', field: 'from-kernel', mode: 'structural' },
  { type: 'frame', field: 'rsvp', when: '.+', mode: 'structural' },
  { type: 'frame', field: 'rsvp-kernel', when: '.+', mode: 'structural' },
  // Both have all of the frame in them.
  { type: 'frame', field: 'value', mode: 'ignore' },
  { type: 'frame', field: 'size', mode: 'ignore' },
];

const SERVER: Wiring = {
  varies: VARIES,
  channels: { ...OUTPUT, ...connections('server', namesOf) },
  options: SERVER_OPTIONS,
  probe: undefined,
  environment: { accepts: [], directories: [], files: {} },
  settings: { session: 'demo', ...Object.fromEntries(STATES.map(state => [state, state])) },
};

const CLIENT: Wiring = {
  varies: VARIES,
  channels: {
    ...OUTPUT,
    [OUT]: { descriptor: 1, direction: 'in', decoder: outputDecoder },
    ...connections('client', serverNames, { retelling: frameRetelling }),
  },
  options: CLIENT_OPTIONS,
  startOf: clientStart,
  probe: undefined,
  environment: { accepts: CONNECTIONS, directories: [], files: {} },
};

const has = (what: string): string => `the server has published a state that ${what}`;

/** Of ours: the bound of a negotiation at the pace of the case. */
const IN_TIME = ['--negotiation-timeout={seconds:30}'];

export const IKC: Suite = {
  name: 'ikc',
  title: 'POE inter-kernel communication (POE::Component::IKC 0.2200)',
  realTime: 'seconds',
  roles: { server: SERVER, client: CLIENT },
  claims: {
    echo: has('returns its argument (--set echo=NAME, in the session of --set session=NAME)'),
    add: has('returns the sum of a list of integers (--set add=NAME)'),
    void: has('returns nothing (--set void=NAME)'),
    fail: has('fails (--set fail=NAME)'),
    list: has('returns a list (--set list=NAME)'),
    notes: has('counts its calls, and one that returns how many there were (--set note=NAME count=NAME)'),
    forward: has('posts to a specifier, of a list with that and the params (--set forward=NAME)'),
    json: 'it accepts the serializer JSON',
  },
  sets: SETS,
  requirements: explained([...SERVER_REQUIREMENTS, ...CLIENT_REQUIREMENTS], RATIONALES),
  clauses: CLAUSES,
  cases: [...NEGOTIATION_CASES, ...REQUEST_CASES, ...PEER_CASES, ...CLIENT_CASES],
  own: {
    server: { program: 'ikc-server', args: IN_TIME, claims: CLAIMS.server },
    client: { program: 'ikc-client', args: IN_TIME, claims: CLAIMS.client },
  },
  mutants: MUTANTS,
  facts: () => ({}),
};
