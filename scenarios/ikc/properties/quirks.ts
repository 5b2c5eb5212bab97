/**
 * How kernels treat their peers and themselves: each of these sentences is one that the published source breaks.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type ResponseProperty,
  responds,
} from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { textOf } from '../../../src/host/bytes.ts';
import type { Span } from '../../../src/host/time.ts';
import { linkNoted, linkWarned } from '../../../src/impl/ikc/log.ts';
import { noted } from '../../../src/impl/ikc/responder-log.ts';
import { clientLog, clientWarning } from '../../../src/impl/ikc/telling.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { PEER } from '../daemons/names.ts';
import { peerLog } from '../daemons/peer.ts';

/** A property of one event. */
function never(name: string, text: string, kinds: readonly EventKind[], wrong: (event: TraceEvent) => string | undefined): AlwaysProperty {
  return always(name, text, () => ({ see: wrong }), kinds);
}

const isPeer = ({ process }: TraceEvent): boolean => programOf(process) === PEER;
const argsOf = ({ data }: TraceEvent): readonly string[] => String(data?.['args']).split(/ (?=--)/);
const linesOf = ({ bytes }: TraceEvent): readonly string[] => (bytes === undefined ? [] : textOf(bytes).split('\r\n').slice(0, -1));

// ── peers that are not ours ─────────────────────────────────────────────────────────────────────────────────────────

/** `within`: of the heal. */
export const peersFinish = (within: Span): EventuallyProperty =>
  eventually(
    'peers-finish',
    'A peer that keeps to the protocol gets to the end of what it has to say and to hear.',
    { within },
    () => {
      const left = new Set<string>();
      return {
        see: event => {
          if (event.kind === 'start' && isPeer(event)) left.add(event.process);
          if (peerLog['peer-done'].of(event) !== undefined) left.delete(event.process);
          return left.size === 0;
        },
        missing: () => `${[...left].join(', ')} waits for something`,
      };
    },
    ['start', 'log'],
  );

export const answersStay: AlwaysProperty = always(
  'answers-stay-with-who-asked',
  'A peer that has asked nothing is sent nothing (B-T18).',
  () => {
    const asked = new Set<string>();
    return {
      see: event => {
        if (event.kind === 'start' && event.data?.['args'] !== undefined && / frame=/.test(String(event.data['args'])))
          asked.add(event.process);
        const framed = peerLog['peer-framed'].of(event);
        return framed === undefined || asked.has(event.process)
          ? undefined
          : `${event.process} has asked nothing, and hears ${framed.text}`;
      },
    };
  },
  ['start', 'log'],
);

export const nothingLeaks: AlwaysProperty = never(
  'requests-go-as-they-are',
  'A request has nothing in it that only its receiver adds (B-T14).',
  ['log'],
  event => {
    const framed = peerLog['peer-framed'].of(event);
    return framed !== undefined && /"(?:errors_to|call)":/.test(framed.text) ? `${event.process} hears ${framed.text}` : undefined;
  },
);

// ── the negotiation ─────────────────────────────────────────────────────────────────────────────────────────────────

export const linesMakeSense: AlwaysProperty = never(
  'lines-make-sense',
  'In what a peer that keeps to the protocol says there is no line without a meaning (B-T02).',
  ['log'],
  event => {
    const nonsense = linkWarned.nonsense.of(event);
    return nonsense === undefined ? undefined : `${event.process} finds no sense in '${nonsense.line}' in phase ${nonsense.phase}`;
  },
);

export const namesAreTold = (within: Span): EventuallyProperty =>
  eventually(
    'names-are-told',
    'Under each name that a client has, it is known to its server (B-T05).',
    { within },
    () => {
      const left = new Set<string>();
      return {
        see: event => {
          if (event.kind === 'start')
            for (const arg of argsOf(event)) if (/^--(?:name|alias)=c/.test(arg)) left.add(arg.slice(arg.indexOf('=') + 1));
          const registered = noted.registered.of(event);
          if (registered !== undefined) left.delete(registered.name);
          return left.size === 0;
        },
        missing: () => `${left.size} of its names are known to nobody`,
      };
    },
    ['start', 'log'],
  );

export const calledByPath: AlwaysProperty = never(
  'called-by-its-path',
  'What is at the end of a Unix-domain socket is called by its path (B-T07).',
  ['log'],
  event => (noted.registered.of(event)?.name === 'unix:n' ? `${event.process} calls its server unix:n` : undefined),
);

const OURS = ['Storable', 'JSON'];
/** The name in FREEZER, as it was said. */
const offeredIn = (event: TraceEvent): readonly string[] =>
  isPeer(event) ? [] : linesOf(event).flatMap(line => (line.startsWith('FREEZER ') ? [line.slice('FREEZER '.length)] : []));

export const offersWhatItHas: AlwaysProperty = never(
  'offers-what-it-has',
  'A client offers only serializers that it has (B-T06).',
  ['send'],
  event => {
    const unknown = offeredIn(event).find(each => !OURS.includes(each));
    return unknown === undefined ? undefined : `${event.process} offers ${unknown}`;
  },
);

export const alwaysOffers: AlwaysProperty = always(
  'offers-on-each-link',
  'A client offers its serializers on each of its connections (B-T06c).',
  () => {
    const offered = new Set<string>();
    return {
      see: event => {
        const key = `${event.process} ${event.channel}`;
        if (offeredIn(event).length > 0) offered.add(key);
        return !isPeer(event) && linesOf(event).includes('WORLD') && !offered.has(key)
          ? `${event.process} offers nothing on ${event.channel}`
          : undefined;
      },
    };
  },
  ['send'],
);

export const opensWithItsOwn: AlwaysProperty = always(
  'opens-with-its-own',
  'A kernel that has a list of serializers uses one of them (B-T06b).',
  () => {
    const lists = new Map<string, readonly string[]>();
    return {
      see: event => {
        if (event.kind === 'start')
          lists.set(
            event.process,
            argsOf(event).flatMap(arg => (arg.startsWith('--serializer=') ? [arg.slice('--serializer='.length)] : [])),
          );
        const open = linkNoted['link-open'].of(event);
        const list = lists.get(event.process) ?? [];
        return open === undefined || list.length === 0 || list.includes(open.serializer)
          ? undefined
          : `${event.process} uses ${open.serializer}, and not ${list.join(', ')}`;
      },
    };
  },
  ['start', 'log'],
);

export const refusedIsUnused: AlwaysProperty = always(
  'refused-is-unused',
  'A client does not open a link with a serializer that its server has refused (B-T29).',
  () => {
    let refused = false;
    return {
      see: event => {
        if (isPeer(event) && linesOf(event).includes('NOT')) refused = true;
        const open = linkNoted['link-open'].of(event);
        return open !== undefined && refused ? `${event.process} uses ${open.serializer}, which was refused` : undefined;
      },
    };
  },
  ['send', 'log'],
);

// ── requests ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Of a source file, or of a list of what is published. */
const TOO_MUCH = /=>\[| line \d+/;
export const errorsTellLittle: AlwaysProperty = never(
  'errors-tell-little',
  'An error tells what was asked for, and nothing else of the kernel or its source (B-T28).',
  ['log'],
  event => {
    const error = clientWarning.error.of(event);
    return error !== undefined && TOO_MUCH.test(error.text) ? `${event.process} is told '${error.text}'` : undefined;
  },
);

export const junkIsNoAnswer: AlwaysProperty = never(
  'junk-is-no-answer',
  'Where no frame begins, none is looked for (B-T21d).',
  ['log'],
  event => {
    const answer = clientLog.answer.of(event);
    return answer === undefined ? undefined : `${event.process} takes ${answer.value} out of junk`;
  },
);

// ── lives ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `die` of Perl. */
const EXIT_DIED = 255;
export const kernelsSurvive: AlwaysProperty = never(
  'kernels-survive',
  'Nothing that a peer says ends a process.',
  ['exit'],
  ({ process, data }) =>
    data?.['code'] === EXIT_DIED || data?.['signal'] === 'SIGALRM'
      ? `${process} has died: ${String(data['signal'] ?? data['code'])}`
      : undefined,
);

export const endsWhenTold: ResponseProperty = responds(
  'ends-when-told',
  'A kernel that is told to end does so within 15 s: its peers have ten of them (B-T10).',
  '15 s',
  () => ({
    trigger: ({ kind, process, data }) =>
      kind === 'kill' && data?.['signal'] === 'SIGTERM' ? keyOf(process, String(data['target'])) : undefined,
    response: ({ kind, process }) => (kind === 'exit' ? keyOf(process, process.slice(process.lastIndexOf('.') + 1)) : undefined),
  }),
  ['kill', 'exit'],
);
const keyOf = (process: string, pid: string): string => `${process.slice(0, process.indexOf('/'))}.${pid}`;
