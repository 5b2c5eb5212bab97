/**
 * loncapa.conf: `PerlSetVar NAME VALUE` lines among other directives of a web server. Spec: README.md, L7.
 * Lacks: quoting, continuation lines, inclusion.
 */
import { printable } from '../../host/bytes.ts';
import type { Duration } from '../../host/time.ts';
import { micros } from '../../host/time.ts';
import type { Problem } from './problem.ts';
import { CONFIG_LINE_MAX, numberedLines } from './problem.ts';

/** The variables the daemons use, by the names of the file. The first five are required. */
export interface Settings {
  /** Id of this machine in hosts.tab. */
  readonly lonHostID: string;
  /** Logs and pid files are in its directory `logs`. */
  readonly lonDaemons: string;
  /** hosts.tab is in it. */
  readonly lonTabDir: string;
  /** The sockets of the gateway, and the directory `delayed`. */
  readonly lonSockDir: string;
  /** The status file is `lon-status/loncstatus.txt` in it. */
  readonly lonDocRoot: string;
  /** Where lond keeps what `put` brings. */
  readonly lonUsersDir: string;
  readonly londPort: number;
  /** How many per cent of every wait of the protocol (README.md, L3, L5, L6) are waited, in thousandths at the finest. Tests shorten waits by it, on both ends of a link alike. */
  readonly lonTimePercent: number;
}

/** A wait as this machine is configured to wait. */
export const scaled = ({ lonTimePercent }: Pick<Settings, 'lonTimePercent'>, wait: Duration): Duration =>
  lonTimePercent === TIME_PERCENT ? wait : micros(Math.ceil((wait * lonTimePercent) / 100));

export const LOND_PORT = 5_663;
const TIME_PERCENT = 100;
const REQUIRED = ['lonHostID', 'lonDaemons', 'lonTabDir', 'lonSockDir', 'lonDocRoot'] as const;
/** What a number looks like, and the most it may be. */
const NUMBERS = [
  ['londPort', /^[0-9]{1,5}$/, 65_535, 'a number from 1 to 65535'],
  ['lonTimePercent', /^[0-9]{1,3}(\.[0-9]{1,3})?$/, TIME_PERCENT, 'a number above 0 and up to 100, with three decimals at most'],
] as const;
const DIRECTORIES = ['lonDaemons', 'lonTabDir', 'lonSockDir', 'lonDocRoot', 'lonUsersDir'] as const;

export interface ParsedSettings {
  /** The settings; absent when something required is missing or unusable. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** A variable set twice has its last value. Line 0 of a problem means the file as a whole. */
export function parseSettings(text: string): ParsedSettings {
  const problems: Problem[] = [];
  const variables = new Map<string, readonly [line: number, value: string]>();
  for (const [line, content] of numberedLines(text)) {
    if (content.length > CONFIG_LINE_MAX) problems.push({ line, text: `a line of more than ${CONFIG_LINE_MAX} characters` });
    else if (DIRECTIVE.test(content)) {
      const parts = VARIABLE.exec(content);
      if (parts === null) problems.push({ line, text: 'write PerlSetVar NAME VALUE, the value without blanks' });
      else variables.set(parts[1] ?? '', [line, parts[2] ?? '']);
    }
  }
  const wrong = wrongValues(variables);
  const value = (name: string): string => variables.get(name)?.[1] ?? '';
  const lonDaemons = value('lonDaemons');
  const settings: Settings = {
    lonHostID: value('lonHostID'),
    lonDaemons,
    lonTabDir: value('lonTabDir'),
    lonSockDir: value('lonSockDir'),
    lonDocRoot: value('lonDocRoot'),
    lonUsersDir: variables.has('lonUsersDir') ? value('lonUsersDir') : `${lonDaemons}/users`,
    londPort: variables.has('londPort') ? Number(value('londPort')) : LOND_PORT,
    lonTimePercent: variables.has('lonTimePercent') ? Number(value('lonTimePercent')) : TIME_PERCENT,
  };
  return { settings: wrong.length > 0 ? undefined : settings, problems: [...problems, ...wrong] };
}

function wrongValues(variables: ReadonlyMap<string, readonly [line: number, value: string]>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const name of REQUIRED)
    if (!variables.has(name)) problems.push({ line: 0, text: `${name} is not set: add PerlSetVar ${name} VALUE` });
  for (const name of DIRECTORIES) {
    const [line, path] = variables.get(name) ?? [0, '/'];
    if (!path.startsWith('/')) problems.push({ line, text: `${name} '${printable(path)}' is not an absolute path` });
  }
  for (const [name, form, most, meaning] of NUMBERS) {
    const [line, number] = variables.get(name) ?? [0, '1'];
    if (!form.test(number) || Number(number) > most || Number(number) === 0)
      problems.push({ line, text: `${name} '${printable(number)}' is not ${meaning}` });
  }
  return problems;
}

const DIRECTIVE = /^\s*PerlSetVar(?:\s|$)/;
const VARIABLE = /^\s*PerlSetVar\s+([A-Za-z0-9_]+)\s+(\S+)\s*$/;
