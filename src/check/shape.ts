/**
 * What a value from a file must look like, and where it does not: `faults[2].at: must be an integer from 0 to 5000000, is "x"`.
 * A plan is hostile input until it has passed one of these; the first thing wrong is reported.
 * Lacks: conversion. A value is used as it is or not at all.
 */
import { printable } from '../host/bytes.ts';

/** `undefined` when the value fits; otherwise where it does not, and why. `path` is '' at the top. */
export type Shape = (value: unknown, path: string) => string | undefined;
export type Fields = Readonly<Record<string, Shape>>;

export const integerFrom =
  (min: number, max: number): Shape =>
  (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? undefined
      : wrong(path, `an integer from ${min} to ${max}`, value);

export const boolean: Shape = (value, path) => (typeof value === 'boolean' ? undefined : wrong(path, 'true or false', value));

export const textUpTo =
  (length: number): Shape =>
  (value, path) =>
    typeof value === 'string' && value.length <= length ? undefined : wrong(path, `a text of at most ${length} characters`, value);

export const oneOf =
  (...allowed: readonly (string | number | boolean)[]): Shape =>
  (value, path) =>
    allowed.some(each => each === value) ? undefined : wrong(path, `one of ${allowed.map(each => JSON.stringify(each)).join(', ')}`, value);

export const listUpTo =
  (length: number, item: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return wrong(path, 'a list', value);
    if (value.length > length) return `${path}: must have at most ${length} items, has ${value.length}`;
    for (const [index, each] of value.entries()) {
      const found = item(each, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** Exactly these fields, and any of the optional ones. */
export const object =
  (required: Fields, optional: Fields = {}): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, 'an object', value);
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(required, key) && !Object.hasOwn(optional, key)) return `${at(path, printable(key, 40))}: no such field`;
    }
    for (const [key, shape] of Object.entries(required)) {
      if (!Object.hasOwn(value, key)) return `${at(path, key)}: is missing`;
      const found = shape(value[key], at(path, key));
      if (found !== undefined) return found;
    }
    for (const [key, shape] of Object.entries(optional)) {
      const found = Object.hasOwn(value, key) ? shape(value[key], at(path, key)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** An object of one of several forms, told apart by the text in its field `tag`. */
export const tagged =
  (tag: string, forms: Readonly<Record<string, Shape>>): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, 'an object', value);
    const name = value[tag];
    const form = typeof name === 'string' && Object.hasOwn(forms, name) ? forms[name] : undefined;
    return form === undefined ? oneOf(...Object.keys(forms))(name, at(path, tag)) : form(value, path);
  };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function wrong(path: string, expected: string, value: unknown): string {
  return `${path === '' ? 'the value' : path}: must be ${expected}, is ${shown(value)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? `"${printable(value, 40)}"` : String(value);
}
