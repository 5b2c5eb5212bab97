/**
 * The header of a request, line by line, and what is decided by it (R2): of its fields four are looked at. A daemon and its clients
 * share the form of lines, which the header of an answer has too.
 * Lacks: reading bytes (request.ts); the path, which is not looked at.
 */
import { printable } from '../../host/bytes.ts';
import { BODY_MAX, FIELDS_MAX, FORM_TYPE, type Status } from './wire.ts';

/** What is answered instead of doing anything. */
export interface Refusal {
  readonly status: Status;
  readonly why: string;
  readonly allow?: string;
}

const refusal = (status: Status, why: string): Refusal => ({ status, why });
export const isRefusal = (value: object): value is Refusal => 'why' in value;

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** Of HTTP/1.x. */
  readonly minor: number;
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** What is known when the header has ended. */
export interface Header {
  readonly method: string;
  /** Bytes of the body. */
  readonly length: number;
  /** The peer waits for leave to send the body. */
  readonly waits: boolean;
}

/** Decisions about a header; as-written.ts has what traps make of them. */
export interface HeaderRules {
  /** RV-26: in which letters a field is known. */
  readonly known: (name: string) => string;
  /** RV-24, RV-26: how long the body is, by all that was said of it. */
  readonly lengthOf: (values: readonly string[]) => number | Refusal;
  /** RV-25: fields that say what the body is otherwise are heeded. */
  readonly heedsCoding: boolean;
  /** RV-01: what the command is told that the method was. */
  readonly methodTold: string;
}

const CONTROL = /[^\t\x20-\x7e\x80-\xff]/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([0-9]{1,3})$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*(.*?)[\t ]*$/;

export function requestLine(line: string): RequestLine | Refusal {
  const [, method, target = '', minor] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined) return refusal(400, `no request line of HTTP/1.x: ${printable(line, 60)}`);
  return { method, target, minor: Number(minor) };
}

export function fieldOf(line: string): Field | Refusal {
  if (/^[\t ]/.test(line)) return refusal(400, 'a folded line in the header');
  const control = CONTROL.exec(line);
  if (control !== null) return refusal(400, `a control byte at ${control.index} of a line of the header`);
  const [, name, value = ''] = FIELD.exec(line) ?? [];
  return name === undefined ? refusal(400, `no field in a line of the header: ${printable(line, 60)}`) : { name, value };
}

/** All that was said of the field `name`, in capitals and small letters as `known` has it. */
const valuesOf = (fields: readonly Field[], name: string, known: HeaderRules['known']): readonly string[] =>
  fields.filter(field => known(field.name) === known(name)).map(({ value }) => value);

/** In the order of the table of R2: of several things that are wrong the first is told. */
export function headerOf(line: RequestLine, fields: readonly Field[], rules: HeaderRules): Header | Refusal {
  const of = (name: string): readonly string[] => valuesOf(fields, name, rules.known);
  if (line.method !== 'POST') return { ...refusal(405, `only POST, not ${printable(line.method, 40)}`), allow: 'POST' };
  if (rules.heedsCoding && of('Transfer-Encoding').length > 0) return refusal(411, 'no Transfer-Encoding, but a Content-Length');
  const length = rules.lengthOf(of('Content-Length'));
  if (typeof length !== 'number') return length;
  const wrong = typeProblem(of('Content-Type').at(-1));
  if (wrong !== undefined) return wrong;
  const expected = rules.heedsCoding ? of('Expect') : [];
  const strange = expected.find(each => each.toLowerCase() !== '100-continue');
  if (strange !== undefined) return refusal(417, `nothing is known of the expectation ${printable(strange, 60)}`);
  return { method: rules.methodTold, length, waits: expected.length > 0 && line.minor >= 1 };
}

/** Undefined where it may be read: it is the form, or nothing was said. */
export function typeProblem(type: string | undefined): Refusal | undefined {
  const essence = type?.split(';', 1)[0]?.trim().toLowerCase();
  if (essence === undefined || essence === FORM_TYPE) return undefined;
  return refusal(415, `a body of type ${printable(essence, 60)}; it has to be ${FORM_TYPE}`);
}

/** Digits, the same if said again, and not too many bytes. */
export function lengthOf(values: readonly string[]): number | Refusal {
  const [first, ...others] = values;
  if (first === undefined) return refusal(411, 'no Content-Length');
  const wrong = values.find(each => !/^[0-9]+$/.test(each));
  if (wrong !== undefined) return refusal(400, `Content-Length: ${printable(wrong, 40)} is no number of bytes`);
  const length = Number(first);
  const other = others.find(each => Number(each) !== length);
  if (other !== undefined) return refusal(400, `Content-Length twice: ${printable(first, 40)} and ${printable(other, 40)}`);
  return length > BODY_MAX ? refusal(413, `a body of more than ${BODY_MAX} bytes`) : length;
}

export const CORRECTED_HEADER: HeaderRules = {
  known: name => name.toLowerCase(),
  lengthOf,
  heedsCoding: true,
  methodTold: 'POST',
};

export const TOO_MANY_FIELDS: Refusal = refusal(431, `more than ${FIELDS_MAX} fields in the header`);
