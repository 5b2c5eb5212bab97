/**
 * ruptime and rwho as programs: `--spool=DIR` and `--format=NAME` before the historical flags; what they show goes to descriptor 1,
 * complaints to 2.
 * Lacks: zones of time; logins are told in UTC.
 */
import type { Daemon, Descriptor, Host } from '../../../host/host.ts';
import { EXIT_USAGE } from '../../command-line/exit.ts';
import { Options } from '../../command-line/options.ts';
import { secondsOf } from '../time.ts';
import { ruptime } from './ruptime.ts';
import { rwho } from './rwho.ts';
import { type Answer, SPOOL, terminalBytes } from './spool-files.ts';
import { CORRECTED, VARIANTS, type Variant, variantNamed } from './variant.ts';

interface Asked {
  readonly args: readonly string[];
  readonly spool: string;
  readonly variant: Variant;
}

export const ruptimeCommand: Daemon = host => command(host, ({ args, ...asked }) => ruptime(args, { ...sources(host), ...asked }));
export const rwhoCommand: Daemon = host => command(host, ({ args, ...asked }) => rwho(args, { ...sources(host), ...asked, zone: () => 0 }));

const sources = ({ storage, clock }: Host): Pick<Host, 'storage'> & { readonly now: number } => ({ storage, now: secondsOf(clock.wall()) });

function command(host: Host, answer: (asked: Asked) => Answer): void {
  // `--` alone ends the historical flags (getopt(3)).
  const isOwn = (arg: string): boolean => arg.startsWith('--') && arg !== '--';
  const args = host.process.args.filter(each => !isOwn(each));
  const given = new Options(host.process.args.filter(isOwn));
  const spool = given.text('spool') ?? SPOOL;
  const format = given.choice(
    'format',
    VARIANTS.map(each => each.name),
    'corrected',
  );
  const variant = variantNamed(format);
  if (given.problem !== undefined || variant === undefined) {
    host.log('critical', 'usage', { problem: given.problem ?? '' });
    host.process.exit(EXIT_USAGE);
  }
  const { out, err, status } = answer({ args, spool, variant });
  say(host, 2, terminalBytes(err, CORRECTED), () => say(host, 1, terminalBytes(out, variant), () => host.process.exit(status)));
}

/** Goes on when all is with the kernel. Whoever is not there to read it misses it. */
function say({ descriptors }: Host, descriptor: Descriptor, bytes: Uint8Array, then: () => void): void {
  const attached = bytes.length === 0 ? undefined : descriptors.attach(descriptor, 'write', { data: () => {}, drain: then, close: then });
  const pending = attached?.ok === true ? attached.value.write(bytes) : 0;
  if (pending === 0) then();
}
