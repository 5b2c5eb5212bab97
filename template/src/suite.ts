/** What a server must do, whoever wrote it: requirements by the clauses of README.md, cases that show them, and mutants that fail. */
import { defineSuite, dialogue, type Mutant, textLines } from 'slipway/conformance';
import { server } from './server.ts';
import { add, TABLE } from './table.ts';
import { lineReader } from './wire.ts';

/** Who says what: the tester `>`, the server `<`, which ends the connection with `<.`. */
const talk = dialogue();
const piece = { verb: 'say', channel: 'call', text: 'ADD 40\nAD' } as const;

export const suite = defineSuite({
  name: 'my-protocol',
  title: 'Numbers added up, line by line',
  roles: { server: { channels: { call: { decoder: textLines() } }, options: ['{port}'] } },
  requirements: [
    {
      id: 'my-protocol.welcome',
      clause: '1',
      level: 'MUST',
      role: 'server',
      text: 'HELLO and a name is answered by WELCOME and the name.',
    },
    {
      id: 'my-protocol.total',
      clause: '2',
      level: 'MUST',
      role: 'server',
      text: 'ADD and a number is answered by TOTAL and the sum so far.',
    },
    {
      id: 'my-protocol.order',
      clause: '3',
      level: 'MUST',
      role: 'server',
      text: 'ADD before HELLO is answered by ERROR, and nothing after it.',
    },
    { id: 'my-protocol.bye', clause: '4', level: 'MUST', role: 'server', text: 'BYE is answered by BYE, and nothing after it.' },
  ],
  cases: [
    { id: 'my-protocol.hello', title: 'A greeting', shows: 'my-protocol.welcome', steps: talk('> HELLO ann', '< WELCOME ann') },
    {
      id: 'my-protocol.sum',
      title: 'Two numbers',
      shows: 'my-protocol.total',
      steps: talk('> HELLO ann', '< WELCOME ann', '> ADD 40', '< TOTAL 40', '> ADD 2', '< TOTAL 42'),
    },
    {
      id: 'my-protocol.pieces',
      title: 'A request in two pieces',
      shows: 'my-protocol.total',
      steps: talk('> HELLO ann', '< WELCOME ann', piece, '< TOTAL 40', '> D 2', '< TOTAL 42'),
    },
    {
      id: 'my-protocol.early',
      title: 'A number before the greeting',
      shows: 'my-protocol.order',
      twin: 'my-protocol.sum',
      deviation: 'nothing is said before the number',
      steps: talk('> ADD 40', '< ERROR *', '<.'),
    },
    {
      id: 'my-protocol.end',
      title: 'A farewell',
      shows: 'my-protocol.bye',
      steps: talk('> HELLO ann', '< WELCOME ann', '> BYE', '< BYE', '<.'),
    },
  ],
  own: { server: { program: 'my-protocol', args: ['{options}'], claims: [] } },
  mutants: [
    {
      ...mutant('forgets', 'a piece of a line is forgotten', ['pieces']),
      depends: 'how the bytes of the other cases are cut',
    },
    mutant('hasty', 'numbers are added up before the greeting', ['early']),
    mutant('silent', 'nothing is answered', ['hello', 'sum', 'pieces', 'end']),
  ],
});

function mutant(name: string, text: string, fails: readonly string[]): Mutant {
  const program = `my-protocol-${name}`;
  return { name, role: 'server', program, args: ['{options}'], text, fails: fails.map(each => `my-protocol.${each}`) };
}

/** The daemons of the mutants. */
export const programs = {
  'my-protocol-forgets': server(TABLE, take => bytes => lineReader(take)(bytes)),
  'my-protocol-hasty': server({ ...TABLE, new: { ...TABLE.new, add } }),
  'my-protocol-silent': server({ ...TABLE, new: TABLE.over }),
};
