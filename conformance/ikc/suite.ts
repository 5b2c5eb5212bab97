/**
 * The suite of IKC, POE's inter-kernel communication: a server seen from its clients, and a client seen from its server.
 */
import type { ChannelWiring, Wiring } from '../case.ts';
import type { Suite } from '../suite.ts';
import { NEGOTIATION_CASES } from './cases-negotiation.ts';
import { PEER_CASES } from './cases-peers.ts';
import { REQUEST_CASES } from './cases-requests.ts';
import { FRAMES, IMAGES, ikcDecoder, JSON_TEXT, LINES } from './channels.ts';
import { encoderOf } from './frames.ts';
import { SERVER_REQUIREMENTS } from './requirements-server.ts';
import { CONNECTIONS, namesOf, OUT, STDERR } from './vocabulary.ts';
import { OPTIONS } from './vocabulary-server.ts';

const OUTPUT: Readonly<Record<string, ChannelWiring>> = {
  [OUT]: { descriptor: 1, direction: 'in' },
  [STDERR]: { descriptor: 2, direction: 'in' },
};
const connections = (rules: ChannelWiring['rules'] & {}): Readonly<Record<string, ChannelWiring>> =>
  Object.fromEntries(
    CONNECTIONS.map(name => [
      name,
      { descriptor: undefined, direction: 'both', decoder: ikcDecoder, encoder: encoderOf({ ...namesOf(name) }), rules },
    ]),
  );

const STATES = ['echo', 'add', 'void', 'fail', 'list', 'note', 'count', 'forward'] as const;

const SERVER: Wiring = {
  channels: {
    ...OUTPUT,
    ...connections({
      [LINES]: 'ikc.server.lines',
      [FRAMES]: 'ikc.server.frames',
      [IMAGES]: 'ikc.server.images',
      [JSON_TEXT]: 'ikc.server.json',
    }),
  },
  options: OPTIONS,
  probe: undefined,
  surroundings: { accepts: [], directories: [], files: {} },
  settings: { session: 'demo', ...Object.fromEntries(STATES.map(state => [state, state])) },
};

const has = (what: string): string => `the server has published a state that ${what}`;

export const IKC: Suite = {
  name: 'ikc',
  title: 'IKC: inter-kernel communication of POE',
  realTime: 'seconds',
  roles: { server: SERVER },
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
  sets: {},
  requirements: SERVER_REQUIREMENTS,
  clauses: [],
  cases: [...NEGOTIATION_CASES, ...REQUEST_CASES, ...PEER_CASES],
  own: {
    server: { program: 'ikc-server', args: [], claims: ['echo', 'add', 'void', 'fail', 'list', 'notes', 'forward', 'json'] },
  },
  mutants: [],
  facts: () => ({}),
};
