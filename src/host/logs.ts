/**
 * What a daemon logs, declared once: `const log = logs({ answered: { right: 'boolean', id: 'number' } })`. The daemon writes
 * `log(host).answered({ right: true, id: 4 })`, a property reads `log.answered.of(event)?.right`, and the compiler knows both.
 * Lacks: fields that may be absent; log another event.
 */
import type { EventData } from './event.ts';
import type { Host, LogFields, Severity } from './host.ts';

const SEVERITIES: ReadonlySet<string> = new Set<Severity>(['debug', 'info', 'warning', 'error', 'critical']);

/** Throws an Error for what is no severity: the compiler rejects it, and a program that was not compiled hears it here. */
export function requireSeverity(severity: Severity): void {
  if (!SEVERITIES.has(severity)) throw new Error(`no severity ${String(severity)}: ${[...SEVERITIES].join(', ')}`);
}

const TYPES: ReadonlySet<string> = new Set<keyof FieldTypes>(['string', 'number', 'boolean']);

interface FieldTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
}
/** The fields of an event, each with what it is, in the words of `typeof`. */
export type LogForm = Readonly<Record<string, keyof FieldTypes>>;
/** A record of that form. */
export type Logged<Form extends LogForm> = { readonly [Name in keyof Form]: FieldTypes[Form[Name]] };

type Written<Form extends LogForm> = (...fields: keyof Form extends never ? [] : [fields: Logged<Form>]) => void;

export interface LogReader<Form extends LogForm> {
  /** What was logged, if this event is a log of this name with these fields; it may have more. Any event may be asked. */
  of(event: { readonly kind: string; readonly data: EventData | undefined }): Logged<Form> | undefined;
}

/** Called with a Host it writes; its members read. */
export type Logs<Forms extends Readonly<Record<string, LogForm>>> = ((host: Pick<Host, 'log'>) => {
  readonly [Name in keyof Forms]: Written<Forms[Name]>;
}) & { readonly [Name in keyof Forms]: LogReader<Forms[Name]> };

/**
 * `forms`: by the name of the event, a slug that never changes. Throws an Error for a field that a log cannot have, and for a type that no
 * field has; what it gives throws one for a field that is not as it was declared.
 */
export function logs<const Forms extends Readonly<Record<string, LogForm>>>(forms: Forms, severity: Severity = 'info'): Logs<Forms> {
  const entries = Object.entries(forms);
  for (const [name, form] of entries) {
    const own = Object.keys(form).find(field => field === 'event' || field === 'severity');
    if (own !== undefined) throw new Error(`the log ${name} cannot have a field ${own}: every log has one`);
    const odd = Object.entries(form).find(([, type]) => !TYPES.has(type));
    if (odd !== undefined) throw new Error(`the log ${name} cannot have a field of type ${odd[1]}: ${odd[0]}`);
  }
  requireSeverity(severity);
  const write = ({ log }: Pick<Host, 'log'>) =>
    Object.fromEntries(
      entries.map(([name, form]) => [
        name,
        (fields: LogFields = {}) => {
          requireForm(name, form, fields);
          log(severity, name, fields);
        },
      ]),
    );
  const readers = entries.map(([name, form]) => [name, { value: { of: readerOf(name, form) }, enumerable: true }]);
  // Defined and not assigned: a function has a name and a length of its own.
  return Object.defineProperties(write, Object.fromEntries(readers)) as unknown as Logs<Forms>;
}

function requireForm(name: string, form: LogForm, fields: LogFields): void {
  for (const field in form) {
    if (typeof fields[field] !== form[field]) throw new Error(`the log ${name} has a field ${field} that is no ${form[field]}`);
  }
}

function readerOf(name: string, form: LogForm): LogReader<LogForm>['of'] {
  const fields = Object.entries(form);
  return ({ kind, data }) => {
    if (kind !== 'log' || data?.['event'] !== name) return undefined;
    const right = fields.every(([field, type]) => typeof data[field] === type);
    return right ? Object.fromEntries(fields.map(([field]) => [field, data[field] ?? ''])) : undefined;
  };
}
