/**
 * A captured conversation in words, a sentence a step, as it was seen by who had the role.
 * Lacks: steps that no capture becomes; they are told as a case tells them.
 */
import { fromUtf8, hex, printable, unhex } from '../../src/host/bytes.ts';
import { formatTime } from '../../src/host/time.ts';
import type { Case, ExpectedMessage, Pattern, Refutation, Step } from '../case.ts';
import { describeExit, describeStep } from '../judge/describe.ts';

/** Characters of what was sent, and bytes of what is no text. */
const SHOWN = 120;
const SHOWN_BYTES = 32;
const PLAIN = /^[\t\r\n\x20-\x7e\u{a0}-\u{10ffff}]*$/u;

/** What was agreed before the step that decided, the last of it, and of that step what had come as it was captured. */
export function agreed({ steps }: Case, { step, at }: Refutation, most: number): readonly string[] {
  const before = steps.slice(0, step);
  const decided = steps[step];
  const told = before.slice(Math.max(0, step - most)).map(stepStory);
  if (decided?.verb !== 'expect-sequence' || at === undefined) return told;
  const earlier = before.reduce(
    (sum, each) => sum + (each.verb === 'expect-sequence' && each.channel === decided.channel ? each.items.length : 0),
    0,
  );
  const came = decided.items.slice(0, Math.max(0, at.after - earlier));
  return came.length === 0 ? told : [...told, said(decided.channel, came, false)].slice(-most);
}

function stepStory(step: Step): string {
  switch (step.verb) {
    case 'start':
      return step.options === undefined ? 'it starts' : `it starts with ${step.options.join(' ')}`;
    case 'dial':
      return `somebody connects: ${step.channel}`;
    case 'expect-open':
      return `it connects: ${step.channel}`;
    case 'send':
      return `it is told on ${step.channel}: ${sent(step.hex, step.insert?.map(({ at }) => at) ?? [])}`;
    case 'close':
    case 'half-close':
      return `its peer ends ${step.channel}`;
    case 'reset':
      return `its peer breaks ${step.channel}`;
    case 'signal':
      return `it gets ${step.signal}`;
    case 'expect-sequence':
      return said(step.channel, step.items, step.thenEof === true);
    case 'expect-silence':
      return `it says nothing on ${step.channels.join(' and ')} for ${formatTime(step.lasting)}`;
    case 'expect-exit':
      return describeExit(step).replace('the implementation', 'it');
    default:
      return describeStep(step);
  }
}

function said(channel: string, items: readonly ExpectedMessage[], ends: boolean): string {
  const words = items.map(({ message }) => nameOf(message)).join('; ');
  if (words === '') return `it ends ${channel}`;
  return `it says on ${channel}: ${words}${ends ? ', and ends it' : ''}`;
}

/** All that was compared of it, where that is more than what it is called by. */
function nameOf({ type, name, fields = {} }: Pattern): string {
  const known = Object.entries(fields).filter(([, value]) => typeof value !== 'object');
  return Object.keys(fields).length < 2 || known.length === 0
    ? name
    : [type, ...known.map(([field, value]) => `${field} ${value}`)].join(', ');
}

/** `…` stands where a value is that was drawn anew. */
function sent(digits: string, gaps: readonly number[]): string {
  const bytes = unhex(digits) ?? new Uint8Array(0);
  const cuts = [0, ...gaps, bytes.length];
  const parts = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
  const texts = parts.map(fromUtf8);
  if (texts.every(text => text !== undefined && PLAIN.test(text)))
    return printable(texts.join('…').replaceAll('\r', '\\r').replaceAll('\n', '\\n'), SHOWN);
  const more = bytes.length > SHOWN_BYTES ? `… ${bytes.length} bytes` : '';
  return `${parts
    .map(part => hex(part))
    .join('…')
    .slice(0, 2 * SHOWN_BYTES)}${more}`;
}
