/**
 * A JSON document from a file that anybody may have written: its size, its format and its version are looked at before its shape,
 * and what is wrong is said by place. No text makes this throw.
 */
import type { z } from 'zod';
import { parseJson } from '../../src/trace/json.ts';
import { firstIssue } from './trouble.ts';

export interface DocumentKind<T> {
  readonly format: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** Characters. */
  readonly limit: number;
  /** `no conformance report`, and what to do about it. */
  readonly otherwise: string;
  /** What to do about one of an older version. */
  readonly older: string;
  /** What to do about anything else that is wrong with it. */
  readonly advice: string;
}

export type DocumentProblem = 'limit' | 'syntax' | 'format' | 'version' | 'field';

export type ReadDocument<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: DocumentProblem; readonly message: string };

export function readDocument<T>(
  text: string,
  { format, version, schema, limit, otherwise, older, advice }: DocumentKind<T>,
): ReadDocument<T> {
  const refuse = (code: DocumentProblem, message: string): ReadDocument<T> => ({ ok: false, code, message });
  if (text.length > limit) return refuse('limit', `longer than ${limit} characters; ${advice}`);
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse(parsed.code, `${place(text, parsed.column)}: ${parsed.message}; ${advice}`);
  const { value } = parsed;
  if (!isObject(value) || value['format'] !== format) return refuse('format', `${otherwise}: format must be "${format}"`);
  const given = value['schema'];
  if (typeof given === 'number' && given > version)
    return refuse('version', `schema ${given} is newer than this version reads (${version}); read it with a newer Slipway`);
  if (typeof given === 'number' && given < version)
    return refuse('version', `schema ${given} is older than this version reads (${version}); ${older}`);
  const checked = schema.safeParse(value);
  return checked.success ? { ok: true, value: checked.data } : refuse('field', `${firstIssue(checked.error)}; ${advice}`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function place(text: string, column: number): string {
  const before = text.slice(0, column - 1);
  return `line ${before.split('\n').length}, column ${column - 1 - before.lastIndexOf('\n')}`;
}
