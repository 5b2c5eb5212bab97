/**
 * What modules do outside of the log, once it is declared: done by the module, or, where it may have been done, seen to by its recovery
 * procedure.
 */
import type { Result } from '../../host/result.ts';
import type { CommandRules } from './commands.ts';
import type { Declaration, Disk, PlugIn } from './plug-ins.ts';

export interface Acting {
  readonly plugIns: readonly PlugIn[];
  readonly disk: Disk;
  readonly rules: Pick<CommandRules, 'recoverOf'>;
}

const moduleOf = ({ plugIns }: Acting, { module }: Declaration): PlugIn | undefined => plugIns.find(({ id }) => id === module);

/** Undefined where the module has no recovery procedure. */
export function recover(acting: Acting, declared: Declaration): Result<void> | undefined {
  const plugIn = moduleOf(acting, declared);
  return plugIn === undefined ? undefined : acting.rules.recoverOf(plugIn)?.(acting.disk, declared);
}

/** `again`: it may have been done. */
export function act(acting: Acting, declared: Declaration, again: boolean): Result<void> | undefined {
  return (again ? recover(acting, declared) : undefined) ?? moduleOf(acting, declared)?.act?.(acting.disk, declared);
}
