/**
 * The tester: a daemon that plays one case against one implementation. It is hands and eyes only; what to do next and what
 * it means is decided by the machine. On either Host, what it sees is in the trace, under the labels of notes.ts, so that
 * judge.ts can come to the same verdict without it.
 * Lacks: opinions, and any protocol.
 */
import { utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Timer } from '../../src/host/host.ts';
import type { Duration } from '../../src/host/time.ts';
import { micros, millis, seconds, ZERO } from '../../src/host/time.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Case, ChannelName, Wiring } from '../case.ts';
import { CaseMachine } from '../judge/machine.ts';
import { NOTE, noted } from '../judge/notes.ts';
import type { End, Observation } from '../judge/observations.ts';
import type { Action } from '../judge/progress.ts';
import { caseWait, REAL_PACE, stepWait } from '../judge/scale.ts';
import type { Strain, Yardstick } from '../judge/strain.ts';
import { datagramsAt, type Implementation, isAttached, type Peer } from '../peer.ts';
import { Channels, type Output } from './channels.ts';
import { Children } from './children.ts';
import { AGAIN, orThrow, type TesterContext } from './context.ts';
import { Datagrams } from './datagrams.ts';
import { Deadline } from './deadline.ts';
import { CaseFiles, ProbeReport } from './files.ts';
import { FILLER, FILLER_DESCRIPTOR } from './filler.ts';
import type { Means } from './forks.ts';
import { ImplementationHandle } from './implementation.ts';
import { type Pressure, stopAndGo } from './pressure.ts';
import { endpointText, Sockets } from './sockets.ts';
import { fillArguments, fillText, type Places } from './templates.ts';

export interface TesterParameters {
  readonly wiring: Wiring;
  readonly implementation: Peer;
  /** How the implementation can run the probe: the program and what comes before the script. */
  readonly probe: Implementation | undefined;
  /** Where the probe writes what it sees; nothing is there yet. */
  readonly report: string;
  /** For what the environment of a role has in it. */
  readonly directory: string;
  /** All deadlines are multiplied by this, in thousandths; lengths of silence are not. */
  readonly patience: number;
  /** How many times as fast the implementation's own timers run, in thousandths: scale.ts says what becomes of waits. */
  readonly timeScale: number;
  /** How an implementation that forks is followed. */
  readonly means: Means;
  /** Of a real machine: how much time it did not have for the case. */
  readonly yardstick?: Yardstick;
  /** What makes a race come out in another way. */
  readonly pressure?: Pressure;
}

export interface Played {
  readonly machine: CaseMachine;
  readonly end: End;
  /** It ended with an error before it did anything that a case could be about. */
  readonly stillborn: boolean;
  readonly output: readonly Output[];
  /** Until the verdict; none in virtual time. */
  readonly strain: Strain | undefined;
}

/** For an end that has begun. */
const EXIT_GRACE: Duration = millis(250);
/** What is seen last of it. */
const LAST: readonly Observation['kind'][] = ['exit', 'eof'];
/** SIGKILL takes effect at once, unless the implementation is stuck in the kernel. */
const KILL_GRACE: Duration = seconds(5);

export function testerDaemon(testCase: Case, parameters: TesterParameters, done: (played: Played) => void): Daemon {
  return host => new Tester(host, testCase, parameters, done).begin();
}

class Tester {
  readonly #host: Host;
  readonly #case: Case;
  readonly #parameters: TesterParameters;
  readonly #done: (played: Played) => void;
  readonly #machine: CaseMachine;
  readonly #context: TesterContext;
  readonly #channels: Channels;
  readonly #sockets: Sockets;
  readonly #datagrams: Datagrams | undefined;
  readonly #children: Children;
  readonly #files: CaseFiles;
  readonly #report: ProbeReport;
  readonly #contact: ImplementationHandle;
  readonly #actions: Action[] = [];
  #performing = false;
  #starts = 0;
  readonly #stepDeadline: Deadline;
  readonly #caseDeadline: Deadline;
  /** Of what is done after the verdict. */
  #timer: Timer | undefined;
  /** The step that is being played: what is tried again and again is given up with it. */
  #current = 0;
  #over = false;
  /** Of the whole case. */
  readonly #strain: (() => Strain) | undefined;
  #strained: Strain | undefined;

  constructor(host: Host, testCase: Case, parameters: TesterParameters, done: (played: Played) => void) {
    const { wiring, implementation } = parameters;
    this.#host = host;
    this.#case = testCase;
    this.#parameters = parameters;
    this.#done = done;
    this.#strain = parameters.yardstick?.begin();
    this.#machine = new CaseMachine(testCase, wiring);
    this.#context = {
      host,
      note: (event, fields) => host.log('info', event, fields),
      observe: observation => this.#observe(observation),
      again: act => this.#again(act),
      over: () => this.#over,
      patient: delay => this.#patient(delay),
    };
    const manner = { slow: parameters.pressure === 'slow-writes', virtual: parameters.yardstick === undefined };
    this.#channels = new Channels(this.#context, wiring, channel => this.#machine.inbox(channel), manner);
    this.#files = new CaseFiles(this.#context, parameters.directory, text => fillText(text, this.#places()));
    const accepts = wiring.environment?.accepts ?? [];
    this.#sockets = new Sockets(this.#context, this.#channels, accepts, implementation, path => this.#files.path(path));
    if (Object.values(wiring.channels).some(({ datagrams }) => datagrams !== undefined)) {
      this.#datagrams = new Datagrams(this.#context, wiring, channel => this.#machine.inbox(channel), datagramsAt(implementation));
    }
    const fairness = { yardstick: parameters.yardstick, withholding: () => this.#channels.withholding() };
    this.#stepDeadline = new Deadline(this.#context, fairness);
    this.#caseDeadline = new Deadline(this.#context, fairness);
    this.#report = new ProbeReport(this.#context, parameters.report);
    this.#children = new Children(host);
    const surrounding = { files: this.#files, children: this.#children, address: () => this.#sockets.meeting, means: parameters.means };
    this.#contact = new ImplementationHandle(this.#context, implementation, surrounding);
  }

  begin(): void {
    // A handler and not `ignore`: what is ignored here would be ignored in the implementation as well.
    this.#host.signals.handle('SIGPIPE', () => {});
    this.#openPipes(1);
    this.#armCase();
    const { environment } = this.#parameters.wiring;
    // A socket is in the directory, and the files have the port in them.
    const first = this.#sockets.meeting.transport === 'unix';
    if (environment !== undefined && first) this.#files.make(environment);
    const play = (): void => {
      if (environment !== undefined && !first) this.#files.make(environment);
      const at = Math.floor(this.#host.clock.wall() / seconds(1));
      const { port } = this.#datagrams?.peer ?? this.#sockets.at;
      const { timeScale, patience } = this.#parameters;
      const pace = timeScale === REAL_PACE.timeScale && patience === REAL_PACE.patience ? {} : { timeScale, patience };
      const { settings = {} } = this.#parameters.implementation;
      this.#context.note(NOTE.begin, { at, port, ...pace, ...noted(settings) });
      this.#observe({ kind: 'begin', at, port, pace: { timeScale, patience }, settings });
      this.#perform(this.#machine.start());
    };
    if (this.#datagrams !== undefined) this.#datagrams.begin(play);
    else if (environment === undefined) play();
    else this.#sockets.begin(play);
  }

  // ── observations and actions ──────────────────────────────────────────────────────────────────────────────────────

  #observe(observation: Observation): void {
    if (this.#over) return;
    // The time of the case begins when the implementation is there.
    if (observation.kind === 'started' && observation.awaits === true) this.#caseDeadline.cancel();
    if (observation.kind === 'ready') this.#armCase();
    this.#perform(this.#machine.observe(observation));
    if (this.#machine.verdict !== undefined && !this.#contact.running && LAST.includes(observation.kind)) this.#settle();
  }

  /** What an action brings about is done after the actions decided before it. */
  #perform(actions: readonly Action[]): void {
    this.#actions.push(...actions);
    if (this.#performing) return;
    this.#performing = true;
    for (let action = this.#actions.shift(); action !== undefined && !this.#over; action = this.#actions.shift()) this.#act(action);
    this.#performing = false;
  }

  #act(action: Action): void {
    switch (action.kind) {
      case 'step':
        this.#current = action.step;
        this.#context.note(NOTE.step, { step: action.step, verb: action.verb });
        return;
      case 'start':
        this.#start(action);
        return;
      case 'write':
        if (this.#datagrams?.send(action.channel, action.bytes, action.times) !== true)
          this.#channels.write(action.channel, action.bytes, action.times);
        return;
      case 'close':
      case 'half-close':
      case 'reset':
        this.#channels.close(action.channel, action.kind);
        return;
      case 'disturb':
        this.#channels.disturb(action.channel, action.fault);
        return;
      case 'pause':
      case 'resume':
        this.#channels[action.kind](action.channel);
        return;
      case 'fill':
        this.#fill(action.channel, action.hex);
        return;
      case 'collect':
        this.#collect(action.channel);
        return;
      case 'signal':
        this.#contact.signal(action.signal);
        return;
      case 'arm':
        this.#arm(action.step, action.delay);
        return;
      case 'verdict':
        this.#conclude();
        return;
      default:
        this.#actOnEnvironment(action);
    }
  }

  #actOnEnvironment(
    action: Extract<Action, { kind: 'connect' | 'dial' | 'try' | 'close-listener' | 'listen' | 'place' | 'look' | 'ask' }>,
  ): void {
    switch (action.kind) {
      case 'connect':
        this.#sockets.connect(action.address, action.port);
        return;
      case 'dial':
        this.#sockets.dial(action.channel, action.to);
        return;
      case 'try':
        this.#sockets.try(action.to);
        return;
      case 'close-listener':
        this.#sockets.closeListener();
        return;
      case 'listen':
        this.#sockets.listen(() => {});
        return;
      case 'place':
        this.#files.place(action.path, action.text);
        return;
      case 'look':
        if (action.channel === undefined) this.#files.look(action.path);
        else this.#files.watch(action.path, action.channel);
        return;
      case 'ask':
        this.#ask(action.reader, action.channel);
        return;
      default:
        action satisfies never;
    }
  }

  #openPipes(nth: number): void {
    this.#channels.openPipes(nth, (descriptor, bytes) => this.#contact.heard(descriptor, bytes));
  }

  #start({ options, environment, script }: Extract<Action, { kind: 'start' }>): void {
    const { implementation, wiring } = this.#parameters;
    const places = this.#places();
    this.#starts += 1;
    // Those of the first may have been filled before it.
    if (this.#starts > 1) this.#openPipes(this.#starts);
    const words = [...options.map(each => fillText(each, places)), ...this.#probeArguments(script)];
    const args = isAttached(implementation) ? [] : fillArguments(implementation.args, words, places, wiring);
    const variables = Object.entries(environment).map(([name, value]) => [name, fillText(value, places)]);
    this.#contact.start({ args, descriptors: Object.fromEntries(this.#channels.theirs), environment: Object.fromEntries(variables) });
    this.#channels.closeTheirs();
    if (this.#parameters.pressure === 'stops')
      stopAndGo(
        this.#context,
        signal => this.#contact.signal(signal),
        () => this.#machine.verdict !== undefined,
      );
  }

  #places(): Places {
    const { directory: dir, timeScale: scale } = this.#parameters;
    const { id, role, steps } = this.#case;
    const signals = [...new Set(steps.flatMap(step => (step.verb === 'signal' && step.signal !== 'SIGKILL' ? [step.signal] : [])))];
    const { address: host, port } = this.#datagrams?.peer ?? this.#sockets.at;
    const tester = this.#datagrams?.tester ?? host;
    return { host, address: endpointText(this.#sockets.meeting), tester, port, dir, case: id, role, scale, signals };
  }

  #probeArguments(script: JsonValue | undefined): readonly string[] {
    const { probe, report } = this.#parameters;
    if (probe === undefined || script === undefined) return [];
    return ['--', probe.program, ...probe.args, JSON.stringify({ report, script })];
  }

  /** A process of its own does it: what this one has attached it could not hand on to the implementation. */
  #fill(channel: ChannelName, hex: string): void {
    const descriptor = this.#channels.theirs.get(this.#parameters.wiring.channels[channel]?.descriptor ?? -1);
    if (descriptor === undefined) throw new Error(`case ${this.#case.id}: fill comes before start, and of a channel that is read`);
    const filled = (): void => {
      this.#context.note(NOTE.filled, {});
      this.#observe({ kind: 'filled' });
    };
    orThrow(this.#children.spawn(FILLER, [hex], { descriptors: { [FILLER_DESCRIPTOR]: descriptor } }, filled), FILLER);
  }

  #ask(name: string, channel: ChannelName): void {
    const { implementation, wiring } = this.#parameters;
    const reader = isAttached(implementation) ? undefined : implementation.readers?.[name];
    if (reader === undefined) throw new Error(`case ${this.#case.id}: nobody has said how its ${name} is run`);
    this.#context.note(NOTE.asked, { reader: name, channel });
    const theirs = this.#channels.pipeFrom(channel);
    const args = fillArguments(reader.args, [], this.#places(), wiring);
    orThrow(
      this.#children.spawn(reader.program, args, { descriptors: { 1: theirs } }, () => {}),
      `its ${name}, ${reader.program}`,
    );
    this.#host.descriptors.close(theirs);
  }

  #collect(channel: ChannelName): void {
    const text = this.#report.complete();
    if (text === undefined) {
      this.#again(() => this.#collect(channel));
      return;
    }
    this.#context.note(NOTE.report, { channel, text });
    this.#observe({ kind: 'bytes', channel, bytes: utf8(text) });
    this.#observe({ kind: 'eof', channel });
  }

  // ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #again(act: () => void): void {
    const step = this.#current;
    this.#host.clock.setTimer(AGAIN, () => {
      if (!this.#over && this.#machine.verdict === undefined && this.#current === step) act();
    });
  }

  #armCase(): void {
    this.#caseDeadline.arm({
      length: caseWait(this.#case, this.#parameters),
      refutes: true,
      note: () => this.#context.note(NOTE.deadline, {}),
      over: () => this.#observe({ kind: 'case-deadline' }),
    });
  }

  #arm(step: number, delay: Duration): void {
    this.#stepDeadline.arm({
      length: stepWait(this.#case.steps[step], delay, this.#parameters),
      refutes: this.#case.steps[step]?.verb !== 'expect-silence',
      note: () => this.#context.note(NOTE.armed, { step }),
      over: () => this.#observe({ kind: 'deadline', step }),
    });
  }

  #patient(delay: Duration): Duration {
    return micros((delay * this.#parameters.patience) / 1_000);
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #conclude(): void {
    this.#stepDeadline.cancel();
    this.#caseDeadline.cancel();
    this.#strained = this.#strain?.();
    this.#context.note(NOTE.verdict, { verdict: this.#machine.verdict?.verdict ?? '' });
    if (!this.#contact.running) this.#settle();
    // It is about to end by itself, and how is worth knowing.
    else if (this.#channels.ending()) this.#timer = this.#host.clock.setTimer(EXIT_GRACE, () => this.#kill());
    else this.#kill();
  }

  /** It has ended: what it wrote before that is still read, unless somebody else holds its pipes. */
  #settle(): void {
    this.#timer?.cancel();
    this.#timer = this.#host.clock.setTimer(this.#channels.drained() ? ZERO : EXIT_GRACE, () => this.#finish());
  }

  #kill(): void {
    if (!this.#contact.running) return;
    this.#contact.signal('SIGKILL');
    this.#observe({ kind: 'killed' });
    this.#timer = this.#host.clock.setTimer(KILL_GRACE, () => this.#finish());
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    this.#sockets.finish();
    this.#datagrams?.finish();
    this.#done({
      machine: this.#machine,
      end: this.#machine.end,
      stillborn: this.#machine.stillborn,
      output: this.#channels.finish(),
      strain: this.#strained,
    });
  }
}
