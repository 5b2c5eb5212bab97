/**
 * What a forked server is promised to do, as its httpd sees it.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { after, type Instant, instantOf, ORIGIN, seconds } from '../../../src/host/time.ts';
import { HTTPD } from '../daemons/names.ts';
import { Forked } from '../model/forked.ts';
import { Incoming } from '../parts/messages.ts';
import { CGI_STATE } from '../parts/network.ts';

const CGI = 'rover-cgi';
/** What is kept: objects, and deliveries. */
const FILE = new RegExp(`^${CGI_STATE}/(objects/of-[A-Za-z0-9._-]+/Irolo__|agents/Agent__)[^/]+$`);
const FOR_EVER = instantOf(Number.MAX_SAFE_INTEGER);
const TROUBLES: readonly unknown[] = ['disk-full', 'disk-error', 'strike'];
/** A request that began while something failed may end so long after. */
const RECOVERY = seconds(3);

export const forkedAsModelled: AlwaysProperty = always(
  'forked-as-modelled',
  'Each answer of the forked server is one that some execution of what came, one after the other, has.',
  () => {
    const servers = new Map<string, Forked>();
    const open = new Map<string, { readonly heard: Incoming; readonly said: Incoming }>();
    let troubled: Instant = ORIGIN;
    return {
      see: ({ kind, process, channel, bytes, data, time }) => {
        if (kind === 'fault' && TROUBLES.includes(data?.['kind'])) troubled = data?.['step'] === 'end' ? after(time, RECOVERY) : FOR_EVER;
        if (programOf(process) === CGI && kind === 'rename' && !FILE.test(String(data?.['to'])))
          return `${process} keeps something as ${data?.['to']}`;
        if (programOf(process) !== HTTPD) return undefined;
        const key = `${process} ${channel.slice(0, -1)}`;
        if (kind === 'accept') open.set(key, { heard: new Incoming(), said: new Incoming() });
        const one = open.get(key);
        if (one === undefined || bytes === undefined) return undefined;
        if (kind === 'recv') one.heard.take(bytes);
        if (kind !== 'send') return undefined;
        one.said.take(bytes);
        const [asked, said] = [one.heard.message, one.said.message];
        if (asked === undefined || said === undefined) return `${key} is answered with no answer`;
        const server = servers.get(machineOf(process)) ?? new Forked();
        servers.set(machineOf(process), server);
        const why = server.answered(asked, said, time < troubled);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  ['accept', 'recv', 'send', 'fault', 'rename'],
);

/** What was taken away, and its folder is not synced: a power cut could bring it back. */
export const removalsStay: AlwaysProperty = always(
  'removals-stay',
  'What the forked server has taken away does not come back: its folder is synced when it answers.',
  () => {
    const gone = new Map<string, string>();
    return {
      see: ({ kind, process, data }) => {
        if (programOf(process) !== CGI) return undefined;
        const path = String(data?.['path']);
        if (data?.['error'] !== undefined) gone.delete(process);
        else if (kind === 'unlink' && FILE.test(path)) gone.set(process, path);
        else if (kind === 'sync' && gone.get(process)?.startsWith(`${path}/`) === true) gone.delete(process);
        const left = kind === 'send' || kind === 'exit' ? gone.get(process) : undefined;
        if (kind === 'exit') gone.delete(process);
        return left === undefined ? undefined : `${process} says something, and ${left} may come back`;
      },
    };
  },
  ['unlink', 'sync', 'send', 'exit'],
);
