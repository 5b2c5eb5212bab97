/**
 * What kinds of event have in common, for filters, marks and counts.
 */
export const FAMILIES = ['message', 'life', 'timer', 'note', 'storage', 'world', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

const FAMILY_OF: Readonly<Record<string, Family>> = {
  ...members('message', 'send recv datagram receive end eof reset connect accept open close listen bind unbind drain pause resume'),
  ...members('life', 'start spawn wait exec exit kill signal mask become alarm bug'),
  ...members('timer', 'timer fire cancel'),
  ...members('note', 'log step check'),
  ...members('storage', 'read write append rename unlink mkdir list stat sync'),
  ...members('world', 'phase fault choice power'),
};

/** `other` for what is in none, and for kinds of a newer version. */
export const familyOf = (kind: string): Family => (Object.hasOwn(FAMILY_OF, kind) ? (FAMILY_OF[kind] ?? 'other') : 'other');

function members(family: Family, kinds: string): Readonly<Record<string, Family>> {
  return Object.fromEntries(kinds.split(' ').map(kind => [kind, family]));
}
