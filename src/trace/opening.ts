/**
 * The first line of a trace: is this a trace, and one that this reader can read? Every later line depends on the answer.
 * Lacks: what older versions wrote otherwise (upgrade.ts).
 */
import { FORMAT } from './encode.ts';
import type { TraceHeader } from './event.ts';
import { TRACE_VERSION } from './event.ts';
import { isObject, readHeader, readVersion } from './fields.ts';
import { parseJson } from './json.ts';
import type { Line } from './lines.ts';
import type { ProblemCode } from './problem.ts';
import { stepsFrom, type UpgradeStep } from './upgrade.ts';

export type Opening =
  /** `newer`: by a later minor version, so keys and kinds that are not known here are no mistake. */
  | {
      readonly ok: true;
      readonly header: TraceHeader;
      readonly newer: boolean;
      /** What every later line has to go through; empty for a file of today's major version. */
      readonly steps: readonly UpgradeStep[];
      /** As the file says it. */
      readonly version: readonly [number, number];
    }
  | { readonly ok: false; readonly code: ProblemCode; readonly message: string; readonly advice: string };

/** `table`: of steps from older versions; default: those there are. */
export function readOpening(line: Line, table?: readonly UpgradeStep[]): Opening {
  // RFC 1952 §2.3.1: the two bytes every gzip file starts with.
  if (line.bytes[line.start] === 0x1f && line.bytes[line.start + 1] === 0x8b)
    return refuse('format', 'this is gzip', 'decompress it first');
  const parsed = line.text === undefined ? undefined : parseJson(line.text);
  const object = parsed?.ok === true && isObject(parsed.value) ? parsed.value : undefined;
  if (object?.['format'] !== FORMAT) {
    const found = parsed?.ok === false ? ` (column ${parsed.column}: ${parsed.message})` : '';
    const message = `the first line is not the header of a trace, {"format":"${FORMAT}",…}${found}`;
    return refuse('format', message, 'check that this is the right file, with nothing before its header');
  }
  const version = readVersion(object['v']);
  if (version === undefined) return refuse('field', '"v" must be the version, [major,minor]', 'the file may be damaged');
  const steps = stepsFrom(version[0], table);
  if (steps === undefined) return refuseVersion(version);
  const old = steps.length > 0;
  const newer = !old && version[1] > TRACE_VERSION[1];
  const first = steps.reduce((upgraded, step) => step.header(upgraded), object);
  const header = old ? readHeader({ ...first, v: TRACE_VERSION }, TRACE_VERSION, false) : readHeader(object, version, newer);
  if (!header.ok) return refuse('field', header.message, 'the header was written by hand, or by a program that is not Slipway');
  return { ok: true, header: header.value, newer, steps, version };
}

function refuseVersion(version: readonly [number, number]): Opening {
  const message = `the trace has version ${version.join('.')}, this reader has version ${TRACE_VERSION.join('.')}`;
  const which = version[0] > TRACE_VERSION[0] ? 'a newer' : 'an older';
  return refuse('version', message, `read it with ${which} release of Slipway, one whose trace version starts with ${version[0]}`);
}

const refuse = (code: ProblemCode, message: string, advice: string): Opening => ({ ok: false, code, message, advice });
