/**
 * The steps of a client, and what must come of each: read off its command line a second time.
 */
import type { TraceEvent } from '../../../src/trace/event.ts';

/** What a client can be told to do at a kernel: words of a plan. */
export const KINDS = [
  'echo',
  'add',
  'void',
  'fail',
  'list',
  'one',
  'slow',
  'note',
  'count',
  'nobody',
  'missing',
  'ping',
  'everybody',
  'subscribe',
] as const;
export type Kind = (typeof KINDS)[number];

/** `own`: what only this client says, so that an answer of another one is known. */
const WORDS: Readonly<Record<Kind, (own: string) => string>> = {
  echo: own => `--call=poe:/demo/echo "${own}"`,
  add: own => `--call=poe:/demo/add [1,${own.length},-3]`,
  void: () => '--call=poe:/demo/void',
  fail: () => '--call=poe:/demo/fail',
  list: () => '--list=poe:/demo/list',
  one: () => '--call=poe:/demo/list',
  slow: () => '--call=poe:/demo/slow 700',
  note: () => '--post=poe:/demo/note',
  count: () => '--call=poe:/demo/count',
  nobody: () => '--call=poe://nobody/demo/echo 1',
  missing: () => '--call=poe:/demo/not-there',
  ping: () => '--call=poe:/IKC/ping "PING"',
  everybody: own => `--call=poe://*/demo/echo "${own}"`,
  subscribe: () => '--subscribe=poe:/demo/echo',
};
export const wordsOf = (kinds: readonly Kind[], own: string): readonly string[] =>
  kinds.map((kind, index) => WORDS[kind](`${own}-${index}`));

/** What an answer is: this JSON, some number, or an error of this kind. */
export type Due =
  | { readonly json: string }
  | { readonly number: true }
  | { readonly failure: string }
  | { readonly subscribed: true }
  | undefined;

export interface Step {
  readonly verb: string;
  readonly to: string;
  readonly due: Due;
}

const PARTS = /^--(call|list|post|subscribe)=(\S+)(?: (.*))?$/;

/** Of a `start` event of a client: its steps in order, and how often they are done. */
export function stepsIn({ data }: TraceEvent): { readonly steps: readonly Step[]; readonly repeat: number } {
  const args = String(data?.['args']).split(/ (?=--)/);
  const steps = args.flatMap(arg => {
    const [, verb = '', to = '', json = 'null'] = PARTS.exec(arg) ?? [];
    return verb === '' ? [] : [{ verb, to, due: dueOf(verb, to, json) }];
  });
  const [, repeat = '1'] = /^--repeat=(\d+)$/.exec(args.find(each => each.startsWith('--repeat=')) ?? '') ?? [];
  return { steps, repeat: Number(repeat) };
}

function dueOf(verb: string, to: string, json: string): Due {
  const [, kernel = '', session = '', state = ''] = /^poe:(?:\/\/([^/]*))?\/([^/]*)\/(.*)$/.exec(to) ?? [];
  if (kernel === 'nobody') return { failure: 'unknown-kernel' };
  if (verb === 'post') return undefined;
  if (verb === 'subscribe') return { subscribed: true };
  if (session === 'IKC') return { json: '"PONG"' };
  switch (state) {
    case 'echo':
    case 'slow':
      return { json };
    case 'add':
      return { json: String((JSON.parse(json) as readonly number[]).reduce((sum, each) => sum + each, 0)) };
    case 'void':
      return { json: 'null' };
    case 'list':
      return { json: verb === 'list' ? '["one","two","three"]' : '"three"' };
    case 'count':
      return { number: true };
    default:
      return { failure: 'remote-error' };
  }
}
