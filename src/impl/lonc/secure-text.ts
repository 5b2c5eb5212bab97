/**
 * What is encrypted on one connection, on either end: the text of a request or reply, made with the key that both ends
 * derive from their ids and the build key. Spec: README.md, L6.
 */
import { decodeEnc, encodeEnc } from '../cipher/enc.ts';
import { Idea } from '../cipher/idea.ts';
import type { KeyIds } from '../cipher/key.ts';
import { clientKey, serverKey } from '../cipher/key.ts';
import { bytesOf, latin1Of } from './latin1.ts';

export interface ConnectionIds {
  /** Host id of the lond. */
  readonly server: string;
  /** Host id of the gateway that connected. */
  readonly client: string;
}

/** What came after ekey; `cut`: end of file came before the end of its line. */
export interface BuildKey {
  readonly reply: string;
  readonly cut?: true;
}

export interface CipherRules {
  /** L6: the key that a build key makes. */
  readonly keyOf: (ids: KeyIds, build: BuildKey) => Uint8Array;
  /** L4: the text of an encrypted reply; undefined when it is none. */
  readonly decrypted: (cipher: Idea, reply: string) => string | undefined;
}

export const CORRECTED: CipherRules = {
  keyOf: (ids, { reply }) => clientKey(ids, bytesOf(reply)),
  decrypted: (cipher, reply) => (reply.startsWith('enc:') ? decrypted(cipher, reply) : undefined),
};

/** The gateway's end. */
export class SecureText {
  readonly #ids: KeyIds;
  readonly #rules: CipherRules;
  #cipher: Idea | undefined;

  constructor({ server, client }: ConnectionIds, rules: CipherRules = CORRECTED) {
    this.#ids = { server: bytesOf(server), client: bytesOf(client) };
    this.#rules = rules;
  }

  build(key: BuildKey): void {
    this.#cipher = new Idea(this.#rules.keyOf(this.#ids, key));
  }

  /** The wire form. Throws before there is a key, and above the limit of a request, which is below that of the cipher. */
  encrypt(text: string): string {
    return encrypted(this.#need(), text);
  }

  /** A reply as the client gets it: decrypted, or as it is. */
  decrypt(reply: string): string {
    return this.#rules.decrypted(this.#need(), reply) ?? reply;
  }

  #need(): Idea {
    if (this.#cipher === undefined) throw new Error('no key yet');
    return this.#cipher;
  }
}

/** The cipher of the lond's end. */
export const serverCipher = ({ server, client }: ConnectionIds, buildKey: string): Idea =>
  new Idea(serverKey({ server: bytesOf(server), client: bytesOf(client) }, bytesOf(buildKey)));

export function encrypted(cipher: Idea, text: string): string {
  const encoded = encodeEnc(cipher, bytesOf(text));
  if (!encoded.ok) throw new Error(`${encoded.clause}: ${encoded.detail}`);
  return latin1Of(encoded.line);
}

/** The text of a line; undefined when it is not well formed, or has a line feed: that would be two. */
export function decrypted(cipher: Idea, line: string): string | undefined {
  const decoded = decodeEnc(cipher, bytesOf(line));
  return decoded.ok && !decoded.text.includes(LF) ? latin1Of(decoded.text) : undefined;
}

const LF = 0x0a;
