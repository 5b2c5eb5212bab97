/**
 * All bugs there are of a protocol, each as what a search looks at that nobody tells where: all scenarios, and all roles of the suite, of
 * an implementation that has this bug and no other.
 *  - trap: a quirk of the published source, on alone.
 *  - variant: of one scenario; the others do not have it, and are looked at as well.
 *  - mutant: of the programs of the scenarios (test/scenarios), some of which the suite starts, too.
 *  - suite mutant: an implementation of one role. It plays in no scenario and no other role; those are looked at as well.
 */
import type { Protocol } from '../../protocols/protocol.ts';
import { type Searched, searchedOf } from '../../protocols/search.ts';
import { PROFILES, type Profile, profilesOf, type Scenario } from '../../src/check/scenario.ts';
import { type Mutant, withQuirks, wrapped } from '../../test/scenarios/mutant.ts';

export type Kind = 'trap' | 'variant' | 'mutant' | 'suite mutant';

export interface Bug {
  readonly protocol: string;
  readonly kind: Kind;
  readonly name: string;
  readonly searched: Searched;
}

/** Daemons that nobody has published with a mistake: they take no quirk. */
const WITHOUT_QUIRKS: readonly string[] = ['lond', 'lond-child'];

export function bugsOf(protocol: Protocol, mutants: readonly Pick<Mutant, 'name' | 'programs'>[]): readonly Bug[] {
  const { name, traps, scenarios, suite, daemons } = protocol;
  const sound = searchedOf(protocol);
  const bug = (kind: Kind, called: string, searched: Searched): Bug => ({ protocol: name, kind, name: called, searched });
  const quirky = Object.keys(daemons).filter(each => !WITHOUT_QUIRKS.includes(each));
  return [
    ...traps.flatMap(({ id, quirk }) =>
      quirk === undefined ? [] : [bug('trap', `${id} ${quirk}`, searchedOf(protocol, wrapped(quirky, withQuirks(quirk))))],
    ),
    ...scenarios.flatMap(scenario =>
      profilesOf(scenario)
        .filter(profile => !PROFILES.includes(profile))
        .map(profile => bug('variant', `${scenario.name} ${profile}`, { ...sound, scenarios: varied(sound.scenarios, scenario, profile) })),
    ),
    ...mutants.map(mutant => bug('mutant', mutant.name, searchedOf(protocol, mutant.programs))),
    ...(suite?.mutants ?? []).map(mutant => {
      const roles = sound.roles.map(each =>
        each.role === mutant.role ? { ...each, implementation: mutant, claims: mutant.claims ?? [] } : each,
      );
      return bug('suite mutant', mutant.name, { ...sound, roles });
    }),
  ];
}

/** Nobody knows that it is to fail there. */
const varied = (all: Searched['scenarios'], scenario: Scenario, profile: Profile): Searched['scenarios'] =>
  all.map(each =>
    each.scenario.name === scenario.name
      ? { scenario: { ...scenario, expected: { ...scenario.expected, [profile]: 'holds' } }, profile }
      : each,
  );
