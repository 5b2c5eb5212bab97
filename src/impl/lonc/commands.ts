/**
 * The commands of a lond beside those of the session: `name:argument:…` to one line of reply. Spec: README.md, L6.
 * Lacks: users' passwords, resources and their subscriptions, the database queries; these are unknown_cmd.
 */
import type { Result } from '../../host/result.ts';
import type { Owner, UserStore } from './user-store.ts';
import { REFUSED, REPLY_MAX, UNKNOWN_COMMAND } from './wire.ts';

export interface CommandContext {
  readonly store: UserStore;
  /** Connections in use, and how many there may be. */
  readonly sessions: () => readonly [used: number, of: number];
}

type Command = (rest: readonly string[], context: CommandContext) => string;

/** Keys and values of one request. */
const PAIRS_MAX = 4_096;

export function answerCommand(request: string, context: CommandContext): string {
  const [name = '', ...rest] = request.split(':');
  return Object.hasOwn(COMMANDS, name) ? (COMMANDS[name]?.(rest, context) ?? UNKNOWN_COMMAND) : UNKNOWN_COMMAND;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  load: (_rest, { sessions }) => {
    const [used, of] = sessions();
    return String(Math.floor((100 * used) / of));
  },
  home: (rest, { store }) => withOwner(rest, owner => home(store.exists(owner))),
  log: (rest, { store }) => withOwner(rest, owner => done(store.log(owner, rest.slice(2).join(':')))),
  put: (rest, { store }) =>
    change(rest, store, (entries, items) => {
      for (const item of items) entries.set(...pairOf(item));
    }),
  del: (rest, { store }) =>
    change(rest, store, (entries, items) => {
      for (const item of items) entries.delete(item);
    }),
  get,
  eget: get,
  keys: (rest, { store }) => read(rest, store, entries => [...entries.keys()]),
  dump: (rest, { store }) => read(rest, store, entries => [...entries].map(([key, value]) => `${key}=${value}`)),
};

const home = (exists: Result<boolean>): string => (exists.ok ? (exists.value ? 'found' : 'not_found') : `error:${exists.error.code}`);

function get(rest: readonly string[], { store }: CommandContext): string {
  return read(rest, store, (entries, items) => items.map(item => entries.get(item) ?? ''));
}

/** domain:user:namespace[:items] */
function read(
  rest: readonly string[],
  store: UserStore,
  select: (entries: ReadonlyMap<string, string>, items: readonly string[]) => readonly string[],
): string {
  return withNamespace(rest, (owner, namespace, items) => {
    const entries = store.read(owner, namespace);
    return entries.ok ? joined(select(entries.value, items)) : `error:${entries.error.code}`;
  });
}

/** A key may be asked for many times: what that comes to is counted before it is made. */
function joined(texts: readonly string[]): string {
  const length = texts.reduce((sum, text) => sum + text.length + 1, 0);
  return length > REPLY_MAX ? `error:a reply of more than ${REPLY_MAX} bytes` : texts.join('&');
}

function change(
  rest: readonly string[],
  store: UserStore,
  apply: (entries: Map<string, string>, items: readonly string[]) => void,
): string {
  return withNamespace(rest, (owner, namespace, items) => {
    // Roles are given by other commands than these.
    if (namespace === 'roles') return REFUSED;
    if (items.length === 0) return 'error:nothing to change';
    const entries = store.read(owner, namespace);
    if (!entries.ok) return `error:${entries.error.code}`;
    apply(entries.value, items);
    return done(store.write(owner, namespace, entries.value));
  });
}

function withNamespace(rest: readonly string[], act: (owner: Owner, namespace: string, items: readonly string[]) => string): string {
  return withOwner(rest, owner => {
    const [, , namespace = '', text = ''] = rest;
    const items = text === '' ? [] : text.split('&');
    if (!WORD.test(namespace) || rest.length > 4) return 'error:write domain:user:namespace:items';
    return items.length > PAIRS_MAX ? `error:more than ${PAIRS_MAX} items` : act(owner, namespace, items);
  });
}

/** Names become names of files: anything but a word is refused. */
function withOwner([domain = '', user = '']: readonly string[], act: (owner: Owner) => string): string {
  return WORD.test(domain) && WORD.test(user) ? act({ domain, user }) : 'error:write domain:user';
}

function pairOf(item: string): [string, string] {
  const equals = item.indexOf('=');
  return equals < 0 ? [item, ''] : [item.slice(0, equals), item.slice(equals + 1)];
}

const done = (result: Result<void>): string => (result.ok ? 'ok' : `error:${result.error.code}`);

const WORD = /^[A-Za-z0-9_]{1,64}$/;
