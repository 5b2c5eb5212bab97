/**
 * What a server of memcached's text protocol answers to a line. Sections of doc/protocol.txt are named in brackets. A mutant of the suite
 * is this class with one method changed.
 * Lacks: the meta commands, gat, statistics, UDP, and any limit of memory: nothing is ever evicted.
 */
export interface Item {
  readonly flags: string;
  readonly data: string;
  /** Seconds of Unix from which on it is gone. */
  readonly until: number;
  /** Another one after every change [Retrieval command]. */
  readonly unique: number;
}

/** What follows a line of a storage command: so many bytes, to be kept or only passed over, and the answer once they are there. */
export interface Block {
  readonly length: number;
  readonly keep: boolean;
  readonly answer: (data: string) => string;
}

export const ERROR = 'ERROR';
export const MALFORMED = 'CLIENT_ERROR bad command line format';
/** The longest offset [Expiration times]; a larger number is a date. */
const MONTH = 60 * 60 * 24 * 30;

/** Everything that is not about connections: a line in, an answer out. Each method is one section of the document. */
export class Cache {
  readonly keyLimit: number = 250; // [Keys]
  readonly lineLimit: number = 2_048;
  readonly itemLimit: number = 1_048_576;
  protected readonly items: Map<string, Item> = new Map();
  protected readonly now: () => number;
  #changes = 0;

  /** `now`: seconds of Unix. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** The answer, without the end of its last line; what has to follow first; or 'close'. */
  command(line: string): string | Block {
    const words = line.split(' ').filter(word => word !== '');
    const quiet = words.at(-1) === 'noreply';
    const [name = '', ...args] = quiet ? words.slice(0, -1) : words;
    const answer = this.run(name, args);
    if (!quiet || answer === 'close') return answer;
    if (typeof answer === 'string') return '';
    return {
      ...answer,
      answer: data => {
        answer.answer(data);
        return '';
      },
    };
  }

  protected run(name: string, args: readonly string[]): string | Block {
    const [key = '', value = ''] = args;
    switch (name) {
      case 'get':
      case 'gets':
        return this.get(args, name === 'gets');
      case 'set':
      case 'add':
      case 'replace':
      case 'append':
      case 'prepend':
      case 'cas':
        return this.storage(name, args);
      case 'delete':
        return !this.isKey(key) || args.length > 1 ? MALFORMED : this.delete(key);
      case 'incr':
      case 'decr':
        return !this.isKey(key) || !/^\d{1,20}$/.test(value)
          ? MALFORMED
          : this.count(key, name === 'incr' ? BigInt(value) : -BigInt(value));
      case 'touch':
        return !this.isKey(key) || !/^-?\d{1,10}$/.test(value) ? MALFORMED : this.touch(key, value);
      case 'flush_all':
        return this.flush(Number(key));
      case 'version':
        return 'VERSION 1.0-slipway';
      case 'verbosity':
        return 'OK';
      case 'quit':
        return 'close';
      default:
        return ERROR;
    }
  }

  /** [Retrieval command] */
  protected get(keys: readonly string[], withUnique: boolean): string {
    if (keys.length === 0 || !keys.every(key => this.isKey(key))) return MALFORMED;
    const found = keys.flatMap(key => {
      const item = this.found(key);
      return item === undefined ? [] : [`VALUE ${key} ${item.flags} ${item.data.length}${withUnique ? ` ${item.unique}` : ''}`, item.data];
    });
    return [...found, 'END'].join('\r\n');
  }

  /** [Storage commands] Whatever is wrong with the line, its block is no command: where its length is known it is passed over. */
  protected storage(name: string, [key = '', flags = '', expires = '', length = '', unique]: readonly string[]): string | Block {
    if (!/^\d{1,10}$/.test(length)) return MALFORMED;
    const block = { length: Number(length), keep: false };
    const right = this.isKey(key) && /^\d{1,10}$/.test(flags) && Number(flags) < 2 ** 32 && /^-?\d{1,10}$/.test(expires);
    if (!right || (unique !== undefined) !== (name === 'cas')) return { ...block, answer: () => MALFORMED };
    if (block.length > this.itemLimit) return { ...block, answer: () => 'SERVER_ERROR object too large for cache' };
    return { ...block, keep: true, answer: data => this.store(name, key, { flags, data, until: this.until(Number(expires)) }, unique) };
  }

  protected store(name: string, key: string, item: Omit<Item, 'unique'>, unique?: string): string {
    const old = this.found(key);
    if (name === 'cas' && old === undefined) return 'NOT_FOUND';
    if (name === 'cas' && String(old?.unique) !== unique) return 'EXISTS';
    if (name === 'add' ? old !== undefined : name !== 'set' && old === undefined) return 'NOT_STORED';
    if (old !== undefined && name === 'append') this.put(key, { ...old, data: old.data + item.data });
    else if (old !== undefined && name === 'prepend') this.put(key, { ...old, data: item.data + old.data });
    else this.put(key, item);
    return 'STORED';
  }

  /** [Deletion] */
  protected delete(key: string): string {
    return this.found(key) !== undefined && this.items.delete(key) ? 'DELETED' : 'NOT_FOUND';
  }

  /** [Increment/Decrement] Up wraps at 64 bits, down ends at 0. */
  protected count(key: string, by: bigint): string {
    const item = this.found(key);
    if (item === undefined) return 'NOT_FOUND';
    if (!/^\d{1,20}$/.test(item.data)) return 'CLIENT_ERROR cannot increment or decrement non-numeric value';
    const sum = BigInt(item.data) + by;
    const data = String(sum < 0n ? 0n : BigInt.asUintN(64, sum));
    this.put(key, { ...item, data });
    return data;
  }

  /** [Touch] */
  protected touch(key: string, expires: string): string {
    const item = this.found(key);
    if (item === undefined) return 'NOT_FOUND';
    this.items.set(key, { ...item, until: this.until(Number(expires)) });
    return 'TOUCHED';
  }

  /** [Other commands] With a delay nothing is gone yet. */
  protected flush(delay: number): string {
    if (!(delay >= 0)) return MALFORMED;
    const until = this.now() + delay;
    for (const [key, item] of this.items) this.items.set(key, { ...item, until: Math.min(item.until, until) });
    return 'OK';
  }

  /** [Keys] */
  protected isKey(key: string): boolean {
    return key.length > 0 && key.length <= this.keyLimit && !/[\0- \x7f]/.test(key);
  }

  /** [Expiration times] */
  protected until(expires: number): number {
    if (expires === 0) return Number.POSITIVE_INFINITY;
    return expires <= MONTH ? this.now() + expires : expires;
  }

  protected found(key: string): Item | undefined {
    const item = this.items.get(key);
    return item !== undefined && item.until > this.now() ? item : undefined;
  }

  protected put(key: string, item: Omit<Item, 'unique'>): void {
    this.items.set(key, { ...item, unique: ++this.#changes });
  }
}
