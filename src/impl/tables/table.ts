/**
 * The form of the tables that both ends of a connection are led by: in each state, what each input does and which state is next. An
 * input that a row has not is refused by a throw: it is a bug of the daemon.
 * Lacks: the tables (connection-table.ts, session-table.ts), and who holds the state.
 */

/** One way that an input leads on, if `when` holds. */
export interface Way<State, Given, Facts, Action> {
  readonly when?: (given: Given, facts: Facts) => boolean;
  readonly next: State;
  readonly does: (given: Given, facts: Facts) => readonly Action[];
}

/** What is known by its name. */
interface Named {
  readonly input: string;
}

/** What an input leads to: the first of its ways whose `when` holds. */
export type Row<State, Input extends Named, Facts, Action> = {
  readonly [Name in Input['input']]?: readonly Way<State, Extract<Input, { readonly input: Name }>, Facts, Action>[];
};

export type Table<State extends string, Input extends Named, Facts, Action> = Readonly<Record<State, Row<State, Input, Facts, Action>>>;

/** Throws an Error where the table has none. */
export function wayOf<State extends string, Input extends Named, Facts, Action>(
  table: Table<State, Input, Facts, Action>,
  state: State,
  input: Input,
  facts: Facts,
): Way<State, Input, Facts, Action> {
  // The column that `input` names takes that input; what is looked up by a name that is not known before has lost this.
  const ways = table[state][input.input as Input['input']] as readonly Way<State, Input, Facts, Action>[] | undefined;
  const way = ways?.find(({ when }) => when === undefined || when(input, facts));
  if (way === undefined) throw new Error(`'${input.input}' in state ${state}`);
  return way;
}
