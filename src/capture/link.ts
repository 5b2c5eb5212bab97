/**
 * Where the IP packet begins in what a link carries: Ethernet with any VLAN tags, Linux cooked v1 and v2, the loopback of BSD, raw IP.
 * Lacks: the other two hundred link types; ARP and whatever else is no IP is nothing here.
 */
import { short } from './words.ts';

/** LINKTYPE_…, as the registry numbers them. */
const NULL = 0;
const ETHERNET = 1;
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const RAW = 101;
const LOOP = 108;
const LINUX_SLL = 113;
const IPV4 = 228;
const IPV6 = 229;
const LINUX_SLL2 = 276;

/** There is no IP packet. */
export const NO_IP = -1;
/** Nothing is known of such a link. */
export const NO_LINK = -2;

/** The index of the first byte of an IP packet in `bytes`, of a link of this type. */
export function networkAt(link: number, bytes: Uint8Array, start: number, end: number): number {
  switch (link) {
    case ETHERNET:
      return tagged(bytes, start + 12, end);
    case LINUX_SLL:
      return tagged(bytes, start + 14, end);
    case LINUX_SLL2:
      return isIp(short(bytes, start)) ? start + 20 : NO_IP;
    case NULL:
    case LOOP:
    case RAW:
    case RAW_BSD:
    case RAW_OPENBSD:
    case IPV4:
    case IPV6:
      // What version it is the packet says itself; the family of a loopback has the numbers of the system that wrote it.
      return link === NULL || link === LOOP ? start + 4 : start;
    default:
      return NO_LINK;
  }
}

const isIp = (type: number): boolean => type === 0x0800 || type === 0x86dd;
const isTag = (type: number): boolean => type === 0x8100 || type === 0x88a8 || type === 0x9100;

/** `at`: of the type, before which there may be tags of 802.1Q and 802.1ad. */
function tagged(bytes: Uint8Array, at: number, end: number): number {
  let place = at;
  while (isTag(short(bytes, place)) && place + 6 <= end) place += 4;
  return isIp(short(bytes, place)) ? place + 2 : NO_IP;
}
