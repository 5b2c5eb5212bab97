/**
 * Who is connected, and under which names (B11). A name belongs to the first who said it for as long as that one is connected, and then
 * to the next who did; the names of this kernel belong to nobody else. What changes is returned, for monitors to be told.
 * Lacks: how requests get there; `Peer` is whatever stands for a connection.
 */
export interface Names {
  readonly id: string;
  readonly aliases: readonly string[];
}

export interface RegistryRules {
  /** B-T15: which aliases end with a peer that leaves. */
  readonly forgotten: 'its own' | 'all that it said';
  /** B-T16: what becomes of the owner of an id when another one leaves who has said the same. */
  readonly namesake: 'stays' | 'is closed';
}

export interface Change<Peer> {
  readonly change: 'registered' | 'unregistered';
  readonly name: string;
  /** The name is the id of the kernel. */
  readonly isId: boolean;
  /** Undefined: this kernel itself, which only B-T16 does. */
  readonly peer: Peer | undefined;
}

export interface Departure<Peer> {
  readonly changes: readonly Change<Peer>[];
  /** B-T16: who is to be closed with it. */
  readonly closes: Peer | undefined;
}

export class Registry<Peer extends object> {
  readonly #rules: RegistryRules;
  readonly #own: Set<string>;
  /** Who said a name, in order; the first has it. */
  readonly #claims: Map<string, Peer[]> = new Map();
  /** Everybody connected, in order, with what each has said. */
  readonly #peers: Map<Peer, Names> = new Map();

  constructor(own: readonly string[], rules: RegistryRules) {
    this.#own = new Set(own);
    this.#rules = rules;
  }

  isOwn(name: string): boolean {
    return this.#own.has(name);
  }

  /** Whoever has the name. */
  find(name: string): Peer | undefined {
    return this.#claims.get(name)?.[0];
  }

  /** What it said; undefined once it has left. */
  namesOf(peer: Peer): Names | undefined {
    return this.#peers.get(peer);
  }

  /** All that can be reached, in the order in which they came. */
  get registered(): readonly Peer[] {
    return [...this.#peers].flatMap(([peer, { id }]) => (this.find(id) === peer ? [peer] : []));
  }

  /** An id that somebody has leaves the peer without names until that one has left; an alias waits by itself. */
  register(peer: Peer, names: Names): readonly Change<Peer>[] {
    this.#peers.set(peer, names);
    const change = this.#claim(peer, names.id, true);
    return this.find(names.id) === peer ? [...change, ...this.#claimAliases(peer, names)] : change;
  }

  #claimAliases(peer: Peer, { aliases }: Names): readonly Change<Peer>[] {
    return aliases.flatMap(name => this.#claim(peer, name, false));
  }

  #claim(peer: Peer, name: string, isId: boolean): readonly Change<Peer>[] {
    const claims = this.#claims.get(name) ?? [];
    if (this.#own.has(name) || claims.includes(peer)) return [];
    claims.push(peer);
    this.#claims.set(name, claims);
    return claims[0] === peer ? [{ change: 'registered', name, isId, peer }] : [];
  }

  /** No effect where it has left already. */
  unregister(peer: Peer): Departure<Peer> {
    const names = this.#peers.get(peer);
    if (names === undefined) return { changes: [], closes: undefined };
    const owner = this.find(names.id);
    this.#peers.delete(peer);
    const changes = this.#release(peer, names);
    if (this.#rules.namesake === 'stays' || owner === peer) return { changes, closes: undefined };
    const also = owner === undefined ? this.#forgetOwn(names.id) : this.unregister(owner).changes;
    return { changes: [...changes, ...also], closes: owner };
  }

  /** All are lost before the first goes to somebody else. */
  #release(peer: Peer, { id, aliases }: Names): readonly Change<Peer>[] {
    const lost: Change<Peer>[] = [];
    const inherited: Change<Peer>[] = [];
    for (const name of new Set([id, ...aliases])) {
      const isId = name === id;
      const claims = this.#claims.get(name) ?? [];
      const [had] = claims;
      const left = !isId && this.#rules.forgotten === 'all that it said' ? [] : claims.filter(each => each !== peer);
      const [next] = left;
      if (next === undefined) this.#claims.delete(name);
      else this.#claims.set(name, left);
      if (next === had) continue;
      lost.push({ change: 'unregistered', name, isId, peer: had });
      if (next !== undefined) inherited.push(...this.#inherit(next, name));
    }
    return [...lost, ...inherited];
  }

  /** With its id come the other names. */
  #inherit(peer: Peer, name: string): readonly Change<Peer>[] {
    const names = this.#peers.get(peer);
    if (names === undefined) return [];
    const isId = name === names.id;
    return [{ change: 'registered', name, isId, peer }, ...(isId ? this.#claimAliases(peer, names) : [])];
  }

  /** B-T16: by its id this kernel is found. */
  #forgetOwn(id: string): readonly Change<Peer>[] {
    return this.#own.delete(id) ? [{ change: 'unregistered', name: id, isId: true, peer: undefined }] : [];
  }
}
