/**
 * How the page looks: dense and quiet, light or dark as the system is. Colours are those of the canvas, too.
 */
export const STYLE = `
:root { color-scheme: light dark;
 --ground:#fff; --raised:#f5f6f7; --line:#d5d9de; --text:#1b1f24; --muted:#5b6470; --faint:#70767e; --accent:#0a5fd0; --wrong:#c01c28; --good:#1a7f37;
 --band:#d4537a; --selected:#cfe3fd; --message:#0b62c4; --life:#1a7f37; --timer:#874d00; --note:#6e7781; --storage:#0f766e; --world:#a3326b; --other:#8b929a;
 --changed:#fff1c2; --left:#fde2e2; --right:#dcf5e0;
 --state-0:#5aa0e6; --state-1:#58b368; --state-2:#d9a03f; --state-3:#b07cd8; --state-4:#3fb0b0; --state-5:#d97a8f; }
@media (prefers-color-scheme: dark) { :root {
 --ground:#15181c; --raised:#1d2126; --line:#363c44; --text:#e3e6ea; --muted:#a0a8b2; --faint:#7f868f; --accent:#6cb0ff; --wrong:#ff7b72; --good:#56d364;
 --band:#e0648c; --selected:#1f3d63; --message:#6cb0ff; --life:#56d364; --timer:#e3a54a; --note:#9aa3ad; --storage:#4fc7bb; --world:#f08bb8; --other:#7d858e;
 --changed:#40360f; --left:#4a2225; --right:#1b3d24;
 --state-0:#3f7fbf; --state-1:#3f8f4f; --state-2:#a87a2c; --state-3:#8658ad; --state-4:#2f8787; --state-5:#a85a6c; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; background: var(--ground); color: var(--text); font: 12px/1.4 system-ui, sans-serif; overflow: hidden; }
code, pre, kbd, .number, .time, .size, .channel, .command { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
header { display: flex; gap: 0 16px; background: var(--raised); border-bottom: 1px solid var(--line); }
.title { display: flex; flex: 1 1 0; overflow: hidden; min-width: 0; gap: 4px 12px; align-items: center; padding: 6px 10px; }
h1 { font-size: 13px; margin: 0; white-space: nowrap; }
.meta { color: var(--muted); white-space: nowrap; }
.verdict { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font: inherit; }
.verdict.fail { color: var(--wrong); } .verdict.pass { color: var(--good); }
button { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: 2px 8px; cursor: pointer; }
button:hover { border-color: var(--accent); }
button[aria-pressed=true] { background: var(--selected); border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.difference, .complaint, #waiting { margin: 0; padding: 5px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.difference { background: var(--changed); flex: none; }
.complaint { color: var(--wrong); white-space: normal; }
.tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 5px 10px; border-bottom: 1px solid var(--line); }
.tools input { flex: 1 1 200px; min-width: 80px; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: 3px 8px; }
.tools input[aria-invalid=true] { border-color: var(--wrong); }
.tools input::placeholder { color: var(--muted); opacity: 1; }
.status { color: var(--muted); white-space: nowrap; min-width: 9em; text-align: right; }
main { flex: 1; min-height: 0; display: grid; grid-template: minmax(0, 1fr) / 52px minmax(0, 1fr) 350px; }
main.two { grid-template: minmax(0, 1fr) 34% / 52px minmax(0, 1fr); }
.minimap { width: 100%; height: 100%; border-right: 1px solid var(--line); cursor: pointer; touch-action: none; }
main.two .minimap { grid-row: 1 / 3; }
.panes { display: flex; min-width: 0; min-height: 0; overflow: hidden; }
.pane { flex: 1 1 0; min-width: 0; display: flex; position: relative; overflow: hidden; }
.pane + .pane { border-left: 2px solid var(--line); }
.diagram { flex: none; height: 100%; border-right: 1px solid var(--line); cursor: default; touch-action: none; }
.table { flex: 1; min-width: 0; position: relative; overflow: hidden; contain: strict; container-type: size; }
.row { --cells: 56px 88px minmax(70px, 150px) 66px 56px 46px minmax(120px, 1fr); display: grid; grid-template-columns: var(--cells); height: 20px; line-height: 20px; cursor: default; }
@container (max-width: 560px) { .row { --cells: 50px 84px minmax(50px, 140px) 66px minmax(90px, 1fr); } .row > .channel, .row > .size { display: none; } }
.row > div { padding: 0 5px; overflow: hidden; text-overflow: ellipsis; white-space: pre; min-width: 0; }
.row .number, .row .time, .row .size { text-align: right; color: var(--muted); font-size: 11px; }
.row .channel { font-size: 11px; }
.row.head { height: 40px; line-height: 20px; padding-top: 20px; background: var(--raised); border-bottom: 1px solid var(--line); color: var(--muted); position: absolute; inset: 0 0 auto; z-index: 1; }
.rows { position: absolute; inset: 0 0 auto; will-change: transform; }
.rows .row:hover { background: var(--raised); }
.row.changed { background: var(--changed); } .row.left { background: var(--left); } .row.right { background: var(--right); }
.rows .row.none { background: repeating-linear-gradient(135deg, transparent 0 6px, var(--raised) 6px 12px); }
.rows .row.selected { background: var(--selected); }
.row.selected > div { color: var(--text); }
.row.decided { box-shadow: inset 0 1px var(--wrong), inset 0 -1px var(--wrong), inset 3px 0 var(--wrong); }
.row.message .kind { color: var(--message); } .row.life .kind { color: var(--life); } .row.timer .kind { color: var(--timer); }
.row.storage .kind { color: var(--storage); } .row.world .kind { color: var(--world); } .row.note .kind { color: var(--muted); }
.rows .row.dim > div { color: var(--faint); font-style: italic; }
.row.soft .time { font-style: italic; }
.inspector { border-left: 1px solid var(--line); overflow: auto; padding: 0 12px 24px; min-width: 0; }
main.two .inspector { border-left: 0; border-top: 1px solid var(--line); grid-column: 2; }
main.two .inspected { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; }
.inspector article { min-width: 0; }
main.two article.second { grid-column: 2; }
h2 { font-size: 13px; margin: 10px 0 6px; overflow-wrap: anywhere; }
h3 { font-size: 12px; margin: 12px 0 3px; overflow-wrap: anywhere; }
h3.broken, p.decided, .differs { color: var(--wrong); }
p { margin: 4px 0; overflow-wrap: anywhere; }
p.decided { border-left: 3px solid var(--wrong); padding-left: 8px; }
article dl, .about dl { display: grid; grid-template-columns: minmax(64px, max-content) minmax(0, 1fr); gap: 1px 10px; margin: 0; }
.fields > div { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.pointing { cursor: help; }
.pointing:hover, .pointing:focus { background: var(--selected); }
.hex pre { margin: 0; overflow-x: auto; font-size: 11px; line-height: 1.5; }
mark { background: var(--selected); color: inherit; outline: 1px solid var(--accent); }
.events { list-style: none; margin: 0; padding: 0; }
.events li { margin: 2px 0; display: flex; gap: 6px; align-items: baseline; }
.events button { padding: 0 5px; max-width: 70%; text-align: left; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: none; }
.events span { color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.command { user-select: all; font-size: 11px; overflow-wrap: anywhere; }
.about { margin-top: 18px; border-top: 1px solid var(--line); padding-top: 6px; }
summary { cursor: pointer; color: var(--muted); }
.help { max-width: 720px; max-height: 86vh; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); color: var(--text); padding: 4px 20px 16px; }
.help::backdrop { background: #0006; }
.help dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 4px 0; }
kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; background: var(--raised); }
.mark.message { color: var(--message); } .mark.life { color: var(--life); } .mark.timer { color: var(--timer); }
.mark.note { color: var(--note); } .mark.storage { color: var(--storage); } .mark.world { color: var(--world); }
@media (max-width: 900px) { main, main.two { grid-template: minmax(0, 1fr) 38% / 32px minmax(0, 1fr); }
 main .minimap { grid-row: 1 / 3; } main .inspector { grid-column: 2; border-left: 0; border-top: 1px solid var(--line); } header { flex-wrap: wrap; } .title { flex-basis: 100%; } }
`;
