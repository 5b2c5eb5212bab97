import { describe, expect, it } from 'vitest';
import { broadcastOf, formatEndpoint, ipv4 } from '../../src/host/address.ts';

describe('addresses', () => {
  it.each([
    [{ transport: 'tcp', address: '127.0.0.1', port: 9108 }, '127.0.0.1:9108'],
    [{ transport: 'tcp', address: '::1', port: 9108 }, '[::1]:9108'],
    [{ transport: 'unix', path: '/run/a.sock' }, 'unix:/run/a.sock'],
  ] as const)('%j is written %s', (endpoint, text) => expect(formatEndpoint(endpoint)).toBe(text));

  it.each([
    ['10.0.0.7', '255.255.255.0', '10.0.0.255'],
    ['172.16.5.4', '255.240.0.0', '172.31.255.255'],
    ['10.0.0.7', '255.255.255.254', undefined],
    ['10.0.0.7', '255.255.255.255', undefined],
    ['::1', '255.0.0.0', undefined],
  ])('%s in %s broadcasts to %s', (address, netmask, broadcast) => expect(broadcastOf(address, netmask)).toBe(broadcast));

  it.each(['256.0.0.1', '1.2.3', '1.2.3.4.5', 'a.b.c.d', ''])('%j is no IPv4 address', text => expect(ipv4(text)).toBeUndefined());
});
