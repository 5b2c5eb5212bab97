/**
 * The log of a daemon that is an OS process: one JSON object a line, on descriptor 2, written before the call returns,
 * so that nothing is lost when the process ends. A reader that went away is ignored: logging never ends a daemon.
 * Lacks: time stamps, which whoever collects the lines adds.
 */
import fs from 'node:fs';
import type { Log, LogFields, Severity } from '../host/host.ts';
import { codeOf } from './errors.ts';

/** Calls `broken` for each write that found descriptor 2 closed at the other end, for the kernel sends SIGPIPE then. */
export function errorLog(program: () => string, broken: () => void): Log {
  return (severity, event, fields) => {
    if (writeAll(2, `${logLine(program(), severity, event, fields)}\n`) === 'EPIPE') broken();
  };
}

/** `log`, `severity`, `program` and `pid` come first and are never overwritten by a field of the same name. */
export function logLine(program: string, severity: Severity, event: string, fields: LogFields = {}): string {
  const line: Record<string, string | number | boolean> = { log: event, severity, program, pid: process.pid };
  for (const [name, value] of Object.entries(fields)) line[name in line ? `${name}_` : name] = value;
  return JSON.stringify(line);
}

/** The whole text, waiting as a blocking descriptor would. Answers the code that stopped it, if any. */
function writeAll(descriptor: number, text: string): string | undefined {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += fs.writeSync(descriptor, bytes, offset);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code !== 'EAGAIN') return code;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return undefined;
}
