declare module 'seedrandom/lib/alea.js' {
  /** All that a generator is: three numbers of its recurrence and the carry. */
  interface AleaState {
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
    readonly c: number;
  }
  export default function alea(seed: string, options: { readonly state: true }): { state(): AleaState };
}
