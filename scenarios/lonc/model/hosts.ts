/** The hosts table of a machine, as it was set up. */

/** Host ids by address. */
export function hostsIn(args: string): Map<string, string> {
  const hosts = new Map<string, string>();
  // Of two hosts at one address the first counts.
  for (const [, id = '', address = ''] of args.matchAll(/--host=([^: ]+):(\S+)/g)) if (!hosts.has(address)) hosts.set(address, id);
  return hosts;
}
