/**
 * The protocols there are: those of this package, and what modules of the user bring.
 * May import: protocols.
 */
import { Catalogue } from '../protocols/catalogue.ts';

export async function loadCatalogue(_modules: readonly string[]): Promise<Catalogue> {
  const { protocols } = await import('../protocols/index.ts');
  return new Catalogue(protocols);
}
