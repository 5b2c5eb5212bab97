/**
 * The suite of the LON-CAPA network layer: a gateway towards lond, the same gateway towards its local clients, and lond.
 */
import type { ChannelWiring, Varying, Wiring } from '../case.ts';
import type { Suite } from '../suite.ts';
import { explained } from '../suite.ts';
import { DELAYED_CASES, ENC_CASES } from './cases-delayed.ts';
import { ENC_REPLY_CASES } from './cases-enc.ts';
import { LOCAL_CASES } from './cases-local.ts';
import { LOND_CASES } from './cases-lond.ts';
import { LOND_CLIENT_CASES } from './cases-lond-client.ts';
import { BUILD_KEY, lineDecoder, plainEncoder, sealedEncoder, sealedLineDecoder, sealedRetelling } from './channels.ts';
import { CLAUSES } from './clauses.ts';
import { MUTANTS } from './mutants/mutants.ts';
import { RATIONALES } from './rationales.ts';
import { LOCAL_REQUIREMENTS } from './requirements-local.ts';
import { LOND_REQUIREMENTS } from './requirements-lond.ts';
import { LOND_CLIENT_REQUIREMENTS } from './requirements-lond-client.ts';
import { SETS } from './sets.ts';
import { CONF, confOf, DIRECTORIES, HOSTS, hostLine } from './settings.ts';
import { A, B, C, CLIENT, CONNECTIONS, OUT, SERVER, SOCKET, STDERR } from './vocabulary.ts';

const IDS = { server: SERVER, client: CLIENT };
const PLAIN: ChannelWiring = { descriptor: undefined, direction: 'both', decoder: lineDecoder, encoder: plainEncoder };
const SEALED: ChannelWiring = {
  descriptor: undefined,
  direction: 'both',
  decoder: sealedLineDecoder(IDS),
  encoder: sealedEncoder(IDS),
  retelling: sealedRetelling(IDS),
};
const OUTPUT: Readonly<Record<string, ChannelWiring>> = {
  [OUT]: { descriptor: 1, direction: 'in' },
  [STDERR]: { descriptor: 2, direction: 'in' },
};
const sockets = (names: readonly string[], wiring: ChannelWiring): Readonly<Record<string, ChannelWiring>> =>
  Object.fromEntries(names.map(name => [name, wiring]));

const CONFIGURED = ['--conf={dir}/loncapa.conf'];

/**
 * The challenge, which is echoed; the build key, which a lond draws by the published recipe and with which what is encrypted is another text in
 * each run.
 */
const VARIES: readonly Varying[] = [
  { type: 'line', field: 'length', mode: 'ignore' },
  { type: 'line', field: 'text', when: '\\d{8,}', mode: 'bound' },
  { type: 'line', field: 'text', when: '(?=.{14,30}$)\\d{1,5}[07-9A-F]*[A-F][07-9A-F]*\\d{1,5}', mode: 'bound', as: BUILD_KEY },
  { type: 'line', field: 'text', when: '[0-9A-Fa-f]{16,}|enc:.*', mode: 'structural' },
];

const GATEWAY: Wiring = {
  varies: VARIES,
  channels: { ...OUTPUT, ...sockets([...CONNECTIONS, A, B, C], PLAIN) },
  options: CONFIGURED,
  local: SOCKET,
  probe: undefined,
  environment: {
    accepts: CONNECTIONS,
    directories: DIRECTORIES,
    files: { [CONF]: confOf(CLIENT), [HOSTS]: hostLine(SERVER) },
  },
};

const LOND: Wiring = {
  varies: VARIES,
  channels: { ...OUTPUT, ...sockets([A, B, C], SEALED) },
  options: CONFIGURED,
  probe: undefined,
  environment: {
    accepts: [],
    directories: DIRECTORIES,
    files: { [CONF]: confOf(SERVER), [HOSTS]: hostLine(SERVER, '127.0.0.2') + hostLine(CLIENT) },
  },
};

export const LONC: Suite = {
  name: 'lonc',
  title: 'The network layer of LON-CAPA',
  realTime: 'minutes',
  roles: { 'lond-client': GATEWAY, local: GATEWAY, lond: LOND },
  claims: {
    commands: 'lond has the commands put, get, del, keys, dump, eget and log as L6 has them, and whoever has something put is a user',
  },
  sets: SETS,
  requirements: explained([...LOND_CLIENT_REQUIREMENTS, ...LOCAL_REQUIREMENTS, ...LOND_REQUIREMENTS], RATIONALES),
  clauses: CLAUSES,
  cases: [...LOND_CLIENT_CASES, ...ENC_CASES, ...DELAYED_CASES, ...LOCAL_CASES, ...ENC_REPLY_CASES, ...LOND_CASES],
  own: {
    'lond-client': { program: 'gateway', args: [], claims: [] },
    local: { program: 'gateway', args: [], claims: [] },
    lond: { program: 'lond', args: ['--listen=127.0.0.1'], claims: ['commands'] },
  },
  mutants: MUTANTS,
  facts: () => ({}),
};
