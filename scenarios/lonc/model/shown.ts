/**
 * A line as a complaint shows it.
 */
const SHOWN = 60;

export const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}… of ${text.length}` : text);
