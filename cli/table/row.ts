/**
 * What a row of the table of commands says, and what a command is called with. The table is table.ts; main.ts makes commander of it.
 */
import type { Command } from 'commander';
import type { Context, Knowing } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { type Catalogues, catalogues, loadCatalogue, type Wanted } from '../load.ts';
import { Screen } from '../screen.ts';

export interface CommandRow {
  readonly name: string;
  readonly description: string;
  /** Which of the lists of `slipway --help` it is in; absent: none, it is for processes of our own. */
  readonly group?: string;
  /** What each is, by how it is written: `<file>`, `[scenario...]`. */
  readonly args?: Readonly<Record<string, string>>;
  /** By how they are written: `--seeds <a..b>`. */
  readonly options?: Readonly<Record<string, string | OptionRow>>;
  /** Whether words that begin with a dash and are no option of it are arguments. */
  readonly takesAnyOption?: boolean;
  /** Help between the options and the examples. */
  readonly help?: string;
  /** Command lines, without `slipway`. */
  readonly examples: readonly string[];
  /**
   * Called with its arguments, each a string or a list of them, and an object of its options, as commander does. `undefined`: the
   * process goes on as a daemon.
   */
  readonly run: (call: Call, ...words: Words) => Promise<ExitCode | undefined>;
}

/** As commander types them; the functions that get them say what they are. */
export type Words = Parameters<Parameters<Command['action']>[0]>;

export interface OptionRow {
  readonly text: string;
  readonly default?: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
}

/** What a command may ask of the command line it stands in. The protocols are loaded when they are asked for. */
export class Call implements Knowing {
  readonly screen: Screen;
  readonly modules: readonly string[];
  readonly catalogueOf: Catalogues;

  constructor(modules: readonly string[], json: boolean) {
    this.screen = new Screen({ json });
    this.modules = modules;
    this.catalogueOf = catalogues(modules);
  }

  /** With the protocols that the names are of; all of them where nothing is named. */
  async context(wanted: Wanted = []): Promise<Context> {
    const { screen, modules } = this;
    return { screen, modules, catalogue: await loadCatalogue(modules, wanted) };
  }

  /** The same, where nothing named means what the user's own modules bring, if there are any. */
  contextOf(names: readonly string[]): Promise<Context> {
    return this.context(names.length === 0 && this.modules.length > 0 ? 'brought' : names);
  }
}

export const JSON_OPTION = { '--json': 'one JSON document on standard output' } as const;
