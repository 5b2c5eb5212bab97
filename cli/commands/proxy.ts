/**
 * `slipway proxy`: the proxy daemon (src/impl/proxy) as a guest of this process, and its log on standard output.
 */
import { readFileSync } from 'node:fs';
import { parseAddress } from '../../conformance/adapt/address.ts';
import { isLoopback } from '../../src/host/address.ts';
import { printable } from '../../src/host/bytes.ts';
import type { Endpoint, LogFields } from '../../src/host/host.ts';
import { parseRule, parseScript, type Rule } from '../../src/impl/proxy/fault.ts';
import { CANNOT_LISTEN, type ProxyOptions, proxyDaemon } from '../../src/impl/proxy/proxy.ts';
import { createNodeHost } from '../../src/node/host.ts';
import { EXIT, type ExitCode, Stop, usage } from '../exit.ts';
import { LineOut } from '../line-out.ts';
import { requireReadable } from '../places.ts';
import type { Screen } from '../screen.ts';
import { parseSeed } from '../seeds.ts';

export interface ProxyFlags {
  readonly listen: string;
  readonly to: string;
  readonly fault?: readonly string[];
  readonly script?: string;
  readonly seed?: string;
  readonly once?: boolean;
  readonly exposed?: boolean;
}

const SCRIPT_LIMIT = 65_536;
const RULES_LIMIT = 100;
/** For a reader of the log that does not read, at the end. */
const FLUSH_MS = 200;

export async function proxy(flags: ProxyFlags, screen: Screen): Promise<ExitCode> {
  const options = optionsOf(flags);
  const lines = new LineOut();
  const begun = performance.now();
  let why = '';
  const tell = (event: string, fields: LogFields): void => {
    const time = (performance.now() - begun) / 1_000;
    lines.write(screen.json ? jsonLine(time, event, fields) : textLine(time, event, fields));
  };
  const code = await new Promise<number>(resolve => {
    const host = createNodeHost({
      programs: {},
      programsModule: '',
      program: 'proxy',
      log: (_severity, event, fields = {}) => {
        const missed = lines.missed();
        if (missed > 0) tell('missed', { lines: missed });
        if (event === 'cannot-listen') why = `${fields['at']}: ${fields['code']}`;
        else if (event === 'bug') why = String(fields['stack']);
        else tell(event, fields);
      },
      onExit: status => resolve('code' in status ? status.code : -1),
    });
    host.run(proxyDaemon(options));
  });
  await lines.flush(FLUSH_MS);
  if (code === CANNOT_LISTEN) throw new Stop(EXIT.unreachable, `cannot listen at ${why}${hintOf(why)}`);
  if (code !== 0) throw new Error(why);
  // What still hangs on the loop is a reader that does not read.
  process.exit(EXIT.ok);
}

function hintOf(why: string): string {
  if (!why.endsWith('EADDRINUSE')) return '';
  return why.startsWith('unix:')
    ? '; a file is there: remove it if nobody listens on it'
    : '; somebody listens there: name another port, or 0';
}

function optionsOf({ listen, to, fault = [], script, seed, once, exposed }: ProxyFlags): ProxyOptions {
  const rules = [...fault.map(text => orUsage(parseRule(text), '--fault: ')), ...(script === undefined ? [] : scripted(script))];
  if (rules.length > RULES_LIMIT) throw usage(`${rules.length} faults: at most ${RULES_LIMIT} can be given`);
  const at = endpointOf('--listen', listen);
  if (at.transport === 'tcp' && !isLoopback(at.address) && exposed !== true)
    throw usage(`--listen ${printable(listen, 80)}: others can connect there, and reach the server through it; --exposed allows that`);
  return {
    listen: at,
    to: endpointOf('--to', to),
    rules,
    ...(seed === undefined ? {} : { seed: parseSeed(seed) }),
    ...(once === true ? { once } : {}),
  };
}

function scripted(path: string): readonly Rule[] {
  requireReadable('--script', path);
  const text = readFileSync(path, 'utf8');
  if (text.length > SCRIPT_LIMIT) throw usage(`--script ${printable(path)}: it is longer than ${SCRIPT_LIMIT} characters`);
  return orUsage(parseScript(text), `--script ${printable(path)}: `);
}

function orUsage<T>(parsed: T | string, before: string): T {
  if (typeof parsed === 'string') throw usage(before + parsed);
  return parsed;
}

function endpointOf(option: string, text: string): Endpoint {
  // A listener may leave its port to the kernel.
  const free = option === '--listen' && /^tcp:.*:0$/.test(text);
  const address = orUsage(parseAddress(free ? `${text}1` : text), `${option} `);
  if (address.transport === 'udp') throw usage(`${option} ${printable(text, 80)}: a proxy carries streams; give a tcp or a unix address`);
  return free && address.transport === 'tcp' ? { ...address, port: 0 } : address;
}

const jsonLine = (time: number, event: string, fields: LogFields): string =>
  JSON.stringify({ time: Number(time.toFixed(6)), event, ...fields });

/** `  0.012 s  #1  fault split=1,gap=1000us direction=up bytes=0`. */
function textLine(time: number, event: string, { connection, ...fields }: LogFields): string {
  const number = connection === undefined ? '' : `#${connection} `;
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${printable(String(value))}`);
  return `${time.toFixed(3).padStart(8)} s  ${number}${[event, ...rest].join(' ')}`;
}
