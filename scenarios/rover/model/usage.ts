/**
 * The command lines of Rover (README of src/impl/rover, R11 and R12), a second time.
 */
import { type Grammar, wrongIn } from '../../usage.ts';
import { CLIENT, DAEMON, PARENT, WORKER } from '../parts/network.ts';

const isAddress = (text: string, least: number): boolean => {
  const [host = '', port = '', ...more] = text.split(':');
  const bytes = (host === 'localhost' ? '127.0.0.1' : host).split('.');
  const isHost = bytes.length === 4 && bytes.every(each => /^\d{1,3}$/.test(each) && Number(each) <= 255);
  return more.length === 0 && isHost && /^\d{1,5}$/.test(port) && Number(port) >= least && Number(port) <= 65_535;
};
const isFolder = (text: string): boolean => text !== '' && !text.includes('\0');
const isName = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);
const isRequest = (text: string): boolean => {
  const [command = '', object = ''] = text.split(' ');
  return command.length <= 1_024 && object.length <= 255;
};

const COMMON: Grammar = {
  profile: new Set(['corrected', 'as-written']),
  quirk: text => text !== 'none',
  tests: 'nothing',
  state: isFolder,
};
const GRAMMARS: Readonly<Record<string, Grammar>> = {
  [PARENT]: {
    ...COMMON,
    listen: text => isAddress(text, 0),
    users: 'anything',
    timeout: [1, 3_600_000],
    'request-timeout': [1, 3_600],
    segment: [4_096, 67_108_864],
    identity: new Set(['abstract', 'system']),
    lifeline: [0, 1_048_575],
  },
  [WORKER]: { ...COMMON, become: 'anything', probe: 'nothing' },
  'rover-cgi': { ...COMMON, daemon: text => isAddress(text, 0), users: 'anything' },
  [CLIENT]: {
    server: text => isAddress(text, 1),
    user: isName,
    host: isName,
    auth: text => text.length <= 1_024,
    state: text => text !== '',
    window: [1, 64],
    send: { each: isRequest },
  },
};
const SENDS_MOST = 10_000;

const isThere = (args: readonly string[], name: string): boolean => args.some(each => each.startsWith(`--${name}=`));

export function wrongFor(program: string, args: readonly string[]): readonly string[] {
  const grammar = GRAMMARS[program === DAEMON ? PARENT : program];
  if (grammar === undefined) return [];
  const missing = (...names: readonly string[]): readonly string[] => names.filter(each => !isThere(args, each)).map(each => `--${each}`);
  const wrong = wrongIn(args, grammar);
  if (program === CLIENT) {
    const many = args.filter(each => each.startsWith('--send=')).length > SENDS_MOST ? ['--send='] : [];
    return [...wrong, ...many, ...missing('server', 'user', 'host', 'state')];
  }
  if (program !== 'rover-cgi') return [...wrong, ...missing('state')];
  return isThere(args, 'state') || isThere(args, 'daemon') ? wrong : [...wrong, '--state'];
}

/** What a server would refuse is told in its words. */
export function isNamed(problem: string, word: string): boolean {
  const [option = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(word)?.slice(1) ?? [];
  const token = option.slice('--'.length).toUpperCase();
  return (
    problem.includes(option) ||
    problem.includes(`sent: ${token} `) ||
    (option === '--send' && problem.startsWith(`'${value.slice(0, 20).split(' ')[0]}`))
  );
}
