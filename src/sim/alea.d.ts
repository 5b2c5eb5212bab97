declare module 'seedrandom/lib/alea.js' {
  interface AleaGenerator {
    (): number;
    int32(): number;
  }
  export default function alea(seed: string): AleaGenerator;
}
