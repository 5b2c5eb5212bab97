/**
 * What a lond keeps for users, as those who ask it may see it (README.md of lonc, L6 and L7): each namespace is one of a few possible
 * contents. There is more than one after a change that nobody was told of: its lond was killed, or could not say that it was done.
 * Lacks: the texts of errors; a reply that begins with `error:` is one.
 */
import { NAMESPACE_MAX, PAIRS_MAX, REPLY_MAX } from './facts.ts';

type Entries = ReadonlyMap<string, string>;

/** More than so many possible contents are not told apart: then anything may be there. */
const STATES_MAX = 64;
const WORD = /^[A-Za-z0-9_]{1,64}$/;
const CHANGES = ['put', 'del'];
const READS = ['get', 'eget', 'keys', 'dump'];

/** A request about one namespace, taken apart. */
interface Asked {
  readonly name: string;
  readonly place: string;
  readonly owner: string;
  readonly items: readonly string[];
  /** It can be answered with nothing but an error, or `refused`. */
  readonly refusal: 'error' | 'refused' | undefined;
}

export class StoreModel {
  /** By owner and namespace; empty: anything may be there. */
  readonly #places = new Map<string, readonly Entries[]>();
  /** Users that exist, and those of whom nobody knows. */
  readonly #owners = new Map<string, 'there' | 'perhaps'>();

  /** A file that somebody else has written. What was promised before must be in it. */
  written(path: string, text: string): string | undefined {
    const place = path.replace(/^.*\/users\//, '').replace(/\.db$/, '');
    const entries = new Map(text.split('\n').flatMap(line => (line === '' ? [] : [pairOf(line)])));
    const before = this.#places.get(place);
    this.#places.set(place, [entries]);
    this.#owners.set(place.slice(0, place.lastIndexOf('/')), 'there');
    const lost = before !== undefined && before.length > 0 && before.every(each => textOf(each) !== textOf(entries));
    return lost ? `${path} is gone, and changes that were answered with ok were in it` : undefined;
  }

  /** Whether it is this store's to answer. */
  knows(request: string): boolean {
    const [name = ''] = request.split(':', 1);
    return [...CHANGES, ...READS, 'home', 'log'].includes(name);
  }

  /** What is wrong with a reply, in clear. `faulty`: the disk does not do what it should. */
  judge(request: string, reply: string, faulty: boolean): string | undefined {
    const asked = askedBy(request);
    if (asked.refusal !== undefined)
      return (asked.refusal === 'error' ? reply.startsWith('error:') : reply === 'refused') ? undefined : wrong(request, reply);
    if (asked.name === 'home') return faulty && reply.startsWith('error:') ? undefined : this.#home(asked, reply);
    if (reply.startsWith('error:')) return this.#failed(asked, request, reply, faulty);
    if (asked.name === 'log') return this.#logged(asked, reply);
    return CHANGES.includes(asked.name) ? this.#changed(asked, reply) : this.#read(asked, reply);
  }

  /** A request that was begun, and nobody knows whether it was done. */
  perhaps(request: string): void {
    if (!this.knows(request)) return;
    const asked = askedBy(request);
    if (asked.refusal !== undefined || READS.includes(asked.name) || asked.name === 'home') return;
    if (!this.#owners.has(asked.owner)) this.#owners.set(asked.owner, 'perhaps');
    if (asked.name === 'log') return;
    const before = this.#of(asked.place);
    this.#set(asked.place, before.length === 0 ? [] : [...before, ...before.map(entries => changed(asked, entries))]);
  }

  #home({ owner }: Asked, reply: string): string | undefined {
    const known = this.#owners.get(owner);
    const right = known === 'perhaps' ? ['found', 'not_found'] : [known === 'there' ? 'found' : 'not_found'];
    return right.includes(reply) ? undefined : `home of ${owner} is '${reply}'`;
  }

  #failed(asked: Asked, request: string, reply: string, faulty: boolean): string | undefined {
    if (faulty) this.perhaps(request);
    const possible = this.#of(asked.place);
    if (faulty || possible.length === 0 || possible.some(entries => isTooMuch(asked, entries))) return undefined;
    return `${wrong(request, reply)}, and the disk is well`;
  }

  #logged({ owner }: Asked, reply: string): string | undefined {
    this.#owners.set(owner, 'there');
    return reply === 'ok' ? undefined : `log is answered '${reply}'`;
  }

  #changed(asked: Asked, reply: string): string | undefined {
    const possible = this.#of(asked.place);
    if (reply !== 'ok') return `${asked.name} is answered '${shown(reply)}'`;
    if (possible.length > 0 && possible.every(entries => isTooMuch(asked, entries)))
      return `${asked.name} is answered ok: that is too much for a namespace`;
    this.#owners.set(asked.owner, 'there');
    this.#set(
      asked.place,
      possible.map(entries => changed(asked, entries)),
    );
    return undefined;
  }

  #read(asked: Asked, reply: string): string | undefined {
    const before = this.#of(asked.place);
    const possible = before.filter(entries => selected(asked, entries) === reply && !isTooMuch(asked, entries));
    const [first] = before;
    if (first !== undefined && possible.length === 0)
      return `${asked.name} of ${asked.place} is '${shown(reply)}' instead of '${shown(selected(asked, first))}'`;
    this.#set(asked.place, possible);
    return undefined;
  }

  #of(place: string): readonly Entries[] {
    return this.#places.get(place) ?? [new Map()];
  }

  #set(place: string, states: readonly Entries[]): void {
    const different = [...new Map(states.map(entries => [textOf(entries), entries])).values()];
    this.#places.set(place, different.length > STATES_MAX ? [] : different);
  }
}

function askedBy(request: string): Asked {
  const [name = '', domain = '', user = '', namespace = '', text = '', ...more] = request.split(':');
  const owner = `${domain}/${user}`;
  const items = text === '' ? [] : text.split('&');
  const named = WORD.test(domain) && WORD.test(user);
  const asked = { name, owner, place: `${owner}/${namespace}`, items };
  if (name === 'home' || name === 'log') return { ...asked, refusal: named ? undefined : 'error' };
  if (!named || !WORD.test(namespace) || more.length > 0 || items.length > PAIRS_MAX) return { ...asked, refusal: 'error' };
  if (!CHANGES.includes(name)) return { ...asked, refusal: undefined };
  if (namespace === 'roles') return { ...asked, refusal: 'refused' };
  return { ...asked, refusal: items.length === 0 ? 'error' : undefined };
}

function changed({ name, items }: Asked, entries: Entries): Entries {
  const result = new Map(entries);
  for (const item of items) {
    if (name === 'put') result.set(...pairOf(item));
    else result.delete(item);
  }
  return result;
}

function selected({ name, items }: Asked, entries: Entries): string {
  if (name === 'keys') return [...entries.keys()].join('&');
  if (name === 'dump') return [...entries].map(([key, value]) => `${key}=${value}`).join('&');
  return items.map(item => entries.get(item) ?? '').join('&');
}

/** A namespace that would be too large, or a reply; one that is encrypted is twice as long. */
function isTooMuch(asked: Asked, entries: Entries): boolean {
  if (CHANGES.includes(asked.name)) return textOf(changed(asked, entries)).length > NAMESPACE_MAX;
  const length = selected(asked, entries).length;
  return asked.name === 'eget' ? length > REPLY_MAX / 2 - 32 : length + 1 > REPLY_MAX;
}

function pairOf(item: string): [key: string, value: string] {
  const [key = ''] = item.split('=', 1);
  return [key, item.slice(key.length + 1)];
}

const textOf = (entries: Entries): string => [...entries].map(([key, value]) => `${key}=${value}\n`).join('');

const wrong = (request: string, reply: string): string => `'${shown(request)}' is answered '${shown(reply)}'`;
const SHOWN = 60;
const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}… of ${text.length}` : text);
