/**
 * R5, a second time: the header of an answer, and the line of text of what is not done.
 * Lacks: which answer is due (stream.ts), and what is refused before there is an order (request.ts, which has its sentences).
 */
import { printable, utf8 } from '../../../src/host/bytes.ts';
import { type Answer, latin1, type Message, type Tokens } from '../parts/messages.ts';

const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** `first`: what is before its status. `allow`: what may be done instead of what is not allowed. */
export interface Way {
  readonly first: string;
  readonly allow: string;
}
const ON_A_CONNECTION: Way = { first: 'HTTP/1.0', allow: 'POST' };

/** What is wrong with what is before the body of an answer to `tokens`. */
export function headWrong(
  { first, fields, body }: Message,
  answer: Answer,
  tokens: Tokens | undefined,
  way: Way = ON_A_CONNECTION,
): string | undefined {
  const { status, result, number, next, replayed } = answer;
  const line = `${way.first} ${status} ${PHRASES[status]}`;
  if (first !== line) return `begins with '${first}', and not '${line}'`;
  const isBinary = result === 'done' && status === 200 && tokens?.['COMMAND'] === 'IMPORTBINARY';
  const due: Readonly<Record<string, string | undefined>> = {
    'content-type': isBinary ? 'application/octet-stream' : 'text/plain',
    'content-length': String(body.length),
    'rover-result': result,
    'rover-message': number === undefined ? undefined : String(number),
    'rover-next': next === undefined ? undefined : String(next),
    'rover-replayed': replayed ? 'yes' : undefined,
    allow: status === 405 ? way.allow : undefined,
    'retry-after': result === 'busy' ? '1' : undefined,
  };
  if ((number === undefined) !== (next === undefined)) return `says which number it is of, or which is awaited, and not both`;
  const wrong = Object.keys({ ...due, ...fields }).find(name => fields[name] !== due[name]);
  return wrong === undefined ? undefined : `says ${wrong}: ${fields[wrong]}, and not ${due[wrong]}`;
}

/** So many characters are told at most. */
const SHOWN = 200;

/** What is wrong with the text of what is not done: `due` are the sentences that it may be, or what was asked. */
export function textWrong(answer: Answer, due: readonly string[] | Tokens | undefined): string | undefined {
  if (answer.result === 'done' && answer.status !== 410) return undefined;
  const sentences = Array.isArray(due) ? due : sentencesOf(answer, (due ?? {}) as Tokens);
  const told = (sentence: string): string => latin1(utf8(`${printable(sentence, SHOWN)}\n`));
  return sentences.some(each => told(each) === answer.body)
    ? undefined
    : `tells '${answer.body}' with ${answer.status}, and not '${sentences.join("' or '")}'`;
}

function sentencesOf(answer: Answer, tokens: Tokens): readonly string[] {
  const { status, number, next } = answer;
  const { USER = '', EPOCH = '0', COMMAND = '', OBJECT = '' } = tokens;
  switch (status) {
    case 202:
      return [`${number} is held; ${next} has not come`];
    case 401:
      return [`${printable(USER)} has another secret, or is not known`];
    case 403:
      return [`${printable(COMMAND, 40)} is not for nobody`, `this machine has no user ${printable(USER)}, or does not let him be`];
    case 404:
      return [`no module has an object ${printable(OBJECT, 80)}`];
    case 405:
      return [`${printable(COMMAND, 40)} is not by GET`];
    case 409: {
      const [, now = '0'] = / is over; it is (\d+)\n$/.exec(answer.body) ?? [];
      const isOver = Number(now) > Number(EPOCH) ? [`epoch ${EPOCH} is over; it is ${now}`] : [];
      return [`${number} was another request`, ...isOver];
    }
    case 410:
      return [`${number} was done, and its answer is not kept`];
    case 422:
      return [...commandWrong(tokens), 'no room for so much', ...unreadable(answer, OBJECT)];
    case 500:
      return ['it has ended the server 3 times'];
    case 503:
      return [
        'too many connections',
        'the server ends',
        'the log cannot be written',
        'what it asks for could not be done yet',
        `no room for ${tokens['MSGID']}`,
      ];
    default:
      return [];
  }
}

/** The code of the error is the kernel's. */
const unreadable = ({ body }: Answer, object: string): readonly string[] => {
  const [, code] = /: (E[A-Z]+)\n$/.exec(body) ?? [];
  return code === undefined ? [] : [`${object} cannot be read: ${code}`];
};

/** Why a command has failed, where nothing but what was asked is to blame. */
function commandWrong({ COMMAND = '', OBJECT = '', DATA = '' }: Tokens): readonly string[] {
  const [first = '', ...rest] = DATA.split('\n');
  const sleeps = (text: string): string => `DATA ${printable(text, 40)}: milliseconds from 0 to 60000`;
  switch (COMMAND) {
    case 'TESTERROR':
      return [DATA];
    case 'TESTSLEEP':
      return [sleeps(DATA)];
    case 'TESTEXPORT':
      return [sleeps(first), ...commandWrong({ COMMAND: 'EXPORT', OBJECT, DATA: rest.join('\n') })];
    case 'RESET':
      return ['Agent__ has no command procedure'];
    case 'EXPORT':
      return OBJECT.startsWith('Agent__') ? ['DATA of a delivery is one line, and not empty'] : DATA.split('\n').flatMap(noCard);
    default:
      return [`no command ${printable(COMMAND, 40)}`];
  }
}

const noCard = (line: string, index: number): readonly string[] =>
  /^[^\t]+\t[^\t]*$/.test(line) ? [] : [`line ${index + 1} of DATA is no card (NAME, tab, TEXT): ${printable(line, 60)}`];
