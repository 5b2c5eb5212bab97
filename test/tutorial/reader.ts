/**
 * Somebody who does what a tutorial says, in a folder, with one binary of Node. Where it names the package, the packed one is installed; who
 * is given what another has installed takes that instead.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { missingIn, type Step } from './steps.ts';

/** Of one command. */
const LIMIT_MS = 300_000;

export class Reader {
  readonly #tarball: string;
  readonly #installed: string | undefined;
  readonly #env: NodeJS.ProcessEnv;
  #folder: string;
  /** Of the last command. */
  #output = '';

  /** `installed`: the folder of another reader. */
  constructor(folder: string, node: string, tarball: string, installed?: string) {
    this.#installed = installed;
    this.#folder = folder;
    this.#tarball = tarball;
    this.#env = { ...process.env, NO_COLOR: '1', PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` };
    delete this.#env['FORCE_COLOR'];
  }

  /** Throws an Error when something else comes of it. */
  take(step: Step): void {
    switch (step.do) {
      case 'type':
        this.#type(step.line, step.exits);
        return;
      case 'see': {
        const missing = missingIn(this.#output, step.lines);
        if (missing !== undefined) throw new Error(`the tutorial shows a line that does not come: ${missing}\n${this.#output}`);
        return;
      }
      case 'write':
        writeFileSync(this.#path(step.file), step.text);
        return;
      case 'find':
        if (!this.#read(step.file).includes(step.text)) throw new Error(`${step.file} has no longer what the tutorial shows of it`);
        return;
      case 'edit': {
        const parts = this.#read(step.file).split(step.from);
        if (parts.length !== 2) throw new Error(`${step.file}: the lines of a diff are there ${parts.length - 1} times:\n${step.from}`);
        writeFileSync(this.#path(step.file), parts.join(step.to));
        return;
      }
    }
  }

  #type(line: string, exits: number): void {
    const [verb, to = ''] = line.split(' ');
    if (verb === 'cd') {
      this.#folder = this.#path(to);
      return;
    }
    if (line.startsWith('npm install ') && this.#installed !== undefined) {
      for (const each of ['package.json', 'package-lock.json', 'node_modules'])
        cpSync(join(this.#installed, each), this.#path(each), { recursive: true, verbatimSymlinks: true });
      return;
    }
    const typed = line.startsWith('npm install ')
      ? `${line.replace(/ slipway(?= |$)/, ` '${this.#tarball}'`)} --prefer-offline --no-audit --no-fund`
      : line;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', typed], {
      cwd: this.#folder,
      env: this.#env,
      encoding: 'utf8',
      timeout: LIMIT_MS,
    });
    this.#output = `${stdout}${stderr}`;
    if (status !== exits) throw new Error(`${line}: ended with ${status}, the tutorial says ${exits}\n${this.#output}`);
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }

  #read(file: string): string {
    return readFileSync(this.#path(file), 'utf8');
  }
}
