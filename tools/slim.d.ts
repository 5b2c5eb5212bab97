/** The text of a script that does the same, without its comments and with tabs. */
export declare function slim(text: string): string;
