/**
 * What a program is told that uses the library: the reply that came, or that its command is kept, which it then is.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { printable, textOf } from '../../../src/host/bytes.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { LIBRARY } from '../daemons/names.ts';
import { Spool } from '../model/spool.ts';
import { PERMANENT } from '../parts/places.ts';
import { isLog, machineOf, programOf, streamOf } from '../parts/processes.ts';

const KEPT = ['con_delayed', 'con_failed'];
const isLibrary = ({ process }: TraceEvent): boolean => programOf(process) === LIBRARY;

export const answeredWith: AlwaysProperty = always(
  'told-what-came',
  'Who asks for what has to get there is told its reply; or that it is kept, when no reply came, and then there is a file of it.',
  () => {
    const spool = new Spool();
    /** The command of each stream, and its reply. */
    const commands = new Map<string, string>();
    const replies = new Map<string, string>();
    return {
      see: event => {
        const { process, data, bytes } = event;
        const text = latin1Of(bytes ?? NONE);
        spool.see(event, machineOf(process), text);
        if (!isLibrary(event)) return undefined;
        if (event.kind === 'send') {
          commands.set(streamOf(event), text.trimEnd());
          replies.set(text.trimEnd(), '');
        }
        const command = String(data?.['command'] ?? commands.get(streamOf(event)));
        if (event.kind === 'recv') replies.set(command, `${replies.get(command)}${text}`);
        if (!isLog(event, 'answered')) return undefined;
        const answer = String(data?.['answer']);
        const reply = (replies.get(command) ?? '').split('\n').slice(0, -1)[0] ?? 'con_lost';
        if (!KEPT.includes(answer))
          return answer === reply ? undefined : `'${command}' was answered '${reply}', and its program is told '${answer}'`;
        if (reply !== 'con_lost') return `'${command}' was answered '${reply}', and its program is told '${answer}'`;
        const file = spool.find(machineOf(process), String(data?.['peer']), each => each === command);
        return (file === undefined) === (answer === 'con_failed')
          ? undefined
          : `'${command}': ${answer}, and its file is ${file ?? 'not there'}`;
      },
    };
  },
  ['send', 'recv', 'log', 'write', 'rename', 'unlink'],
);

export const keptStays: AlwaysProperty = always(
  'kept-stays',
  'What is kept for a host is not lost under what is kept after it: no other file gets its name.',
  () => {
    const spool = new Spool();
    return {
      see: event => {
        const { kind, process, data } = event;
        const machine = machineOf(process);
        const to = String(data?.['to']);
        const over = kind === 'rename' && data?.['error'] === undefined && spool.all(machine).some(([path]) => path === to);
        spool.see(event, machine, latin1Of(event.bytes ?? NONE));
        return over ? `${process} gives the name ${to} to another message, and that one is gone` : undefined;
      },
    };
  },
  ['write', 'rename', 'unlink'],
);

/** What is recorded of a command that has a secret begins so. */
const SECRET = /^(?:encrypt|currentauth|auth|passwd|makeuser|changeuserauth):/;
const RECORDED_MOST = 65_536;

export const commandsRecorded: AlwaysProperty = always(
  'commands-recorded',
  'The permanent log has the whole command of what was kept, or could not be, for who has to do it by hand; of one with a secret its length.',
  () => {
    const entries = new Map<string, string>();
    return {
      see: event => {
        const { kind, process, data, bytes } = event;
        if (!isLibrary(event)) return undefined;
        if (kind === 'append' && data?.['path'] === PERMANENT && data['error'] === undefined) entries.set(process, textOf(bytes ?? NONE));
        if (!isLog(event, 'answered')) return undefined;
        const entry = entries.get(process);
        entries.delete(process);
        if (entry === undefined) return undefined;
        const command = String(data?.['command']);
        const [secret] = SECRET.exec(command) ?? [];
        const right = secret === undefined ? printable(command, RECORDED_MOST) : `${secret}<${command.length - secret.length} bytes>`;
        return entry.slice(0, -ENDING).endsWith(`:${right}`) ? undefined : `${process} records '${entry}' of '${right}'`;
      },
    };
  },
  ['append', 'log'],
);
/** A colon, a date as ctime writes it, and the end of the line. */
const ENDING = 26;

const told = (name: string, text: string, ...answers: readonly string[]): SometimesProperty =>
  sometimes(name, text, () => ({ see: event => isLog(event, 'answered') && answers.includes(String(event.data?.['answer'])) }), ['log']);

export const delayedTold: SometimesProperty = told('told-con-delayed', 'A program is told con_delayed.', 'con_delayed');
export const repliedTold: SometimesProperty = told('told-reply', 'A program is told the reply.', 'ok');

const NONE = new Uint8Array(0);
