/**
 * What is promised of images (B7): what is read and stored again is what Perl stores, and what cannot be read is refused where it is wrong.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { STORER } from '../daemons/names.ts';
import { storerLog } from '../daemons/storer.ts';

export const imagesComeBack: AlwaysProperty = always(
  'images-come-back',
  'An image that is read and stored again is what Perl stores of it, byte by byte; one that cannot be read is refused, and it is said where.',
  () => ({
    see: event => {
      const back = storerLog['image-back'].of(event);
      return back === undefined || back.right ? undefined : `${event.process} has back of ${back.image}: ${back.came}`;
    },
  }),
  ['log'],
);

export const imagesEnd: EventuallyProperty = eventually(
  'all-images-come-back',
  'Of each image something comes back.',
  { within: '20 s' },
  () => {
    const left = new Set<string>();
    return {
      see: event => {
        if (event.kind === 'start' && programOf(event.process) === STORER) left.add(event.process);
        if (storerLog['images-done'].of(event) !== undefined) left.delete(event.process);
        return left.size === 0;
      },
      missing: () => `${[...left].join(', ')} waits for an image`,
    };
  },
  ['start', 'log'],
);

export const imageRefusedMet: SometimesProperty = sometimes(
  'image-refused',
  'An image is refused.',
  () => ({ see: event => storerLog['image-back'].of(event)?.image === 'no such opcode' }),
  ['log'],
);
