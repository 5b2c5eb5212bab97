/** Files of utmp(5) as glibc writes them on Linux: struct utmp, 384 bytes. */
const SIZE = 384;
const USER_PROCESS = 7;

export interface Login {
  readonly line: string;
  readonly user: string;
  /** Seconds since 1970. */
  readonly since: number;
}

export const utmpOf = (logins: readonly Login[]): Buffer =>
  Buffer.concat(
    logins.map(({ line, user, since }) => {
      const bytes = Buffer.alloc(SIZE);
      bytes.writeInt16LE(USER_PROCESS, 0);
      bytes.write(line, 8, 32, 'latin1');
      bytes.write(user, 44, 32, 'latin1');
      bytes.writeInt32LE(since, 340);
      return bytes;
    }),
  );
