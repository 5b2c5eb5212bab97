/**
 * What the user has to type: `slipway` where it is installed, `./slipway` in a clone, with the options that named modules.
 */
import { commandLine } from '../conformance/report/commands.ts';
import { packaged } from '../src/node/package.ts';
import { takeModules } from './modules.ts';

const root = packaged('');

const program = process.argv[1] === `${root}slipway` && `${process.cwd()}/` === root ? './slipway' : 'slipway';

export const COMMAND: string = commandLine([program, ...takeModules(process.argv.slice(2)).options]);
