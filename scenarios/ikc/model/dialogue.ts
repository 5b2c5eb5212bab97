/**
 * THE NEGOTIATION (B4), a second time: what an end of a connection has to say to each line that it hears.
 * Lacks: what its names are, but for those on its command line: its id and its address are whatever it says.
 */
import type { Role } from '../../../src/impl/ikc/link-rules.ts';

/** In place of a line that is any `IAM`. */
export const ANY_NAME = 'IAM …';
const NAME_MAX = 255;
const NAME = /^IAM\s+([-:.A-Za-z0-9_]+)$/;
const SERIALIZER = /^FREEZER\s+([-:A-Za-z0-9_]+)$/;

export interface Self {
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  /** Accepted, or offered in this order. */
  readonly serializers: readonly string[];
}

export class Dialogue {
  phase: '000' | '001' | '002' | '003' | 'up' | 'over' = '000';
  /** Names of the other end, in the order in which it said them. */
  readonly heard: string[] = [];
  serializer = '';
  /** The line that was heard last has no meaning where it came. */
  isNonsense = false;
  readonly #role: Role;
  readonly #self: Self;
  /** What is still to be told, and to be offered. */
  readonly #names: string[];
  readonly #offers: string[];
  #asked = false;
  #doubtful = false;

  constructor(role: Role, self: Self) {
    this.#role = role;
    this.#self = self;
    const { name, aliases, serializers } = self;
    this.#names = [ANY_NAME, ...aliases.map(each => `IAM ${each}`).toReversed(), ...(name === undefined ? [] : [`IAM ${name}`])];
    this.#offers = [...serializers];
  }

  begins(): readonly string[] {
    return this.#role === 'client' ? ['HELLO'] : [];
  }

  /** What is said to this line. */
  hears(line: string): readonly string[] {
    if (this.phase === 'up' || this.phase === 'over') return [];
    const isFirst = this.#role === 'server' && this.phase === '000';
    const answer = this.#role === 'server' ? this.#asServer(line) : this.#asClient(line);
    this.isNonsense = answer === undefined || (isFirst && line !== 'HELLO' && !/^HELLO IKC\d$/.test(line));
    return answer ?? (line === 'NOT' ? [] : ['NOT']);
  }

  /** Undefined: the line has no meaning now. */
  #asServer(line: string): readonly string[] | undefined {
    if (this.phase === '000') {
      if (/^HELLO IKC\d$/.test(line) || line.startsWith('SETUP ')) return ['NOT'];
      if (line === 'HELLO') this.phase = '001';
      return line === 'HELLO' ? [ANY_NAME] : [];
    }
    if (this.phase === '001') return this.#tells(line);
    if (this.phase === '002') {
      if (line === 'DONE') this.phase = '003';
      return line === 'DONE' ? [] : this.#isTold(line);
    }
    const [, wanted] = SERIALIZER.exec(line) ?? [];
    if (wanted !== undefined) {
      this.#asked = true;
      this.serializer = this.#self.serializers.includes(wanted) ? wanted : '';
      return [this.serializer === '' ? 'NOT' : 'OK'];
    }
    if (/^FREEZER\s/.test(line)) this.#asked = true;
    if (line !== 'WORLD' || (this.serializer === '' && this.#asked)) return undefined;
    this.#opens();
    return ['UP'];
  }

  #asClient(line: string): readonly string[] | undefined {
    if (this.phase === '000') {
      if (line === 'DONE') this.phase = '001';
      return line === 'DONE' ? [ANY_NAME] : this.#isTold(line);
    }
    if (this.phase === '001') {
      const told = this.#tells(line);
      return told?.[0] === 'DONE' ? [...told, ...this.#offer()] : told;
    }
    if (this.phase === '002') {
      if (line === 'NOT') return this.#offer();
      if (line === 'OK') this.phase = '003';
      return line === 'OK' ? ['WORLD'] : undefined;
    }
    if (line === 'UP' && !this.#doubtful) this.#opens();
    else if (line === 'UP') this.phase = 'over';
    // All questions have been answered: one of the answers was none.
    if (line === 'OK' || line === 'NOT') this.#doubtful = true;
    return line === 'UP' ? [] : undefined;
  }

  #tells(line: string): readonly string[] | undefined {
    if (line !== 'OK') return undefined;
    const next = this.#names.shift();
    if (next === undefined) this.phase = '002';
    return [next ?? 'DONE'];
  }

  #isTold(line: string): readonly string[] | undefined {
    const [, said = ''] = NAME.exec(line) ?? [];
    const name = said === '' || said.length > NAME_MAX ? undefined : said;
    if (name !== undefined) this.heard.push(name);
    return name === undefined ? undefined : ['OK'];
  }

  #offer(): readonly string[] {
    const next = this.#offers.shift();
    this.serializer = next ?? '';
    if (next === undefined) this.phase = 'over';
    return next === undefined ? [] : [`FREEZER ${next}`];
  }

  /** Whoever has said no name is called by its address. */
  #opens(): void {
    this.phase = 'up';
    if (this.serializer === '') this.serializer = 'Storable';
  }
}
