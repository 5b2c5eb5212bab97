/**
 * What is encrypted on one connection, on either end: the text of a request or reply, made with the key that both ends
 * derive from their ids and the build key. Spec: README.md, L6.
 * May import: host, ../cipher, its own folder.
 */
import { decodeEnc, encodeEnc, isEnc } from '../cipher/enc.ts';
import { Idea } from '../cipher/idea.ts';
import { clientKey, serverKey } from '../cipher/key.ts';
import { bytesOf, latin1Of } from './latin1.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';

export interface ConnectionIds {
  /** Host id of the lond. */
  readonly server: string;
  /** Host id of the gateway that connected. */
  readonly client: string;
}

/** The gateway's end. */
export class SecureText {
  readonly #ids: { readonly server: Uint8Array; readonly client: Uint8Array };
  readonly #quirks: Quirks;
  #cipher: Idea | undefined;

  constructor({ server, client }: ConnectionIds, quirks: Quirks) {
    this.#ids = { server: bytesOf(server), client: bytesOf(client) };
    this.#quirks = quirks;
  }

  /** `reply` is what came after ekey; not `ended`: end of file came first. */
  build(reply: string, ended: boolean): void {
    const line = bytesOf(ended ? `${reply}\n` : reply);
    this.#cipher = new Idea(clientKey(this.#ids, line, { keepNewline: this.#quirks.has(QUIRK.KEY_WITH_NEWLINE) }));
  }

  /** The wire form. Throws before there is a key, and above the limit of a request, which is below that of the cipher. */
  encrypt(text: string): string {
    return encrypted(this.#need(), text);
  }

  /** A reply as the client gets it: decrypted, or as it is. */
  decrypt(reply: string): string {
    const line = bytesOf(reply);
    const asWritten = this.#quirks.has(QUIRK.DECRYPT_PREFIX);
    if (!isEnc(line, { asWritten })) return reply;
    const decoded = decodeEnc(this.#need(), line, { asWritten });
    // A decrypted line feed would make two replies of one.
    return decoded.ok && (asWritten || !decoded.text.includes(LF)) ? latin1Of(decoded.text) : reply;
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

/** The text of a request; undefined when it is not well formed. */
export function decrypted(cipher: Idea, line: string): string | undefined {
  const decoded = decodeEnc(cipher, bytesOf(line));
  return decoded.ok && !decoded.text.includes(LF) ? latin1Of(decoded.text) : undefined;
}

const LF = 0x0a;
