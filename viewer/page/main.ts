/**
 * Where the script of the page begins: it unpacks what is embedded and makes the page of it, or says why not.
 */
import { unpackTrace } from '../unpack.ts';
import { App, type Difference } from './app.ts';
import { element } from './elements.ts';
import { embedded } from './load.ts';

async function begin(): Promise<void> {
  const waiting = document.querySelector('#waiting');
  try {
    const traces = [];
    for (const each of document.querySelectorAll('script.trace')) traces.push(unpackTrace(await embedded(each)));
    // Unpacked, the packed ones only take room.
    for (const each of document.querySelectorAll('script.trace')) each.textContent = '';
    const text = document.querySelector('script.difference')?.textContent;
    const difference: Difference | undefined = text === undefined || text === null ? undefined : JSON.parse(text);
    waiting?.remove();
    new App(traces, difference);
    // Once the first picture is there.
    requestAnimationFrame(() =>
      setTimeout(() => {
        document.documentElement.dataset['ready'] = String(Math.round(performance.now()));
      }),
    );
  } catch (thrown) {
    waiting?.replaceWith(
      element(
        'p',
        { class: 'complaint', role: 'alert' },
        `The trace cannot be shown. ${thrown instanceof Error ? thrown.message : String(thrown)} 'slipway show' prints it in a terminal.`,
      ),
    );
    throw thrown;
  }
}

void begin();
