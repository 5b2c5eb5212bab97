/**
 * `slipway new NAME`: a folder with a small protocol that works: wire, table, daemons, a scenario, a suite with mutants, tests. Its files are
 * those of template/, with the word my-protocol replaced.
 * Lacks: a folder that is there already; nothing is ever overwritten.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '../../src/host/bytes.ts';
import { codeOf } from '../../src/node/errors.ts';
import { packaged, packageVersion } from '../../src/node/package.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';

const TEMPLATE = packaged('template/');
const WORD = 'my-protocol';
/** Of the project that compiles the template in this repository. */
const OURS = 'tsconfig.json';
/** Files that mean something where they stand have another name in the template. */
const RENAMED: Readonly<Record<string, string>> = {
  '_package.json': 'package.json',
  '_tsconfig.json': 'tsconfig.json',
  _gitignore: '.gitignore',
};

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const NAME_LIMIT = 30;

export function create(name: string, { screen, catalogue }: Context): ExitCode {
  const shown = printable(name, 60);
  if (!NAME.test(name) || name.length > NAME_LIMIT)
    throw usage(
      `new: a name is made of small letters, digits and single hyphens, and begins with a letter (at most ${NAME_LIMIT} characters), not '${shown}'`,
    );
  const files = templateFiles(name);
  const taken = [...catalogue.protocols.map(each => each.name), ...catalogue.daemons, ...packagesIn(files)];
  if (taken.includes(name)) throw usage(`new: the name '${shown}' is taken by a protocol, a daemon or a package; choose another`);
  write(name, files);
  screen.line(`${name}/`);
  for (const file of files.keys()) screen.line(`  ${file}`);
  screen.line(`What to type next:\n  cd ${name}\n  npx slipway run\n  npx slipway conform ${name} --sim\n  npx vitest run`);
  screen.value({ format: 'slipway-new', v: 1, folder: name, files: [...files.keys()] });
  return EXIT.ok;
}

/** Text by path. */
function templateFiles(name: string): ReadonlyMap<string, string> {
  const paths = readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
    .filter(each => each.isFile())
    .map(each => join(each.parentPath, each.name).slice(TEMPLATE.length))
    .filter(path => path !== OURS)
    .sort();
  const replaced = (text: string): string => text.replaceAll(WORD, name);
  return new Map(
    paths.map(path => [
      RENAMED[path] ?? replaced(path),
      replaced(readFileSync(join(TEMPLATE, path), 'utf8')).replace('"slipway": "*"', `"slipway": "^${packageVersion()}"`),
    ]),
  );
}

/** A package that has the name of one it depends on cannot be installed. */
function packagesIn(files: ReadonlyMap<string, string>): readonly string[] {
  // Our own file, as the template has it.
  const { devDependencies } = JSON.parse(files.get('package.json') ?? '{}') as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return Object.keys(devDependencies);
}

function write(name: string, files: ReadonlyMap<string, string>): void {
  try {
    // Fails when anything is there, a link to nothing as well.
    mkdirSync(name);
  } catch (thrown) {
    const code = codeOf(thrown);
    const why =
      code === 'EEXIST'
        ? 'something of that name is here already, and is left alone; choose another name'
        : `the folder cannot be made: ${code}`;
    throw usage(`new: ${name}: ${why}`);
  }
  try {
    for (const [path, text] of files) {
      mkdirSync(join(name, dirname(path)), { recursive: true });
      writeFileSync(join(name, path), text, { flag: 'wx' });
    }
  } catch (thrown) {
    rmSync(name, { recursive: true, force: true });
    throw usage(`new: ${name}: cannot be written: ${codeOf(thrown)}; nothing is left of it`);
  }
}
