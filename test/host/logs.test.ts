/** A vocabulary of logs: what is written is what is read, and nothing else is. */
import { describe, expect, test } from 'vitest';
import type { EventData } from '../../src/host/event.ts';
import type { Host } from '../../src/host/host.ts';
import { logs } from '../../src/host/logs.ts';

const log = logs({ answered: { right: 'boolean', id: 'number' }, 'con-lost': {}, name: { length: 'string' } });

/** As a Host reports it. */
function written(write: (host: Pick<Host, 'log'>) => void): { kind: string; data: EventData } {
  let data: EventData = {};
  write({ log: (severity, event, fields) => (data = { severity, event, ...fields }) });
  return { kind: 'log', data };
}

describe('logs', () => {
  test('are read as they were written', () => {
    const event = written(host => log(host).answered({ right: true, id: 4 }));
    expect(event.data).toEqual({ severity: 'info', event: 'answered', right: true, id: 4 });
    expect(log.answered.of(event)).toEqual({ right: true, id: 4 });
    expect(log['con-lost'].of(event)).toBeUndefined();
    expect(log['con-lost'].of(written(host => log(host)['con-lost']()))).toEqual({});
  });

  test('may have a name that a function has', () => {
    expect(log.name.of(written(host => log(host).name({ length: 'long' })))).toEqual({ length: 'long' });
  });

  test('are of another severity where that is said', () => {
    expect(written(host => logs({ broke: {} }, 'error')(host).broke()).data).toEqual({ severity: 'error', event: 'broke' });
  });

  test.each<[string, string, EventData | undefined]>([
    ['another kind', 'send', { event: 'answered', right: true, id: 1 }],
    ['nothing', 'log', undefined],
    ['a field that is missing', 'log', { event: 'answered', right: true }],
    ['a field of another type', 'log', { event: 'answered', right: 'true', id: 1 }],
  ])('are not %s', (_, kind, data) => {
    expect(log.answered.of({ kind, data })).toBeUndefined();
  });

  test('cannot have the fields that every log has', () => {
    expect(() => logs({ x: { event: 'string' } })).toThrow('the log x cannot have a field event');
    expect(() => logs({ x: { size: 'text' as 'string' } })).toThrow('the log x cannot have a field of type text: size');
    expect(() => logs({ x: {} }, 'notice' as 'info')).toThrow('no severity notice: debug, info, warning, error, critical');
  });

  test('refuse to be written with other fields than they have', () => {
    expect(() => written(host => log(host).answered({ right: true } as never))).toThrow(
      'the log answered has a field id that is no number',
    );
  });

  test('are held to their forms by the compiler', () => {
    written(host => {
      // @ts-expect-error: a number it is
      expect(() => log(host).answered({ right: true, id: '4' })).toThrow('the log answered has a field id that is no number');
      // @ts-expect-error: there is no such log
      expect(() => log(host).answred()).toThrow(TypeError);
    });
    // @ts-expect-error: there is no such field
    expect(log.answered.of({ kind: 'log', data: { event: 'answered', right: true, id: 1 } })?.wrong).toBeUndefined();
  });
});
