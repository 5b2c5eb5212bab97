/**
 * What goes through the pipes between the daemon and a worker: the request and the value of its object, and what came of it. Each ends
 * with its pipe. A worker that dies in the middle leaves what cannot be read.
 */
import { utf8 } from '../../host/bytes.ts';
import { decodeFields, encodeFields, type FieldList } from './fields.ts';
import type { Fatal, Outcome } from './main-loop.ts';
import type { Pairs } from './pairs.ts';
import { isStatus, RESULTS, TYPES } from './wire.ts';

/** Of the daemon's order of descriptors in a worker; LIFELINE is before them. */
export const REQUEST_PIPE = 4;
export const OUTCOME_PIPE = 5;
/** A request or an outcome of the longest body, and value, has room in it. */
export const PIPE_MESSAGE_MAX: number = 8 * 2 ** 20;

export interface Task {
  readonly pairs: Pairs;
  /** Of the object that it names. */
  readonly value: Uint8Array | undefined;
}

const END = 'end';

export const encodeTask = ({ pairs, value }: Task): Uint8Array =>
  encodeFields([...(value === undefined ? ['unset', ''] : ['set', value]), ...[...pairs].flat(), END]);

export function decodeTask(bytes: Uint8Array): Task | undefined {
  const fields = decodeFields(bytes);
  if (fields === undefined) return undefined;
  const [set, value] = [fields.text(), fields.bytes()];
  const pairs: Map<string, Uint8Array> = new Map();
  while (fields.left > 1) pairs.set(fields.text(), fields.bytes());
  return fields.text() === END && fields.whole ? { pairs, value: set === 'set' ? value : undefined } : undefined;
}

export function encodeOutcome(outcome: Outcome | Fatal): Uint8Array {
  if ('fatal' in outcome) return encodeFields(['fatal', utf8(outcome.fatal), END]);
  const { reply, changes, declared, raw, failed } = outcome;
  const changed = changes.flatMap(
    ({ user, object, value }): FieldList => [user, object, value === undefined ? 'unset' : 'set', value ?? ''],
  );
  const said = declared.flatMap(({ module, code, object, data }): FieldList => [module, code, object, data]);
  const replied: FieldList = [reply.status, reply.result, reply.type, reply.body];
  return encodeFields(['outcome', ...replied, raw, failed ? 1 : 0, changes.length, ...changed, declared.length, ...said, END]);
}

export function decodeOutcome(bytes: Uint8Array): Outcome | Fatal | undefined {
  const fields = decodeFields(bytes);
  if (fields === undefined) return undefined;
  if (fields.text() === 'fatal') {
    const fatal = fields.text();
    return fields.text() === END ? { fatal } : undefined;
  }
  const [status, result, type, body] = [fields.number(), fields.text(), fields.text(), fields.bytes()];
  const known = { result: RESULTS.find(each => each === result), type: TYPES.find(each => each === type) };
  const [raw, failed] = [fields.bytes(), fields.number() === 1];
  const changes = Array.from({ length: few(fields.number()) }, () => {
    const [user, object, set, value] = [fields.text(), fields.text(), fields.text(), fields.bytes()];
    return { user, object, value: set === 'set' ? value : undefined };
  });
  const declared = Array.from({ length: few(fields.number()) }, () => {
    const [module, code, object, data] = [fields.text(), fields.text(), fields.text(), fields.bytes()];
    return { module, code, object, data };
  });
  if (fields.text() !== END || !isStatus(status) || known.result === undefined || known.type === undefined) return undefined;
  return { reply: { status, result: known.result, type: known.type, body }, changes, declared, raw, failed };
}

/** A command has one object. */
const few = (count: number): number => (count <= 16 ? count : 0);

/** Bytes that came through a pipe, while they are few enough. */
export class Gathered {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length <= PIPE_MESSAGE_MAX) this.#parts.push(bytes);
  }

  /** Undefined where they were too many. */
  get whole(): readonly Uint8Array[] | undefined {
    return this.#length <= PIPE_MESSAGE_MAX ? this.#parts : undefined;
  }
}
