/**
 * `slipway/trace`: what happened: events, their text, and the difference of two traces.
 * Lacks: code. Whatever stands here is kept from one version to the next.
 */
export { type ByteSpan, type Disclosure, paddingSpans, spansOf, wordSpans } from '../src/trace/anonymise/disclosure.ts';
export * from '../src/trace/decode.ts';
export { DecodedTrace, formatItem } from '../src/trace/decoded.ts';
export * from '../src/trace/diff.ts';
export * from '../src/trace/event.ts';
export type { Carrier, Decoder, Decoders, FieldValue, FormatViolation as Violation, Message } from '../src/trace/message.ts';
export { type ReadTrace, readTrace } from '../src/trace/read.ts';
export { formatEvent } from '../src/trace/view.ts';
