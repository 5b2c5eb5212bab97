/**
 * Elements made of words and text. Text is always text: nothing here reads markup, so nothing that a peer sent can become any.
 */

export type Child = Node | string | undefined | false | readonly Child[];

/** Attributes are set as they stand; those that are `undefined` or false are left out. Only names that this project wrote come here. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  append(made, children);
  return made;
}

export function append(to: Node, child: Child): void {
  if (typeof child === 'string') to.appendChild(document.createTextNode(child));
  else if (child instanceof Node) to.appendChild(child);
  else if (child !== undefined && child !== false) for (const each of child) append(to, each);
}

export function button(text: string, title: string, act: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', title, ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

/** Written only where it changes: a table of thousands of cells is gone through at each frame. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setClass(node: Element, name: string): void {
  if (node.className !== name) node.className = name;
}
