/**
 * What the user has to type: `slipway` where it is installed, `./slipway` in a clone.
 * May import: node:*.
 */
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../src/node/version.ts';

const root = fileURLToPath(PACKAGE_ROOT);

export const COMMAND: string = process.argv[1] === `${root}slipway` && `${process.cwd()}/` === root ? './slipway' : 'slipway';
