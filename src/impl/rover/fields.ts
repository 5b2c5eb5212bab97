/**
 * A list of byte strings as bytes: before each its length, 32 bits little endian. Records of the log and the pipes of workers have it.
 * Lacks: what the fields are.
 */
import { bytesOf, textOf } from './text.ts';

const LENGTH = 4;

export type FieldList = readonly (Uint8Array | string | number)[];

/** Texts have one character a byte; numbers become decimal digits. */
export function encodeFields(values: FieldList): Uint8Array {
  const fields = values.map(value => (value instanceof Uint8Array ? value : bytesOf(String(value))));
  const bytes = new Uint8Array(fields.reduce((sum, { length }) => sum + LENGTH + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint32(at, field.length, true);
    bytes.set(field, at + LENGTH);
    at += LENGTH + field.length;
  }
  return bytes;
}

/** Undefined where the bytes are no such list. */
export function decodeFields(bytes: Uint8Array): Fields | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < LENGTH) return undefined;
    const end = at + LENGTH + view.getUint32(at, true);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + LENGTH, end));
    at = end;
  }
  return new Fields(fields);
}

/** Read one after the other. What is missing is empty, and `whole` says so. */
export class Fields {
  readonly #fields: readonly Uint8Array[];
  #at = 0;

  constructor(fields: readonly Uint8Array[]) {
    this.#fields = fields;
  }

  get left(): number {
    return Math.max(0, this.#fields.length - this.#at);
  }

  /** All were read, and no more than there are. */
  get whole(): boolean {
    return this.#at === this.#fields.length;
  }

  bytes(): Uint8Array {
    return this.#fields[this.#at++] ?? new Uint8Array(0);
  }

  text(): string {
    return textOf(this.bytes());
  }

  /** NaN for what is no number. */
  number(): number {
    const text = this.text();
    return /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  }
}
