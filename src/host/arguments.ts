/**
 * What no kernel can be asked, or refuses whatever the state of the machine is: found out before anything happens, by one
 * check for every Host. Each function tells the code of the refusal, or `undefined` where there is nothing to refuse.
 *
 * Text becomes a C string on its way to a kernel. What cannot, because it has a NUL or half of a surrogate pair in it, which
 * no UTF-8 is for, is EINVAL: cut short or replaced it would be the name of something else.
 *
 * Lacks: whatever depends on what there is (a missing file, a busy port, a full disk).
 */
import { isMulticast, UNIX_PATH_MAX } from './address.ts';
import { utf8 } from './bytes.ts';
import type { DatagramAddress, DatagramOptions, Descriptor, Endpoint } from './host.ts';
import { canonical, isWide } from './internet.ts';
import type { HostErrorCode } from './result.ts';

type Refusal = HostErrorCode | undefined;

/** Linux MAX_ARG_STRLEN, 32 pages: one argument with the NUL behind it. */
export const ARGUMENT_MAX = 131_072;
/**
 * All arguments of one program, each with its NUL and a pointer to it. Linux has a quarter of the stack for them and for the
 * environment: 2 MiB as systems are set up, of which as much as one longest argument is left to what the Host adds.
 */
export const ARGUMENTS_MAX: number = 2_097_152 - ARGUMENT_MAX;
const POINTER = 8;
/** NAME_MAX and PATH_MAX of Linux, in bytes; the second counts a NUL. */
export const NAME_MAX = 255;
export const PATH_MAX = 4_096;
/** Numbers that `spawn` gives to descriptors lie below this one. */
export const CHILD_DESCRIPTOR_MAX = 256;
/** net.core.somaxconn of Linux. */
const BACKLOG_MAX = 4_096;
const PORT_MAX = 65_535;
/** The greatest length that the header of a datagram can tell (RFC 768). */
const DATAGRAM_FIELD = 65_535;

/** \p{Cs} means half a pair: a whole one is one character to a pattern with the flag `u`. */
const UNFIT = /[\0\p{Cs}]/u;

/** Whether a text cannot be a C string in UTF-8. */
export const isUnfit = (text: string): boolean => UNFIT.test(text);

export const isTooLongPath = (path: string): boolean => path.length * 3 >= PATH_MAX && utf8(path).length >= PATH_MAX;
export const isTooLongName = (name: string): boolean => name.length * 3 > NAME_MAX && utf8(name).length > NAME_MAX;

// ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** To listen at, or to connect to. */
export function refuseEndpoint(endpoint: Endpoint): Refusal {
  if (endpoint.transport === 'tcp') return isPort(endpoint.port) && isAddress(endpoint.address) ? undefined : 'EINVAL';
  const { path } = endpoint;
  if (isUnfit(path)) return 'EINVAL';
  // To the kernel an empty path is a name of its own choice; nobody could find it.
  if (path === '') return 'ENOENT';
  return utf8(path).length > UNIX_PATH_MAX ? 'ENAMETOOLONG' : undefined;
}

/** To bind a datagram socket at. */
export function refuseDatagrams({ address, port }: DatagramAddress, { groups = [], multicastTtl = 1 }: DatagramOptions): Refusal {
  const valid = isPort(port) && isAddress(address) && groups.every(isGroup) && isByte(multicastTtl);
  return valid ? undefined : 'EINVAL';
}

/** To send `length` bytes to, from a socket bound at `from`, in the order in which Linux asks (udp_sendmsg). udp(7): there is no port 0. */
export function refuseDestination({ address, port }: DatagramAddress, from: DatagramAddress, length: number): Refusal {
  if (length > DATAGRAM_FIELD) return 'EMSGSIZE';
  if (!isPort(port) || port === 0 || !isAddress(address)) return 'EINVAL';
  return isWide(address) && !isWide(from.address) ? 'EAFNOSUPPORT' : undefined;
}

/** An address as connect binds it. */
export const refuseAddress = (address: string): Refusal => (isAddress(address) ? undefined : 'EINVAL');

/** How many connections listen(2) lets wait, less one; what is below zero is a large number to it. */
export const backlogOf = (asked: number): number => (asked >= 0 && asked <= BACKLOG_MAX ? Math.trunc(asked) : BACKLOG_MAX);

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= PORT_MAX;
const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
const isGroup = (address: string): boolean => isAddress(address) && (isWide(address) ? /^ff/i.test(address) : isMulticast(address));

/** A number, not a name: dotted IPv4 without leading zeros, or IPv6 without a zone. */
const isAddress = (address: string): boolean => canonical(address) !== undefined;

// ── programs ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Before it is known whether there is such a program. */
export function refuseProgram(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Refusal {
  if (isUnfit(program) || args.some(isUnfit) || wordsOf(environment).some(isUnfit)) return 'EINVAL';
  if (Object.keys(environment).some(name => name === '' || name.includes('='))) return 'EINVAL';
  return isTooLongPath(program) || program.split('/').some(isTooLongName) ? 'ENAMETOOLONG' : undefined;
}

/** Once it is: execve(2) looks at the file first. */
export function refuseArguments(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Refusal {
  let total = 0;
  for (const arg of [...args, ...wordsOf(environment)]) {
    const length = utf8(arg).length + 1;
    if (length > ARGUMENT_MAX) return 'E2BIG';
    total += length + POINTER;
  }
  return total > ARGUMENTS_MAX ? 'E2BIG' : undefined;
}

/** Variables as execve(2) takes them. */
export const wordsOf = (environment: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/** Of what was given, as an event tells it; nothing where nothing was. */
export const toldOf = (environment: Readonly<Record<string, string>>): { readonly environment?: string } =>
  Object.keys(environment).length === 0 ? {} : { environment: wordsOf(environment).join(' ') };

/** What a child finds under numbers that cannot be is nothing: dup2(2). */
export const isChildDescriptor = (number: Descriptor): boolean => Number.isInteger(number) && number >= 0 && number < CHILD_DESCRIPTOR_MAX;
