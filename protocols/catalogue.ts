/**
 * Everything that some protocols have, by name.
 */
import type { Suite } from '../conformance/suite.ts';
import type { Recording } from '../src/check/recording.ts';
import type { Scenario } from '../src/check/scenario.ts';
import type { Trap } from '../src/impl/command-line/traps.ts';
import type { Protocol } from './protocol.ts';

export class Catalogue {
  readonly protocols: readonly Protocol[];
  readonly scenarios: readonly Scenario[];
  readonly recordings: readonly Recording[];
  readonly suites: readonly Suite[];
  readonly traps: readonly Trap<string>[];
  /** Their names. */
  readonly daemons: readonly string[];
  readonly #scenarios: ReadonlyMap<string, Scenario>;

  /** Throws where two of them have something of the same name. */
  constructor(protocols: readonly Protocol[]) {
    this.protocols = protocols;
    this.scenarios = protocols.flatMap(each => each.scenarios);
    this.recordings = protocols.flatMap(each => each.recordings ?? []);
    this.suites = protocols.flatMap(each => each.suite ?? []);
    this.traps = protocols.flatMap(each => each.traps);
    this.daemons = protocols.flatMap(each => Object.keys(each.daemons));
    this.#scenarios = new Map(this.scenarios.map(each => [each.name, each]));
    once(
      'protocol',
      protocols.map(each => each.name),
    );
    once(
      'scenario',
      this.scenarios.map(each => each.name),
    );
    once('daemon', this.daemons);
  }

  scenarioNamed(name: string): Scenario | undefined {
    return this.#scenarios.get(name);
  }

  suiteNamed(name: string): Suite | undefined {
    return this.suites.find(each => each.name === name);
  }

  /** Whose suite it is. */
  protocolOf(suite: Suite): Protocol | undefined {
    return this.protocols.find(each => each.suite === suite);
  }

  withDaemon(name: string): Protocol | undefined {
    return this.protocols.find(each => Object.hasOwn(each.daemons, name));
  }
}

function once(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`there are two ${what}s named ${twice}`);
}
