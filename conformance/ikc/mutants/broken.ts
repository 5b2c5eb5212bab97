/**
 * Kernels that do one thing wrong. Those of both roles are tried in both.
 */
import { BOTH } from './broken-both.ts';
import { OF_CLIENT } from './broken-client.ts';
import { OF_SERVER } from './broken-server.ts';
import type { Table } from './broken-words.ts';

export const BROKEN: Readonly<Record<'server' | 'client', Table>> = {
  server: { ...BOTH, ...OF_SERVER },
  client: { ...BOTH, ...OF_CLIENT },
};
