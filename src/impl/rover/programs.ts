/**
 * The programs of Rover, by the names under which a Host starts them.
 */
import type { Daemon, Host, Programs } from '../../host/host.ts';
import { EXIT_USAGE } from '../command-line/exit.ts';
import { rulesFor } from './as-written.ts';
import { Cgi } from './cgi.ts';
import { roverClient } from './client-program.ts';
import { RoverDaemon } from './daemon.ts';
import { cgiOptions, type Read, serverOptions, workerOptions } from './options.ts';
import { keepDaemon } from './parent.ts';
import { work } from './worker.ts';

export const rover: Daemon = host => run(host, serverOptions(host.process.args), options => keepDaemon(host, options));
export const roverDaemon: Daemon = host =>
  run(host, serverOptions(host.process.args), options => new RoverDaemon(host, options, rulesFor(options.quirks)).start());
export const roverWorker: Daemon = host =>
  run(host, workerOptions(host.process.args), options => work(host, options, rulesFor(options.quirks)));
export const roverCgi: Daemon = host =>
  run(host, cgiOptions(host.process.args), options => new Cgi(host, options, rulesFor(options.quirks)).start());

function run<Options extends object>({ log, process }: Host, options: Read<Options>, start: (options: Options) => void): void {
  if (!('problem' in options)) {
    start(options);
    return;
  }
  log('critical', 'usage', { problem: options.problem });
  process.exit(EXIT_USAGE);
}

export const programs: Programs = {
  rover,
  'rover-daemon': roverDaemon,
  'rover-worker': roverWorker,
  'rover-cgi': roverCgi,
  'rover-client': roverClient,
};
