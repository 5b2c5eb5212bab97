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
import { CAPTURE_ENDING, decodersKnown, headerOf, isCapture, readCapture, type Spoken, spokenIn } from '../captures.ts';
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
  const spoken = await spokenIn(file, known, protocol);
  const interrupt = new Interrupt();
  const target = out === undefined ? undefined : new TraceFile(out, file, spoken);
  try {
    const account = await readCapture(file, {
      decoders: spoken.decoders,
      take: target === undefined ? undefined : event => target.write(event),
      pause: async bytes => {
        screen.progress(() => `${count(bytes / 1_000_000)} MB of ${file} read`);
        return interrupt.stops();
      },
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
  const { flows, omitted, problems, problemCount } = account;
  const { format: kind, ...rest } = account;
  screen.value({
    format: 'slipway-import',
    v: 1,
    file,
    kind: kind ?? null,
    protocol: spoken.protocol,
    guesses: spoken.guesses,
    out: out ?? null,
    ...rest,
  });
  screen.line(`${screen.style('bold', file)}  ${kind ?? 'no capture'}, ${summary(account) || 'nothing in it'}`);
  screen.line(`  ${spokenText(spoken)}`);
  for (const flow of flows.slice(0, FLOWS_SHOWN)) for (const line of flowLines(flow)) screen.line(line);
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
  if (best === undefined) return protocol === 'capture' ? 'no protocol that is known here; --protocol names one' : `protocol ${protocol}`;
  const other = next === undefined ? '' : `; ${next.protocol} would be next`;
  return `protocol ${protocol}, guessed by ${plural(best.messages, 'message')} of ${plural(best.types, 'type')}${other}; --protocol says another`;
}

function* flowLines({ channel, from, to, first, last, midway, end, sent, received }: FlowAccount): Generator<string> {
  const when = `${formatTime(first)} to ${formatTime(last)}`;
  const state = [midway ? 'there before' : '', end].filter(Boolean).join(', ');
  yield `  ${channel.padEnd(7)} ${printable(from, 60)} > ${printable(to, 60)}  ${when}  ${direction(sent)} >  ${direction(received)} <  ${state}`;
  for (const [arrow, { missing, violation }] of [['>', sent] as const, ['<', received] as const]) {
    if (missing > 0) yield `          ${arrow} ${plural(missing, 'byte')} missing in the capture`;
    if (violation !== undefined)
      yield `          ${arrow} breaks ${printable(violation.clause, 80)} at byte ${violation.offset}: ${printable(violation.detail, 200)}`;
  }
}

const direction = ({ bytes, messages }: DirectionAccount): string => `${plural(messages, 'message')}, ${plural(bytes, 'byte')}`;
