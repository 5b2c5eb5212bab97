/** What each line leads to in each phase (B4), of both ends, corrected and as written. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NAME_MAX } from '../../../src/impl/ikc/limits.ts';
import type { Role } from '../../../src/impl/ikc/link-rules.ts';
import { QUIRK, type Quirk } from '../../../src/impl/ikc/quirks.ts';
import { Hand, type Setup } from './hand.ts';

const SETUP = 'SETUP KERNEL=a,b;FREEZER=Storable;PID=1';
/** Every kind of line there is, and what nearly is one. */
const LINES: readonly string[] = [
  ...['', 'HELLO', 'HELLO IKC1', 'HELLO IKC10', 'HELLO IKC', 'hello', ' HELLO', SETUP, 'OK', 'OK ', ' OK', 'ok', 'NOT', 'NOT ', 'not'],
  ...[
    'DONE',
    'DONE ',
    'done',
    'IAM x',
    'IAM  x',
    'IAM\tx',
    'IAM a:b-c.d_e',
    'IAM bad name',
    'IAM',
    'IAM ',
    'IAM x ',
    'IAM é',
    'IAM *',
    'iam x',
  ],
  ...['FREEZER Storable', 'FREEZER JSON', 'FREEZER None::Such', 'FREEZER ../x', 'FREEZER a b', 'FREEZER', 'FREEZER ', 'freezer Storable'],
  ...['WORLD', 'WORLD ', 'world', 'UP', 'up', 'x\0y', '\u00ff'],
];

interface Phase {
  readonly role: Role;
  /** What leads there. */
  readonly before: readonly string[];
  /** What is answered to some lines. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** And to all others. */
  readonly other: readonly string[];
}
const NAMED = { 'IAM x': ['OK'], 'IAM  x': ['OK'], 'IAM\tx': ['OK'], 'IAM a:b-c.d_e': ['OK'] };
const TOLD = { OK: ['IAM 127.0.0.1:603'], NOT: [] };
const AT_002 = ['HELLO', 'OK', 'OK', 'OK'];

const PHASES: Readonly<Record<string, Phase>> = {
  'server 000': { role: 'server', before: [], answers: { HELLO: ['IAM id'], 'HELLO IKC1': ['NOT'], [SETUP]: ['NOT'] }, other: [] },
  'server 001': { role: 'server', before: ['HELLO'], answers: TOLD, other: ['NOT'] },
  'server 002': { role: 'server', before: AT_002, answers: { ...NAMED, DONE: [], NOT: [] }, other: ['NOT'] },
  'server 003': {
    role: 'server',
    before: [...AT_002, 'IAM peer', 'DONE'],
    answers: { 'FREEZER Storable': ['OK'], 'FREEZER JSON': ['OK'], WORLD: ['UP'], NOT: [] },
    other: ['NOT'],
  },
  'client 000': { role: 'client', before: [], answers: { ...NAMED, DONE: ['IAM id'], NOT: [] }, other: ['NOT'] },
  'client 001': { role: 'client', before: ['IAM peer', 'DONE'], answers: TOLD, other: ['NOT'] },
  'client 002': {
    role: 'client',
    before: ['IAM peer', 'DONE', 'OK', 'OK', 'OK'],
    answers: { OK: ['WORLD'], NOT: ['FREEZER JSON'] },
    other: ['NOT'],
  },
  'client 003': { role: 'client', before: ['IAM peer', 'DONE', 'OK', 'OK', 'OK', 'OK'], answers: { UP: [], NOT: [] }, other: ['NOT'] },
};

function answersTo(line: string, { role, before }: Phase, setup: Setup = {}): readonly string[] {
  const hand = new Hand({ role, ...setup }).hearLines(...before);
  const already = hand.lines.length;
  hand.hear(Uint8Array.from([...`${line}\r\n`], each => each.charCodeAt(0)));
  return hand.lines.slice(already);
}

describe.each(Object.entries(PHASES))('%s', (_, phase) => {
  test.each(LINES)('%j', line => {
    expect(answersTo(line, phase)).toEqual(phase.answers[line] ?? phase.other);
  });

  test('as written it is the same, but for the line that later versions begin with', () => {
    const quirks = Object.values(QUIRK).filter(each => each !== QUIRK.WAIT_AS_SERVER);
    for (const line of LINES) {
      const written = line === SETUP && phase.role === 'server' && phase.before.length === 0 ? [] : (phase.answers[line] ?? phase.other);
      expect([line, answersTo(line, phase, { quirks })]).toEqual([line, written]);
    }
  });

  test('a line that changes nothing changes nothing, however often it is said', () => {
    const changing = Object.keys(phase.answers).filter(line => line !== 'NOT' || phase.role === 'client');
    const idle = LINES.filter(line => !changing.includes(line));
    const rest: readonly string[] =
      phase.role === 'server'
        ? ['HELLO', ...AT_002.slice(1), 'IAM peer', 'DONE', 'FREEZER Storable', 'WORLD']
        : ['IAM peer', 'DONE', 'OK', 'OK', 'OK', 'OK', 'UP'];
    const hand = new Hand({ role: phase.role }).hearLines(...phase.before, ...idle, ...idle);
    hand.hearLines(...rest.slice(phase.before.length));
    expect(hand.told[0]).toMatch(phase.role === 'client' && phase.before.length === 6 ? /^end$/ : /^opened peer /);
  });
});

test('the client that got an answer too many does not open, having said so', () => {
  const hand = new Hand({ role: 'client' }).hearLines('IAM peer', 'DONE', 'OK', 'OK', 'OK', 'OK', 'OK', 'UP');
  expect(hand.lines.slice(-3)).toEqual(['FREEZER Storable', 'WORLD', 'NOT']);
  expect(hand.told).toEqual(['end']);
});

interface Lines {
  readonly iam_lines: readonly { readonly line: string; readonly accepted: string | null }[];
  readonly freezer_lines: readonly { readonly line: string; readonly class: 'valid' | 'invalid_refused' | 'unknown_line' }[];
}
const VECTORS = JSON.parse(readFileSync(new URL('vectors/ikc_specifiers.json', import.meta.url), 'utf8')) as Lines;

describe('what the original accepts', () => {
  test.each(VECTORS.iam_lines.map(each => [each.line, each.accepted] as const))('%j as %j', (line, accepted) => {
    const hand = new Hand().hearLines(...AT_002, line);
    expect(hand.lines[4]).toBe(accepted === null ? 'NOT' : 'OK');
    hand.hearLines('IAM second', 'DONE', 'WORLD');
    expect(hand.told).toEqual([accepted === null ? 'opened second 127.0.0.1:40000' : `opened ${accepted} second,127.0.0.1:40000`]);
  });

  test.each(VECTORS.freezer_lines.map(each => [each.line, each.class] as const))('%j is %s', (line, kind) => {
    const hand = new Hand().hearLines(...AT_002, 'IAM peer', 'DONE', line);
    // What the original would look for on its disk is not here.
    expect(hand.lines.at(-1)).toBe(kind === 'valid' && line === 'FREEZER Storable' ? 'OK' : 'NOT');
    expect(hand.slugs().includes('nonsense')).toBe(kind !== 'valid');
  });
});

describe('names', () => {
  const told = (setup: Setup): readonly string[] => new Hand(setup).hearLines('HELLO', 'OK', 'OK', 'OK', 'OK', 'OK').lines;

  test('the id, the address, the aliases from the last to the first, the name', () => {
    expect(told({ aliases: ['A', 'B'] })).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'IAM B', 'IAM A', 'IAM Inet', 'DONE']);
    expect(told({ name: undefined })).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'DONE', 'NOT', 'NOT', 'NOT']);
  });

  test('of a peer: its id, its names in their order, and its address if it did not say that', () => {
    const peer = (...names: readonly string[]): readonly string[] =>
      new Hand().hearLines(...AT_002, ...names.map(each => `IAM ${each}`), 'DONE', 'WORLD').told;
    expect(peer('p', 'b', 'a')).toEqual(['opened p b,a,127.0.0.1:40000']);
    expect(peer('p', '127.0.0.1:40000', 'a')).toEqual(['opened p 127.0.0.1:40000,a']);
    expect(peer()).toEqual(['opened 127.0.0.1:40000 ']);
  });

  test('a peer without any is not opened', () => {
    const hand = new Hand({ local: { transport: 'unix', path: '/s' }, remote: { transport: 'unix', path: '' } });
    hand.hearLines(...AT_002, 'DONE', 'WORLD');
    expect(hand.told).toEqual(['end']);
    hand.streamCloses();
    expect(hand.told).toEqual(['end', 'closed the peer has not said who it is']);
  });

  test.each([NAME_MAX - 1, NAME_MAX, NAME_MAX + 1])('of %i bytes', length => {
    const hand = new Hand().hearLines(...AT_002, `IAM ${'x'.repeat(length)}`);
    expect(hand.lines.at(-1)).toBe(length > NAME_MAX ? 'NOT' : 'OK');
  });
});

describe('serializers', () => {
  const server = (serializers: string[], quirks: readonly Quirk[], ...lines: readonly string[]): readonly string[] =>
    new Hand({ serializers, quirks }).hearLines(...AT_002, 'IAM peer', 'DONE', ...lines).lines.slice(4);
  const serializerOf = (hand: Hand): unknown => hand.logs.find(([event]) => event === 'link-open')?.[1]['serializer'];

  test('the server accepts what it has and was told to accept', () => {
    expect(server(['Storable'], [], 'FREEZER JSON', 'FREEZER Storable', 'WORLD')).toEqual(['OK', 'NOT', 'OK', 'UP']);
    expect(server(['None::Such'], [], 'FREEZER None::Such')).toEqual(['OK', 'NOT']);
  });

  test('the last agreement counts, and a refusal after it ends it', () => {
    const hand = new Hand().hearLines(...AT_002, 'IAM peer', 'DONE', 'FREEZER JSON', 'FREEZER Storable', 'FREEZER JSON', 'WORLD');
    expect(serializerOf(hand)).toBe('JSON');
    expect(server(['JSON'], [], 'FREEZER JSON', 'FREEZER Storable', 'WORLD', 'FREEZER JSON', 'WORLD')).toEqual([
      'OK',
      'OK',
      'NOT',
      'NOT',
      'OK',
      'UP',
    ]);
    // A name that cannot be one is refused, and no more.
    expect(server(['JSON'], [], 'FREEZER JSON', 'FREEZER ../x', 'WORLD')).toEqual(['OK', 'OK', 'NOT', 'UP']);
  });

  test('with nothing asked it is the default, if that is accepted', () => {
    expect(server(['Storable'], [], 'WORLD')).toEqual(['OK', 'UP']);
    expect(server(['JSON'], [], 'WORLD')).toEqual(['OK', 'NOT']);
    expect(server(['JSON'], [], 'FREEZER ../x', 'WORLD')).toEqual(['OK', 'NOT', 'NOT']);
  });

  test('after a refusal the default is no answer', () => {
    for (const asked of ['FREEZER None::Such', 'FREEZER ../x'])
      expect(server(['Storable'], [], asked, 'WORLD')).toEqual(['OK', 'NOT', 'NOT']);
  });

  test('B-T06b: with all refused, as written it is the default all the same', () => {
    expect(server(['JSON'], [QUIRK.GUESS], 'FREEZER Storable', 'WORLD')).toEqual(['OK', 'NOT', 'UP']);
    const lines = ['IAM peer', 'DONE', 'OK', 'OK', 'OK', 'NOT', 'NOT'];
    const corrected = new Hand({ role: 'client' }).hearLines(...lines);
    expect(corrected.lines.slice(-2)).toEqual(['FREEZER Storable', 'FREEZER JSON']);
    corrected.streamCloses();
    expect(corrected.told).toEqual(['end', 'closed the peer refused every serializer']);
    const written = new Hand({ role: 'client', quirks: [QUIRK.GUESS] }).hearLines(...lines, 'UP');
    expect(written.lines.slice(-3)).toEqual(['FREEZER Storable', 'FREEZER JSON', 'WORLD']);
    expect(serializerOf(written)).toBe('Storable');
  });

  test('B-T06: only what is there is offered; as written the last of the list is, too', () => {
    const lines = ['IAM peer', 'DONE', 'OK', 'OK', 'OK'];
    const offered = (serializers: string[], quirks: readonly Quirk[], ...more: readonly string[]): Hand =>
      new Hand({ role: 'client', serializers, quirks }).hearLines(...lines, ...more);
    expect(offered(['FreezeThaw', 'JSON', 'Data::Dumper'], []).lines.at(-1)).toBe('FREEZER JSON');
    expect(offered(['FreezeThaw', 'JSON', 'Data::Dumper'], [QUIRK.OFFER_UNKNOWN], 'NOT').lines.slice(-2)).toEqual([
      'FREEZER JSON',
      'FREEZER Data::Dumper',
    ]);
    const none = offered(['Data::Dumper'], []);
    none.streamCloses();
    expect(none.lines.at(-1)).toBe('DONE');
    expect(none.told).toEqual(['end', 'closed no serializer of the list is known here']);
    const guessed = offered(['Data::Dumper'], [QUIRK.OFFER_UNKNOWN], 'OK', 'UP');
    expect(guessed.lines.slice(-2)).toEqual(['FREEZER Data::Dumper', 'WORLD']);
    expect(serializerOf(guessed)).toBe('Storable');
  });

  test('a client without a list asks for nothing, and has the default', () => {
    const hand = new Hand({ role: 'client', serializers: [] }).hearLines('IAM peer', 'DONE', 'OK', 'OK', 'OK', 'UP');
    expect(hand.lines.slice(-2)).toEqual(['DONE', 'WORLD']);
    expect(serializerOf(hand)).toBe('Storable');
  });

  test('B-T06c: the second connection offers the same; as written nothing', () => {
    const second = (quirks: readonly Quirk[]): readonly string[] => {
      const serializers = ['Storable'];
      const lines = ['IAM peer', 'DONE', 'OK', 'OK', 'OK'];
      new Hand({ role: 'client', serializers, quirks }).hearLines(...lines);
      return new Hand({ role: 'client', serializers, quirks }).hearLines(...lines).lines.slice(-1);
    };
    expect(second([])).toEqual(['FREEZER Storable']);
    expect(second([QUIRK.USE_UP_LIST])).toEqual(['WORLD']);
  });
});
