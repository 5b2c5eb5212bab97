/**
 * `slipway ruptime` and `slipway rwho`: the historical commands over a spool of rwhod, with their options and their output.
 * May import: node, impl, cli.
 */

import { ruptime } from '../../impl/rwho/readers/ruptime.ts';
import { rwho } from '../../impl/rwho/readers/rwho.ts';
import type { Answer } from '../../impl/rwho/readers/spool-files.ts';
import { SPOOL, told } from '../../impl/rwho/readers/spool-files.ts';
import type { Variant } from '../../impl/rwho/readers/variant.ts';
import { CORRECTED, VARIANTS, variantNamed } from '../../impl/rwho/readers/variant.ts';
import { secondsOf } from '../../impl/rwho/time.ts';
import { createNodeHost } from '../../node/host.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { unknown } from '../registry.ts';
import type { Screen } from '../screen.ts';

export interface ReaderFlags {
  readonly spool?: string;
  readonly format?: string;
}

/** The names that `--format` takes. */
export const FORMATS: readonly string[] = VARIANTS.map(each => each.name);

/** Ends as the historical commands do: 1 where there is nothing to read. */
export async function read(command: 'ruptime' | 'rwho', args: readonly string[], flags: ReaderFlags, screen: Screen): Promise<ExitCode> {
  const { spool = SPOOL, format = 'corrected' } = flags;
  const variant = variantNamed(format);
  if (variant === undefined) throw unknown('format', format, FORMATS);
  const node = createNodeHost({ programs: {}, programsModule: '', program: command, onExit: () => {}, output: () => {} });
  try {
    const { storage, clock } = node.host;
    const options = { storage, spool, now: secondsOf(clock.wall()), variant, zone: localOffset };
    const answer = command === 'ruptime' ? ruptime(args, options) : rwho(args, options);
    if (screen.json) screen.value('hosts' in answer ? answer.hosts : answer.people);
    else tell(answer, variant);
    return answer.status === 0 ? EXIT.ok : EXIT.findings;
  } finally {
    await node.close();
  }
}

function tell({ out, err }: Answer, variant: Variant): void {
  process.stderr.write(told(err, CORRECTED));
  process.stdout.write(told(out, variant));
}

const localOffset = (seconds: number): number => -60 * new Date(seconds * 1_000).getTimezoneOffset();
