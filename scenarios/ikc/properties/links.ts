/**
 * What both ends of a link are promised: they agree on the serializer, and a negotiation comes to an end.
 */
import {
  type AlwaysProperty,
  always,
  type ResponseProperty,
  responds,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { machineOf, pidOf } from '../../../src/check/world/housekeeping.ts';
import type { Span } from '../../../src/host/time.ts';
import { linkNoted, linkStep, linkWarned } from '../../../src/impl/ikc/log.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

/** Of an id `<machine>-<time>-<pid>-<number>` (B2): `machine pid`. */
function ownerOf(id: string): string {
  const [, machine = '', pid = ''] = /^(.*)-[0-9a-f]{8}-([0-9a-f]{8})-[0-9a-f]{8}$/.exec(id) ?? [];
  return `${machine} ${Number.parseInt(pid, 16)}`;
}

/**
 * Two processes have one link at a time, and both say what it uses. Who opened it last is compared, whichever end is the first to say so.
 */
export const serializersAgree: AlwaysProperty = always(
  'serializers-agree',
  'Both ends of a link use the same serializer.',
  () => {
    /** By `from to`: how often that end has opened a link to the other, and with what. */
    const opened = new Map<string, string[]>();
    return {
      see: event => {
        const open = linkNoted['link-open'].of(event);
        if (open === undefined) return undefined;
        const own = `${machineOf(event.process)} ${pidOf(event.process)}`;
        const other = ownerOf(open.peer);
        const mine = opened.get(`${own} > ${other}`) ?? [];
        mine.push(open.serializer);
        opened.set(`${own} > ${other}`, mine);
        const theirs = opened.get(`${other} > ${own}`)?.at(-1);
        return theirs === undefined || theirs === open.serializer
          ? undefined
          : `${event.process} uses ${open.serializer} with ${open.peer}, which uses ${theirs}`;
      },
    };
  },
  ['log'],
);

const keyOf = ({ process }: TraceEvent, link: number): string => `link ${link} of ${process}`;

/** `within`: the bound of the negotiation, and what a stopped process may add. */
export const negotiationsEnd = (within: Span): ResponseProperty =>
  responds(
    'negotiations-end',
    'Every negotiation that has begun is over within its bound: the link is open, or closed.',
    within,
    () => ({
      trigger: event => {
        const phase = linkStep.phase.of(event);
        return phase?.from === '000' ? keyOf(event, phase.link) : undefined;
      },
      response: event => {
        const link = linkNoted['link-open'].of(event)?.link ?? linkNoted['link-closed'].of(event)?.link;
        return link === undefined ? undefined : keyOf(event, link);
      },
      excuses: ({ kind, process, data }, key) =>
        kind === 'exit' ? key.endsWith(` of ${process}`) : kind === 'power' && key.includes(` of ${String(data?.['machine'])}/`),
    }),
    ['log', 'exit', 'power'],
  );

export const openMet: SometimesProperty = sometimes(
  'opened-with-a-stranger',
  'A negotiation with a peer that is not ours ends well.',
  () => ({ see: event => /^(?:other|stranger)-/.test(linkNoted['link-open'].of(event)?.peer ?? '') }),
  ['log'],
);
export const timeoutMet: SometimesProperty = sometimes(
  'negotiation-timed-out',
  'A negotiation is ended by its bound.',
  () => ({ see: event => linkWarned['negotiation-timeout'].of(event) !== undefined }),
  ['log'],
);
