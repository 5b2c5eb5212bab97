/**
 * What events say beside their bytes, without what nobody may see: names of machines, addresses, paths, arguments, texts and numbers. What a
 * kernel says of itself stays (signals, errors, numbers of processes, timers and descriptors), by kind and key; the rest is replaced.
 * Lacks: times, which stay.
 */
import type { EventData, EventValue } from '../../host/event.ts';
import { HOLE } from '../decoded.ts';
import type { EventKind, TraceEvent } from '../event.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** What may stay, an allow-list: the keys of each kind, and those of all. */
const PUBLIC: Readonly<Partial<Record<EventKind, readonly string[]>>> = {
  start: ['parent'],
  spawn: ['child'],
  wait: ['child', 'code', 'signal'],
  exit: ['code', 'signal'],
  kill: ['target', 'signal'],
  signal: ['signal', 'action'],
  mask: ['how', 'signals'],
  alarm: ['delay'],
  timer: ['id', 'delay'],
  fire: ['id'],
  cancel: ['id'],
  pipe: ['read', 'write'],
  attach: ['fd', 'direction'],
  release: ['fd'],
  inquire: ['of'],
  random: ['of'],
  log: ['severity', 'event'],
  phase: ['name'],
  fault: ['fault', 'kind', 'step'],
  choice: ['source', 'of', 'value', 'owner', 'by'],
  power: ['state'],
  check: ['property', 'holds'],
};
const ALWAYS: readonly string[] = ['midway'];
/** A public value is a number, a truth value, one word, or names of signals: a sentence of somebody's is none. */
const WORDS = /^(?:[A-Za-z][\w.-]{0,39}|(?:SIG[A-Z\d]{1,12}(?: |$))*)$/;
/** Also bytes that are missing in a capture say how many. */
const HOLE_KEYS: readonly string[] = ['bytes'];

export interface SaidOptions {
  readonly pseudonyms: Pseudonyms;
  /** Programs whose names anybody may see: those of the protocol. */
  readonly programs: ReadonlySet<string>;
}

export class Said {
  readonly #pseudonyms: Pseudonyms;
  readonly #programs: ReadonlySet<string>;

  constructor({ pseudonyms, programs }: SaidOptions) {
    this.#pseudonyms = pseudonyms;
    this.#programs = programs;
  }

  /** `machine/program.pid`, or of a capture `address/port` and `address/client`. */
  process(name: string): string {
    if (name === '') return '';
    const [, machine = '', program = '', pid = ''] = /^(?:(.*)\/)?(.*?)(\.\d+)?$/s.exec(name) ?? [];
    const who = this.#isPublic(program) ? program : this.#pseudonyms.text(program);
    return `${machine === '' ? '' : `${this.#machine(machine)}/`}${who}${pid}`;
  }

  #isPublic = (program: string): boolean => program === 'client' || /^\d{0,5}$/.test(program) || this.#programs.has(program);
  #machine = (name: string): string => (isAddress(name) ? this.#pseudonyms.address(name) : this.#pseudonyms.text(name));

  /** Those of a Host are its own; what somebody else called one is replaced. */
  channel(name: string): string {
    return CHANNEL.test(name) ? name : this.#pseudonyms.text(name);
  }

  data({ kind, data }: TraceEvent): EventData | undefined {
    if (data === undefined) return undefined;
    const isHole = kind === 'log' && data['event'] === HOLE;
    const open = [...ALWAYS, ...(PUBLIC[kind] ?? []), ...(isHole ? HOLE_KEYS : [])];
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        /^[A-Za-z][\w.-]{0,39}$/.test(key) ? key : this.#pseudonyms.text(key),
        (open.includes(key) && isPlain(value)) || isErrorCode(key, value) || this.#isProgram(key, value) ? value : this.#replaced(value),
      ]),
    );
  }

  #isProgram = (key: string, value: EventValue): boolean => key === 'program' && typeof value === 'string' && this.#programs.has(value);

  #replaced(value: EventValue): EventValue {
    if (typeof value === 'boolean') return false;
    if (typeof value === 'number') return this.#pseudonyms.number(value);
    const [, unix] = /^unix:(.*)$/s.exec(value) ?? [];
    if (unix !== undefined) return `unix:${this.#path(unix)}`;
    const [, host = '', port] = /^\[?([\d.]+|[\da-fA-F:]*:[\da-fA-F:.]*)\]?(:\d{1,5})?$/.exec(value) ?? [];
    if (isAddress(host)) return value.replace(host, this.#pseudonyms.address(host));
    if (port === undefined && value.startsWith('/')) return this.#path(value);
    return this.#pseudonyms.text(value);
  }

  /** A name on the way is the same name elsewhere. */
  #path(path: string): string {
    return path
      .split('/')
      .map(name => (name === '' || name === '.' || name === '..' ? name : this.#pseudonyms.text(name)))
      .join('/');
  }
}

/** `tcp4>`, `pipe2`, `udp1`, and the standard streams. */
const CHANNEL = /^(?:tcp|unix|pipe|udp|out|err|in|stdin|stdout|stderr)?\d*[<>]?$/;
const isPlain = (value: EventValue): boolean => typeof value !== 'string' || WORDS.test(value);
/** As POSIX has them. */
const isErrorCode = (key: string, value: EventValue): boolean => key === 'error' && /^E[A-Z0-9]{1,19}$/.test(String(value));
const isAddress = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || (/^[\da-fA-F:.]+$/.test(text) && text.split(':').length > 2);
