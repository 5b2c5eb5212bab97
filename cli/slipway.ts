#!/usr/bin/env node
/**
 * The process of a command: its words, its exit code, and what is done where nobody reads what it says.
 */
import { EXIT } from './exit.ts';
import { main } from './main.ts';

// A reader that closes our output (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  process.stderr.write(`slipway: standard output cannot be written: ${error.code ?? error.message}\n`);
  process.exit(EXIT.usage);
});
// Nobody is left to be told.
process.stderr.on('error', () => process.exit(EXIT.usage));
const code = await main(process.argv.slice(2));
if (code !== undefined) process.exitCode = code;
