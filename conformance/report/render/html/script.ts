/**
 * What a page can do where scripts run: filters whose state is in the address, keys, and buttons that copy. Without it
 * everything is there all the same.
 * It writes text and attributes, never markup, and reads nothing from the page as code.
 * Lacks: types; it is text to this project. The tests run it in a browser.
 */
export const SCRIPT: string = `
'use strict';
(() => {
  const form = document.getElementById('filters');
  const cases = [...document.querySelectorAll('details.case')];
  const groups = [...document.querySelectorAll('section.group')];
  const shown = document.getElementById('shown');
  const openAll = document.getElementById('open-all');
  const keys = document.getElementById('keys');
  const FIELDS = ['text', 'level', 'verdict', 'role', 'counts'].filter(name => form.elements[name]);
  const field = name => form.elements[name];
  const valueOf = name => field(name).type === 'checkbox' ? (field(name).checked ? 'yes' : '') : field(name).value;
  const setValue = (name, value) => {
    if (field(name).type === 'checkbox') field(name).checked = value === 'yes';
    else field(name).value = value;
    // A select has no such value: nothing is chosen.
    if (field(name).selectedIndex === -1) field(name).value = '';
  };
  const told = new Map(cases.map(each => [each, each.querySelector('summary').textContent.toLowerCase()]));

  const fits = each => {
    const words = valueOf('text').toLowerCase().split(/\\s+/);
    if (!words.every(word => told.get(each).includes(word))) return false;
    return FIELDS.every(name => name === 'text' || valueOf(name) === '' || each.dataset[name] === valueOf(name));
  };
  const apply = () => {
    let count = 0;
    for (const each of cases) {
      each.hidden = !fits(each);
      if (!each.hidden) count += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector('details.case:not([hidden])');
    shown.textContent = count === cases.length ? cases.length + ' cases' : count + ' of ' + cases.length + ' cases';
    label();
  };

  // The address holds the filters as #?level=MUST&verdict=fail; any other fragment is a place in the page.
  const keep = () => {
    const state = new URLSearchParams(FIELDS.map(name => [name, valueOf(name)]).filter(([, value]) => value !== ''));
    history.replaceState(null, '', state.size === 0 ? location.pathname + location.search : '#?' + state);
  };
  const restore = () => {
    const state = new URLSearchParams(location.hash.slice(2));
    for (const name of FIELDS) setValue(name, state.get(name) ?? '');
    apply();
  };
  const show = () => {
    if (location.hash.startsWith('#?')) return restore();
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { return; }
    const place = id === '' ? null : document.getElementById(id);
    if (!place) return;
    const within = place.closest('details.case');
    if (within) {
      if (within.hidden) clear();
      within.open = true;
    } else if (place.hidden) clear();
    place.scrollIntoView();
  };
  const clear = () => {
    for (const name of FIELDS) setValue(name, '');
    apply();
  };

  form.hidden = false;
  form.addEventListener('input', event => {
    if (event.target === keys) return;
    apply();
    keep();
  });
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', event => {
    event.preventDefault();
    clear();
    keep();
  });
  document.querySelector('table.grid').addEventListener('click', event => {
    const link = event.target.closest('a[data-level]');
    if (!link) return;
    event.preventDefault();
    clear();
    setValue('level', link.dataset.level);
    setValue('verdict', link.dataset.verdict ?? '');
    if (FIELDS.includes('counts')) setValue('counts', 'yes');
    apply();
    keep();
    document.getElementById('cases').scrollIntoView();
    cases.find(each => !each.hidden)?.querySelector('summary').focus({ preventScroll: true });
  });

  const visible = () => cases.filter(each => !each.hidden);
  const label = () => {
    openAll.textContent = visible().every(each => each.open) ? 'Close all' : 'Open all';
  };
  openAll.addEventListener('click', () => {
    const open = openAll.textContent === 'Open all';
    for (const each of visible()) each.open = open;
    label();
  });
  document.addEventListener('toggle', event => {
    if (event.target.classList.contains('case')) label();
  }, true);

  // Single keys, never while somebody types, and only as long as they are wanted.
  const step = (all, forward) => {
    const at = all.findIndex(each => each === document.activeElement || each.parentElement.contains(document.activeElement));
    const next = at < 0 ? (forward ? 0 : all.length - 1) : at + (forward ? 1 : -1);
    const target = all[Math.max(0, Math.min(all.length - 1, next))];
    if (!target) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: 'start' });
  };
  const findings = [...document.querySelectorAll('.finding > article')];
  const summaries = () => visible().map(each => each.querySelector('summary'));
  const KEYS = {
    n: () => step(findings, true),
    p: () => step(findings, false),
    j: () => step(summaries(), true),
    k: () => step(summaries(), false),
    '/': () => field('text').focus(),
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys.checked) return;
    if (event.target.closest?.('input, select, textarea, button')) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  for (const command of document.querySelectorAll('code.command')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(command);
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    command.after(button);
  }

  // Where styles cannot open what matters on paper.
  if (!CSS.supports('selector(::details-content)')) {
    let opened = [];
    addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details.leads:not([open])')];
      for (const each of opened) each.open = true;
    });
    addEventListener('afterprint', () => {
      for (const each of opened) each.open = false;
    });
  }

  addEventListener('hashchange', show);
  apply();
  show();
})();
`;
