/**
 * What happened in a run that failed, for people: the sentence that was broken, what was drawn, what went wrong, and who said what to whom.
 * What a peer sent is escaped.
 * Lacks: messages by name; the decoders of a suite know them (`slipway show` has every event).
 */
import type { Violation } from '../src/check/property.ts';
import type { RunResult } from '../src/check/run.ts';
import { COMMON_FIELDS, type CommonPlan, propertiesOf, type Scenario } from '../src/check/scenario.ts';
import { fromUtf8, hex, printable } from '../src/host/bytes.ts';
import { formatTime } from '../src/host/time.ts';
import { canonicalJson } from '../src/trace/canonical.ts';
import type { JsonValue, TraceEvent } from '../src/trace/event.ts';
import { drawSequence } from '../src/trace/sequence.ts';
import { formatData } from '../src/trace/view.ts';

/** Lines of the sequence, the last ones. */
const LINES_SHOWN = 60;
const LANE = 40;
const TEXT_SHOWN = LANE - 10;
const STACK_SHOWN = 6;
const VALUE_SHOWN = 400;

export function storyOf<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  result: RunResult<Plan>,
  violation: Violation,
): readonly string[] {
  const { events = [], plan, bugs } = result;
  const sentence = propertiesOf(scenario).find(each => each.name === violation.property)?.text ?? '';
  // A plan holds JSON values only: Scenario promises it.
  const drawn = Object.entries(plan).filter(([field]) => !COMMON_FIELDS.includes(field));
  return [
    `  ${violation.property}: ${sentence}`,
    `  ${formatTime(violation.time)}: ${printable(violation.why, VALUE_SHOWN)}`,
    ...(violation.property === 'no-bug' ? stackOf(bugs[0] ?? '') : []),
    ...(drawn.length === 0 ? [] : [`  with ${drawn.map(([field, value]) => `${field} ${shown(value)}`).join(', ')}`]),
    ...plan.faults.map(({ kind, at, ...rest }) => `  fault ${kind} at ${formatTime(at)}: ${faultText(rest)}`),
    ...sequenceOf(events.slice(0, violation.at + 1)).map(line => `  ${line}`.trimEnd()),
  ];
}

const shown = (value: unknown): string => printable(canonicalJson(value as JsonValue), VALUE_SHOWN);

const faultText = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${name === 'duration' || name === 'extra' ? formatTime(value) : shown(value)}`)
    .join(', ');

const stackOf = (stack: string): readonly string[] =>
  stack
    .split('\n')
    .slice(0, STACK_SHOWN)
    .map(line => `    ${printable(line.trim(), VALUE_SHOWN)}`);

function sequenceOf(events: readonly TraceEvent[]): readonly string[] {
  const [lanes = '', ...lines] = drawSequence(events, { label: labelOf, width: LANE });
  const left = lines.length - LINES_SHOWN;
  return [lanes, ...(left > 0 ? [`… ${left} before`] : []), ...lines.slice(-LINES_SHOWN)];
}

function labelOf({ kind, bytes, data = {} }: TraceEvent): string | undefined {
  const { error } = data;
  switch (kind) {
    case 'start':
      return 'starts';
    case 'exit':
      return data['signal'] === undefined ? `ends with ${data['code']}` : `is ended by ${data['signal']}`;
    case 'signal':
      return `gets ${data['signal']}`;
    case 'bug':
      return `throws ${data['message']}`;
    case 'send':
    case 'datagram':
      return bytesText(bytes ?? new Uint8Array(0));
    case 'eof':
      return 'reads the end';
    case 'reset':
      return 'resets the connection';
    case 'open':
      return error === undefined ? undefined : `cannot connect: ${error}`;
    case 'close':
      return error === undefined ? undefined : `loses the connection: ${error}`;
    case 'log': {
      const { event, severity: _, ...fields } = data;
      return `notes ${event} ${formatData(fields)}`;
    }
    case 'fault':
      return FAULT_STEPS[String(data['step'])]?.(data['kind']);
    case 'power':
      return `power of ${data['machine']} ${data['state']}`;
    case 'phase':
      return data['name'] === 'heal' ? 'all is healed' : undefined;
    default:
      return undefined;
  }
}

/** That it changes something again and again is not told. */
const FAULT_STEPS: Readonly<Record<string, (kind: unknown) => string>> = { begin: kind => `${kind}`, end: kind => `${kind} is over` };

/** Text in quotation marks, escaped, where it is text more or less; otherwise hexadecimal. */
function bytesText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes) ?? '';
  if (!isText(text)) return cut(hex(bytes.subarray(0, TEXT_SHOWN)));
  return `"${cut(printable(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'), TEXT_SHOWN))}"`;
}

/** At most one of four is a control character, ends of lines apart. */
const isText = (text: string): boolean => text !== '' && (text.match(/[^\n\r\t\P{Cc}]/gu)?.length ?? 0) * 4 <= text.length;
const cut = (text: string): string => (text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text);
