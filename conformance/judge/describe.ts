/**
 * Steps as text for people: what a step does or asks for, and what is missing while it waits.
 */
import { printable } from '../../src/host/bytes.ts';
import { formatTime } from '../../src/host/time.ts';
import { type Fault, faultText } from '../../src/impl/proxy/fault.ts';
import type { Saved, Step, Target } from '../case.ts';
import { describeExpected, describePattern } from './match.ts';

const SHOWN = 64;

/** In the imperative: `send 3 bytes on control: 0a0b0c`. */
export function describeStep(step: Step): string {
  switch (step.verb) {
    case 'start':
      return describeStart(step);
    case 'send':
      return `send on ${step.channel}: ${cut(step.hex)}${times(step.repeat)}`;
    case 'say':
      return `send on ${step.channel}: ${printable(step.text, SHOWN)}${times(step.repeat)}`;
    case 'close':
    case 'half-close':
    case 'reset':
    case 'pause':
    case 'resume':
      return `${step.verb} ${step.channel}`;
    case 'disturb':
      return `let what is sent on ${step.channel} meet ${faultText(step.fault)}${triggerText(step.fault)}`;
    case 'signal':
      return `send ${step.signal}`;
    case 'fill':
      return `fill ${step.channel}, so that the first write to it has to wait`;
    case 'close-listener':
      return 'stop listening';
    case 'listen':
      return 'listen again';
    case 'place':
      return `write the file ${step.path}`;
    default:
      return describeExpectation(step);
  }
}

function describeStart({ options, environment = {} }: Extract<Step, { verb: 'start' }>): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${printable(value, SHOWN)}`);
  const parts = [...(options === undefined ? [] : [options.join(' ') || 'no options']), ...variables];
  return `start the implementation${parts.length === 0 ? '' : ` with ${parts.join(' ')}`}`;
}

type Expectation = Extract<Step, { verb: `expect-${string}` | 'dial' | 'collect' | 'ask' }>;

function describeExpectation(step: Expectation): string {
  switch (step.verb) {
    case 'expect-sequence': {
      const items = step.items.map(item => describeExpected([item], false));
      if (step.thenEof === true) items.push('the end of the channel');
      return `expect on ${step.channel}: ${items.join('; then ') || 'nothing'} (within ${formatTime(step.within)})`;
    }
    case 'expect-count':
      return `expect ${count(step.least, step.most)} of: ${describePattern(step.message)} on ${step.channel}`;
    case 'expect-order':
      return step.every === true
        ? `expect ${describePattern(step.before)} only before ${describePattern(step.after)} on ${step.channel}`
        : `expect ${describePattern(step.after)} only after ${describePattern(step.before)} on ${step.channel}`;
    case 'expect-silence':
      return `expect nothing on ${step.channels.join(' and ')} for ${formatTime(step.lasting)}`;
    default:
      return `expect that ${describeAwaited(step)} (within ${formatTime(step.within)})`;
  }
}

export function count(least: number, most: number | undefined): string {
  if (most === undefined) return `at least ${least}`;
  return least === most ? String(least) : `${least} to ${most}`;
}

/** In the indicative: what has not happened yet. */
export function describeAwaited(step: Step, saved: Saved = new Map()): string {
  switch (step.verb) {
    case 'expect-among':
      return `${describePattern(step.message)} on ${step.channel}`;
    case 'expect-exit':
      return describeExit(step);
    case 'expect-connect':
      return `a listener at the announced address ${saved.get(step.to) ?? ''}`;
    case 'collect':
      return 'the child that the implementation was given to run has run to its end';
    case 'expect-open':
      return `the implementation connects: ${step.channel}`;
    case 'dial':
      return `somebody accepts a connection at ${describeTarget(step.to)}`;
    case 'expect-refused':
      return `nobody accepts a connection at ${describeTarget(step.to)}`;
    case 'expect-content':
      return `a file ${step.path} that holds ${describePattern(step.message)}`;
    case 'ask':
      return `its ${step.reader} has run to its end`;
    case 'expect-file':
      return step.contains === undefined ? `no file ${step.path}` : `a file ${step.path} with the text ${step.contains}`;
    default:
      return `the step ${step.verb} to end`;
  }
}

export function describeExit(step: Extract<Step, { verb: 'expect-exit' }>): string {
  const ways = [...(step.codes ?? []).map(code => `with status ${code}`), ...(step.signals ?? []).map(signal => `by ${signal}`)];
  return ways.length === 0 ? 'the implementation ends' : `the implementation ends ${ways.join(' or ')}`;
}

const describeTarget = (to: Target): string => ('tcp' in to ? 'the port of the case' : to.unix);
function triggerText({ after }: Fault): string {
  if (after === undefined) return '';
  return 'bytes' in after ? `, after ${after.bytes} bytes` : `, after ${formatTime(after.time)}`;
}
const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const times = (repeat: number | undefined): string => (repeat === undefined ? '' : `, ${repeat} times`);
