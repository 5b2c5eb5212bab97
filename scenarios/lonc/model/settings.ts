/**
 * What the two configuration files mean, read once more (README.md of lonc, L7): the settings and the hosts that follow from them, and what is
 * wrong in which line.
 * Lacks: the texts of problems; each has a word that must be in it.
 */

export interface Wrong {
  readonly path: string | undefined;
  /** From 1; 0: the file as a whole. */
  readonly line: number;
  readonly word: string;
}

export interface Configuration {
  /** Undefined: they are of no use. */
  readonly values: ReadonlyMap<string, string> | undefined;
  readonly wrong: readonly Wrong[];
}

export interface Known {
  readonly id: string;
  readonly address: string;
}

const LINE_MAX = 4_096;
const HOSTS_MAX = 4_096;
const ID_MAX = 40;
const REQUIRED = ['lonHostID', 'lonDaemons', 'lonTabDir', 'lonSockDir', 'lonDocRoot'];
const PATHS = ['lonDaemons', 'lonTabDir', 'lonSockDir', 'lonDocRoot', 'lonUsersDir'];

const linesOf = (text: string): readonly string[] => text.split('\n').map(line => line.replace(/\r$/, ''));

export function configurationIn(files: readonly (readonly [path: string, text: string])[]): Configuration {
  const values = new Map<string, string>();
  const places = new Map<string, Wrong>();
  const wrong: Wrong[] = [];
  for (const [path, text] of files) {
    for (const [index, line] of linesOf(text).entries()) {
      const place = { path, line: index + 1 };
      const [word, name = '', value = '', ...more] = line.trim().split(/\s+/);
      if (line.length > LINE_MAX) wrong.push({ ...place, word: String(LINE_MAX) });
      else if (word === 'PerlSetVar' && (value === '' || more.length > 0 || !/^[A-Za-z0-9_]+$/.test(name)))
        wrong.push({ ...place, word: 'NAME VALUE' });
      else if (word === 'PerlSetVar') {
        values.set(name, value);
        places.set(name, { ...place, word: name });
      }
    }
  }
  const fatal = [
    ...REQUIRED.filter(name => !values.has(name)).map(word => ({ path: undefined, line: 0, word })),
    ...[...PATHS.filter(name => !(values.get(name) ?? '/').startsWith('/')), ...numbersWrongIn(values)].flatMap(
      name => places.get(name) ?? [],
    ),
  ];
  return { values: fatal.length > 0 ? undefined : values, wrong: [...wrong, ...fatal] };
}

function numbersWrongIn(values: ReadonlyMap<string, string>): readonly string[] {
  const port = values.get('londPort') ?? '1';
  const percent = values.get('lonTimePercent') ?? '1';
  return [
    ...(/^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535 ? [] : ['londPort']),
    ...(/^[0-9]{1,3}(?:\.[0-9]{1,3})?$/.test(percent) && Number(percent) > 0 && Number(percent) <= 100 ? [] : ['lonTimePercent']),
  ];
}

export function knownIn(text: string): { readonly hosts: readonly Known[]; readonly wrong: readonly Wrong[] } {
  const hosts: Known[] = [];
  const wrong: Wrong[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [id = '', , , , address = ''] = line.split(':');
    const word = wordFor(line, id, address, hosts);
    if (word === undefined) hosts.push({ id, address });
    else wrong.push({ path: undefined, line: index + 1, word });
    if (word === FULL) break;
  }
  return { hosts, wrong };
}

const FULL = `more than ${HOSTS_MAX} hosts`;

function wordFor(line: string, id: string, address: string, hosts: readonly Known[]): string | undefined {
  if (hosts.length >= HOSTS_MAX) return FULL;
  if (line.length > LINE_MAX) return String(LINE_MAX);
  const fields = line.split(':').length;
  if (fields < 5) return `${fields} fields`;
  if (!/^[A-Za-z0-9_-]/.test(id) || !/^[A-Za-z0-9_.-]+$/.test(id) || id.length > ID_MAX) return 'no host id';
  const parts = address.split('.');
  const numbers = parts.length === 4 && parts.every(part => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255);
  if (!numbers) return 'no IPv4 address';
  return hosts.some(each => each.id === id) ? 'again' : undefined;
}
