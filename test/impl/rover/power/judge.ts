/**
 * What must be so on a disk after a power cut, and after everything was asked again: what was promised is there, what is there is a
 * prefix of each stream, and nothing was done twice.
 */
import { fromUtf8, textOf } from '../../../../src/host/bytes.ts';
import { entryOf } from '../../../../src/impl/rover/records.ts';
import { CORRECTED } from '../../../../src/impl/rover/rules.ts';
import { State } from '../../../../src/impl/rover/state.ts';
import { readFolder } from '../../../../src/impl/stable-log/folder.ts';
import type { DiskImage } from '../../../../src/sim/disk/images.ts';
import { Computer } from '../../stable-log/computer.ts';
import { EXPECTED, type Expected, expectedFor, nameOf, REQUESTS, STREAMS } from './workload.ts';
import { keyOf, type Outcome, type Promises, type Said, STATE } from './world.ts';

const AGENTS = `${STATE}/agents`;

/** Throws where the log of an image is not what it must be. */
export function judgeImage(image: DiskImage, said: Promises): void {
  const state = stateOf(image);
  const begun = new Map<string, { readonly done: number; readonly running: number | undefined; readonly held: ReadonlySet<number> }>();
  for (const { stream, next, running, held, answers } of state.order.states()) {
    const done = running === undefined ? next - 1 : running.number - 1;
    begun.set(nameOf(stream), { done, running: running?.number, held: new Set(held.map(({ number }) => number)) });
    for (const { number, answer } of answers)
      same(`${nameOf(stream)} ${number}`, expectedFor({ stream, number }), { ...answer, body: textOf(answer.body) });
  }
  for (const [name, expected] of EXPECTED) {
    const { done = 0, running, held } = begun.get(name) ?? {};
    for (const [at, asked] of (STREAMS.get(name) ?? []).entries()) {
      const number = at + 1;
      if (said.answers.has(keyOf(asked)) && number > done) throw new Error(`the answer to ${keyOf(asked)} was sent; only ${done} are done`);
      if (said.safe.has(keyOf(asked)) && number > done && number !== running && held?.has(number) !== true)
        throw new Error(`${keyOf(asked)} was said to be safe, and is not there`);
    }
    judgeValues(name, done, expected, state);
  }
  judgeLines(image, ({ stream, number }) => {
    const { done = 0, running } = begun.get(nameOf(stream)) ?? {};
    return number <= done ? 'there' : number === running ? 'perhaps' : 'not there';
  });
}

/** Throws where an outcome is not what it must be: everything is done, and was done once. */
export function judgeOutcome({ disk, answers }: Pick<Outcome, 'disk' | 'answers'>, said: Promises): void {
  for (const asked of REQUESTS) {
    const last = answers.get(keyOf(asked));
    if (last === undefined) throw new Error(`${keyOf(asked)} was not answered`);
    const acked = REQUESTS.some(each => nameOf(each.stream) === nameOf(asked.stream) && each.acked >= asked.number);
    for (const one of [last, said.answers.get(keyOf(asked))])
      if (one !== undefined && !(acked && one.status === 410)) same(keyOf(asked), expectedFor(asked), one);
  }
  judgeLines(imageOf(disk), () => 'there');
}

function same(key: string, { status, body }: Expected, found: Pick<Said, 'status' | 'body'>): void {
  if (found.status !== status || (status === 200 && found.body !== body))
    throw new Error(`${key}: ${found.status} ${JSON.stringify(found.body)}, and not ${status} ${JSON.stringify(body)}`);
}

function judgeValues(name: string, done: number, expected: readonly Expected[], state: State): void {
  const asked = STREAMS.get(name) ?? [];
  const objects = new Map<string, string>();
  for (const [at, { object, stream }] of asked.entries()) {
    if (!object.startsWith('Irolo__') || stream.owner === 'nobody') continue;
    if (at < done) objects.set(object, expected[at]?.value ?? '');
    else if (!objects.has(object)) objects.set(object, '');
  }
  for (const [object, value] of objects) {
    const found = textOf(state.value(asked[0]?.stream.owner ?? '', object) ?? new Uint8Array(0));
    if (found !== value) throw new Error(`${name}: ${object} is ${JSON.stringify(found)} after ${done}, and not ${JSON.stringify(value)}`);
  }
}

/** Lines that are not whole are the beginning of one that is. */
function judgeLines(image: DiskImage, wanted: (asked: (typeof REQUESTS)[number]) => 'there' | 'perhaps' | 'not there'): void {
  const lines = new Map<string, string[]>();
  for (const [path, content] of image)
    if (path.startsWith(`${AGENTS}/Agent__`) && typeof content !== 'string')
      lines.set(path, (fromUtf8(content) ?? '').split('\n').slice(0, -1));
  const known = new Set<string>();
  for (const asked of REQUESTS) {
    const { line } = expectedFor(asked);
    if (line === undefined) continue;
    known.add(line);
    const count = (lines.get(`${AGENTS}/${asked.object}`) ?? []).filter(each => each === line).length;
    const want = wanted(asked);
    if (count > 1 || (want === 'there' && count === 0) || (want === 'not there' && count > 0))
      throw new Error(`'${line}' was delivered ${count} times, and should be ${want}`);
  }
  for (const line of [...lines.values()].flat())
    if (!known.has(line) && ![...known].some(each => each.startsWith(line.replace(/\0+$/, ''))))
      throw new Error(`'${line}' was delivered, and nobody asked for it`);
}

/** As the daemon reads it. */
function stateOf(image: DiskImage): State {
  const read = readFolder(Computer.of(image).host.storage, STATE);
  if (!read.ok) throw new Error(`${read.refusal.file}, offset ${read.refusal.offset}: ${read.refusal.what}`);
  const state = new State(CORRECTED);
  for (const record of read.value.records) {
    const entry = entryOf(record);
    const wrong = entry === undefined ? `no record of kind ${record.kind}` : state.apply(entry);
    if (wrong !== undefined) throw new Error(wrong);
  }
  state.restored();
  return state;
}

/** The files that processes see, of the folder of deliveries. */
function imageOf(disk: Outcome['disk']): DiskImage {
  const names = disk.list(AGENTS);
  const image = new Map<string, Uint8Array>();
  for (const name of names.ok ? names.value : []) {
    const file = disk.read(`${AGENTS}/${name}`);
    if (file.ok) image.set(`${AGENTS}/${name}`, file.value);
  }
  return image;
}
