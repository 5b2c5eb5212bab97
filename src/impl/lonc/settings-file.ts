/**
 * What every daemon does first: its options, its configuration files, its hosts table. What is wrong in them is said.
 * May import: host, its own folder.
 */
import type { Host } from '../../host/host.ts';
import type { HostsTable } from './hosts-table.ts';
import { parseHostsTable } from './hosts-table.ts';
import { latin1Of } from './latin1.ts';
import { hostsTablePath } from './places.ts';
import type { Settings } from './settings.ts';
import { parseSettings } from './settings.ts';

export const EXIT_CLEAN = 0;
export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

/** The configuration file when `--conf=` does not name one. */
export const CONFIG_FILE = '/etc/httpd/conf/loncapa.conf';
const CONFIG_BYTES_MAX = 4_194_304;

/** The settings in the files, a later one over an earlier one; ends the process when they are of no use. */
export function readSettings(host: Host, paths: readonly string[]): Settings {
  const texts = (paths.length === 0 ? [CONFIG_FILE] : paths).map(path => readText(host, path));
  const { settings, problems } = parseSettings(texts.join('\n'));
  for (const { line, text } of problems) host.log('warning', 'configuration', { line, text });
  return settings ?? host.process.exit(EXIT_FAILURE);
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
  const file = host.storage.read(path);
  if (file.ok && file.value.length <= CONFIG_BYTES_MAX) return latin1Of(file.value);
  const text = file.ok ? `more than ${CONFIG_BYTES_MAX} bytes` : file.error.code;
  host.log('error', 'unreadable', { path, text });
  return host.process.exit(EXIT_FAILURE);
}
