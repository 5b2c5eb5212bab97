/**
 * The daemon (R1 to R8): reads its log, does what is left of an earlier life, listens, and serves.
 * Lacks: who starts it again (parent.ts).
 */
import { formatEndpoint } from '../../host/address.ts';
import type { Host, Listener, Stream, StreamHandler } from '../../host/host.ts';
import { type Duration, micros, seconds } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_TEMPFAIL } from '../command-line/exit.ts';
import { type Opened, openLog } from '../stable-log/log.ts';
import { holdLifeline } from '../supervision/lifeline.ts';
import { recover } from './acts.ts';
import { Connections } from './connections.ts';
import { EXIT_LOG } from './exit.ts';
import { Intake } from './intake.ts';
import { Journal } from './journal.ts';
import { failed, noted, stepped, warned } from './log.ts';
import type { Surroundings } from './main-loop.ts';
import { PLUG_INS } from './modules.ts';
import type { ServerOptions } from './options.ts';
import { entryOf, recordOf } from './records.ts';
import type { Rules } from './rules.ts';
import { Runner } from './runner.ts';
import { State } from './state.ts';
import { readUsers } from './users-file.ts';
import { NOBODY } from './wire.ts';
import { Workers } from './workers.ts';

const BACKLOG = 128;
/** What runs may take so long when the daemon is told to end (R9). */
export const END_TIME: Duration = seconds(5);

export class RoverDaemon {
  readonly #host: Host;
  readonly #options: ServerOptions;
  readonly #rules: Rules;
  readonly #state: State;
  readonly #around: Surroundings;
  readonly #runner: Runner;
  readonly #intake: Intake;
  readonly #connections: Connections;
  #journal: Journal | undefined;
  #listener: Listener | undefined;
  /** reading the log and running what is left; listening; told to end; about to. */
  #phase: 'starting' | 'serving' | 'ending' | 'ended' = 'starting';

  constructor(host: Host, options: ServerOptions, rules: Rules) {
    this.#host = host;
    this.#options = options;
    this.#rules = rules;
    this.#state = new State(rules);
    this.#around = this.#surroundings();
    const journal = (): Journal => this.#opened;
    this.#runner = new Runner({
      host,
      state: this.#state,
      journal,
      workers: new Workers(host, user => this.#workerArgs(user)),
      around: this.#around,
      rules,
      timeout: options.timeout,
      elsewhere: user => options.identity === 'system' && user !== NOBODY,
      idle: () => this.#idle(),
    });
    this.#intake = new Intake({
      state: this.#state,
      journal,
      runner: this.#runner,
      users: readUsers(host, options.users),
      rules,
      stale: () => this.#runner.waiters.said,
    });
    this.#connections = new Connections(host, rules, options.requestTimeout, (header, body, from, answered) =>
      this.#intake.ask(header, body, from, answered),
    );
  }

  start(): void {
    const { signals } = this.#host;
    const { lifeline } = this.#options;
    for (const signal of ['SIGPIPE', 'SIGHUP', 'SIGUSR1'] as const) signals.handle(signal, 'ignore');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) signals.handle(signal, () => this.#end());
    if (lifeline !== undefined && this.#rules.heedsParent) holdLifeline(this.#host, lifeline, () => this.#end());
    this.#read();
    this.#recover();
    const left = [...this.#state.order.running()];
    noted(this.#host).restored({ folder: this.#options.state, unfinished: left.length, streams: this.#state.order.streams });
    for (const each of left) this.#runner.run(each, { again: true });
    if (left.length === 0) this.#idle();
  }

  // ── the start ─────────────────────────────────────────────────────────────────────────────────────────────────────

  get #opened(): Journal {
    if (this.#journal === undefined) throw new Error('the log is not read yet');
    return this.#journal;
  }

  #surroundings(): Surroundings {
    const { state: folder, tests } = this.#options;
    return {
      rules: this.#rules,
      plugIns: PLUG_INS,
      disk: { storage: this.#host.storage, folder },
      tests,
      value: (user, object) => this.#state.value(user, object),
      print: text => stepped(this.#host).printed({ text }),
      left: { identity: undefined },
    };
  }

  #workerArgs(user: string): readonly string[] {
    const { state, tests, quirks, identity } = this.#options;
    return [
      `--state=${state}`,
      ...(tests ? ['--tests'] : []),
      ...(identity === 'system' ? [`--become=${user}`] : []),
      ...[...quirks].map(slug => `--quirk=${slug}`),
    ];
  }

  /** A log that is damaged is not used, and one that cannot be written is none. */
  #read(): void {
    const { state: folder, segment } = this.#options;
    const state = this.#state;
    const opened = openLog(this.#host, {
      folder,
      segment: this.#rules.segmentOf(segment),
      checkpoint: function* () {
        for (const entry of state.checkpoint()) yield recordOf(entry);
      },
    });
    if (!opened.ok) this.#refuse(opened.refusal);
    if (opened.cut !== undefined) warned(this.#host)['log-cut'](opened.cut);
    this.#tell(opened, folder);
    const renewed = opened.log.renew();
    if (!renewed.ok) this.#refuse({ file: folder, offset: 0, what: `${renewed.error.code}: ${renewed.error.call}` });
    this.#journal = new Journal(this.#host, opened.log, () => this.#runner.resume());
  }

  #tell({ records }: Opened & { readonly ok: true }, file: string): void {
    for (const [index, record] of records.entries()) {
      const entry = entryOf(record);
      const wrong = entry === undefined ? `no record of kind ${record.kind}` : this.#state.apply(entry);
      if (wrong !== undefined) this.#refuse({ file, offset: 0, what: `record ${index + 1}: ${wrong}` });
    }
    this.#state.restored();
  }

  #refuse({ file, offset, what }: { readonly file: string; readonly offset: number; readonly what: string }): never {
    failed(this.#host)['log-damaged']({ file, offset, what });
    return this.#host.process.exit(EXIT_LOG);
  }

  /** In the order of the declarations. What does not succeed is tried again when its message is run again. */
  #recover(): void {
    for (const place of this.#state.order.running())
      for (const declared of this.#state.declared(place)) {
        const done = recover(this.#around, declared);
        if (done === undefined) continue;
        const { user, host } = place.item;
        if (done.ok) noted(this.#host).recovered({ module: declared.module, user, host, number: place.number });
        else warned(this.#host)['act-failed']({ module: declared.module, error: done.error.code });
      }
  }

  // ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Nothing waits for this process. */
  #idle(): void {
    if (this.#phase === 'starting' && this.#journal?.open === true) {
      this.#phase = 'serving';
      this.#listen();
    }
    if (this.#phase === 'ending' && this.#runner.isIdle) this.#stop();
  }

  #listen(): void {
    const { listen } = this.#options;
    this.#host.network.listen(
      listen,
      { backlog: BACKLOG },
      {
        opened: result => {
          if (!result.ok) {
            failed(this.#host)['not-listening']({ address: formatEndpoint(listen), error: result.error.code });
            this.#host.process.exit(EXIT_TEMPFAIL);
          }
          if (this.#phase !== 'serving') {
            result.value.close();
            return;
          }
          this.#listener = result.value;
          noted(this.#host).listening({ address: formatEndpoint(result.value.local) });
        },
        accept: (stream: Stream): StreamHandler => this.#connections.accept(stream),
      },
    );
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #end(): void {
    if (this.#phase === 'ending' || this.#phase === 'ended') return;
    this.#phase = 'ending';
    this.#listener?.close();
    this.#intake.stop();
    this.#connections.stop();
    this.#host.clock.setTimer(END_TIME, () => this.#stop());
    this.#idle();
  }

  #stop(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#journal?.close();
    // What was answered when the log was closed is on its way.
    this.#host.clock.setTimer(micros(0), () => {
      noted(this.#host).stopped();
      this.#host.process.exit(EXIT_CLEAN);
    });
  }
}
