/**
 * What is shown, as the fragment of the address: a link to an event is the address of the page. `#event=44&filter=kind%3Asend&cone=31`
 */
export interface Address {
  /** Index of an event, of the first trace where there are two. */
  readonly event?: number | undefined;
  /** The same of the second trace, where the first has none there. */
  readonly other?: number | undefined;
  readonly filter?: string | undefined;
  /** Index of the event of which the cone is shown, in the first trace. */
  readonly cone?: number | undefined;
  /** Nothing but the cone is shown. */
  readonly only?: boolean | undefined;
}

/** Browsers take no more than some two hundred of these in half a minute. */
const SETTLED_MS = 300;

export function readAddress(): Address {
  const words = new URLSearchParams(location.hash.slice(1));
  const number = (name: string): number | undefined => numberIn(words.get(name));
  const only = words.get('only') === 'true' ? true : undefined;
  return { event: number('event'), other: number('other'), filter: words.get('filter') ?? undefined, cone: number('cone'), only };
}

const numberIn = (text: string | null): number | undefined => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

export class AddressBar {
  #timer = 0;
  #written = '';

  /** Once nothing has changed for a moment. */
  write(address: Address): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const words = new URLSearchParams();
      for (const [key, value] of Object.entries(address)) if (value !== undefined && value !== '') words.set(key, String(value));
      this.#written = words.size === 0 ? '' : `#${words}`;
      if (location.hash !== this.#written) location.replace(this.#written === '' ? '#' : this.#written);
    }, SETTLED_MS);
  }

  /** Somebody has typed another address, or followed a link to it. */
  onChange(act: (address: Address) => void): void {
    addEventListener('hashchange', () => {
      if (location.hash !== this.#written) act(readAddress());
    });
  }
}
