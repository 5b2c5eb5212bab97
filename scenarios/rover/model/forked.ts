/**
 * R10, a second time: what the forked server answers through an httpd, for some execution of what came, one after the other.
 * Lacks: what is asked of a daemon behind it (model.ts knows those answers).
 */
import { type Answer, answerIn, type Message, type Tokens, tokensIn } from '../parts/messages.ts';
import { NAMES, secretOf } from '../parts/network.ts';
import { headWrong, textWrong } from './answer.ts';
import { type Done, execute, NOTHING, type Objects } from './commands.ts';
import { readingOf } from './request.ts';

const CHANGES: readonly string[] = ['EXPORT', 'RESET', 'TESTEXPORT'];
/** More are not told apart. */
const WORLDS = 16;

/** What is wrong with the body, as if it had been a request to a daemon; who has no name or number needs none. */
function readingFor(body: string, type: string | undefined, length: string): ReturnType<typeof readingOf> {
  const tokens = tokensIn(body);
  const more = ['HOST=h', 'MSGID=1']
    .filter(each => tokens[each.split('=')[0] ?? ''] === undefined)
    .map(each => `&${each}`)
    .join('');
  const isWhole = length === String(body.length);
  const filled = body === '' || !isWhole ? body : body + more;
  const fields = [
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(length === '' ? [] : [`Content-Length: ${isWhole ? filled.length : length}`]),
  ];
  return readingOf(`${['POST / HTTP/1.0', ...fields].join('\r\n')}\r\n\r\n${filled}`, true, false);
}

const isKnown = ({ USER = '', AUTH }: Tokens): boolean => USER === 'nobody' || (NAMES.includes(USER) && AUTH === secretOf(USER));
const busyWith = /^it cannot be (written|known who asks)(: E[A-Z]+)?\n$/;

/** The files of all users. */
export class Forked {
  readonly #worlds: Map<string, readonly Objects[]> = new Map();

  /** What is wrong with this answer. `isTroubled`: its disk may fail. */
  answered({ first, fields, body }: Message, said: Message, isTroubled: boolean): string | undefined {
    const [, method = '', target = ''] = /^(\S+) (\S+)/.exec(first) ?? [];
    const answer = answerIn(said);
    const isGet = method === 'GET';
    if (!isGet && method !== 'POST') return this.#says(said, answer, {}, 'GET, POST', 405, [`GET or POST, not ${method}`]);
    const text = isGet ? (target.split('?')[1] ?? '') : body;
    const form = 'application/x-www-form-urlencoded';
    const { wrong, certain, tokens } = isGet
      ? readingFor(text, form, String(text.length))
      : readingFor(text, fields['content-type'] || undefined, fields['content-length'] ?? '');
    if (certain || tokens === undefined) {
      const due = (wrong.get(answer.status) ?? [])
        .map(each => each())
        .map(each => each.replace(/ of the body$/, /at byte \d+ of the body$/.test(each) ? '' : ' of the body'));
      return due.length === 0
        ? `answers ${answer.status}, where it has to be ${[...wrong.keys()].join(' or ')}`
        : this.#says(said, answer, tokens ?? {}, 'POST', answer.status, due);
    }
    const own = isGet || fields['content-length'] !== undefined ? tokensIn(text) : tokens;
    const { COMMAND = '' } = own;
    if (isGet && CHANGES.includes(COMMAND)) return this.#says(said, answer, own, 'POST', 405, [`${COMMAND} is not by GET`]);
    if (answer.status === 503 && isTroubled && busyWith.test(answer.body)) {
      this.#mayHave(own);
      return headWrong(said, answer, own);
    }
    if (!isKnown(own)) return this.#says(said, answer, own, '', 401);
    return this.#runs(said, answer, own, isTroubled);
  }

  #says(said: Message, answer: Answer, tokens: Tokens, allow: string, status: number, sentences?: readonly string[]): string | undefined {
    if (answer.status !== status) return `answers ${answer.status} ${answer.body}, and ${status} is due`;
    return headWrong(said, answer, tokens, { first: 'HTTP/1.0', allow }) ?? textWrong(answer, sentences ?? tokens);
  }

  /** One file is that of one user. */
  #of({ USER = '' }: Tokens): readonly Objects[] {
    return this.#worlds.get(USER) ?? [NOTHING];
  }

  #mayHave(tokens: Tokens): void {
    const before = this.#of(tokens);
    this.#worlds.set(tokens['USER'] ?? '', [...before, ...before.map(each => this.#run(each, tokens).objects)].slice(0, WORLDS));
  }

  #run(objects: Objects, { HOST = '-', MSGID, ...rest }: Tokens): Done {
    const isPlaced = HOST !== '-' && MSGID !== undefined;
    return execute(objects, { ...rest, HOST, EPOCH: isPlaced ? (rest['EPOCH'] ?? '0') : '0', MSGID: isPlaced ? MSGID : '0' });
  }

  #runs(said: Message, answer: Answer, tokens: Tokens, isTroubled: boolean): string | undefined {
    const wrong = headWrong(said, answer, tokens) ?? textWrong(answer, tokens);
    if (wrong !== undefined) return wrong;
    if (answer.status === 422 && isTroubled && / cannot be read: E[A-Z]+\n$/.test(answer.body)) return undefined;
    const all = this.#of(tokens).map(each => this.#run(each, tokens));
    const possible = all.filter(({ statuses, body }) => statuses.includes(answer.status) && (body === undefined || body === answer.body));
    if (possible.length === 0)
      return `answers ${answer.status} '${answer.body}' to ${JSON.stringify(tokens)}, and was to answer ${all.map(({ statuses, body }) => `${statuses} '${body}'`).join(' or ')}`;
    this.#worlds.set(
      tokens['USER'] ?? '',
      possible.map(({ objects }) => objects),
    );
    return undefined;
  }
}
