/** Lines of a direction of a stream, as the model reads them: one by one, for the limit may depend on the line before. */

export interface Fed {
  /** The line; undefined: there is none yet. */
  readonly line?: string;
  /** The line that is being read has more characters than it may. */
  readonly tooLong?: true;
}

export class Lines {
  /** The beginning of a line, in pieces. */
  #begun: string[] = [];
  #length = 0;
  /** What was not looked at yet. */
  #rest = '';

  feed(text: string): void {
    this.#rest += text;
  }

  /** All lines that are whole with this piece, however long. */
  all(text: string): readonly string[] {
    this.feed(text);
    const lines: string[] = [];
    for (let { line } = this.next(Number.POSITIVE_INFINITY); line !== undefined; { line } = this.next(Number.POSITIVE_INFINITY))
      lines.push(line);
    return lines;
  }

  /** The next line of at most `limit` characters, or that it is too long. */
  next(limit: number): Fed {
    const end = this.#rest.indexOf('\n');
    const piece = end < 0 ? this.#rest : this.#rest.slice(0, end);
    if (this.#length + piece.length > limit) return { tooLong: true };
    this.#begun.push(piece);
    this.#length += piece.length;
    this.#rest = this.#rest.slice(piece.length + 1);
    if (end < 0) return {};
    const line = this.#begun.join('');
    this.#begun = [];
    this.#length = 0;
    return { line };
  }
}
