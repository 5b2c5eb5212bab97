/**
 * The package as npm would make it, installed in an empty folder: packed, unpacked into its node_modules, with the dependencies that it
 * names beside it and no others. Lacks: a registry; `.ci/run` has npm itself install the same file.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './slipway.ts';

export interface Installed {
  /** Its own, with node_modules in it. */
  readonly folder: string;
  readonly tarball: string;
  readonly unpackedSize: number;
  /** Paths from the root of the package. */
  readonly files: readonly string[];
  remove(): void;
}

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

export function installed(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-installed-'));
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [packed]: readonly Packed[] = JSON.parse(execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' }));
  if (packed === undefined) throw new Error('npm packed nothing');
  const tarball = join(folder, packed.filename);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'slipway'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'slipway'), '--strip-components=1']);
  const { dependencies }: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(`${ROOT}package.json`, 'utf8'),
  );
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(`${ROOT}node_modules/${name}`, join(modules, name));
  }
  return {
    folder,
    tarball,
    unpackedSize: packed.unpackedSize,
    files: packed.files.map(({ path }) => path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
