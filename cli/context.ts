/**
 * What a command works with: the screen, and the protocols there are, or a way to those that a file turns out to be about.
 */
import type { Catalogue } from '../protocols/catalogue.ts';
import type { Catalogues } from './load.ts';
import type { Screen } from './screen.ts';

export interface Context {
  readonly screen: Screen;
  readonly catalogue: Catalogue;
  /** Modules that brought protocols beside those of this package: a worker or a process has to load them again. */
  readonly modules: readonly string[];
}

export interface Knowing {
  readonly screen: Screen;
  readonly modules: readonly string[];
  readonly catalogueOf: Catalogues;
}
