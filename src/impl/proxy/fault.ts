/**
 * What can be done to one direction of a connection, as data, and rules as text: which connections, which direction, from when on.
 * Lacks: anything that changes the bytes themselves.
 */
import { printable } from '../../host/bytes.ts';
import { type Duration, micros } from '../../host/time.ts';

/** `up`: from whoever connected to the target. */
export const DIRECTIONS = ['up', 'down'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const FAULTS = {
  delay: 'every byte comes so much later: delay=200ms, with jitter=50ms up to that much more; the order stays',
  split: 'the bytes come in pieces of at most so many: split=1, with gap=1ms between them',
  throttle: 'at most so many bytes a second pass: throttle=1000',
  hold: 'nothing is read and nothing passes: its sender has to wait',
  truncate: 'the direction ends (FIN), and what follows is swallowed; the other direction goes on',
  cut: 'the connection ends in both directions (FIN)',
  reset: 'the connection breaks in both directions (RST; of a Unix-domain socket, it closes)',
  'half-open': 'nothing passes any more in either direction, and nobody is told: no end, no reset',
} as const;
export type FaultKind = keyof typeof FAULTS;

/** When a fault begins: after so many bytes of its direction have passed, or so long after the connection was made. Absent: at once. */
export type Trigger = { readonly bytes: number } | { readonly time: Duration };

export type Fault = Effect & {
  readonly after?: Trigger;
  /** It ends again. Absent, and for what ends a connection: never. */
  readonly lasting?: Duration;
};

type Effect =
  | { readonly kind: 'delay'; readonly by: Duration; readonly jitter?: Duration }
  | { readonly kind: 'split'; readonly bytes: number; readonly gap: Duration }
  /** Bytes a second. */
  | { readonly kind: 'throttle'; readonly rate: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'truncate' | 'cut' | 'reset' | 'half-open' };

/** A fault, and what it is done to. What is drawn is drawn anew for each connection. */
export interface Rule {
  readonly effect: Effect;
  readonly after?: { readonly unit: 'bytes' | 'time'; readonly least: number; readonly most: number };
  readonly lasting?: Duration;
  readonly directions: readonly Direction[];
  /** Numbers of connections, from 1, both ends included. */
  readonly connections?: { readonly from: number; readonly to: number };
  /** Of a hundred connections, so many. */
  readonly chance: number;
}

/** A whole number from 0 to `bound` - 1. */
export type Draw = (bound: number) => number;

/** The same numbers for the same seed, connection and direction, whatever others do meanwhile (mulberry32). */
export function drawFrom(...seed: readonly number[]): Draw {
  let state = seed.reduce((mixed, each) => Math.imul(mixed ^ each, 0x9e37_79b1) + 0x7f4a_7c15, 0x51);
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  next();
  return bound => Math.floor((next() / 0x1_0000_0000) * bound);
}

/** What happens to a connection: the faults of each of its directions. */
export function faultsOf(rules: readonly Rule[], connection: number, seed: number): Readonly<Record<Direction, readonly Fault[]>> {
  const faults: Record<Direction, Fault[]> = { up: [], down: [] };
  for (const [index, { effect, after, lasting, directions, connections, chance }] of rules.entries()) {
    const draw = drawFrom(seed, connection, index);
    const drawn = draw(100) < chance;
    const at = after === undefined ? 0 : after.least + draw(after.most - after.least + 1);
    if (!drawn || (connections !== undefined && (connection < connections.from || connection > connections.to))) continue;
    const trigger = after === undefined ? undefined : after.unit === 'bytes' ? { bytes: at } : { time: micros(at) };
    const fault = { ...effect, ...(trigger === undefined ? {} : { after: trigger }), ...(lasting === undefined ? {} : { lasting }) };
    for (const direction of directions) faults[direction].push(fault);
  }
  return faults;
}

// ── as text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A day. */
const TIME_MOST = 86_400_000_000;
const BYTES_MOST = 1_000_000_000_000;
const CONNECTION_MOST = 1_000_000_000;
const GAP: Duration = micros(1_000);
const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };
const ENDINGS: readonly FaultKind[] = ['truncate', 'cut', 'reset', 'half-open'];

/** `reset,after=100,direction=up,connection=2`; else what is wrong with it, in a line. */
export function parseRule(text: string): Rule | string {
  try {
    return ruleOf(text);
  } catch (thrown) {
    if (!(thrown instanceof Wrong)) throw thrown;
    return `fault '${printable(text, 100)}': ${thrown.why}`;
  }
}

class Wrong {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

function ruleOf(text: string): Rule {
  const [first = '', ...rest] = text.split(',');
  const [, kind, value] = /^([a-z-]+)(?:=(.*))?$/s.exec(first) ?? [];
  const known = Object.keys(FAULTS);
  if (kind === undefined || !isKind(kind)) throw new Wrong(`it begins with one of ${known.join(', ')}`);
  const words = new Map<string, string>();
  for (const each of rest) {
    const [, name, said] = /^([a-z]+)=(.+)$/s.exec(each) ?? [];
    if (name === undefined || said === undefined || words.has(name))
      throw new Wrong(`'${printable(each, 60)}' is not name=value, once for each name`);
    words.set(name, said);
  }
  const take = <T>(name: string, read: (said: string) => T): T | undefined => {
    const said = words.get(name);
    words.delete(name);
    return said === undefined ? undefined : read(said);
  };
  const effect = effectOf(kind, value, take);
  const after = take('after', triggerOf);
  const lasting = ENDINGS.includes(kind) ? undefined : take('for', said => durationOf(said));
  const connections = take('connection', connectionsOf);
  const rule: Rule = {
    effect,
    directions: take('direction', directionsOf) ?? DIRECTIONS,
    chance: take('chance', said => numberOf(said, 1, 100)) ?? 100,
    ...(after === undefined ? {} : { after }),
    ...(lasting === undefined ? {} : { lasting }),
    ...(connections === undefined ? {} : { connections }),
  };
  for (const name of words.keys()) throw new Wrong(`${kind} has no '${printable(name, 30)}'`);
  return rule;
}

const isKind = (text: string): text is FaultKind => Object.hasOwn(FAULTS, text);

type Take = <T>(name: string, read: (said: string) => T) => T | undefined;

function effectOf(kind: FaultKind, value: string | undefined, take: Take): Effect {
  const needed = (example: string): string => {
    if (value === undefined || value === '') throw new Wrong(`it needs how much: ${kind}=${example}`);
    return value;
  };
  switch (kind) {
    case 'delay': {
      const jitter = take('jitter', durationOf);
      return { kind, by: durationOf(needed('200ms')), ...(jitter === undefined ? {} : { jitter }) };
    }
    case 'split':
      return { kind, bytes: numberOf(needed('1'), 1, BYTES_MOST), gap: take('gap', durationOf) ?? GAP };
    case 'throttle':
      return { kind, rate: numberOf(needed('1000'), 1, BYTES_MOST) };
    default:
      if (value !== undefined) throw new Wrong(`${kind} takes no '=': ${kind},after=100`);
      return { kind };
  }
}

function numberOf(text: string, least: number, most: number): number {
  const number = /^[0-9]{1,13}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Wrong(`'${printable(text, 30)}' is not a whole number from ${least} to ${most}`);
}

function durationOf(text: string): Duration {
  const [, digits = '', unit = ''] = /^([0-9]{1,11})(us|ms|s|m)?$/.exec(text) ?? [];
  const time = Number(digits) * (UNITS[unit] ?? (digits === '0' ? 1 : Number.NaN));
  if (digits !== '' && time <= TIME_MOST) return micros(time);
  throw new Wrong(`'${printable(text, 30)}' is not a time up to a day: 500us, 200ms, 3s or 5m`);
}

/** `100` and `0..500` are bytes; `3s` and `1s..3s` are times. */
function triggerOf(text: string): NonNullable<Rule['after']> {
  const [first = '', second = first, ...more] = text.split('..');
  if (more.length > 0) throw new Wrong(`after=${printable(text, 30)}: give one, or LEAST..MOST`);
  const isTime = /[a-z]/.test(second);
  const read = (each: string): number => (isTime ? durationOf(each) : numberOf(each, 0, BYTES_MOST));
  const range = { unit: isTime ? 'time' : 'bytes', least: read(first), most: read(second) } as const;
  if (range.least > range.most) throw new Wrong(`after=${printable(text, 30)}: the least comes first`);
  return range;
}

function connectionsOf(text: string): NonNullable<Rule['connections']> {
  const [first = '', second = first, ...more] = text.split('-');
  const range = { from: numberOf(first, 1, CONNECTION_MOST), to: numberOf(second, 1, CONNECTION_MOST) };
  if (more.length > 0 || range.from > range.to) throw new Wrong(`connection=${printable(text, 30)}: give a number, or FROM-TO`);
  return range;
}

function directionsOf(text: string): readonly Direction[] {
  const found = text === 'both' ? DIRECTIONS : DIRECTIONS.filter(each => each === text);
  if (found.length === 0) throw new Wrong(`direction=${printable(text, 30)}: choose up, down or both`);
  return found;
}

/** As a rule has it, without when and where. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case 'delay':
      return `delay=${fault.by}us${fault.jitter === undefined ? '' : `,jitter=${fault.jitter}us`}`;
    case 'split':
      return `split=${fault.bytes},gap=${fault.gap}us`;
    case 'throttle':
      return `throttle=${fault.rate}`;
    default:
      return fault.kind;
  }
}

/** Of a script: a rule a line; blank lines, and what comes after #, are passed over. */
export function parseScript(text: string): readonly Rule[] | string {
  const rules: Rule[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const said = line.replace(/#.*/, '').trim();
    if (said === '') continue;
    const rule = parseRule(said);
    if (typeof rule === 'string') return `line ${index + 1}: ${rule}`;
    rules.push(rule);
  }
  return rules;
}
