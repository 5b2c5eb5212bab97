/** Every scenario of parrot. */
export { traps as scenarios } from './traps.ts';
