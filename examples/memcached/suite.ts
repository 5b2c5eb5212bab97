/**
 * What a server of memcached's text protocol must do, and 30 conversations that show whether it does.
 * Requirements are in our words; their clauses are the sections of doc/protocol.txt of memcached 1.6.18. That document has no capital
 * MUST, so the levels are ours. MUST: it says plainly what the server does. SHOULD: it follows from what is said to clients, or is wise.
 * MAY: it leaves the choice.
 * Lacks: the meta commands, gat, statistics, UDP, flush_all with a delay, cache_memlimit, shutdown.
 */
import { seconds } from 'slipway';
import { type CaseDefinition, defineSuite, dialogue, type FieldPattern, type Requirement, type Turn } from 'slipway/conformance';
import { broken } from './mutants.ts';
import { decoder, varies } from './wire.ts';

// ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────────────

const must = (name: string, clause: string, text: string): Requirement => ({
  id: `memcached.server.${name}`,
  clause,
  level: 'MUST',
  role: 'server',
  text,
});
const should = (name: string, clause: string, text: string): Requirement => ({ ...must(name, clause, text), level: 'SHOULD' });

const requirements: readonly Requirement[] = [
  must('lines', 'Protocol', 'A line of the server ends with CR LF, and a block where its length says, with CR LF behind it.'),
  must('pieces', 'Protocol', 'A command is what is between line ends, however the bytes arrive and however many arrive at once.'),
  must('any-bytes', 'Protocol', 'A block comes back byte for byte, line ends in it too: only its length says where it is over.'),
  must('keys', 'Keys', 'A key of 250 characters is a key; a longer one is refused.'),
  should('control', 'Keys', 'A key with a control character in it is refused.'),
  must('names', 'Commands', 'Names of commands are lower-case; another word in their place is ERROR.'),
  must('one-answer', 'Commands', 'A storage command has one line of answer, also when it is refused: its block is no command.'),
  must('malformed', 'Error strings', 'A known command whose line does not conform is CLIENT_ERROR; ERROR is for names that do not exist.'),
  must('goes-on', 'Error strings', 'After an error of the client the connection serves on.'),
  must('says-why', 'Error strings', 'A server that gives a connection up says SERVER_ERROR before it closes.'),
  must('set', 'Storage commands', 'set stores, over what was there.'),
  must('add', 'Storage commands', 'add stores only where nothing is.'),
  must('replace', 'Storage commands', 'replace stores only where something is.'),
  must('append', 'Storage commands', 'append and prepend add to what is there, whose flags stay; where nothing is they store nothing.'),
  must('cas', 'Storage commands', 'cas stores only if nobody changed the item since its unique number was fetched.'),
  must('flags', 'Storage commands', 'Flags come back as they were stored, to 32 bits.'),
  should('flags-limit', 'Storage commands', 'Flags of more than 32 bits are refused rather than changed.'),
  must('expires', 'Storage commands', 'After its expiration time nobody can fetch an item; a negative time is over at once.'),
  must('length', 'Storage commands', 'A block that is not ended where its length says is refused, and not stored.'),
  must('quiet', 'Storage commands', 'With noreply a command has no answer.'),
  must('too-large', 'Error strings', 'What the server cannot store is SERVER_ERROR, and the connection goes on.'),
  must('get', 'Retrieval command', 'get answers with an item for each key that there is, in any number of keys, and then END.'),
  must('gets', 'Retrieval command', 'gets tells a number with each item that is another one after every change.'),
  must('delete', 'Deletion', 'delete says whether there was something to delete, and then nothing is.'),
  must('counts', 'Increment/Decrement', 'incr and decr change a decimal number in its place and answer with the new one.'),
  must('bounds', 'Increment/Decrement', 'decr ends at 0, and incr wraps at 64 bits.'),
  must('no-number', 'Increment/Decrement', 'What is no number, or is not there, is not counted.'),
  { ...must('unpadded', 'Increment/Decrement', 'A number that became shorter is stored without spaces behind it.'), level: 'MAY' },
  must('touch', 'Touch', 'touch changes when an item expires, and nothing else.'),
  must('flush', 'Other commands', 'After flush_all nothing that was stored before is found.'),
  must('version', 'Other commands', 'version has one line of answer.'),
  must('quit', 'Other commands', 'quit closes the connection.'),
];

// ── how it is shown ─────────────────────────────────────────────────────────────────────────────────────────────────

const talk = dialogue({ end: '\r\n' });

const one = (name: string, title: string, shows: string | readonly string[], ...turns: readonly Turn[]): CaseDefinition => {
  const ids = typeof shows === 'string' ? [shows] : shows;
  return { id: `memcached.case.${name}`, title, shows: ids.map(each => `memcached.server.${each}`), steps: talk(...turns) };
};

const call = { channel: 'call', within: seconds(5) } as const;
/** The first line of an item that gets shows, with a number like that. */
const numbered = (unique: FieldPattern, save: object = {}): Turn => ({
  verb: 'expect-sequence',
  ...call,
  items: [
    {
      message: { type: 'item', name: 'the item with its number', fields: { text: { begins: 'VALUE a 0 1 ' }, unique } },
      times: 'one',
      ...save,
    },
  ],
});
const NUMBERED = numbered({ atLeast: 0 }, { save: { field: 'unique', as: 'unique' } });
const OTHER_NUMBER = numbered({ not: { near: 'unique', by: 0 } });
const skipTo = (begins: string): Turn => ({
  verb: 'expect-among',
  ...call,
  message: { type: '*', name: `what begins with '${begins}'`, fields: { text: { begins } } },
});
const silence = { verb: 'expect-silence', channels: ['call'], lasting: seconds(1) } as const;
const wait = (time: number): Turn => ({ ...silence, lasting: seconds(time) });
const write = (text: string, repeat = 1): Turn => ({ verb: 'say', channel: 'call', text, repeat });

const KEY = 'k'.repeat(250);
const LARGE = 1_048_577; // One byte more than an item may have, by default.

// biome-ignore format: a conversation is read along the line.
const cases: readonly CaseDefinition[] = [
  one('set', 'What is stored is fetched, the last of it', ['set', 'get'],
    '> set a 7 0 3', '> abc', '< STORED', '> get a', '< VALUE a 7 3', '< abc', '< END', '> set a 2 0 0', '>', '< STORED', '> get a',
    '< VALUE a 2 0', '<', '< END'),
  one('pieces', 'Commands in pieces, and two at once', 'pieces',
    write('set a 0 0 5\r\nab'), silence, write('cde\r'), silence, write('\nget a\r\nget b\r\n'), '< STORED', '< VALUE a 0 5', '< abcde',
    '< END', '< END'),
  one('bytes', 'Line ends in a block', 'any-bytes',
    '> set a 0 0 10', '> x\r\nEND\r\n\r\n', '< STORED', '> get a', '< VALUE a 0 10', '< x\r\nEND\r\n\r\n', '< END'),
  one('key', 'Keys of 250 and of 251 characters', 'keys',
    `> set ${KEY} 0 0 1`, '> x', '< STORED', `> get ${KEY}`, `< VALUE ${KEY} 0 1`, '< x', '< END', `> get ${KEY}k`, '< CLIENT_ERROR *',
    '> get a', '< END'),
  one('control', 'A key with a control character', 'control',
    '> set a\u0001b 0 0 1', '> x', '< CLIENT_ERROR *'),
  one('names', 'Names that there are not', ['names', 'goes-on'],
    '> nonesuch', '< ERROR', '> GET a', '< ERROR', '> get a', '< END'),
  one('refused', 'The block of a refused set is no command', 'one-answer',
    `> set ${KEY}k 0 0 9`, '> flush_all', '< CLIENT_ERROR *', '> version', '< VERSION *'),
  one('short', 'A line that lacks words', 'malformed',
    '> set a 0 0', '< CLIENT_ERROR *'),
  one('number', 'A length that is no number', ['malformed', 'goes-on'],
    '> set a 0 0 x', '< CLIENT_ERROR *', '> get a', '< END'),
  one('endless', 'A line without end', 'says-why',
    write('x', 5_000), '< SERVER_ERROR *', '<.'),
  one('add', 'add where something is, and where nothing is', 'add',
    '> add a 0 0 1', '> x', '< STORED', '> add a 0 0 1', '> y', '< NOT_STORED', '> get a', '< VALUE a 0 1', '< x', '< END'),
  one('replace', 'replace where nothing is, and where something is', 'replace',
    '> replace a 0 0 1', '> x', '< NOT_STORED', '> get a', '< END', '> set a 0 0 1', '> x', '< STORED', '> replace a 0 0 1', '> y',
    '< STORED', '> get a', '< VALUE a 0 1', '< y', '< END'),
  one('append', 'append and prepend', 'append',
    '> append a 0 0 1', '> x', '< NOT_STORED', '> set a 5 0 1', '> m', '< STORED', '> append a 9 0 1', '> n', '< STORED',
    '> prepend a 9 0 1', '> l', '< STORED', '> get a', '< VALUE a 5 3', '< lmn', '< END'),
  one('cas', 'cas with the number of now, and with that of before', 'cas',
    '> cas a 0 0 1 1', '> x', '< NOT_FOUND', '> set a 0 0 1', '> x', '< STORED', '> gets a', NUMBERED, '< x', '< END',
    '> cas a 0 0 1 {unique}', '> y', '< STORED', '> cas a 0 0 1 {unique}', '> z', '< EXISTS', '> get a', '< VALUE a 0 1', '< y', '< END'),
  one('flags', 'Flags of 32 bits', 'flags',
    '> set a 4294967295 0 1', '> x', '< STORED', '> get a', '< VALUE a 4294967295 1', '< x', '< END'),
  one('flags-limit', 'Flags of 33 bits', 'flags-limit',
    '> set a 4294967296 0 1', '> x', '< CLIENT_ERROR *'),
  one('expired', 'An item that has expired', 'expires',
    '> set a 0 -1 1', '> x', '< STORED', '> get a', '< END', '> set b 0 2 1', '> x', '< STORED', wait(4), '> get b', '< END'),
  // What is left of the line may be a command or not: nothing is said of that.
  one('block', 'A block that is longer than its length', 'length',
    '> set a 0 0 3', '> abcdefg', '< CLIENT_ERROR *', '> version', skipTo('VERSION '), '> get a', '< END'),
  one('quiet', 'noreply', 'quiet',
    '> set a 0 0 1 noreply', '> 5', '> incr a 1 noreply', '> delete b noreply', '> get a', '< VALUE a 0 1', '< 6', '< END'),
  one('large', 'An item that is too large', 'too-large',
    `> set a 0 0 ${LARGE}`, write('x', LARGE), '> ', '< SERVER_ERROR *', '> get a', '< END'),
  one('get', 'Many keys at once', 'get',
    '> set a 0 0 1', '> x', '> set c 0 0 1', '> z', '< STORED', '< STORED', '> get a b c', '< VALUE a 0 1', '< x', '< VALUE c 0 1', '< z',
    '< END'),
  one('gets', 'The number of an item', 'gets',
    '> set a 0 0 1', '> x', '< STORED', '> gets a', NUMBERED, '< x', '< END', '> set a 0 0 1', '> x', '< STORED', '> gets a',
    OTHER_NUMBER, '< x', '< END'),
  one('delete', 'delete', 'delete',
    '> delete a', '< NOT_FOUND', '> set a 0 0 1', '> x', '< STORED', '> delete a', '< DELETED', '> get a', '< END'),
  one('counts', 'incr and decr', 'counts',
    '> set a 0 0 2', '> 99', '< STORED', '> incr a 1', '< 100', '> get a', '< VALUE a 0 3', '< 100', '< END', '> decr a 60', '< 40',
    '> set a 0 0 10', '> 4294967295', '< STORED', '> incr a 1', '< 4294967296'),
  one('bounds', 'Below 0, and over 64 bits', 'bounds',
    '> set a 0 0 1', '> 5', '< STORED', '> decr a 6', '< 0', '> set a 0 0 20', '> 18446744073709551615', '< STORED', '> incr a 2', '< 1'),
  one('no-number', 'What cannot be counted', 'no-number',
    '> incr a 1', '< NOT_FOUND', '> set a 0 0 1', '> x', '< STORED', '> incr a 1', '< CLIENT_ERROR *', '> get a', '< VALUE a 0 1', '< x',
    '< END'),
  one('unpadded', 'A number that becomes shorter', 'unpadded',
    '> set a 0 0 2', '> 10', '< STORED', '> decr a 1', '< 9', '> get a', '< VALUE a 0 1', '< 9', '< END'),
  one('touch', 'touch', 'touch',
    '> touch a 9', '< NOT_FOUND', '> set a 3 2 1', '> x', '< STORED', '> touch a 60', '< TOUCHED', wait(4), '> get a', '< VALUE a 3 1',
    '< x', '< END'),
  one('flush', 'flush_all', 'flush',
    '> set a 0 0 1', '> x', '< STORED', '> flush_all', '< OK', '> get a', '< END', '> add a 0 0 1', '> y', '< STORED', '> get a',
    '< VALUE a 0 1', '< y', '< END'),
  one('version', 'version, and quit', ['version', 'quit', 'lines'],
    '> version', '< VERSION *', '> quit', '<.'),
];

export const suite = defineSuite({
  name: 'memcached',
  title: "Servers of memcached's text protocol",
  roles: {
    server: {
      channels: {
        call: { decoder, rules: { Protocol: 'memcached.server.lines' } },
      },
      options: ['{port}'],
      varies,
    },
  },
  requirements,
  cases,
  own: { server: { program: 'memcached-server', args: ['{options}'], claims: [] } },
  mutants: broken,
});
