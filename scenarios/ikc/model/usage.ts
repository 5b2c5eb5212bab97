/**
 * The command lines of IKC (README of src/impl/ikc, B14), a second time.
 */
import { type Grammar, wrongIn } from '../../usage.ts';
import { CLIENT, LITE, SERVER } from '../parts/programs.ts';

const DAY = 86_400;
const PATH_MOST = 107;
const NAME_MOST = 255;
const ALIASES_MOST = 64;

/** Letters, digits, `-`, `.` and `_`; an address is a name as well. */
function isName(text: string): boolean {
  const [, isUnix, rest = ''] = /^(unix:)?(.*)$/s.exec(text) ?? [];
  const [word = '', number, ...more] = rest.split(':');
  const numbered = number === undefined || (isUnix === undefined ? /^\d+$/ : /^\d+-\d+$/).test(number);
  return text.length <= NAME_MOST && more.length === 0 && numbered && /^[-.A-Za-z0-9_]+$/.test(word);
}

function isAddress(text: string): boolean {
  const path = text.startsWith('unix:') ? text.slice('unix:'.length) : text;
  if (text.startsWith('unix:') || text.includes('/')) return path !== '' && path.length <= PATH_MOST;
  const [host = '', port = '', ...more] = text.split(':');
  const bytes = (host === 'localhost' ? '127.0.0.1' : host).split('.');
  const isHost = bytes.length === 4 && bytes.every(each => /^\d{1,3}$/.test(each) && Number(each) <= 255 && String(Number(each)) === each);
  return more.length === 0 && isHost && /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
}

/** What a client is told to do: those that it can be told. */
export const STEPS: Readonly<Record<string, boolean>> = {
  'poe:/demo/echo': true,
  'poe://hub/demo/echo {"a":[1,null,true,"x"]}': true,
  'poe://10.0.0.1:603/demo/echo   5': true,
  'poe://unix:_run_ikc/demo/echo': true,
  'poe://*/demo/echo 1': true,
  'poe:/demo/echo?more 1': true,
  'poe:/demo': true,
  echo: true,
  'demo/echo 1': true,
  '//hub/demo/echo': true,
  '': false,
  'poe:/a/b/c': false,
  'poe://a b': false,
  'http://hub/demo': false,
  'poe:/demo/echo {': false,
  'poe:/demo/echo 1 2': false,
  'poe:/demo/echo undefined': false,
};
const LONG_STEP = /^a+$/;
const isStep = (text: string): boolean => STEPS[text] ?? (LONG_STEP.test(text) && text.length <= 1_024);

const COMMON: Grammar = {
  profile: new Set(['corrected', 'as-written']),
  quirk: 'anything',
  name: isName,
  alias: { each: isName },
  serializer: { each: value => value === 'Storable' || value === 'JSON' },
  'negotiation-timeout': [1, DAY],
};
const SERVES: Grammar = {
  ...COMMON,
  listen: isAddress,
  concurrency: [1, 8_192],
  processes: [1, 64],
  connections: [1, 1_000_000_000],
  lifeline: [0, 1_048_575],
  // Of the longest path in it: `/ikc-`, a pid, `-` and a number.
  run: value => value.length + '/ikc-4194304-64'.length <= PATH_MOST,
};
const ASKS: Grammar = {
  ...COMMON,
  connect: isAddress,
  call: { each: isStep },
  list: { each: isStep },
  post: { each: isStep },
  subscribe: { each: isStep },
  repeat: [1, 1_000_000_000],
  pause: [0, 1_000 * DAY],
  timeout: [1, 1_000 * DAY],
  reconnect: 'nothing',
  stay: 'nothing',
  publish: 'nothing',
};

const lastOf = (args: readonly string[], name: string): string | undefined =>
  args.findLast(each => each.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Words of which whoever complains has to name one; none where nothing is wrong. */
export function wrongFor(program: string, args: readonly string[]): readonly string[] {
  const aliases = args.filter(each => each.startsWith('--alias=')).length;
  const many = aliases > ALIASES_MOST ? ['--alias='] : [];
  if (program === SERVER) {
    const several = Number(lastOf(args, 'processes') ?? 1) > 1 && (lastOf(args, 'run') ?? '') === '' ? ['--run'] : [];
    return [...wrongIn(args, SERVES), ...many, ...(lastOf(args, 'listen') === undefined ? ['--listen'] : []), ...several];
  }
  const not =
    program === LITE
      ? args.filter(each => /^--(?:subscribe=|(?:reconnect|stay|publish)$)/.test(each)).map(each => each.split('=')[0] ?? '')
      : [];
  return program === LITE || program === CLIENT
    ? [...wrongIn(args, ASKS), ...many, ...not, ...(lastOf(args, 'connect') === undefined ? ['--connect'] : [])]
    : [];
}
