/**
 * `slipway import`: a capture of a live system as a trace, and an account of what is in it.
 */
import type { DirectionAccount, FlowAccount } from '../../src/capture/accounts.ts';
import type { CaptureAccount } from '../../src/capture/import.ts';
import { formatCaptureProblem } from '../../src/capture/problem.ts';
import { printable } from '../../src/host/bytes.ts';
import { formatTime } from '../../src/host/time.ts';
import { openWriter, type TextWriter } from '../../src/node/files.ts';
import { TraceEncoder } from '../../src/trace/encode.ts';
import { CARRIERS } from '../../src/trace/message.ts';
import { NOBODY } from '../../src/trace/streams.ts';
import {
  allSpokenIn,
  CAPTURE_ENDING,
  decodersIn,
  decodersKnown,
  guessesBy,
  headerOf,
  isBrought,
  isCapture,
  readCapture,
  type Spoken,
  spokenIn,
} from '../captures.ts';
import type { Knowing } from '../context.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { Interrupt } from '../interrupt.ts';
import { unknown } from '../names.ts';
import { partOf, requireReadable, requireWritable } from '../places.ts';
import { count, plural, type Screen } from '../screen.ts';

export interface ImportFlags {
  readonly protocol?: string;
  readonly out?: string;
}

/** Streams that are told of on a screen. */
const FLOWS_SHOWN = 40;

export async function importCapture(file: string, { protocol, out }: ImportFlags, { screen, modules }: Knowing): Promise<ExitCode> {
  requireReadable('the capture', file);
  if (out !== undefined) requireWritable('--out', out);
  const known = await decodersKnown(modules, protocol);
  if (protocol !== undefined && !Object.hasOwn(known, protocol)) throw unknown('protocol', protocol, Object.keys(known));
  if (!(await isCapture(file))) throw usage(`${file}: it begins as neither pcap, pcapng nor strace -f -ttt -xx does`);
  const interrupt = new Interrupt();
  let target: TraceFile | undefined;
  try {
    const pause = async (bytes: number): Promise<boolean> => {
      screen.progress(() => `${count(bytes / 1_000_000)} MB of ${file} read`);
      return interrupt.stops();
    };
    const guessed = await spokenIn(file, known, protocol);
    // What a trace says of its streams stands at its beginning.
    const spoken = out === undefined ? guessed : await allSpokenIn(guessed, file, pause);
    if (out !== undefined) target = new TraceFile(out, file, spoken);
    const account = await readCapture(file, {
      decoders: spoken.streams === undefined ? guessesBy(spoken) : decodersIn(file, spoken),
      take: target === undefined ? undefined : event => target?.write(event),
      brought: protocol === undefined ? isBrought(known) : isBrought({ [protocol]: {} }),
      pause,
    });
    target?.close();
    show(file, account, spoken, out, screen);
    if (!interrupt.asked) return EXIT.ok;
    screen.note(`${file}: stopped after ${plural(account.bytes, 'byte')} of it, of which this is the account`);
    return EXIT.interrupted;
  } catch (thrown) {
    target?.drop();
    throw thrown;
  } finally {
    interrupt.release();
  }
}

/** Written as it is read, so that it may be larger than memory; whole in the end, or not there. */
class TraceFile {
  readonly #encoder = new TraceEncoder();
  readonly #part: ReturnType<typeof partOf>;
  readonly #writer: TextWriter;
  readonly #path: string;

  constructor(path: string, capture: string, spoken: Spoken) {
    this.#path = path;
    this.#part = partOf(path);
    const writer = openWriter(this.#part.path);
    if (!writer.ok) throw usage(`${path}: cannot be written: ${writer.error.code}`);
    this.#writer = writer.value;
    this.#writer.write(this.#encoder.header(headerOf(capture, spoken)));
  }

  write(event: Parameters<TraceEncoder['event']>[0]): void {
    this.#writer.write(this.#encoder.event(event));
  }

  close(): void {
    this.#writer.write(this.#encoder.footer({ events: this.#encoder.events, fingerprint: this.#encoder.fingerprint(), ...CAPTURE_ENDING }));
    const closed = this.#writer.close();
    if (!closed.ok) throw usage(`${this.#path}: could not be written to its end: ${closed.error.code}`);
    this.#part.keep();
  }

  drop(): void {
    this.#writer.close();
    this.#part.drop();
  }
}

// ── telling ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function show(file: string, account: CaptureAccount, spoken: Spoken, out: string | undefined, screen: Screen): void {
  const { omitted, problems, problemCount } = account;
  const { format: kind, ...rest } = account;
  const flows = account.flows.map(flow => ({ ...flow, protocol: protocolOf(flow, spoken) }));
  screen.value({
    format: 'slipway-import',
    v: 1,
    file,
    kind: kind ?? null,
    protocol: spoken.protocol,
    guesses: spoken.guesses,
    out: out ?? null,
    ...rest,
    flows,
  });
  screen.line(`${screen.style('bold', file)}  ${kind ?? 'no capture'}, ${summary(account) || 'nothing in it'}`);
  screen.line(`  ${spokenText(spoken)}`);
  const several = severalText(flows);
  if (several !== undefined) screen.line(`  ${several}`);
  for (const flow of flows.slice(0, FLOWS_SHOWN)) for (const line of flowLines(flow, several !== undefined)) screen.line(line);
  const more = flows.length - FLOWS_SHOWN + omitted;
  if (more > 0) screen.line(`  … ${plural(more, 'more stream')}; --json tells of the first ${count(flows.length)}`);
  if (omitted > 0)
    screen.line(
      `  ${plural(omitted, 'stream')} beyond the first ${count(flows.length)} put together and counted, and not decoded here; slipway grep ${file} channel:NAME decodes one`,
    );
  for (const problem of problems) screen.line(screen.style('yellow', `  ${file}: ${printable(formatCaptureProblem(problem), 400)}`));
  if (problemCount > problems.length) screen.line(screen.style('yellow', `  … ${plural(problemCount - problems.length, 'more problem')}`));
  if (out !== undefined) screen.line(`  ${plural(account.events, 'event')} in ${out}; slipway show ${out} prints them`);
}

/** As JSON has it: of one that nothing was said in, that nobody makes sense of, or that the named protocol says nothing over, nobody's. */
function protocolOf({ channel, protocol, sent, received }: FlowAccount, { protocol: own, known, guesses, streams }: Spoken): string | null {
  if (protocol !== undefined) return protocol;
  const found = streams?.get(channel) ?? own;
  if (found === NOBODY || (guesses.length > 0 && sent.bytes + received.bytes === 0)) return null;
  return CARRIERS.some(carrier => channel.startsWith(carrier) && known[found]?.[carrier] !== undefined) ? found : null;
}

type ToldFlow = Omit<FlowAccount, 'protocol'> & { readonly protocol: string | null };
const isUndecoded = ({ protocol, sent, received }: ToldFlow): boolean => protocol === null && sent.bytes + received.bytes > 0;

/** How many streams speak what; `undefined` where all that say anything speak the same. */
function severalText(flows: readonly ToldFlow[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { protocol } of flows) if (protocol !== null) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  const undecoded = flows.filter(isUndecoded).length;
  if (counts.size + Math.min(1, undecoded) < 2) return undefined;
  const parts = [...counts].sort(([, one], [, other]) => other - one).map(([name, number]) => `${count(number)} ${name}`);
  return `streams: ${[...parts, ...(undecoded > 0 ? [`${count(undecoded)} not decoded`] : [])].join(', ')}`;
}

/** Of counts that are zero nothing is said. */
const summary = ({ counts }: CaptureAccount): string =>
  Object.entries(counts)
    .filter(([name, number]) => number > 0 && name !== 'segments')
    .map(([name, number]) =>
      Object.hasOwn(SAID, name) ? `${count(number)} ${SAID[name]}` : plural(number, name.replace(/(?:(?<=s)es|s)$/, ''), name),
    )
    .join(', ');

const SAID: Readonly<Record<string, string>> = { cut: 'cut short by the capture', others: 'of neither TCP nor UDP' };

function spokenText({ protocol, guesses }: Spoken): string {
  const [best, next] = guesses;
  if (best === undefined) return protocol === NOBODY ? 'no protocol that is known here; --protocol names one' : `protocol ${protocol}`;
  // Where a stream is surely of it, others that could be are no rivals.
  const other = next === undefined || best.streams > 0 ? '' : `; ${next.protocol} would be next`;
  return `protocol ${protocol}, guessed by ${plural(best.messages, 'message')} of ${plural(best.types, 'type')}${other}; --protocol says another`;
}

/** `several`: not all of them speak the same. */
function* flowLines(flow: ToldFlow, several: boolean): Generator<string> {
  const { channel, protocol, offset, from, to, first, last, midway, end, sent, received } = flow;
  const when = `${formatTime(first)} to ${formatTime(last)}`;
  const state = [midway ? 'there before' : '', end].filter(Boolean).join(', ');
  const name = several ? `${(protocol ?? '-').padEnd(PROTOCOL_WIDTH)} ` : '';
  yield `  ${channel.padEnd(7)} ${name}${printable(from, 60)} > ${printable(to, 60)}  ${when}  ${direction(sent)} >  ${direction(received)} <  ${state}`;
  if (isUndecoded(flow)) yield `          not decoded: no protocol makes sense of it; it begins at byte ${offset} of the file`;
  for (const [arrow, { missing, violation }] of [['>', sent] as const, ['<', received] as const]) {
    if (missing > 0) yield `          ${arrow} ${plural(missing, 'byte')} missing in the capture`;
    if (violation !== undefined)
      yield `          ${arrow} breaks ${printable(violation.clause, 80)} at byte ${violation.offset}: ${printable(violation.detail, 200)}`;
  }
}
const PROTOCOL_WIDTH = 8;

const direction = ({ bytes, messages }: DirectionAccount): string => `${plural(messages, 'message')}, ${plural(bytes, 'byte')}`;
