/** The text of a script that does the same, without its comments and its indentation. */
export declare function slim(text: string): string;
