/**
 * One rwhod: what came to it last, and what it has done since. When the next thing comes, what it did is judged.
 */

import { equalBytes } from '../../../src/host/bytes.ts';
import { compareCodeUnits } from '../../../src/host/order.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { between, bytesOf, calledBy, isName, PEOPLE_MOST, type Report, reportIn } from './layout.ts';
import { oddLine } from './lines.ts';
import { fileOf, type MachineModel } from './machine.ts';
import { type Options, optionsIn } from './options.ts';
import { hostAt, type Placement, placementsIn } from './placing.ts';
import { Refusals } from './refusals.ts';
import { type Fate, Standing } from './standing.ts';
import { Telling } from './telling.ts';
import { Ways } from './ways.ts';

const SECOND = 1_000_000;
/** Seconds that a clock may be off without being noticed, before and after; and what is rounded away. */
const UNNOTICED = 5;
const HEADER_BYTES = 60;
/** Lines of the log that tell of no refusal. */
const EVENTS: readonly unknown[] = ['clock-set', 'neighbour-learned', 'record-evicted', 'not-sent', 'stopped'];
/** Refusals that depend on what was on the disk; and what is told of a datagram later. */
const UNSURE: readonly string[] = ['spool-full', 'name-clash', 'own-name', 'not-sent'];
/** What the log says before each exit that is not asked for, by status. */
const LAST_WORDS: Readonly<Record<number, readonly string[]>> = { 1: ['spool-unreadable', 'not-bound'], 2: ['usage'] };

const eventOf = ({ data }: TraceEvent): string => String(data?.['event']);

export class ServerModel {
  readonly #machine: MachineModel;
  /** By host, what its record holds. */
  readonly #records: Map<string, Report>;
  readonly #options: Options;
  readonly #standing: Standing;
  readonly #refusals: Refusals;
  readonly #ways: Ways;
  #telling: Telling | undefined;
  #cause: TraceEvent;
  #done: TraceEvent[] = [];
  #name = '';
  /** The last own report. */
  #own: Report | undefined;
  /** Wall clock less true time at the last answer, and seconds by which it was found set since. */
  #ahead: number | undefined;
  #counted = 0;
  /** Seconds by which the stamps of records are still to be moved. */
  readonly #owed: Map<string, number> = new Map();

  constructor(machine: MachineModel, args: string, start: TraceEvent) {
    this.#machine = machine;
    this.#options = optionsIn(args);
    this.#standing = new Standing(this.#options.records);
    this.#refusals = new Refusals(this.#options.interval);
    this.#ways = new Ways(this.#options, () => machine.interfaces);
    this.#records = new Map(machine.disk.records.map(each => [each.host, each]));
    this.#cause = start;
  }

  excuse(time: number): void {
    this.#telling?.excuse(time);
    this.#refusals.excuse(time);
  }

  clockSet(time: number): void {
    this.#telling?.clockSet(time);
  }

  comes(event: TraceEvent): string | undefined {
    const why = this.judge(event.time);
    this.#cause = event;
    this.#done = [];
    if (event.kind === 'bind') this.#telling = new Telling(this.#options.interval, event.time);
    if (event.kind === 'fire') this.#refusals.fired();
    if (event.kind === 'fire') this.#ways.fired();
    return why;
  }

  does(event: TraceEvent): string | undefined {
    const { kind, data, time } = event;
    this.#done.push(event);
    if (kind === 'log' && data?.['event'] === 'clock-set') this.#counted += Number(data['seconds']);
    if (kind === 'log' && data?.['event'] === 'neighbour-learned') return this.#ways.learned(String(data['address']), time);
    if (data?.['of'] === 'hostname') this.#name = calledBy(String(data['answer']));
    return data?.['of'] === 'boot' ? this.#clock(Number(data['answer'])) : undefined;
  }

  #clock(booted: number): string | undefined {
    const { wall } = this.#machine;
    const wrong = wall.answer(booted);
    const ahead = wall.at(0);
    const missed = (ahead - (this.#ahead ?? ahead)) / SECOND - this.#counted;
    this.#ahead = ahead;
    this.#counted = 0;
    return wrong ?? (Math.abs(missed) < UNNOTICED ? undefined : `the clock was set by ${missed} s more than it saw`);
  }

  // ── its end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  ends({ data, time }: TraceEvent): string | undefined {
    const { code, signal } = data ?? {};
    if (signal === 'SIGKILL') return this.#killed(time);
    if (signal !== undefined) return `it dies of ${String(signal)}`;
    const asked = this.#cause.kind === 'signal' && this.#logged('stopped');
    const said = LAST_WORDS[Number(code)]?.some(each => this.#logged(each));
    const line = this.#oddLine();
    if (line !== undefined) return line;
    if (code !== 2 && this.#options.wrong.length > 0) return `it takes ${this.#options.wrong[0]}`;
    return (code === 0 ? asked : said) === true ? undefined : `it exits with status ${String(code)}`;
  }

  /** What it did at that very moment may be a part of what it had to do. */
  #killed(time: number): string | undefined {
    return (this.#done.at(-1) ?? this.#cause).time === time ? undefined : this.judge(time);
  }

  #oddLine(): string | undefined {
    const occasion = { cause: this.#cause, done: this.#done, options: this.#options, name: this.#name };
    for (const line of this.#lines) {
      const why = oddLine(line, occasion);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #logged(event: string): boolean {
    return this.#lines.some(each => eventOf(each) === event);
  }

  get #lines(): readonly TraceEvent[] {
    return this.#done.filter(({ kind }) => kind === 'log');
  }

  get #sent(): readonly TraceEvent[] {
    return this.#done.filter(({ kind }) => kind === 'datagram');
  }

  // ── what it has done ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether it has done what had to be done since the last thing came to it. */
  judge(time: number): string | undefined {
    const placed = placementsIn(this.#done);
    if (typeof placed === 'string') return placed;
    const { kind, data } = this.#cause;
    const line = this.#oddLine();
    if (line !== undefined) return line;
    if (kind === 'bind' && this.#options.wrong.length > 0) return `it takes ${this.#options.wrong[0]}`;
    if (kind === 'bind' && data?.['error'] !== undefined) return 'it is not bound, and goes on';
    if (kind === 'start') return this.#loaded(placed);
    if (kind === 'signal') return data?.['signal'] === 'SIGHUP' && this.#done.length > 0 ? 'SIGHUP makes it do something' : undefined;
    const fresh = this.#restamped(placed);
    if (typeof fresh === 'string') return fresh;
    const why = kind === 'receive' ? this.#received(fresh) : this.#reported(fresh);
    return why ?? this.#tooMany() ?? this.#telling?.overdue(time);
  }

  /** R6, whatever was found at the start. */
  #tooMany(): string | undefined {
    const { size } = this.#records;
    return size > this.#options.records && !this.#standing.unclear
      ? `${size} records are kept, and there is room for ${this.#options.records}`
      : undefined;
  }

  /** What an earlier rwhod left: the newest, as many as there is room for; what is of the future is of now. */
  #loaded(placed: readonly Placement[]): string | undefined {
    const { disk, wall } = this.#machine;
    const records = this.#records;
    const { time } = this.#cause;
    const now = wall.now(time);
    if (records.size === 0 && disk.sure) return undefined;
    if (!disk.sure || now === undefined || !wall.exact || this.#done.some(({ data }) => data?.['error'] !== undefined)) {
      this.#standing.unclear = true;
      for (const each of placed) this.#place(each);
      return undefined;
    }
    const found = [...records.values()].map(report => ({ report, silent: between(report.stamp, now) }));
    for (const { report, silent } of found) {
      const anew = placed.find(({ host }) => host === report.host);
      if (silent < 0 !== (anew !== undefined)) return `the record of ${report.host}, which is ${silent} s old, is stamped wrongly`;
      if (anew !== undefined && !equalBytes(anew.bytes, fileOf(report, now | 0))) return `the record of ${report.host} has changed`;
      if (anew !== undefined) this.#place(anew);
    }
    found.sort((one, other) => other.silent - one.silent || compareCodeUnits(one.report.host, other.report.host));
    const removed: string[] = [];
    for (const { report, silent } of found) {
      const oldest = this.#standing.isFull ? this.#standing.evicted(time, 0) : undefined;
      if (oldest !== undefined) removed.push(oldest);
      this.#forget(oldest);
      this.#standing.hears({ host: report.host, sent: report.sent, booted: report.booted, heard: time - Math.max(0, silent) * SECOND });
    }
    return this.#removed(removed);
  }

  /** Records whose stamps are moved because the clock was set (R8). Gives what else was put into place. */
  #restamped(placed: readonly Placement[]): readonly Placement[] | string {
    const set = this.#lines.find(each => eventOf(each) === 'clock-set');
    const seconds = Number(set?.data?.['seconds'] ?? 0);
    const fresh: Placement[] = [];
    const moved = new Set<string>();
    let failed = this.#done.filter(
      each => each.kind === 'read' && each.index < (set?.index ?? 0) && isRefused(each.data?.['error']),
    ).length;
    for (const each of placed) {
      const report = reportIn(each.bytes, 'file');
      const before = report === undefined ? undefined : this.#records.get(report.host);
      const first = set !== undefined && each.begun.index < set.index;
      // Of what a power cut left nobody knows what it was.
      const owed = this.#cause.kind === 'fire' && report?.host !== this.#name;
      if (this.#standing.unclear && before === undefined && (first || owed)) continue;
      const again = before !== undefined && equalBytes(each.bytes, fileOf(before, report?.stamp ?? 0));
      if (report === undefined || !again || (set === undefined && !this.#owed.has(report.host))) {
        fresh.push(each);
        continue;
      }
      moved.add(report.host);
      if (first && each.failed) failed += 1;
      // What is owed is tried once more in the same moment.
      const by = (first ? seconds : 0) + (this.#owed.get(report.host) ?? 0);
      if (between(before.stamp, report.stamp) !== (by | 0)) return `a stamp of ${report.host} is not moved by ${by} s`;
      if (each.failed) this.#owed.set(report.host, by);
      else this.#owed.delete(report.host);
      if (!each.failed) this.#place(each);
    }
    if (set === undefined || this.#standing.unclear) return fresh;
    const { records, failed: told } = set.data ?? {};
    if (records !== this.#standing.known.size || told !== failed)
      return `of ${this.#standing.known.size} records ${failed} are not moved, and its log says ${String(told)} of ${String(records)}`;
    return this.#unmoved(moved, seconds) ?? fresh;
  }

  /** Every record is stamped anew, or was not to be read. */
  #unmoved(moved: ReadonlySet<string>, seconds: number): string | undefined {
    const unread = new Set(
      this.#done.flatMap(({ kind, data }) => (kind === 'read' && data?.['error'] !== undefined ? [hostAt(data['path'])] : [])),
    );
    for (const host of this.#records.keys()) {
      if (moved.has(host)) continue;
      if (!unread.has(host)) return `the clock is set, and the record of ${host} is as it was`;
      this.#owed.set(host, seconds + (this.#owed.get(host) ?? 0));
    }
    return undefined;
  }

  #place({ bytes }: Placement): void {
    const report = reportIn(bytes, 'file');
    if (report !== undefined) this.#records.set(report.host, report);
  }

  // ── what it hears ─────────────────────────────────────────────────────────────────────────────────────────────────

  #received(fresh: readonly Placement[]): string | undefined {
    const { bytes = new Uint8Array(0), data, time } = this.#cause;
    const from = String(data?.['from']);
    const said = reportIn(bytes, 'wire');
    const refused = this.#refused(bytes, from, said);
    if (said === undefined || refused !== undefined) return this.#nothing(fresh, refused ?? 'passed over');
    const fate = this.#standing.fate(said, time, this.#machine.wall.exact);
    if (said.host === this.#name) return this.#nothing(fresh, this.#ownName(said, fate));
    const unheard = this.#ways.heard(from, time);
    if (unheard !== undefined) return unheard;
    if (fate === 'newcomer' || fate === 'newer') return this.#taken(said, fate, fresh, from);
    if (fate !== 'unclear') return this.#nothing(fresh, fate);
    return fresh.length > 0 ? this.#taken(said, fate, fresh, from) : this.#perhaps();
  }

  /** It may be refused, for a reason that needs what nobody knows. */
  #perhaps(): undefined {
    for (const slug of UNSURE) if (this.#logged(slug)) this.#refusals.refused(slug, true, this.#cause.time);
  }

  /** The checks of R3 that need no memory. */
  #refused(bytes: Uint8Array, from: string, said: Report | undefined): string | undefined {
    if (!from.endsWith(`:${this.#options.port}`)) return 'bad-port';
    if (bytes.length < HEADER_BYTES) return bytes.length === 0 ? 'passed over' : 'short';
    if (said?.version !== 1 || said.type !== 1) return 'bad-version';
    return isName(said.host) ? undefined : 'bad-name';
  }

  /** What was told by this machine itself comes back. */
  #ownName(said: Report, fate: Fate): string {
    const echo = fate === 'passed over' && (this.#own?.sent === said.sent || Math.abs(between(this.#own?.booted ?? 0, said.booted)) <= 5);
    return echo || fate === 'unclear' ? fate : 'own-name';
  }

  /** Nothing is kept and nothing is passed on; `why` may be a line of the log. */
  #nothing(fresh: readonly Placement[], why: string): string | undefined {
    if (fresh.length > 0) return `a report that is to be ${why} is kept`;
    if (this.#sent.length > 0) return `a report that is to be ${why} is passed on`;
    if (this.#done.some(({ kind, data }) => kind === 'unlink' && hostAt(data?.['path']) !== undefined))
      return `a record is removed, for a report that is to be ${why}`;
    return why === 'unclear' ? undefined : this.#refusal(why === 'passed over' ? undefined : why);
  }

  /** The lines of the log are of these refusals, at most one of each. */
  #refusal(...slugs: readonly (string | undefined)[]): string | undefined {
    const lines = this.#lines.map(eventOf).filter(each => !EVENTS.includes(each));
    const odd = lines.find((each, index) => !slugs.includes(each) || lines.indexOf(each) !== index);
    if (odd !== undefined) return `the log says ${odd}`;
    for (const slug of slugs) {
      const why = slug === undefined ? undefined : this.#refusals.refused(slug, lines.includes(slug), this.#cause.time);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #taken(said: Report, fate: Fate, fresh: readonly Placement[], from: string): string | undefined {
    const { time, bytes } = this.#cause;
    const { host, sent, booted } = said;
    const wrong = this.#roomFor(host) ?? this.#kept(said, fresh);
    if (wrong !== undefined) return wrong;
    this.#standing.hears({ host, sent, booted, heard: time });
    if (fate !== 'newer') this.#telling?.newcomer(time, fate === 'newcomer');
    if (!this.#options.forwards) return this.#sent.length > 0 ? `a report of ${host} is passed on` : undefined;
    // What an earlier rwhod of this machine passed on may come back to it.
    if (this.#standing.unclear && this.#sent.length === 0) return undefined;
    const changed = this.#sent.some(each => bytes === undefined || each.bytes === undefined || !equalBytes(each.bytes, bytes));
    return changed ? `a report of ${host} is passed on changed` : this.#ways.passedOn(host, from, this.#sent, time);
  }

  /** A host that is down makes room for another; for the own record, whoever was heard first does. */
  #roomFor(host: string): string | undefined {
    if (this.#standing.unclear) {
      for (const { kind, data } of this.#done) if (kind === 'unlink') this.#forget(hostAt(data?.['path']));
      return undefined;
    }
    const isNew = this.#standing.isFull && !this.#standing.known.has(host);
    const silent = isNew ? this.#standing.evicted(this.#cause.time, host === this.#name ? 0 : undefined) : undefined;
    this.#forget(silent);
    return this.#removed(silent === undefined ? [] : [silent]);
  }

  /** These records are removed, to make room, and no others. */
  #removed(hosts: readonly string[]): string | undefined {
    const removed = this.#done.flatMap(({ kind, data }) => (kind === 'unlink' ? (hostAt(data?.['path']) ?? []) : []));
    return removed.join(' ') === hosts.join(' ')
      ? undefined
      : `the records of '${removed.join(' ')}' are removed, and not of '${hosts.join(' ')}'`;
  }

  #forget(host: string | undefined): void {
    if (host === undefined) return;
    this.#standing.known.delete(host);
    this.#records.delete(host);
    this.#owed.delete(host);
  }

  /** One record is kept: of this report, stamped now. */
  #kept(report: Report, fresh: readonly Placement[], own?: 'sent' | 'no-way-out'): string | undefined {
    const [placed, other] = fresh;
    if (placed === undefined) return `a report of ${report.host} is not kept`;
    const stamp = reportIn(placed.bytes, 'file')?.stamp ?? 0;
    if (other !== undefined || (placed.host ?? report.host) !== report.host) return `more than the record of ${report.host} is written`;
    if (!equalBytes(placed.bytes, fileOf(report, stamp))) return `the record of ${report.host} is not what was said`;
    if (!placed.failed) this.#place(placed);
    if (!placed.failed) this.#owed.delete(report.host);
    const refusals = [placed.failed ? 'not-written' : undefined, own === 'no-way-out' ? own : undefined];
    return this.#machine.wall.wrong(stamp, placed.begun.time, own !== undefined) ?? this.#refusal(...refusals);
  }

  // ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────

  #reported(fresh: readonly Placement[]): string | undefined {
    const counted = this.#counts();
    const asked = (of: string): TraceEvent | undefined => this.#done.findLast(({ data }) => data?.['of'] === of);
    const logins = asked('logins');
    if (counted !== undefined) return counted;
    if (logins === undefined) return fresh.length > 0 || this.#sent.length > 0 ? 'something is told of nobody' : undefined;
    const { wall } = this.#machine;
    // Who was stopped amid all this goes on later.
    const { time } = logins;
    const count = Number(logins.data?.['answer']) || 0;
    const actual = reportIn(this.#sent[0]?.bytes, 'wire') ?? reportIn(fresh[0]?.bytes, 'file');
    const report: Report = {
      version: 1,
      type: 1,
      sent: Math.floor(wall.at(time) / SECOND) | 0,
      stamp: 0,
      host: this.#name,
      loads: String(asked('load')?.data?.['answer']).split(' ').map(Number),
      booted: Math.floor(Number(asked('boot')?.data?.['answer']) / SECOND) | 0,
      people: (this.#machine.people(count, wall.at(time)) ?? actual?.people ?? []).slice(0, PEOPLE_MOST),
    };
    return (
      this.#telling?.report(time) ??
      (isName(report.host) ? this.#says(report, time, count, fresh) : this.#nothing(fresh, 'own-name-unusable'))
    );
  }

  #says(report: Report, time: number, count: number, fresh: readonly Placement[]): string | undefined {
    const drifted = this.#machine.wall.exact ? undefined : reportIn(fresh[0]?.bytes, 'file')?.sent;
    const said = { ...report, sent: drifted ?? report.sent };
    const expected = bytesOf(said, 'wire');
    if (said.people.length !== Math.min(count, PEOPLE_MOST)) return `${said.people.length} people are told of, and there are ${count}`;
    if (this.#own?.sent === said.sent) return 'two reports are made in one second';
    if (this.#sent.some(({ bytes }) => bytes === undefined || !equalBytes(bytes, expected))) return 'a report is not what the machine is';
    this.#own = said;
    const wrong = this.#roomFor(said.host);
    if (wrong !== undefined) return wrong;
    this.#standing.hears({ host: said.host, sent: said.sent, booted: said.booted, heard: time });
    return this.#kept(said, fresh, this.#sent.length > 0 ? 'sent' : 'no-way-out') ?? this.#ways.told(this.#sent, time);
  }

  /** Lines that tell how many more there were. */
  #counts(): string | undefined {
    const unsure = this.#standing.unclear ? UNSURE : ['not-sent'];
    for (const { data } of this.#lines) {
      const slug = String(data?.['event']);
      const why = data?.['more'] === undefined ? undefined : this.#refusals.counted(slug, Number(data['more']), !unsure.includes(slug));
      if (why !== undefined) return why;
    }
    this.#done = this.#done.filter(({ data }) => data?.['more'] === undefined);
    return undefined;
  }
}

/** What is not there nobody finds. */
const isRefused = (error: unknown): boolean => error !== undefined && error !== 'ENOENT';
