/**
 * The programs of IKC by the names under which a machine starts them.
 */
export const SERVER = 'ikc-server';
export const CLIENT = 'ikc-client';
export const LITE = 'ikc-lite';
