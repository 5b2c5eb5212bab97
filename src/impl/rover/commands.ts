/**
 * The two command processors as tables (R6): what each command does, and who may say it.
 */
import { printable } from '../../host/bytes.ts';
import { type Call, ErrorExit, FatalError, type PlugIn, type Procedure } from './plug-ins.ts';
import { textOf } from './text.ts';
import { SLEEP_MAX } from './wire.ts';

export interface CommandRules {
  /** RV-33: which module has an object. */
  readonly moduleOf: (object: string, plugIns: readonly PlugIn[]) => PlugIn | undefined;
  /** RV-31: a module has no command procedure. */
  readonly withoutCommand: (id: string) => Procedure;
  /** RV-32: what is found in the places of the two procedures that a module may lack. */
  readonly commandOf: (plugIn: PlugIn) => Procedure | undefined;
  readonly recoverOf: (plugIn: PlugIn) => PlugIn['recover'];
}

export const CORRECTED_COMMANDS: CommandRules = {
  moduleOf: (object, plugIns) => plugIns.find(({ id }) => object.startsWith(id) && object.length > id.length),
  withoutCommand: id => {
    throw new ErrorExit(`${id} has no command procedure`);
  },
  commandOf: ({ command }) => command,
  recoverOf: ({ recover }) => recover,
};

/** What a command finds. */
export interface Tables {
  readonly plugIns: readonly PlugIn[];
  readonly rules: CommandRules;
}

export interface Command {
  /** User nobody may say it, too (the commands of perform_nobody_command). */
  readonly nobody: boolean;
  /** It changes something, so GET is not for it (R10). */
  readonly changes: boolean;
  /** There with `--tests` only. */
  readonly test: boolean;
  /** Milliseconds until it does anything. */
  readonly takes?: (call: Call) => number;
  readonly run: (call: Call, tables: Tables) => void;
}

const reads = { nobody: true, changes: false, test: false };
const changes = { nobody: false, changes: true, test: false };
const tests = { nobody: true, changes: false, test: true };

export const COMMANDS: Readonly<Record<string, Command>> = {
  IMPORTDATA: { ...reads, run: (call, tables) => moduleFor(call, tables).import(call) },
  IMPORTBINARY: {
    ...reads,
    run: (call, tables) => {
      call.output.type = 'application/octet-stream';
      moduleFor(call, tables).import(call);
    },
  },
  EXPORT: { ...changes, run: (call, tables) => moduleFor(call, tables).export(call) },
  RESET: {
    ...changes,
    run: (call, tables) => {
      const plugIn = moduleFor(call, tables);
      const command = tables.rules.commandOf(plugIn) ?? tables.rules.withoutCommand(plugIn.id);
      command(call);
    },
  },
  TESTNULL: { ...tests, run: () => {} },
  TESTECHO: { ...tests, run: ({ output, data }) => output.write(data) },
  TESTSLEEP: { ...tests, takes: ({ data }) => pauseOf(data), run: () => {} },
  TESTEXPORT: {
    ...changes,
    test: true,
    takes: ({ data }) => pauseOf(firstLine(data)),
    run: (call, tables) => moduleFor(call, tables).export({ ...call, data: call.data.subarray(firstLine(call.data).length + 1) }),
  },
  TESTERROR: {
    ...tests,
    run: ({ output, data }) => {
      output.write(data);
      output.flush();
      throw new ErrorExit(textOf(data));
    },
  },
  TESTFATAL: {
    ...tests,
    run: ({ data }) => {
      throw new FatalError(textOf(data));
    },
  },
};

function moduleFor({ object }: Call, { plugIns, rules }: Tables): PlugIn {
  const found = /[^\x20-\x7e\x80-\xff]|[/]/.test(object) ? undefined : rules.moduleOf(object, plugIns);
  if (found === undefined) throw new ErrorExit(`no module has an object ${printable(object, 80)}`, 404);
  return found;
}

const LF = 0x0a;

function firstLine(data: Uint8Array): Uint8Array {
  const end = data.indexOf(LF);
  return end < 0 ? data : data.subarray(0, end);
}

function pauseOf(data: Uint8Array): number {
  const text = textOf(data);
  const length = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (length <= SLEEP_MAX) return length;
  throw new ErrorExit(`DATA ${printable(text, 40)}: milliseconds from 0 to ${SLEEP_MAX}`);
}

/** Of that name, to this user. Throws errorExit. */
export function commandFor(name: string, user: 'nobody' | 'somebody', withTests: boolean): Command {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const there = found !== undefined && (withTests || !found.test) ? found : undefined;
  if (user === 'nobody' && there?.nobody !== true) throw new ErrorExit(`${printable(name, 40)} is not for nobody`, 403);
  if (there === undefined) throw new ErrorExit(`no command ${printable(name, 40)}`);
  return there;
}
