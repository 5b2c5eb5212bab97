/**
 * A parent that is not ours and does what ours never would: `OPTIONS -- PROGRAM ARGS…`.
 *  --stop-after=MS   closes the control pipe then
 *  --deaf            never reads the event pipe
 *  --closes-at=MS    closes the event pipe then, with --deaf
 *  --prefill         the event pipe is full before the child is started
 *  --closes-after=N  closes the event pipe once it has read N bytes
 *  --events=FD, --control=FD   the child's numbers for its ends; default 3 and 4
 *  --lies            tells the child a number for its event pipe that is not open
 * It ends with status 0 when the child has ended. The event pipe is made first, the control pipe second.
 * Lacks: any look at what it reads, and any way to stop a child that does not.
 */
import type { Daemon, Descriptor, Host, Stream } from '../../../src/host/host.ts';
import type { Result } from '../../../src/host/result.ts';
import type { Duration } from '../../../src/host/time.ts';
import { Options } from '../../../src/impl/lifetime/options.ts';
import { FILLER } from './names.ts';

interface OtherOptions {
  readonly stopAfter: Duration | undefined;
  readonly deaf: boolean;
  readonly lies: boolean;
  readonly prefill: boolean;
  readonly closesAfter: number | undefined;
  readonly closesAt: Duration | undefined;
  readonly events: Descriptor;
  readonly control: Descriptor;
  readonly program: string;
  readonly args: readonly string[];
}

const BYTES_MAX = 1_000_000;
const DESCRIPTOR_MAX = 255;
/** A child has two descriptors. */
const NOT_OPEN = 40;

export const otherParent: Daemon = host => new OtherParent(host, optionsOf(host.process.args)).start();

function optionsOf(args: readonly string[]): OtherOptions {
  const end = args.indexOf('--');
  const options = new Options(args.slice(0, end));
  const [program = '', ...rest] = args.slice(end + 1);
  const read = {
    stopAfter: options.millis('stop-after'),
    deaf: options.flag('deaf'),
    lies: options.flag('lies'),
    prefill: options.flag('prefill'),
    closesAfter: options.number('closes-after', BYTES_MAX),
    closesAt: options.millis('closes-at'),
    events: options.number('events', DESCRIPTOR_MAX) ?? 3,
    control: options.number('control', DESCRIPTOR_MAX) ?? 4,
  };
  const problem = options.end();
  if (end < 0 || problem !== undefined) throw new Error(problem?.text ?? 'no -- PROGRAM');
  return { ...read, program, args: rest };
}

class OtherParent {
  readonly #host: Host;
  readonly #options: OtherOptions;

  constructor(host: Host, options: OtherOptions) {
    this.#host = host;
    this.#options = options;
  }

  start(): void {
    const events = this.#pipe();
    const control = this.#pipe();
    if (!this.#options.prefill) {
      this.#spawn(events, control);
      return;
    }
    sure(this.#host.process.spawn(FILLER, [], { descriptors: { 3: events.write } }));
    this.#host.process.wait(() => this.#spawn(events, control));
  }

  #pipe(): { readonly read: Descriptor; readonly write: Descriptor } {
    return sure(this.#host.descriptors.pipe());
  }

  #spawn(events: { read: Descriptor; write: Descriptor }, control: { read: Descriptor; write: Descriptor }): void {
    const { descriptors, process, clock } = this.#host;
    const { program, args, stopAfter, deaf, lies, closesAt } = this.#options;
    const told = lies ? this.#options.events + NOT_OPEN : this.#options.events;
    const numbers = [`--pipetx=${told}`, `--piperx=${this.#options.control}`, '--lifetimeevents', '--boundaddrevents'];
    const inherited = { [this.#options.events]: events.write, [this.#options.control]: control.read };
    sure(process.spawn(program, [...args, ...numbers], { descriptors: inherited }));
    descriptors.close(events.write);
    descriptors.close(control.read);
    if (!deaf) this.#listen(events.read);
    else if (closesAt !== undefined) clock.setTimer(closesAt, () => descriptors.close(events.read));
    process.wait(() => process.exit(0));
    if (stopAfter !== undefined) clock.setTimer(stopAfter, () => descriptors.close(control.write));
  }

  #listen(descriptor: Descriptor): void {
    const { closesAfter } = this.#options;
    let left = closesAfter ?? Number.POSITIVE_INFINITY;
    const streams: Stream[] = [];
    const close = (): void => {
      for (const stream of streams.splice(0)) stream.close();
    };
    const data = (bytes: Uint8Array): void => {
      left -= bytes.length;
      if (left <= 0) close();
    };
    streams.push(sure(this.#host.descriptors.attach(descriptor, 'read', { data })));
    if (left <= 0) close();
  }
}

function sure<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.call}`);
  return result.value;
}
