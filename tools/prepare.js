/**
 * What `npm ci` does in a clone once the dependencies are there: it builds, and says so, because that takes a while.
 * Lacks: types. It runs before there is anything compiled. Who installs the package never runs it.
 */
import { spawnSync } from 'node:child_process';

const begun = Date.now();
const say = text => process.stdout.write(`slipway: ${text}\n`);

say('compiling every layer, some twenty seconds …');
const { status } = spawnSync('npm', ['run', '--silent', 'compile'], { stdio: 'inherit' });
const took = ((Date.now() - begun) / 1_000).toFixed(1);
say(status === 0 ? `built in ${took} s; npm start shows what it does` : `the build failed after ${took} s, see above`);
process.exitCode = status ?? 1;
