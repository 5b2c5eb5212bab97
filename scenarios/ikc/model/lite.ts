/**
 * THE SMALL CLIENT (B15), a second time: what it has to say to each line that it hears, and what a frame is to it.
 * Lacks: what it asks (properties/asks.ts).
 */
import { type Hash, hashOf, type Plain, placeOf, plainOf } from './plain.ts';

export class LiteDialogue {
  phase: 'hello' | 'name' | 'freezer' | 'world' | 'up' | 'over' = 'hello';
  /** Nobody is told what it has heard. */
  readonly heard: readonly string[] = [];
  serializer = '';
  readonly #name: string;
  readonly #offers: string[];

  constructor({ name, serializers }: { readonly name: string | undefined; readonly serializers: readonly string[] }, pid: number) {
    this.#name = name ?? `Client${pid}`;
    this.#offers = [...serializers];
  }

  begins(): readonly string[] {
    return ['HELLO'];
  }

  /** What is said to this line. */
  hears(line: string): readonly string[] {
    switch (this.phase) {
      case 'hello':
        if (line.startsWith('IAM ')) return ['OK'];
        return line === 'DONE' ? this.#goes('name', `IAM ${this.#name}`) : this.#fails();
      case 'name':
        return line === 'OK' ? ['DONE', ...this.#offer()] : this.#fails();
      case 'freezer':
        if (line === 'NOT') return this.#offer();
        return line === 'OK' ? this.#goes('world', 'WORLD') : this.#fails();
      case 'world':
        return line === 'UP' ? this.#goes('up') : this.#fails();
      default:
        return [];
    }
  }

  #offer(): readonly string[] {
    this.serializer = this.#offers.shift() ?? '';
    return this.serializer === '' ? this.#fails() : this.#goes('freezer', `FREEZER ${this.serializer}`);
  }

  #goes(phase: LiteDialogue['phase'], ...says: readonly string[]): readonly string[] {
    this.phase = phase;
    return says;
  }

  /** It says nothing, and closes. */
  #fails(): readonly string[] {
    return this.#goes('over');
  }
}

/** What a frame is to the call of this number: its answer, an error of it, nothing (undefined), or what cannot be read. */
export type Taken = { readonly answer: Plain } | { readonly error: string } | 'unreadable' | undefined;

export function takenOf(frame: Uint8Array, serializer: string, name: string, call: number): Taken {
  const plain = plainOf(frame, serializer);
  if (plain === undefined) return 'unreadable';
  const request: Hash = hashOf(plain) ?? {};
  const event = placeOf(request['event']);
  const params = request['params'] ?? null;
  if (event?.session === 'IKCLite' && event.state === `response${call}`) return { answer: params };
  const isMine = typeof params === 'string' && params.endsWith(` sent by [poe://${name}/IKCLite/response${call}]`);
  return event?.session === 'IKC' && event.state === 'remote_error' && isMine ? { error: params } : undefined;
}
