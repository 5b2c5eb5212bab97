/**
 * The command line of a gateway child: `--peer=ID --address=IP [--from=IP]`, and what its parent adds.
 */
import type { Descriptor, Host, Pid } from '../../host/host.ts';
import { Options } from './options.ts';
import type { Quirks } from './quirks.ts';
import type { Settings } from './settings.ts';
import { readSettings, refuseUsage } from './settings-file.ts';

export interface ChildOptions {
  readonly peer: string;
  readonly address: string;
  /** The address it connects from; absent: the kernel chooses. */
  readonly from: string | undefined;
  readonly settings: Settings;
  readonly quirks: Quirks;
  /** The lifeline that its parent holds; absent: started by hand, and ended by hand. */
  readonly lifeline: Descriptor | undefined;
  /** A-B13: what a restarted child knows of the parent's table. */
  readonly restarted: boolean;
  readonly siblings: readonly (readonly [pid: Pid, peer: string])[];
  /** The configuration files, for whoever is started after it. */
  readonly conf: readonly string[];
}

const DESCRIPTOR_MAX = 1_048_575;

/** Ends the process when they are wrong. */
export function childOptions(host: Host): ChildOptions {
  const options = new Options(host.process.args);
  const conf = options.all('conf');
  const read = {
    peer: options.required('peer'),
    address: options.required('address'),
    from: options.address('from'),
    quirks: options.quirks(),
    lifeline: options.number('lifeline', DESCRIPTOR_MAX),
    restarted: options.text('restarted') !== undefined,
    siblings: options.all('sibling').flatMap(text => siblingOf(text, options)),
    conf,
  };
  refuseUsage(host, options.problem);
  return { ...read, settings: readSettings(host, conf) };
}

function siblingOf(text: string, options: Options): readonly (readonly [Pid, string])[] {
  const [, pid, peer] = SIBLING.exec(text) ?? [];
  if (pid !== undefined && peer !== undefined) return [[Number(pid), peer]];
  options.refuse(`--sibling=${text}: write PID:HOST`);
  return [];
}

const SIBLING = /^([0-9]{1,10}):(.+)$/;
