/**
 * The main request loop, once round (R6): the steps that the text numbers, for the daemon, its workers and the forked server alike.
 * A request is run in two parts, because a process that serves others must not sleep: what it is, and how long it will be at nothing;
 * then what it does. Its outcome is data, which the daemon makes durable before anybody is told.
 * Lacks: order, log, sockets.
 */
import { equalBytes } from '../../host/bytes.ts';
import { errorReply } from './answer.ts';
import { type CommandRules, commandFor, type Tables } from './commands.ts';
import type { Request } from './form.ts';
import { Output, type OutputRules } from './output.ts';
import { type Call, type Declaration, type Disk, ErrorExit, FatalError, type PlugIn } from './plug-ins.ts';
import { NOBODY, type Reply } from './wire.ts';

/** A stable variable with a new value, or none. */
export interface Change {
  readonly user: string;
  readonly object: string;
  readonly value: Uint8Array | undefined;
}

export interface Outcome {
  readonly reply: Reply;
  readonly changes: readonly Change[];
  readonly declared: readonly Declaration[];
  /** Bytes that are on the connection before the answer. */
  readonly raw: Uint8Array;
  /** It ended with errorExit. */
  readonly failed: boolean;
}

/** A fatalError: the process has to end. */
export interface Fatal {
  readonly fatal: string;
}

export interface Prepared {
  /** Milliseconds until it can be run. */
  readonly takes: number;
  readonly run: () => Outcome | Fatal;
}

export interface LoopRules extends CommandRules, OutputRules {
  /** RV-34: who the target user is. */
  readonly targetOf: (request: Request) => string;
  /** RV-18: whose rights a request has. `before`: whose the one before had, if that ended with errorExit. */
  readonly identity: (target: string, before: string | undefined) => string;
  /** RV-37: what is to be done outside of the log is declared. */
  readonly declares: boolean;
}

export interface Surroundings extends Tables {
  readonly rules: LoopRules;
  readonly disk: Disk;
  /** The commands for tests are there. */
  readonly tests: boolean;
  readonly value: (user: string, object: string) => Uint8Array | undefined;
  readonly print: (text: string) => void;
  /** What the last errorExit has left behind, where the traps are. */
  readonly left: { identity: string | undefined };
}

export function mainLoop(request: Request, around: Surroundings): Prepared {
  const { rules, disk, left } = around;
  // 1. The globals of a request are those of this call.
  const changes: Map<string, Change> = new Map();
  const declared: Declaration[] = [];
  // 2. The pairs were decoded when the request came, once.
  // 3. ClientUser, rhost, Service.
  const { host, place } = request;
  const target = rules.targetOf(request);
  // 4. Who it is was asked before there was an order; here is whose rights he has.
  const user = rules.identity(target, left.identity);
  // 5.
  const output = new Output(rules, around.print);
  // 6. LogID, UserTime, UserServer, Object.
  const { object } = request;
  const call: Call = {
    user,
    host,
    place,
    object,
    class: request.class,
    data: request.data,
    output,
    disk,
    get: () => (changes.has(object) ? changes.get(object)?.value : around.value(user, object)),
    set: value => {
      const before = around.value(user, object);
      if (before === value || (before !== undefined && value !== undefined && equalBytes(before, value))) changes.delete(object);
      else changes.set(object, { user, object, value });
    },
    declare: (code, data) => void declared.push({ module: moduleId(object, around.plugIns, rules), code, object, data }),
  };
  const guarded = guardedBy(output, left, user);
  return guarded.prepare(() => {
    // 7.
    const command = target === NOBODY ? performNobodyCommand(request, around) : performCommand(request, around);
    return {
      takes: command.takes?.(call) ?? 0,
      run: () =>
        guarded.run(() => {
          command.run(call, around);
          // 8. What the command has not flushed goes to the client, and 9. all that was its own goes.
          left.identity = undefined;
          const reply: Reply = { status: 200, result: 'done', type: output.type, body: output.body };
          return { reply, changes: [...changes.values()], declared, raw: output.raw, failed: false };
        }),
    };
  });
}

const performNobodyCommand = ({ command }: Request, { tests }: Surroundings): ReturnType<typeof commandFor> =>
  commandFor(command, 'nobody', tests);
const performCommand = ({ command }: Request, { tests }: Surroundings): ReturnType<typeof commandFor> =>
  commandFor(command, 'somebody', tests);

const moduleId = (object: string, plugIns: readonly PlugIn[], rules: CommandRules): string => rules.moduleOf(object, plugIns)?.id ?? '';

interface Guarded {
  prepare(part: () => Prepared): Prepared;
  run(part: () => Outcome): Outcome | Fatal;
}

/** The setjmp point: what errorExit and fatalError come back to. */
function guardedBy(output: Output, left: Surroundings['left'], user: string): Guarded {
  const landed = (thrown: unknown): Outcome | Fatal => {
    if (thrown instanceof FatalError) return { fatal: thrown.why };
    // A bug of ours, or a world that ends this process.
    if (!(thrown instanceof ErrorExit)) throw thrown;
    left.identity = user;
    return { reply: errorReply(thrown.status, thrown.why), changes: [], declared: [], raw: output.raw, failed: true };
  };
  return {
    prepare: part => {
      try {
        return part();
      } catch (thrown) {
        const outcome = landed(thrown);
        return { takes: 0, run: () => outcome };
      }
    },
    run: part => {
      try {
        return part();
      } catch (thrown) {
        return landed(thrown);
      }
    },
  };
}
