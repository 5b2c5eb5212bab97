/**
 * A failure told on the screen.
 */
import { formatStory, type Story } from '../src/check/story/story.ts';
import type { Screen } from './screen.ts';

/** `margin`: before each line. The property is red where it is broken. */
export function showStory(story: Story, screen: Screen, margin = '  '): void {
  const end = `✗ ${story.property}`;
  for (const line of formatStory(story, screen.columns - margin.length))
    screen.line(`${margin}${line.trim() === end ? screen.style('red', line) : line}`);
}
