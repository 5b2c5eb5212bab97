/**
 * What a published source does that cannot have been meant, as a table: each trap with its id, and the slug of the quirk by
 * which a daemon of ours can play it. Profile `as-written` has all quirks on but those of variants, `corrected` none.
 */
import { printable } from '../../host/bytes.ts';
import { PROFILES, type Profile } from '../../host/profile.ts';
import type { Options } from './options.ts';

export interface Trap<Quirk extends string> {
  readonly id: string;
  /** Which program it is of, or none of ours. */
  readonly side: string;
  /** Absent where `side` is none. The slugs never change. */
  readonly quirk?: Quirk;
  /** Not in profile `as-written`: another edition does it, or the source as it ran does not. */
  readonly variant?: true;
  /** What is done as written. */
  readonly text: string;
  /** What is done corrected; for side none, why this is not a behaviour of ours. */
  readonly instead: string;
}

export function quirksOf<Quirk extends string>(
  traps: readonly Trap<Quirk>[],
  profile: Profile,
  added: readonly Quirk[] = [],
): ReadonlySet<Quirk> {
  const written = traps.flatMap(({ quirk, variant }) => (quirk === undefined || variant === true ? [] : [quirk]));
  return new Set(profile === 'as-written' ? [...written, ...added] : added);
}

/** Those of `--profile=` and any number of `--quirk=`. */
export function quirkOptions<Quirk extends string>(options: Options, traps: readonly Trap<Quirk>[]): ReadonlySet<Quirk> {
  const profile = options.choice('profile', PROFILES, 'corrected');
  const added = options.all('quirk').flatMap(slug => {
    const found = traps.find(({ quirk }) => quirk === slug)?.quirk;
    if (found === undefined) options.refuse(`--quirk=${printable(slug)}: no such quirk; README.md lists them`);
    return found === undefined ? [] : [found];
  });
  return quirksOf(traps, profile, added);
}

/**
 * What a daemon decides: `corrected`, with the members that its quirks replace, by the id of each trap in the order of `traps`.
 * Without quirks it is the same object for all: a world may have thousands of daemons.
 */
export function rulesOf<Rules extends object, Quirk extends string>(
  corrected: Rules,
  asWritten: Readonly<Record<string, Partial<Rules>>>,
  traps: readonly Trap<Quirk>[],
  quirks: ReadonlySet<Quirk>,
): Rules {
  const replaced = traps.filter(({ quirk }) => quirk !== undefined && quirks.has(quirk)).map(({ id }) => asWritten[id]);
  return replaced.length === 0 ? corrected : Object.assign({}, corrected, ...replaced);
}
