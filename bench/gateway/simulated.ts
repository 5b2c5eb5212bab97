/**
 * The same daemons in a world: any number of machines, each with a lond, a gateway and a process with all local clients.
 * A gateway child that lost its lond rests for 120 to 359 s, as on the kernel; here nobody has to hurry it.
 */
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Stream } from '../../src/host/host.ts';
import { instantOf, seconds } from '../../src/host/time.ts';
import { programs } from '../../src/impl/lonc/programs.ts';
import type { Machine } from '../../src/sim/machine.ts';
import { World } from '../../src/sim/world.ts';
import type { Victim } from './real.ts';
import { CON_LOST, preparation, type Question, stored } from './requests.ts';

export interface SimulatedOptions {
  readonly hosts: number;
  /** Local clients of a host, each of which asks the next host but `c`. */
  readonly clients: number;
  /** Between an answer and the next request, in simulated seconds. */
  readonly idle: number;
  /** In all; the world ends then, or after `until`. */
  readonly requests: number;
  readonly kills: readonly Victim[];
  /** Simulated seconds. */
  readonly until: number;
  readonly limitMs: number;
}

export interface SimulatedRun {
  readonly asked: number;
  readonly own: number;
  readonly lost: number;
  readonly strange: readonly string[];
  readonly processes: number;
  readonly events: number;
  /** Wall and simulated, of the clients' part: from START_AT on. */
  readonly seconds: number;
  readonly simulatedSeconds: number;
  readonly bugs: readonly unknown[];
}

const CONF = '/etc/loncapa.conf';
const DIRECTORIES = ['/etc', '/run', '/d', '/d/logs', '/t', '/s', '/s/delayed', '/w', '/w/lon-status'];
/** When all gateways are online: the dialogue has a pause of 5 s. */
const START_AT = 30;
const RETRY = seconds(1);
const KILL_LOOK = seconds(0.1);
const SLICE = 5_000;

interface Count {
  asked: number;
  own: number;
  lost: number;
  readonly strange: string[];
}

export function runSimulated(options: SimulatedOptions): SimulatedRun {
  const count: Count = { asked: 0, own: 0, lost: 0, strange: [] };
  let finished: Mark | undefined;
  const run: Shared = {
    options,
    count,
    answered: () => {
      if (count.own + count.lost + count.strange.length >= options.requests) finished ??= markOf(world);
    },
  };
  const machines: Machine[] = [];
  const init: Daemon = host => boot(host, Number(host.process.args[0]), options.hosts);
  const world = new World({
    seed: 'bench',
    programs: { ...programs, init, clients: host => clients(host, run), killer: killer(run, machines) },
  });
  for (let index = 0; index < options.hosts; index++) machines.push(world.machine(idOf(index), { directories: DIRECTORIES }));
  for (const [index, machine] of machines.entries()) machine.start('init', [String(index)]);
  world.run(instantOf(START_AT * 1_000_000));
  const begun = markOf(world);
  for (const [index, machine] of machines.entries()) if (index === 0 || options.hosts > 2) machine.start('clients', [String(index)]);
  if (options.kills.length > 0) for (const [index, machine] of machines.entries()) machine.start('killer', [String(index)]);
  const until = instantOf((START_AT + options.until) * 1_000_000);
  while (finished === undefined && performance.now() - begun.wall < options.limitMs) {
    if (world.run(until, world.events + SLICE) !== 'event-limit') break;
  }
  // What is left of the slice, where nobody asks any more, does not count.
  const ended = finished ?? markOf(world);
  return {
    ...count,
    processes: machines.reduce((sum, machine) => sum + machine.processes.length, 0),
    events: ended.events - begun.events,
    seconds: (ended.wall - begun.wall) / 1_000,
    simulatedSeconds: (ended.time - begun.time) / 1_000_000,
    bugs: world.bugs,
  };
}

interface Mark {
  readonly wall: number;
  readonly time: number;
  readonly events: number;
}

const markOf = (world: World): Mark => ({ wall: performance.now(), time: world.now, events: world.events });

const idOf = (index: number): string => `host${index}`;

/** What a user does: writes the files, starts lond, and a second later the gateway. */
function boot(host: Host, own: number, hosts: number): void {
  const variables = [`lonHostID ${idOf(own)}`, 'lonDaemons /d', 'lonTabDir /t', 'lonSockDir /s', 'lonDocRoot /w'];
  host.storage.write(CONF, utf8(variables.map(text => `PerlSetVar ${text}\n`).join('')));
  const lines = Array.from({ length: hosts }, (_, index) => `${idOf(index)}:bench:library:${idOf(index)}:10.0.0.${index + 1}\n`);
  host.storage.write('/t/hosts.tab', utf8(lines.join('')));
  host.process.spawn('lond', [`--conf=${CONF}`]);
  host.clock.setTimer(seconds(1), () => void host.process.spawn('gateway', [`--conf=${CONF}`]));
}

interface Shared {
  readonly options: SimulatedOptions;
  readonly count: Count;
  /** After every answer and loss. */
  readonly answered: () => void;
}

/** All local clients of a host. */
function clients(host: Host, shared: Shared): void {
  host.signals.handle('SIGPIPE', 'ignore');
  const { options } = shared;
  const own = Number(host.process.args[0]);
  for (let index = 0; index < options.clients; index++) {
    const peer = (own + 1 + (index % (options.hosts - 1))) % options.hosts;
    new SimulatedClient(host, shared, { path: `/s/${idOf(peer)}`, user: own * options.clients + index }).open();
  }
}

class SimulatedClient {
  readonly #host: Host;
  readonly #shared: Shared;
  readonly #where: { readonly path: string; readonly user: number };
  #stream: Stream | undefined;
  #question: Question | undefined;
  #prepared = false;
  #next = 0;
  #text = '';

  constructor(host: Host, shared: Shared, where: { readonly path: string; readonly user: number }) {
    this.#host = host;
    this.#shared = shared;
    this.#where = where;
  }

  open(): void {
    this.#text = '';
    this.#host.network.connect({ transport: 'unix', path: this.#where.path }, {}, result => {
      if (!result.ok) this.#later();
      else {
        this.#stream = result.value;
        this.#ask();
      }
      return { data: bytes => this.#read(textOf(bytes)), end: () => this.#cut(), close: () => this.#cut() };
    });
  }

  #ask(): void {
    const { count, options } = this.#shared;
    if (this.#stream === undefined || count.asked >= options.requests) return;
    if (this.#prepared) {
      count.asked += 1;
      this.#question = stored(this.#where.user)(this.#next++);
    } else this.#question = { request: preparation(this.#where.user), answer: 'ok' };
    this.#stream.write(utf8(`${this.#question.request}\n`));
  }

  #read(piece: string): void {
    const parts = (this.#text + piece).split('\n');
    this.#text = parts.pop() ?? '';
    for (const line of parts) this.#heard(line);
  }

  #heard(line: string): void {
    const { count, options } = this.#shared;
    const question = this.#question;
    this.#question = undefined;
    if (question === undefined || (line !== question.answer && line !== CON_LOST))
      count.strange.push(`'${line}' to '${question?.request}'`);
    else if (!this.#prepared) this.#prepared = line !== CON_LOST;
    else if (line === CON_LOST) count.lost += 1;
    else count.own += 1;
    this.#shared.answered();
    if (options.idle === 0) this.#ask();
    else this.#host.clock.setTimer(seconds(options.idle), () => this.#ask());
  }

  #cut(): void {
    if (this.#stream === undefined) return;
    this.#stream.close();
    this.#stream = undefined;
    if (this.#question !== undefined && this.#prepared) this.#shared.count.lost += 1;
    this.#question = undefined;
    this.#shared.answered();
    this.#later();
  }

  #later(): void {
    this.#host.clock.setTimer(RETRY, () => this.open());
  }
}

/** On every machine, for what is to be killed there, evenly over the requests: the gateway child of the first, the lond of the second. */
function killer({ options, count }: Shared, machines: readonly Machine[]): Daemon {
  return host => {
    const own = Number(host.process.args[0]);
    const step = options.requests / (options.kills.length + 1);
    let made = 0;
    const look = (): void => {
      host.clock.setTimer(KILL_LOOK, look);
      const victim = options.kills[made];
      if (victim === undefined || count.own + count.lost < step * (made + 1)) return;
      made += 1;
      if (own !== (victim === 'lond-child' ? 1 : 0)) return;
      const here = machines[own]?.processes ?? [];
      const found = here.find(each => each.program === victim && (own === 1 || each.args.includes(`--peer=${idOf(1)}`)));
      if (found !== undefined) host.process.kill(found.pid, 'SIGKILL');
    };
    look();
  };
}
