/**
 * Servers that are broken on purpose: each is ours with one thing done otherwise, and each has to fail exactly the cases that it names.
 * A case that nobody fails shows nothing. `node --import tsx kills.ts` plays them all in the simulator.
 */
import type { Mutant } from 'slipway/conformance';
import { type Block, Cache, ERROR, type Item, MALFORMED } from './cache.ts';
import { reader, serve } from './server.ts';

type Kind = new (now: () => number) => Cache;
/** What it does wrong, the cases that show it, the broken cache, and how it reads if that is what is broken. */
type Broken = readonly [text: string, fails: readonly string[], kind: Kind, read?: typeof reader];

const BROKEN: Readonly<Record<string, Broken>> = {
  'set-keeps': [
    'set does not store over what is there',
    ['set', 'replace', 'append', 'cas', 'counts', 'bounds'],
    class extends Cache {
      protected override store(name: string, key: string, item: Omit<Item, 'unique'>, unique?: string): string {
        return super.store(name === 'set' && this.found(key) !== undefined ? 'none' : name, key, this.found(key) ?? item, unique);
      }
    },
  ],
  'read-is-line': ['what was read of a command is forgotten with every read', ['pieces'], Cache, cache => text => reader(cache)(text)],
  'bare-ends': [
    'the line of version ends with LF alone',
    ['refused', 'block', 'version'],
    Cache,
    cache => {
      const take = reader(cache);
      return text => {
        const took = take(text);
        return { ...took, answer: took.answer.replace(/^(VERSION .*)\r\n/m, '$1\n') };
      };
    },
  ],
  'ends-blocks': [
    'line ends in a block become LF',
    ['bytes'],
    class extends Cache {
      protected override put(key: string, item: Omit<Item, 'unique'>): void {
        super.put(key, { ...item, data: item.data.replaceAll('\r\n', '\n') });
      }
    },
  ],
  'short-keys': [
    'a key of 250 characters is too long',
    ['key'],
    class extends Cache {
      override readonly keyLimit = 249;
    },
  ],
  'any-keys': [
    'a key may have any length',
    ['key', 'refused'],
    class extends Cache {
      override readonly keyLimit = 2_000;
    },
  ],
  'any-characters': [
    'a key may have any characters',
    ['control'],
    class extends Cache {
      protected override isKey(key: string): boolean {
        return key.length > 0 && key.length <= this.keyLimit;
      }
    },
  ],
  'any-case': [
    'names of commands may be in capitals',
    ['names'],
    class extends Cache {
      protected override run(name: string, args: readonly string[]): string | Block {
        return super.run(name.toLowerCase(), args);
      }
    },
  ],
  'names-malformed': [
    'a name that there is not is CLIENT_ERROR',
    ['names'],
    class extends Cache {
      protected override run(name: string, args: readonly string[]): string | Block {
        const answer = super.run(name, args);
        return answer === ERROR ? MALFORMED : answer;
      }
    },
  ],
  'runs-blocks': [
    'the block of a refused line is read as commands',
    ['refused'],
    class extends Cache {
      protected override storage(name: string, args: readonly string[]): string | Block {
        const answer = super.storage(name, args);
        return typeof answer === 'string' || answer.keep || answer.length > this.itemLimit ? answer : answer.answer('');
      }
    },
  ],
  'malformed-error': [
    'a line that lacks words is ERROR',
    ['short'],
    class extends Cache {
      protected override run(name: string, args: readonly string[]): string | Block {
        return name === 'set' && args.length < 4 ? ERROR : super.run(name, args);
      }
    },
  ],
  'gives-up': [
    'a length that is no number ends the connection',
    ['number'],
    class extends Cache {
      protected override storage(name: string, args: readonly string[]): string | Block {
        const answer = super.storage(name, args);
        return answer === MALFORMED && args.length === 4 ? 'close' : answer;
      }
    },
  ],
  'silent-end': [
    'it closes without a word',
    ['endless'],
    Cache,
    cache => {
      const take = reader(cache);
      return text => {
        const took = take(text);
        return took.close ? { ...took, answer: '' } : took;
      };
    },
  ],
  'add-stores': ['add stores over what is there', ['add'], stores('add', 'set')],
  'replace-stores': ['replace stores where nothing is', ['replace'], stores('replace', 'set')],
  'append-stores': [
    'append stores where nothing is',
    ['append'],
    class extends Cache {
      protected override store(name: string, key: string, item: Omit<Item, 'unique'>, unique?: string): string {
        return super.store(name === 'append' && this.found(key) === undefined ? 'set' : name, key, item, unique);
      }
    },
  ],
  'cas-stores': [
    'cas stores whatever the number is',
    ['cas'],
    class extends Cache {
      protected override store(name: string, key: string, item: Omit<Item, 'unique'>, unique?: string): string {
        const old = this.found(key);
        return super.store(name, key, item, old === undefined ? unique : String(old.unique));
      }
    },
  ],
  'flags-16': [
    'flags have 16 bits',
    ['flags'],
    class extends Cache {
      protected override put(key: string, item: Omit<Item, 'unique'>): void {
        super.put(key, { ...item, flags: String(Number(item.flags) % 65_536) });
      }
    },
  ],
  'flags-wrap': [
    'flags of more than 32 bits are cut',
    ['flags-limit'],
    class extends Cache {
      protected override storage(name: string, [key = '', flags = '', ...rest]: readonly string[]): string | Block {
        return super.storage(name, [key, String(Number(flags) % 2 ** 32), ...rest]);
      }
    },
  ],
  'never-expires': [
    'nothing ever expires',
    ['expired'],
    class extends Cache {
      protected override until(): number {
        return Number.POSITIVE_INFINITY;
      }
    },
  ],
  'trusts-blocks': [
    'a block that is not ended where its length says is stored',
    ['block'],
    Cache,
    cache => {
      const take = reader(cache);
      return text => take(text.replace('abcdefg\r\n', 'abc\r\n'));
    },
  ],
  'never-quiet': [
    'noreply is not known',
    ['quiet'],
    class extends Cache {
      override command(line: string): string | Block {
        return super.command(line.replace(/ noreply$/, ''));
      }
    },
  ],
  'any-size': [
    'an item may have any size',
    ['large'],
    class extends Cache {
      override readonly itemLimit = 2_000_000;
    },
  ],
  'get-one': [
    'get looks at its first key alone',
    ['get'],
    class extends Cache {
      protected override get(keys: readonly string[], withUnique: boolean): string {
        return super.get(keys.slice(0, 1), withUnique);
      }
    },
  ],
  'same-number': [
    'the number of an item never changes',
    ['cas', 'gets'],
    class extends Cache {
      protected override found(key: string): Item | undefined {
        const item = super.found(key);
        return item === undefined ? undefined : { ...item, unique: 1 };
      }
    },
  ],
  'delete-blind': [
    'delete never says that there was nothing',
    ['delete'],
    class extends Cache {
      protected override delete(key: string): string {
        super.delete(key);
        return 'DELETED';
      }
    },
  ],
  'counts-32': [
    'numbers have 32 bits',
    ['counts'],
    class extends Cache {
      protected override count(key: string, by: bigint): string {
        const sum = super.count(key, by);
        return /^\d+$/.test(sum) ? String(BigInt.asUintN(32, BigInt(sum))) : sum;
      }
    },
  ],
  'counts-not': [
    'incr answers with the new number and does not store it',
    ['quiet', 'counts', 'unpadded'],
    class extends Cache {
      protected override count(key: string, by: bigint): string {
        const before = this.found(key);
        const sum = super.count(key, by);
        if (before !== undefined) this.put(key, before);
        return sum;
      }
    },
  ],
  saturates: [
    'incr ends at the largest number',
    ['bounds'],
    class extends Cache {
      protected override count(key: string, by: bigint): string {
        const item = this.found(key);
        const most = 2n ** 64n - 1n;
        const over = item !== undefined && /^\d+$/.test(item.data) && BigInt(item.data) + by > most;
        return super.count(key, over ? most - BigInt(item.data) : by);
      }
    },
  ],
  'text-is-zero': [
    'what is no number counts as 0, as before version 1.2.6',
    ['no-number'],
    class extends Cache {
      protected override count(key: string, by: bigint): string {
        const item = this.found(key);
        if (item !== undefined && !/^\d+$/.test(item.data)) this.put(key, { ...item, data: '0' });
        return super.count(key, by);
      }
    },
  ],
  pads: [
    'a number that becomes shorter keeps its length, with spaces',
    ['unpadded'],
    class extends Cache {
      protected override count(key: string, by: bigint): string {
        const before = this.found(key);
        if (before !== undefined) this.put(key, { ...before, data: before.data.trimEnd() });
        const sum = super.count(key, by);
        const after = this.found(key);
        if (before !== undefined && after !== undefined) this.put(key, { ...after, data: after.data.padEnd(before.data.length) });
        return sum;
      }
    },
  ],
  'touch-nothing': [
    'touch changes nothing',
    ['touch'],
    class extends Cache {
      protected override touch(key: string): string {
        return this.found(key) === undefined ? 'NOT_FOUND' : 'TOUCHED';
      }
    },
  ],
  'flush-nothing': [
    'flush_all changes nothing',
    ['flush'],
    class extends Cache {
      protected override flush(): string {
        return 'OK';
      }
    },
  ],
  'no-version': [
    'version is not known',
    ['refused', 'block', 'version'],
    class extends Cache {
      protected override run(name: string, args: readonly string[]): string | Block {
        return name === 'version' ? ERROR : super.run(name, args);
      }
    },
  ],
};

/** A cache in which one storage command does what another should. */
function stores(wrong: string, does: string): Kind {
  return class extends Cache {
    protected override store(name: string, key: string, item: Omit<Item, 'unique'>, unique?: string): string {
      return super.store(name === wrong ? does : name, key, item, unique);
    }
  };
}

/** The daemons, by the names under which they are started. */
export const mutants = Object.fromEntries(
  Object.entries(BROKEN).map(([name, [, , kind, read]]) => [`memcached-${name}`, serve(kind, read)]),
);

export const broken: readonly Mutant[] = Object.entries(BROKEN).map(([name, [text, fails]]) => ({
  name: `server/${name}`,
  role: 'server',
  program: `memcached-${name}`,
  args: ['{options}'],
  text,
  fails: fails.map(each => `memcached.case.${each}`),
  // How many more fail is a matter of how the network cuts what is sent.
  ...(name === 'read-is-line' ? { depends: 'where the bytes are cut' } : {}),
}));
