import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, equalBytes, fromUtf8, hex, printable, unhex, utf8 } from '../../src/host/bytes.ts';
import { formatTime, instantOf, millis, seconds } from '../../src/host/time.ts';

describe('bytes', () => {
  it('hex is what Buffer says, at every length, and unhex its inverse', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37) & 255);
      expect(hex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(unhex(hex(bytes))).toEqual(bytes);
    }
  });

  it.each(['0', '0g', 'zz', '0x', ' 0'])('unhex refuses %j', text => expect(unhex(text)).toBeUndefined());

  it('unhex takes capitals', () => expect(unhex('FF0a')).toEqual(Uint8Array.of(255, 10)));

  it('concat joins any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9 })), parts => {
        expect(Buffer.from(concat(parts)).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });

  it('equalBytes compares content and length', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
  });

  it('fromUtf8 keeps a byte order mark and refuses what is malformed', () => {
    expect(fromUtf8(utf8('\ufeffgrün'))).toBe('\ufeffgrün');
    expect(fromUtf8(Uint8Array.of(0xc3))).toBeUndefined();
    expect(fromUtf8(Uint8Array.of(0xc0, 0x80))).toBeUndefined();
  });

  it('printable leaves nothing that a terminal would obey', () => {
    expect(printable('a\u001b[31mb\u202ec\n')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{a}');
    expect(printable('x'.repeat(300), 10)).toBe('xxxxxxxxxx…');
    const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !obeyed.test(printable(text))));
  });
});

describe('time', () => {
  it('is shown in seconds with six digits', () => {
    expect(formatTime(instantOf(1_250_300))).toBe('1.250300 s');
    expect(formatTime(seconds(-2))).toBe('-2.000000 s');
    expect(formatTime(millis(0.5))).toBe('0.000500 s');
  });
});
