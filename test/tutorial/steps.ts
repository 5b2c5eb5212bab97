/**
 * A tutorial as what a reader does, in order: commands, files, edits, and what is to be seen.
 *   sh              each line a command; `# exits 1` where it does not end with 0
 *   text            in the output of the command before, in this order; … is any text
 *   python FILE     the whole file
 *   ts in FILE      stands in the file
 *   diff FILE       lines that are taken out and put in; what they stand between is there once
 */
export type Step =
  | { readonly do: 'type'; readonly line: string; readonly exits: number }
  | { readonly do: 'see'; readonly lines: readonly string[] }
  | { readonly do: 'write' | 'find'; readonly file: string; readonly text: string }
  | { readonly do: 'edit'; readonly file: string; readonly from: string; readonly to: string };

/** Throws an Error at a block that is none of these. */
export function stepsOf(markdown: string): readonly Step[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, info = '', text = '']): readonly Step[] => {
    const [kind = '', ...rest] = info.split(' ');
    const file = rest.at(-1) ?? '';
    const lines = text.trimEnd().split('\n');
    if (info === 'sh') return lines.map(typedOf);
    if (info === 'text') return [{ do: 'see', lines }];
    if (rest.length === 2 && rest[0] === 'in') return [{ do: 'find', file, text }];
    if (rest.length !== 1) throw new Error(`a block of the kind '${info}'`);
    if (kind !== 'diff') return [{ do: 'write', file, text }];
    return [{ do: 'edit', file, from: sideOf(lines, '-'), to: sideOf(lines, '+') }];
  });
}

function typedOf(line: string): Step {
  return { do: 'type', line: line.replace(/\s+#.*$/, ''), exits: Number(/# exits (\d+)$/.exec(line)?.[1] ?? 0) };
}

/** The lines of one side; all begin with a mark. */
function sideOf(lines: readonly string[], mark: '-' | '+'): string {
  const wrong = lines.find(line => !/^[-+ ]/.test(line));
  if (wrong !== undefined) throw new Error(`a line of a diff without a mark: ${wrong}`);
  return lines
    .filter(line => line.startsWith(' ') || line.startsWith(mark))
    .map(line => `${line.slice(1)}\n`)
    .join('');
}

/** The first line that is not there after those before it. */
export function missingIn(output: string, lines: readonly string[]): string | undefined {
  let rest = output;
  for (const line of lines) {
    const parts = line
      .trim()
      .split('…')
      .map(part => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const found = new RegExp(parts.join('.*')).exec(rest);
    if (found === null) return line;
    rest = rest.slice(found.index + found[0].length);
  }
  return undefined;
}
