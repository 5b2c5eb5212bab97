/**
 * What a command works with: the protocols there are, and the screen.
 */
import type { Catalogue } from '../protocols/catalogue.ts';
import type { Screen } from './screen.ts';

export interface Context {
  readonly screen: Screen;
  readonly catalogue: Catalogue;
  /** Modules that brought protocols beside those of this package: a thread or a process has to load them again. */
  readonly modules: readonly string[];
}
