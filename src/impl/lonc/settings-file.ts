/**
 * What every daemon does first: its options, its configuration files, its hosts table. What is wrong in them is said.
 */
import type { Host } from '../../host/host.ts';
import type { HostErrorCode } from '../../host/result.ts';
import { EXIT_FAILURE, EXIT_TEMPFAIL, EXIT_USAGE } from '../command-line/exit.ts';
import type { HostsTable } from './hosts-table.ts';
import { parseHostsTable } from './hosts-table.ts';
import { latin1Of } from './latin1.ts';
import { hostsTablePath } from './places.ts';
import type { Settings } from './settings.ts';
import { parseSettings } from './settings.ts';

/** The configuration file when `--conf=` does not name one. */
export const CONFIG_FILE = '/etc/httpd/conf/loncapa.conf';
export const CONFIG_BYTES_MAX = 4_194_304;

/** The settings in the files, a later one over an earlier one; ends the process when they are of no use. */
export function readSettings(host: Host, paths: readonly string[]): Settings {
  const files = (paths.length === 0 ? [CONFIG_FILE] : paths).map(path => ({ path, text: readText(host, path) }));
  const { settings, problems } = parseSettings(files.map(({ text }) => text).join('\n'));
  for (const { line, text } of problems) host.log('warning', 'configuration', { ...lineIn(files, line), text });
  return settings ?? host.process.exit(EXIT_FAILURE);
}

/** Which line of which file it is in all of them together; no file where it is none of theirs. */
function lineIn(files: readonly { readonly path: string; readonly text: string }[], line: number): { path?: string; line: number } {
  let before = 0;
  for (const { path, text } of files) {
    const lines = text.split('\n').length;
    if (line > 0 && line <= before + lines) return { path, line: line - before };
    before += lines;
  }
  return { line };
}

export function readHosts(host: Host, settings: Settings): HostsTable {
  const { hosts, problems } = parseHostsTable(readText(host, hostsTablePath(settings)));
  for (const { line, text } of problems) host.log('warning', 'hosts-table', { line, text });
  return hosts;
}

/** Ends the process with status 2 if the command line is wrong. */
export function refuseUsage(host: Host, problem: string | undefined): void {
  if (problem === undefined) return;
  host.log('error', 'usage', { text: problem });
  host.process.exit(EXIT_USAGE);
}

function readText(host: Host, path: string): string {
  const status = host.storage.stat(path);
  if (status.ok && status.value.size > CONFIG_BYTES_MAX) return unreadable(host, path, `more than ${CONFIG_BYTES_MAX} bytes`);
  const file = host.storage.read(path);
  return file.ok
    ? latin1Of(file.value)
    : unreadable(host, path, file.error.code, MAY_PASS.includes(file.error.code) ? EXIT_TEMPFAIL : EXIT_FAILURE);
}

/** Nothing is wrong with the file. */
const MAY_PASS: readonly HostErrorCode[] = ['EMFILE', 'ENOMEM', 'EIO'];

function unreadable(host: Host, path: string, text: string, status: number = EXIT_FAILURE): never {
  host.log('error', 'unreadable', { path, text });
  return host.process.exit(status);
}
