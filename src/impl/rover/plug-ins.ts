/**
 * What a module is: it has a part of the names of objects, and procedures for them. The original has a table of structures with pointers
 * that may be NULL; here a procedure that a module does not have is undefined, and asking for it is an error of the client (R6).
 */
import type { Host } from '../../host/host.ts';
import type { Result } from '../../host/result.ts';
import type { Place } from './form.ts';
import type { Output } from './output.ts';
import type { Status } from './wire.ts';

/** errorExit: thrown by whatever runs a request; what it has changed is undone, and the client told. */
export class ErrorExit {
  readonly status: Status;
  readonly why: string;

  constructor(why: string, status: Status = 422) {
    this.why = why;
    this.status = status;
  }
}

/** fatalError: thrown; the process ends. */
export class FatalError {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** What a module is about to do outside of the log, said before it is done: done or undone, the recovery procedure can tell. */
export interface Declaration {
  /** The id of the module. */
  readonly module: string;
  readonly code: string;
  readonly object: string;
  readonly data: Uint8Array;
}

/** The disk, and the state folder on it. */
export interface Disk {
  readonly storage: Host['storage'];
  readonly folder: string;
}

export interface Call {
  readonly user: string;
  readonly host: string;
  readonly place: Place | undefined;
  readonly object: string;
  readonly class: string;
  readonly data: Uint8Array;
  readonly output: Output;
  readonly disk: Disk;
  /** The user's stable variable of that object; undefined where it was never set, or was taken away. */
  get(): Uint8Array | undefined;
  set(value: Uint8Array | undefined): void;
  /** To be acted on when the command has ended, by `act` of the module. */
  declare(code: string, data: Uint8Array): void;
}

export type Procedure = (call: Call) => void;

export interface PlugIn {
  /** What the names of its objects begin with. */
  readonly id: string;
  readonly import: Procedure;
  readonly export: Procedure;
  /** After a crash, for each declaration whose message has no result: sees to it that it is done, and only once. */
  readonly recover: ((disk: Disk, declared: Declaration) => Result<void>) | undefined;
  /** For RESET. */
  readonly command: Procedure | undefined;
  /** Does what was declared; durable when it returns. */
  readonly act?: (disk: Disk, declared: Declaration) => Result<void>;
}
