/**
 * What broken kernels are made of: changes of lines, of requests and of values.
 */
import type { Host } from '../../../src/host/host.ts';
import { type PerlValue, Scalar, textOf, Weak } from '../../../src/impl/storable/values.ts';
import type { LineChange, Meddling, Request, RequestChange } from './meddle.ts';

export interface Broken {
  readonly text: string;
  /** Of one process. */
  readonly make: (host: Host) => Meddling;
  /** What it makes of bytes depends on how they are cut, which is drawn; it fails these at least. */
  readonly always?: readonly string[];
}

export type Table = Readonly<Record<string, Broken>>;

export const broken = (text: string, meddling: Meddling | ((host: Host) => Meddling), always?: readonly string[]): Broken => ({
  text,
  make: typeof meddling === 'function' ? meddling : () => meddling,
  ...(always === undefined ? {} : { always }),
});
/** A line that there is nowhere, and so is refused. */
export const NONSENSE = 'nonsense\r\n';
export const says = (text: string, pattern: RegExp, instead: string): Broken =>
  broken(text, { says: line => (pattern.test(line) ? instead : undefined) });
export const hears = (text: string, pattern: RegExp, instead: string): Broken =>
  broken(text, { hears: line => (pattern.test(line) ? instead : undefined) });
export const asked = (text: string, change: RequestChange): Broken => broken(text, { asked: change });
export const asks = (text: string, change: RequestChange): Broken => broken(text, { asks: change });

export const part = (request: Request, key: string, name: string): string | undefined => {
  const value = request.get(key);
  return value instanceof Map ? textOf(value.get(name)) : undefined;
};
/** The specifier of an event, if that is a text. */
export const eventOf = (request: Request): string => textOf(request.get('event')) ?? '';
export const stateOf = (request: Request): string => part(request, 'event', 'state') ?? eventOf(request).split('/').at(-1) ?? '';
export const where = (test: (request: Request) => boolean, ...instead: readonly PerlValue[]): RequestChange => {
  return request => (test(request) ? instead : undefined);
};
export const having = (request: Request, key: string, value: PerlValue): readonly PerlValue[] => [new Map(request).set(key, value)];
export const without = (request: Request, key: string): readonly PerlValue[] => [new Map([...request].filter(([name]) => name !== key))];
/** The params of what it sends, changed through and through. */
export const gives = (text: string, change: (value: PerlValue) => PerlValue | undefined): Broken =>
  asks(text, request =>
    stateOf(request) === 'echoed' ? having(request, 'params', throughout(request.get('params') ?? null, change)) : undefined,
  );

export function throughout(
  value: PerlValue,
  change: (value: PerlValue) => PerlValue | undefined,
  above: readonly PerlValue[] = [],
): PerlValue {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (above.includes(value)) return value;
  const under = (each: PerlValue): PerlValue => throughout(each, change, [...above, value]);
  if (Array.isArray(value)) for (const [index, each] of value.entries()) value[index] = under(each);
  else if (value instanceof Map) for (const [key, each] of value) value.set(key, under(each));
  else if (value instanceof Scalar) value.value = under(value.value);
  return value;
}
export const ofTexts =
  (change: (text: string) => PerlValue | undefined) =>
  (value: PerlValue): PerlValue | undefined => {
    const text = textOf(value);
    return text === undefined ? undefined : change(text);
  };
export const ofNumbers =
  (change: (number: number) => PerlValue) =>
  (value: PerlValue): PerlValue | undefined =>
    typeof value === 'number' ? change(value) : undefined;

/** A copy in which nothing is twice, and a circle ends. */
export function copied(value: PerlValue, above: readonly PerlValue[] = []): PerlValue {
  if (above.includes(value)) return null;
  const under = (each: PerlValue): PerlValue => copied(each, [...above, value]);
  if (value instanceof Weak) return under(value.reference);
  if (Array.isArray(value)) return value.map(under);
  return value instanceof Map ? new Map([...value].map(([key, each]) => [key, under(each)])) : value;
}

/** Once, and then never again. */
export const once =
  (pattern: RegExp, first: string | undefined, later: string | undefined): (() => Meddling) =>
  () => {
    let heard = false;
    return {
      hears: line => {
        if (!pattern.test(line)) return undefined;
        const instead = heard ? later : first;
        heard = true;
        return instead;
      },
    };
  };
/** Until something has been heard. */
export const before =
  (pattern: RegExp, change: LineChange): (() => Meddling) =>
  () => {
    let heard = false;
    return {
      hears: (line, at, end) => {
        heard ||= pattern.test(line);
        return heard ? undefined : change(line, at, end);
      },
    };
  };
export const dying =
  (test: (request: Request) => boolean): ((host: Host) => Meddling) =>
  host => ({
    asked: request => {
      if (test(request)) host.process.exit(1);
      return undefined;
    },
  });

export const imageOf = (frame: string): string => frame.slice(frame.indexOf('\0') + 1);
export const isError = (request: Request): boolean => request.has('is_error');
export const isPong = (request: Request): boolean => request.get('params') === 'PONG';
export const isReceipt = (request: Request): boolean => stateOf(request).startsWith('IKC:receipt');
export const TESTER_A: PerlValue = new Map([
  ['kernel', 'TesterA'],
  ['session', 'caller'],
  ['state', 'pong'],
]);
