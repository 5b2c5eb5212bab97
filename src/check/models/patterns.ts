/**
 * Properties that most protocols have, each made of small functions that pick from an event what it is about: a request, its key, a
 * value. A key is any text, as long as no two things have the same one: `${event.process} ${id}`.
 * Lacks: promises about several keys at once.
 */
import { printable } from '../../host/bytes.ts';
import { durationOf, formatTime, type Instant, type Span } from '../../host/time.ts';
import type { EventKind, TraceEvent } from '../../trace/event.ts';
import { type AlwaysProperty, always, type ResponseProperty, responds } from '../property.ts';

/** What an event says; `undefined`: nothing of the kind. */
export type Selector<Value> = (event: TraceEvent) => Value | undefined;

/** Every property has a name and a sentence of its own if it is given them; two of a kind in one scenario need names. */
interface Described {
  /** A slug. */
  readonly name?: string;
  readonly text?: string;
  /** The kinds of event that the functions look at; all when absent. Fewer is faster. */
  readonly kinds?: readonly EventKind[];
}

/** `10.0.0.1/server.7 at 1.250000 s (event 40)`. */
const placed = ({ process, time, index }: TraceEvent): string => `${shown(process)} at ${formatTime(time)} (event ${index})`;
const shown = (text: string): string => printable(text, 60);

// ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Requests extends Described {
  /** The key of what is asked here. Asked again before it is answered, it is the same request. */
  readonly request: Selector<string>;
  /** The key of what is answered here. */
  readonly answer: Selector<string>;
  /** Why this is not the answer to that request; absent: the key is all that has to be right. */
  readonly wrong?: (request: TraceEvent, answer: TraceEvent) => string | undefined;
}

/** Nothing is answered that was not asked, nothing twice, and nothing by an answer to something else. Whether all is answered: `answeredWithin`. */
export function requestResponse({ request, answer, wrong, name = 'request-response', text, kinds }: Requests): AlwaysProperty {
  const sentence = text ?? 'Each answer is the right one to a request, and the only one.';
  return always(
    name,
    sentence,
    () => {
      const open = new Map<string, TraceEvent>();
      const answered = new Map<string, TraceEvent>();
      return {
        see: event => {
          const heard = answer(event);
          const objection = heard === undefined ? undefined : judge(heard, event);
          const asked = request(event);
          if (asked !== undefined && !open.has(asked)) open.set(asked, event);
          return objection;
        },
      };
      function judge(key: string, event: TraceEvent): string | undefined {
        const asked = open.get(key);
        const before = answered.get(key);
        open.delete(key);
        answered.set(key, event);
        if (asked === undefined && before === undefined) return `nobody has asked ${shown(key)}, which is answered by ${placed(event)}`;
        if (asked === undefined) return `${shown(key)} is answered once more by ${placed(event)}; it was by ${placed(before ?? event)}`;
        const why = wrong?.(asked, event);
        return why === undefined ? undefined : `${shown(key)}, asked by ${placed(asked)}, is answered by ${placed(event)}: ${shown(why)}`;
      }
    },
    kinds,
  );
}

export interface AnsweredWithin extends Omit<Requests, 'wrong'> {
  /** Counted from the request, or from healing where that is later. */
  readonly within: Span;
  /** Whether this event takes the need of an answer away: who asked has died. */
  readonly excuses?: (event: TraceEvent, key: string) => boolean;
}

/** Each request has an answer. */
export function answeredWithin({ request, answer, within, excuses, name = 'answered', text, kinds }: AnsweredWithin): ResponseProperty {
  const monitor = { trigger: request, response: answer, ...(excuses === undefined ? {} : { excuses }) };
  return responds(name, text ?? 'Each request is answered.', durationOf(within), () => monitor, kinds);
}

// ── once, and in order ──────────────────────────────────────────────────────────────────────────────────────────────

export interface AtMostOnce extends Described {
  /** The key of what is done here. */
  readonly what: Selector<string>;
}

/** Nothing is done twice. */
export function atMostOnce({ what, name = 'at-most-once', text = 'Nothing is done twice.', kinds }: AtMostOnce): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const done = new Map<string, TraceEvent>();
      return {
        see: event => {
          const key = what(event);
          if (key === undefined) return undefined;
          const before = done.get(key);
          if (before !== undefined) return `${shown(key)} is done again by ${placed(event)}; it was by ${placed(before)}`;
          done.set(key, event);
          return undefined;
        },
      };
    },
    kinds,
  );
}

/** One of a sequence: items of one key have an order among themselves. */
export interface InSequence {
  readonly key: string;
  readonly item: string | number;
}

export interface InOrder extends Described {
  readonly sent: Selector<InSequence>;
  readonly received: Selector<InSequence>;
  /** Whether some may be missing among those received; default yes. */
  readonly gaps?: boolean;
}

/** What is received of a key was sent, and comes in the order in which it was sent; nothing more often than it was sent. */
export function inOrder({ sent, received, gaps = true, name = 'in-order', text, kinds }: InOrder): AlwaysProperty {
  const sentence = text ?? `What is received comes in the order in which it was sent${gaps ? '' : ', and nothing of it is missing'}.`;
  return always(
    name,
    sentence,
    () => {
      const lines = new Map<string, { readonly items: { readonly item: string | number; readonly event: TraceEvent }[]; next: number }>();
      const lineOf = (key: string) => {
        const line = lines.get(key) ?? { items: [], next: 0 };
        lines.set(key, line);
        return line;
      };
      return {
        see: event => {
          const put = sent(event);
          if (put !== undefined) lineOf(put.key).items.push({ item: put.item, event });
          const got = received(event);
          return got === undefined ? undefined : judge(got, event);
        },
      };
      function judge({ key, item }: InSequence, event: TraceEvent): string | undefined {
        const line = lineOf(key);
        const place = line.items.findIndex((each, index) => index >= line.next && each.item === item);
        const what = `${shown(String(item))} of ${shown(key)}`;
        if (place < 0) {
          const early = line.items.find(each => each.item === item);
          const before = line.items[line.next - 1];
          if (early === undefined) return `nobody has sent ${what}, which is received by ${placed(event)}`;
          return `${what}, sent by ${placed(early.event)}, is received by ${placed(event)} after ${shown(String(before?.item))}, sent by ${placed(before?.event ?? event)}`;
        }
        const missing = line.items[line.next];
        const skipped = place > line.next;
        line.next = place + 1;
        if (gaps || !skipped || missing === undefined) return undefined;
        return `${what} is received by ${placed(event)} without ${shown(String(missing.item))} before it, sent by ${placed(missing.event)}`;
      }
    },
    kinds,
  );
}

// ── readers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Entry {
  readonly key: string;
  readonly value: string | number | boolean | null;
}

export interface EventuallyConsistent extends Described {
  /** The value that a key has from here on. */
  readonly write: Selector<Entry>;
  /** The value that somebody is shown. */
  readonly read: Selector<Entry>;
  /** How old a value may be that somebody is shown. */
  readonly within: Span;
}

/**
 * Once faults are healed and `within` has passed, whoever reads is shown a value that the key had not longer than `within` ago. What
 * is read of a key before anybody has written it is not judged.
 */
export function eventuallyConsistent({
  write,
  read,
  within,
  name = 'eventually-consistent',
  text,
  kinds,
}: EventuallyConsistent): AlwaysProperty {
  const age = durationOf(within);
  const sentence = text ?? `Readers are shown what was written, no older than ${formatTime(age)}.`;
  return always(
    name,
    sentence,
    () => {
      let healed: Instant | undefined;
      /** Of each key, the newest last. */
      const written = new Map<string, { readonly value: Entry['value']; readonly event: TraceEvent }[]>();
      const valuesOf = (key: string) => {
        const values = written.get(key) ?? [];
        written.set(key, values);
        return values;
      };
      return {
        see: event => {
          if (event.kind === 'phase' && event.data?.['name'] === 'heal') healed = event.time;
          const put = write(event);
          if (put !== undefined) valuesOf(put.key).push({ value: put.value, event });
          const got = read(event);
          return got === undefined || healed === undefined || event.time - healed < age ? undefined : judge(got, event);
        },
      };
      function judge({ key, value }: Entry, event: TraceEvent): string | undefined {
        const all = valuesOf(key);
        const since = event.time - age;
        // The first that was still there `within` ago.
        const first = all.findLastIndex(each => each.event.time <= since);
        const last = all.at(-1);
        if (first < 0 || last === undefined || all.slice(first).some(each => each.value === value)) return undefined;
        const now = `${shown(String(last.value))}, written by ${placed(last.event)}`;
        const old = all.findLast(each => each.value === value);
        const whence = old === undefined ? 'which nobody has written' : `written by ${placed(old.event)}`;
        return `${shown(key)} is ${shown(String(value))} to ${placed(event)}, ${whence}; it is ${now}`;
      }
    },
    kinds === undefined ? undefined : [...kinds, 'phase'],
  );
}
