/**
 * Specifiers: where a request goes to, or came from. As text `poe://kernel/session/state`, in a request also as a hash (B8). The
 * text that the published parser takes is what is taken here; test/impl/ikc/vectors holds it.
 * Lacks: what a kernel of that name is (registry.ts).
 */
import { type PerlValue, textOf } from '../storable/values.ts';

export interface Specifier {
  /** A name or an id, `*` for all, or '' for the one that is meant when none is said. */
  readonly kernel: string;
  readonly session: string;
  readonly state: string;
  /** What came after `?`: the last argument. */
  readonly args?: string;
}

/** Characters of a specifier, and of each part of a hash that is one. */
export const SPECIFIER_MAX = 1_024;

/** All kernels (B8). */
export const EVERY_KERNEL = '*';

/** The state by which a request reaches the real one, which then stands in its parameters (B8). */
export const PROXY_STATE = 'IKC:proxy';

const KERNEL = '\\*|unix:[-. A-Za-z0-9_]+(?::[0-9]+-[0-9]+)?|[-. A-Za-z0-9_]+(?::[0-9]+)?';
const NAME = '[- A-Za-z0-9_]*';
const SESSION = '[- A-Za-z0-9_]+';
const LONG_FORM = new RegExp(`^poe:(?://(${KERNEL})?)?(?:/(${SESSION}))?/?(${NAME})(?:\\?(.*))?$`, 's');
const SHORT_FORM = new RegExp(`^(?://(${KERNEL})/)?(?:(${NAME})/)?(${NAME})(?:\\?(.*))?$`, 's');
const KERNEL_NAME = new RegExp(`^(?:${KERNEL})$`);

/** Undefined where the text is none, or longer than SPECIFIER_MAX. */
export function parseSpecifier(text: string): Specifier | undefined {
  if (text === '' || text.length > SPECIFIER_MAX) return undefined;
  const found = (text.startsWith('poe:') ? LONG_FORM : SHORT_FORM).exec(text);
  if (found === null) return undefined;
  const [, kernel = '', session = '', state = '', args] = found;
  return args === undefined ? { kernel, session, state } : { kernel, session, state, args };
}

/** A specifier of a request: text, or a hash of kernel, session and state. Of a hash the characters are free: answers need that. */
export function specifierOf(value: PerlValue | undefined): Specifier | undefined {
  if (value instanceof Map) {
    const [kernel, session, state, args] = [part(value, 'kernel'), part(value, 'session'), part(value, 'state'), part(value, 'args')];
    if (kernel === undefined || session === undefined || state === undefined || args === undefined) return undefined;
    return args === '' ? { kernel, session, state } : { kernel, session, state, args };
  }
  const text = textOf(value);
  return text === undefined ? undefined : parseSpecifier(text);
}

/** '' where it is absent; undefined where it can be no part of a specifier. */
function part(hash: ReadonlyMap<string, PerlValue>, key: string): string | undefined {
  const text = scalarText(hash.get(key));
  return text === undefined || text.length > SPECIFIER_MAX ? undefined : text;
}

/** A scalar as the text that Perl makes of it, '' of what is not there; undefined for references. */
export function scalarText(value: PerlValue | undefined): string | undefined {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return textOf(value);
}

/** `poe://kernel/session/state`, without the parts that are empty. */
export function formatSpecifier({ kernel, session, state }: Specifier): string {
  const parts = [...(kernel === '' ? [] : [`/${kernel}`]), ...(session === '' ? [] : [session]), ...(state === '' ? [] : [state])];
  return `poe:${parts.map(each => `/${each}`).join('')}`;
}

/** The kernel that a text speaks of where a bare name is one: `K` as well as `poe://K`. Undefined where there can be none. */
export function kernelPart(text: string): string | undefined {
  if (text === '') return undefined;
  return parseSpecifier(text.startsWith('poe:') ? text : `poe://${text}`)?.kernel;
}

/** Whether a kernel of this name can be spoken of in a specifier at all. */
export const isKernelName = (name: string): boolean => name !== EVERY_KERNEL && KERNEL_NAME.test(name);

/** As requests carry one (B8). */
export const specifierHash = ({ kernel, session, state }: Specifier): Map<string, PerlValue> =>
  new Map([
    ['kernel', kernel],
    ['session', session],
    ['state', state],
  ]);
