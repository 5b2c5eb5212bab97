/**
 * The words that the cases of both roles are written in.
 */
import { hex } from '../../src/host/bytes.ts';
import type { Duration } from '../../src/host/time.ts';
import { millis, seconds } from '../../src/host/time.ts';
import type { FieldPattern, Pattern, Step } from '../case.ts';
import { among, citing, counted, ENDS, expects, expectsIn, KILL, one, quiet, START, WITHIN } from '../steps.ts';
import type { Report } from './report.ts';
import { encodeReport } from './report.ts';

export * from '../steps.ts';

/** UDP: on the port of the case, and on another one. */
export const WHO = 'who';
export const STRANGER = 'stranger';
/** What the spool holds, and what the readers show: each of these is run once in a case. */
export const RECORD = 'record';
export const HOSTS = 'hosts';
export const PEOPLE = 'people';

export const SPOOL = 'spool';
/** For what is there or is not. */
const AT_ONCE: Duration = millis(200);
export const DEADLINE: Duration = seconds(40);

/** Some second of 2026; nobody has to believe it. */
export const NOW = 1_790_000_000;
const ALPHA: Report = {
  host: 'alpha',
  send: NOW,
  boot: NOW - 86_400,
  load: [115, 139, 131],
  people: [],
  version: 1,
  type: 1,
  pad: 0,
  stamp: 0,
  tail: '',
};
export const report = (changed: Partial<Report> = {}): Uint8Array => encodeReport({ ...ALPHA, ...changed });

/** Every case ends like this. */
export const OVER: readonly Step[] = [KILL, ENDS];

export const reportWith = (name: string, fields: Readonly<Record<string, FieldPattern>> = {}): Pattern => ({
  type: 'report',
  fields,
  name,
});
export const ANY_REPORT: Pattern = reportWith('a report');

/** The next report. */
export const hears = (pattern: Pattern = ANY_REPORT, within: Duration = WITHIN): Step => expectsIn(within, WHO, one(pattern));
/** The next report, of which these fields are kept under their own names. */
export const keeps = (...fields: readonly string[]): Step =>
  expects(WHO, { ...one(ANY_REPORT), save: fields.map(field => ({ field, as: field })) });
/** It says of itself that it is there: whoever sends before that may send to nobody. Of a receiver it is not required. */
export const BEGUN: readonly Step[] = [START, { ...hears(), setup: true }];
export const reports = (least: number, most: number, pattern: Pattern = ANY_REPORT): Step => counted(WHO, pattern, least, most);
/** Among the reports so far. */
export const heard = (pattern: Pattern): Step => ({ verb: 'expect-count', channel: WHO, message: pattern, least: 1 });
export const unsaid = (lasting: Duration): Step => quiet(lasting, WHO);
/** Only time goes by. */
export const waits = (lasting: Duration): Step => quiet(lasting, STRANGER);
/** The same by the date, which readers go by. */
export const ages = (lasting: Duration): Step => ({ verb: 'expect-silence', channels: [STRANGER], lasting, clock: 'wall' });

export const sends = (bytes: Uint8Array, channel: string = WHO): Step => ({ verb: 'send', channel, hex: hex(bytes) });
export const tells = (changed: Partial<Report> = {}, channel: string = WHO): Step => sends(report(changed), channel);

/** A file of the spool, by the name of its host. */
export const record = (host: string): string => `${SPOOL}/whod.${host}`;
const content = (host: string, message: Pattern, within: Duration): Step => ({
  verb: 'expect-content',
  path: record(host),
  channel: RECORD,
  message,
  within,
});
export const stored = (host: string, fields: Readonly<Record<string, FieldPattern>> = {}): Step =>
  content(host, reportWith(`the report of ${host}`, { host, ...fields }), WITHIN);
/** After a barrier: there is nothing to wait for. */
export const still = (host: string, fields: Readonly<Record<string, FieldPattern>>): Step =>
  content(host, reportWith(`the report of ${host} that was there`, { host, ...fields }), AT_ONCE);
/** Of the machine itself, once `keeps` has its name. */
export const storedOwn = (): Step => content('{host}', reportWith('its own report'), WITHIN);
export const stillOwn = (fields: Readonly<Record<string, FieldPattern>>): Step =>
  content('{host}', reportWith('its own report, and not the forged one', fields), AT_ONCE);
export const absent = (host: string): Step => ({ verb: 'expect-file', path: record(host), within: WITHIN });
/** A report that nothing is wrong with has been kept; what the case is about comes after it. */
export const kept = (host: string, fields: Readonly<Record<string, FieldPattern>> = {}): Step =>
  citing('rwho.receiver.keeps', stored(host, fields));
/** What came before it has been dealt with: datagrams of one sender over a loopback keep their order. */
export const barrier = (name = 'barrier'): readonly Step[] => [tells({ host: name }), citing('rwho.receiver.survives', stored(name))];

/** Nothing is required of a reader but what it shows. */
export const asks = (reader: 'ruptime' | 'rwho'): Step => ({
  verb: 'ask',
  reader,
  channel: reader === 'ruptime' ? HOSTS : PEOPLE,
  within: WITHIN,
  setup: true,
});
export const shows = (host: string, fields: Readonly<Record<string, FieldPattern>> = {}): Step =>
  among(HOSTS, { type: 'host', fields: { host, ...fields }, name: `a line for ${host}` });
export const lines = (host: string, count: number): Step =>
  counted(HOSTS, { type: 'host', fields: { host }, name: `a line for ${host}` }, count, count);
export const person = (user: string, fields: Readonly<Record<string, FieldPattern>> = {}): Pattern => ({
  type: 'person',
  fields: { user, ...fields },
  name: `a line for ${user}`,
});
export const tellsOf = (pattern: Pattern): Step => among(PEOPLE, pattern);
export const people = (pattern: Pattern, count: number): Step => counted(PEOPLE, pattern, count, count);
