/**
 * The words of the two dialogues: what is sent, what is answered, and the limits of both. Spec: README.md, L1 to L6.
 * Lacks: the cipher (../cipher) and every decision.
 */
import { printable } from '../../host/bytes.ts';
import { bytesOf } from './latin1.ts';

/** L2: the requests of the opening dialogue, in order. The second one is the challenge, echoed. */
export const INIT = 'init';
export const ACCEPTED = 'ok';
export const PONG = 'pong';
export const EKEY = 'ekey';
export const PING = 'ping';
export const EXIT = 'exit';
export const BYE = 'bye';
export const REFUSED = 'refused';
export const UNKNOWN_COMMAND = 'unknown_cmd';

/** L5: what a local client is told instead of a reply, and what only the library says. */
export const CON_LOST = 'con_lost';
export const CON_DELAYED = 'con_delayed';
export const CON_FAILED = 'con_failed';
export const SELF_REPLY = 'self_reply';
export const NO_SUCH_HOST = 'no_such_host';

/** L4: the prefix by which a local client asks for encryption, and the local administrator's request. */
export const ENCRYPT = 'encrypt:';
export const CLOSE_REQUEST = 'close_connection_exit';

/** Requests that carry a password, which a lond takes encrypted only [R]. */
export const SECRET_COMMANDS: readonly string[] = ['currentauth', 'auth', 'passwd', 'makeuser', 'changeuserauth'];

/** The longest request of a local client, and what a lond of ours reads: encrypted it is twice as long. The source has no limit. */
export const REQUEST_MAX = 1_048_576;
export const ENCRYPTED_MAX: number = 2 * REQUEST_MAX + 64;
/** The longest reply; replies of 3 MB have been seen in use. */
export const REPLY_MAX = 8_388_608;
/** The longest line of the opening dialogue. */
export const DIALOGUE_MAX = 4_096;
/** How much of a text from outside goes into a log line. */
const SHOWN_MAX = 200;

/** A line as it is sent. Throws when the text has a line feed: that would be two. */
export function lineOf(text: string): Uint8Array {
  if (text.includes('\n')) throw new Error('a request or reply is one line');
  return bytesOf(`${text}\n`);
}

/** What is left of a line when everything but word characters is taken out: how lond compares `init` and the echo (L2). */
export const wordsOf = (text: string): string => text.replace(/\W/g, '');

/** Text of a peer, made fit for one log line. */
export const shown = (text: string): string => printable(text, SHOWN_MAX);

/** A request as a log may show it: what is to be encrypted, or should have been, is not shown (A-B10d). */
export const discreet = (request: string): string => withoutSecret(request) ?? shown(request);

/** The same for the permanent log, whose entries may have to be done by hand: nothing else is left out. */
export const recorded = (request: string): string => withoutSecret(request) ?? request;

/** What comes before the secret of a request, and how long that is; undefined when there is none. */
function withoutSecret(request: string): string | undefined {
  const head = secretPrefix(request);
  return head === undefined ? undefined : `${head}<${request.length - head.length} bytes>`;
}

/** The part of a request with a secret that says nothing of it; undefined when there is none. */
export function secretPrefix(request: string): string | undefined {
  if (request.startsWith(ENCRYPT)) return ENCRYPT;
  const [command = ''] = request.split(':', 1);
  return SECRET_COMMANDS.includes(command) ? `${command}:`.slice(0, request.length) : undefined;
}

const ESCAPED = /[^A-Za-z0-9_.-]/g;
const ESCAPE = /%([0-9A-Fa-f]{2})/g;

/** An argument of a command: everything but word characters, dot and minus becomes %XX (L6). */
export const escapeArgument = (text: string): string =>
  text.replace(ESCAPED, character => {
    const code = character.charCodeAt(0);
    if (code > 0xff) throw new Error(`character U+${code.toString(16)} is not a byte: encode it first`);
    return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });

export const unescapeArgument = (text: string): string =>
  text.replace(ESCAPE, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
