/**
 * R6, a second time: what a command answers, and what it leaves of the objects of its user. Text has one character a byte.
 * Lacks: how long it takes, and what becomes of it when a process ends.
 */
import type { Tokens } from '../parts/messages.ts';

/** Objects by their names: cards by their names, or lines in order. */
export interface Objects {
  readonly cards: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly lines: ReadonlyMap<string, readonly string[]>;
}
export const NOTHING: Objects = { cards: new Map(), lines: new Map() };

export interface Done {
  /** Any of these is right. */
  readonly statuses: readonly number[];
  /** Undefined: any. */
  readonly body: string | undefined;
  readonly objects: Objects;
}

const SLEEP_MOST = 60_000;

/** A request that is as R2 wants it, of a user who was known. */
export function execute(objects: Objects, tokens: Tokens): Done {
  const { USER = '', COMMAND = '', OBJECT = '', DATA = '' } = tokens;
  const failed = (...statuses: readonly number[]): Done => ({ statuses, body: undefined, objects });
  const done = (body: string | undefined, changed: Objects = objects): Done => ({ statuses: [200], body, objects: changed });
  const isImport = COMMAND === 'IMPORTDATA' || COMMAND === 'IMPORTBINARY';
  switch (COMMAND) {
    case 'TESTNULL':
      return done('');
    case 'TESTECHO':
      return done(DATA);
    case 'TESTSLEEP':
      return /^\d{1,5}$/.test(DATA) && Number(DATA) <= SLEEP_MOST ? done('') : failed(422);
    case 'TESTEXPORT':
      // It takes as long as the first line says, and then is an EXPORT.
      return execute(objects, { ...tokens, COMMAND: 'EXPORT', DATA: DATA.slice(DATA.indexOf('\n') + 1) });
    case 'TESTERROR':
      return failed(422);
    case 'TESTFATAL':
      return failed(500);
  }
  if (USER === 'nobody' && !isImport) return failed(403);
  if (!isImport && COMMAND !== 'EXPORT' && COMMAND !== 'RESET') return failed(422);
  const [, module, name = ''] = /^(Irolo|Agent)__(.*)$/s.exec(OBJECT) ?? [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names must not have them.
  if (module === undefined || name === '' || /[/\x00-\x1f\x7f]/.test(name)) return failed(404);
  return module === 'Irolo' ? irolo(objects, tokens, done, failed) : agent(objects, tokens, done, failed);
}

type Says = (body: string | undefined, changed?: Objects) => Done;
type Fails = (...statuses: readonly number[]) => Done;

/** Bytes of an object, and of all of a user: nobody asks for so much from two places. */
const OBJECT_MOST = 1_048_576;
const OBJECTS_MOST = 4_194_304;
const sizeOf = (cards: ReadonlyMap<string, string>): number =>
  [...cards].reduce((sum, [name, text]) => sum + name.length + text.length + 2, 0);

function irolo(objects: Objects, { COMMAND, OBJECT = '', DATA = '' }: Tokens, done: Says, failed: Fails): Done {
  const before = objects.cards.get(OBJECT) ?? new Map();
  const changed = (cards: ReadonlyMap<string, string>): Objects => ({ ...objects, cards: new Map([...objects.cards, [OBJECT, cards]]) });
  if (COMMAND === 'RESET') return done('0 cards\n', changed(new Map()));
  if (COMMAND !== 'EXPORT') {
    const names = [...before.keys()].sort((one, other) => (one < other ? -1 : 1));
    return done(names.map(name => `${name}\t${before.get(name)}\n`).join(''));
  }
  const cards = new Map(before);
  for (const line of DATA.split('\n').filter(each => each !== '')) {
    const [name = '', text, ...more] = line.split('\t');
    if (text === undefined || name === '' || more.length > 0) return failed(422);
    if (text === '') cards.delete(name);
    else cards.set(name, text);
  }
  const [size, was] = [sizeOf(cards), sizeOf(before)];
  const all = [...objects.cards.values()].reduce((sum, each) => sum + sizeOf(each), size - was);
  if (size > OBJECT_MOST || (size > was && all > OBJECTS_MOST)) return failed(422);
  return done(`${cards.size} cards\n`, changed(cards));
}

function agent(
  objects: Objects,
  { USER, HOST, EPOCH = '0', MSGID, COMMAND, OBJECT = '', DATA = '' }: Tokens,
  done: Says,
  failed: Fails,
): Done {
  const before = objects.lines.get(OBJECT) ?? [];
  if (COMMAND === 'RESET') return failed(422);
  if (COMMAND !== 'EXPORT') return done(before.map(line => `${line}\n`).join(''));
  if (DATA === '' || /[\n\r]/.test(DATA)) return failed(422);
  const line = `${USER} ${HOST} ${EPOCH} ${MSGID} ${DATA}`;
  return done('delivered\n', { ...objects, lines: new Map([...objects.lines, [OBJECT, [...before, line]]]) });
}
