/**
 * Requests and answers a second time, from R2 and R5 alone: text with one character a byte, so that nobody has to share a codec with the
 * programs that are judged.
 * Lacks: what is refused (model/request.ts), and limits.
 */

/** One character a byte. */
export const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
export const octets = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at) & 255;
  return bytes;
};

/** Where the lines behind the first end, with the empty one behind them. */
export function headEnd(text: string): number | undefined {
  const ends = ['\n\n', '\n\r\n'].flatMap(end => {
    const at = text.indexOf(end);
    return at === -1 ? [] : [at + end.length];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}

export type Tokens = Readonly<Record<string, string>>;

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9._-]/g, each => (each === ' ' ? '+' : `%${each.charCodeAt(0).toString(16).padStart(2, '0')}`));

export const formOf = (tokens: Tokens): string =>
  Object.entries(tokens)
    .map(([token, value]) => `${escaped(token)}=${escaped(value)}`)
    .join('&');

/** As an honest client writes it. */
export const requestOf = (tokens: Tokens): string => {
  const body = formOf(tokens);
  return `POST / HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

/** Of a body that is well formed. */
export function tokensIn(body: string): Tokens {
  const pairs = body.split('&').map(pair => {
    const [token = '', ...rest] = pair.split('=');
    return [token, rest.join('=')].map(each =>
      each.replaceAll('+', ' ').replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))),
    );
  });
  return Object.fromEntries(pairs);
}

export interface Message {
  readonly first: string;
  /** Names in small letters. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Leave to send a body is no answer yet. */
const CONTINUE = /^HTTP\/1\.1 100 /;

/** One message of a connection, as it comes. */
export class Incoming {
  #text = '';
  #pieces: string[] = [];
  #have = 0;
  /** Where its header ends, and how long it is altogether. */
  #header: number | undefined;
  #want = 0;

  take(bytes: Uint8Array): void {
    this.#pieces.push(latin1(bytes));
    this.#have += bytes.length;
    if (this.#header === undefined) this.#look();
  }

  get text(): string {
    this.#text += this.#pieces.join('');
    this.#pieces = [];
    return this.#text;
  }

  /** When it is whole. */
  get message(): Message | undefined {
    if (this.#header === undefined || this.#have < this.#want) return undefined;
    const [first = '', ...lines] = this.text.slice(0, this.#header).split(/\r?\n/);
    return { first, fields: fieldsIn(lines), body: this.text.slice(this.#header, this.#want) };
  }

  #look(): void {
    const end = headEnd(this.text);
    if (end === undefined) return;
    const head = this.text.slice(0, end);
    if (CONTINUE.test(head)) {
      this.#text = this.text.slice(head.length);
      this.#have -= head.length;
      this.#look();
      return;
    }
    this.#header = head.length;
    const [, length = '0'] = /\ncontent-length:[ \t]*([0-9]+)/i.exec(head) ?? [];
    this.#want = head.length + Number(length);
  }
}

const fieldsIn = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.flatMap(line => {
      const [, name, value = ''] = /^([^:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      return name === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );

export interface Answer {
  readonly status: number;
  readonly result: string;
  readonly number: number | undefined;
  readonly next: number | undefined;
  readonly replayed: boolean;
  readonly body: string;
}

export function answerIn({ first, fields, body }: Message): Answer {
  const numberOf = (name: string): number | undefined => (fields[name] === undefined ? undefined : Number(fields[name]));
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3}) /.exec(first)?.[1]),
    result: fields['rover-result'] ?? '',
    number: numberOf('rover-message'),
    next: numberOf('rover-next'),
    replayed: fields['rover-replayed'] === 'yes',
    body,
  };
}

/** As an honest server writes it. */
export function answerOf({ status, result, number, next, replayed, body }: Answer): string {
  const lines = [
    `HTTP/1.0 ${status} Whatever`,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    `Rover-Result: ${result}`,
    ...(number === undefined ? [] : [`Rover-Message: ${number}`]),
    ...(next === undefined ? [] : [`Rover-Next: ${next}`]),
    ...(replayed ? ['Rover-Replayed: yes'] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
