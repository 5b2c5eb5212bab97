/** The hash of a request, read and made. */
import { describe, expect, test } from 'vitest';
import { isTrue, type Request, readRequest, requestHash } from '../../../src/impl/ikc/request.ts';
import { ABSENT, type PerlValue, Utf8 } from '../../../src/impl/storable/values.ts';
import { perl, plain } from './bench.ts';

const request = (value: object): Request => {
  const read = readRequest(perl(value));
  if ('problem' in read) throw new Error(read.problem);
  return read;
};

describe('read', () => {
  test('all that one can have', () => {
    const from = { kernel: 'K', session: 'S', state: '' };
    expect(request({ event: 'poe://I/t/e?x', params: [1], from, rsvp: 'poe://K/S/r', wantarray: 1, is_error: '' })).toEqual({
      event: { kernel: 'I', session: 't', state: 'e', args: 'x' },
      args: [[1], 'x'],
      from,
      rsvp: { kernel: 'K', session: 'S', state: 'r' },
      badRsvp: false,
      wantsList: true,
      isError: false,
    });
    expect(request({ event: 'poe:/t/e' })).toMatchObject({ args: [null], from: undefined, rsvp: undefined, wantsList: false });
  });

  test.each([
    [['state', [1, 2]], 'state', [1, 2]],
    [['state', []], 'state', []],
    [['state'], 'state', []],
    [[7, null], '7', []],
  ])('proxied, with %j', (params, state, args) => {
    expect(request({ event: { kernel: 'I', session: 't', state: 'IKC:proxy' }, params })).toMatchObject({
      event: { session: 't', state },
      args,
    });
  });

  test.each([null, 'state', [], [''], [[]], ['state', 1], ['state', {}], {}])('proxied, with %j: none', params => {
    expect(readRequest(perl({ event: { session: 't', state: 'IKC:proxy' }, params }))).toMatchObject({
      problem: 'proxied',
      event: { session: 't' },
    });
  });

  test.each([null, 0, '', '0', false])('an rsvp %j is none', rsvp => {
    expect(request({ event: 'poe:/t/e', rsvp }).badRsvp).toBe(false);
  });

  test.each([1, 'x', ':', [], {}, { session: 'S' }, { state: 'e' }, 'poe:/S/'])('an rsvp %j cannot be answered', rsvp => {
    expect(request({ event: 'poe:/t/e', rsvp }).badRsvp).toBe(true);
  });

  test.each([1, 'text', null, []])('%j is no request', value => {
    expect(readRequest(perl(value))).toMatchObject({ problem: 'not-hash', isError: false });
  });

  test('an event that is none, of an error', () => {
    expect(readRequest(perl({ event: 5, is_error: 1 }))).toEqual({ problem: 'event', event: undefined, from: undefined, isError: true });
  });
});

test('what Perl takes for false', () => {
  for (const value of [undefined, null, ABSENT, false, 0, 0n, '', '0', new Utf8('0')])
    expect([value, isTrue(value)]).toEqual([value, false]);
  for (const value of [true, 1, -1, 1n, '00', ' ', '0.0', [], new Map()] as readonly PerlValue[])
    expect([value, isTrue(value)]).toEqual([value, true]);
});

test('made: text stays text, and a sender without a state has none', () => {
  const event = { kernel: 'I', session: 't', state: 'e' };
  expect(plain(requestHash({ event, params: null }))).toEqual({ event, params: null });
  expect(
    plain(
      requestHash({ event, text: 'poe://I/t/e', params: 1, from: { ...event, state: '' }, rsvp: event, wantsList: true, isError: true }),
    ),
  ).toEqual({
    event: 'poe://I/t/e',
    from: { kernel: 'I', session: 't' },
    is_error: 1,
    params: 1,
    rsvp: event,
    wantarray: 1,
  });
});
