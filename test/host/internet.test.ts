/** Internet addresses: the one text for each, held against node:net, and IPv4 inside of IPv6. */
import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, inFamilyOf, otherFamily, plain, wide } from '../../src/host/internet.ts';

const kernels = (address: string): string => new SocketAddress({ address, family: address.includes(':') ? 'ipv6' : 'ipv4' }).address;

describe('the text of an address', () => {
  it.each([
    ['0:0:0:0:0:0:0:1', '::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::FFFF:7f00:1', '::ffff:127.0.0.1'],
    ['::ffff:255.255.255.255', '::ffff:255.255.255.255'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['fe80::', 'fe80::'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s is %s', (address, text) => expect(canonical(address)).toBe(text));

  it.each([
    '',
    ':',
    ':::',
    '1',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::12345',
    '::g',
    '::1.2.3',
    '::1.2.3.4:5',
    '256.1.1.1',
    '1.2.3',
    '01.2.3.4',
    ' ::1',
    ':1',
  ])('there is none for %j', address => {
    expect(canonical(address)).toBeUndefined();
    expect(isIP(address)).toBe(0);
  });

  it('is what the kernel has, of any address', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const written = fc.tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.boolean()).map(([groups, upper]) => {
      const text = groups.map(one => one.toString(16)).join(':');
      return upper ? text.toUpperCase() : text;
    });
    fc.assert(
      fc.property(fc.oneof(written, fc.ipV6(), fc.ipV4()), address => {
        // libuv writes ::0.0.0.5 where the C library has ::5.
        fc.pre(!/^(0*:)+[^:]*$/.test(address) && !kernels(address).startsWith('::0.0.'));
        expect(canonical(address)).toBe(kernels(address));
      }),
    );
  });

  it('is valid just when node:net says so', () => {
    const noise = fc.array(fc.constantFrom('0', '1', 'f', ':', '::', '.', '255', 'g'), { maxLength: 20 }).map(parts => parts.join(''));
    fc.assert(
      fc.property(noise, address => {
        expect(canonical(address) !== undefined).toBe(isIP(address) !== 0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('IPv4 inside of IPv6', () => {
  it('is IPv4, and told as its socket has it', () => {
    expect(['::ffff:10.0.0.1', '::1', '10.0.0.1'].map(plain)).toEqual(['10.0.0.1', '::1', '10.0.0.1']);
    expect(['::1', '10.0.0.1'].map(wide)).toEqual(['::1', '::ffff:10.0.0.1']);
    expect([inFamilyOf('::', '10.0.0.1'), inFamilyOf('0.0.0.0', '10.0.0.1')]).toEqual(['::ffff:10.0.0.1', '10.0.0.1']);
  });

  it('is another family than IPv4 for a socket', () => {
    expect(otherFamily('::1', '::ffff:10.0.0.1')).toBeUndefined();
    expect([otherFamily('::1', '10.0.0.1'), otherFamily('10.0.0.1', '::1')]).toEqual(['EINVAL', 'EAFNOSUPPORT']);
  });
});
