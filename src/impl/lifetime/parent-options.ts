/**
 * The command line of the parent: what it does with its child, and behind `--` the command line of that.
 */
import { type Duration, millis } from '../../host/time.ts';
import { Options, UsageError } from './options.ts';
import type { Quirks } from './quirks.ts';
import { PAYLOAD_LIMIT, PAYLOAD_MAX } from './wire.ts';

/** `Rules`: what the parent decides by. */
export interface ParentOptions<Rules> {
  readonly program: string;
  readonly args: readonly string[];
  readonly stopAfter: Duration | undefined;
  readonly grace: Duration;
  readonly killAfter: Duration;
  readonly payloadLimit: number;
  readonly rules: Rules;
}

export function parentOptions<Rules>(args: readonly string[], rulesOf: (quirks: Quirks) => Rules): ParentOptions<Rules> | UsageError {
  const end = args.indexOf('--');
  const options = new Options(end < 0 ? args : args.slice(0, end));
  const [program, ...rest] = end < 0 ? [] : args.slice(end + 1);
  const read = {
    stopAfter: options.millis('stop-after'),
    grace: options.millis('grace') ?? millis(5_000),
    killAfter: options.millis('kill-after') ?? millis(5_000),
    payloadLimit: options.number('payload-limit', PAYLOAD_MAX) ?? PAYLOAD_LIMIT,
    rules: rulesOf(options.quirks()),
  };
  const problem = options.end();
  if (problem !== undefined) return problem;
  return program === undefined ? new UsageError('no program: write … -- PROGRAM ARGS…') : { ...read, program, args: rest };
}
