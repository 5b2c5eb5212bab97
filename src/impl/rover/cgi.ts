/**
 * The forked server (R10): one request, from an httpd through environment and standard input, and its answer on standard output. It has
 * no order and no log; where a daemon is named, that one has.
 */
import { concat, printable, utf8 } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { millis } from '../../host/time.ts';
import { EXIT_CLEAN } from '../command-line/exit.ts';
import { busy, encodeAnswer, errorReply, refused } from './answer.ts';
import { CgiFiles } from './cgi-files.ts';
import { readCgi } from './cgi-request.ts';
import { COMMANDS } from './commands.ts';
import { askDaemon } from './daemon-call.ts';
import { EXIT_FATAL } from './exit.ts';
import { formOf, type Request } from './form.ts';
import { isRefusal } from './header.ts';
import { sayLast } from './last-words.ts';
import { stepped } from './log.ts';
import { type Fatal, mainLoop, type Outcome } from './main-loop.ts';
import { PLUG_INS } from './modules.ts';
import type { CgiOptions } from './options.ts';
import { decodePairs, type Pairs } from './pairs.ts';
import { ErrorExit } from './plug-ins.ts';
import type { Rules } from './rules.ts';
import { knows } from './users.ts';
import { usersIn } from './users-file.ts';
import type { Answer } from './wire.ts';

export class Cgi {
  readonly #host: Host;
  readonly #options: CgiOptions;
  readonly #rules: Rules;

  constructor(host: Host, options: CgiOptions, rules: Rules) {
    this.#host = host;
    this.#options = options;
    this.#rules = rules;
  }

  start(): void {
    this.#host.signals.handle('SIGPIPE', 'ignore');
    readCgi(this.#host, this.#rules, read => {
      if (isRefusal(read)) this.#answer(refused(read));
      else this.#asked(read.method, read.body);
    });
  }

  #asked(method: string, body: Uint8Array): void {
    const { daemon, state } = this.#options;
    const pairs = decodePairs(body, this.#rules);
    if ('problem' in pairs) {
      this.#answer(refused({ status: 400, why: `${pairs.problem}, at byte ${pairs.offset}` }));
      return;
    }
    const called = daemon !== undefined && (this.#rules.asksDaemon || state === undefined);
    const request = formOf(pairs, called, this.#rules);
    if (isRefusal(request)) this.#answer(refused(request));
    else if (method === 'GET' && this.#rules.readsOnlyByGet && changes(request))
      this.#answer({ ...errorReply(405, `${printable(request.command, 40)} is not by GET`, 'failed'), allow: 'POST' });
    else if (called) askDaemon(this.#host, daemon, pairs, answer => this.#answer(answer));
    else this.#run(request, pairs);
  }

  // ── without a daemon ──────────────────────────────────────────────────────────────────────────────────────────────

  #run(asked: Request, pairs: Pairs): void {
    const users = usersIn(this.#host, this.#options.users);
    if (users === undefined) {
      this.#answer(busy('it cannot be known who asks'));
      return;
    }
    if (!knows(users, asked.user, pairs.get('AUTH'))) {
      this.#answer(errorReply(401, `${printable(asked.user)} has another secret, or is not known`));
      return;
    }
    const request = { ...asked, user: this.#rules.cgiUser(asked.user) };
    const disk = { storage: this.#host.storage, folder: this.#options.state ?? '' };
    const files = new CgiFiles(this.#host, disk.folder, this.#rules.keepsDurably);
    const { takes, run } = mainLoop(request, {
      rules: this.#rules,
      plugIns: PLUG_INS,
      disk,
      tests: this.#options.tests,
      value: (user, object) => {
        const found = files.read(user, object);
        if (!found.ok) throw new ErrorExit(`${printable(object, 80)} cannot be read: ${found.error.code}`);
        return found.value;
      },
      print: text => stepped(this.#host).printed({ text }),
      left: { identity: undefined },
    });
    this.#host.clock.setTimer(millis(takes), () => this.#finish(files, run()));
  }

  #finish(files: CgiFiles, outcome: Outcome | Fatal): void {
    if ('fatal' in outcome) {
      sayLast(this.#host, outcome.fatal);
      this.#host.process.exit(EXIT_FATAL);
    }
    const wrong = this.#keep(files, outcome);
    this.#answer(wrong === undefined ? outcome.reply : busy(`it cannot be written: ${wrong}`), outcome.raw);
  }

  /** The error of what could not be written, of which nothing is told as done. */
  #keep(files: CgiFiles, { changes, declared }: Outcome): string | undefined {
    const disk = { storage: this.#host.storage, folder: this.#options.state ?? '' };
    const made = changes.length + declared.length > 0 ? files.makeFolder() : undefined;
    if (made !== undefined && !made.ok) return made.error.code;
    for (const change of changes) {
      const written = files.write(change);
      if (!written.ok) return written.error.code;
    }
    for (const each of declared) {
      const done = PLUG_INS.find(({ id }) => id === each.module)?.act?.(disk, each);
      if (done?.ok === false) return done.error.code;
    }
    return undefined;
  }

  #answer(answer: Answer, raw: Uint8Array = utf8('')): void {
    const { descriptors, process } = this.#host;
    const end = (): never => process.exit(EXIT_CLEAN);
    const stream = descriptors.attach(1, 'write', { data: () => {}, close: end });
    if (!stream.ok) end();
    else {
      stream.value.write(concat([raw, encodeAnswer(answer, 'Status:')]));
      stream.value.end();
    }
  }
}

const changes = ({ command }: Request): boolean => Object.hasOwn(COMMANDS, command) && COMMANDS[command]?.changes === true;
