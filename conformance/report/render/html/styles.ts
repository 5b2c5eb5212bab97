/**
 * How a report looks: one column, system fonts, colours in two schemes with a contrast of 4.5 or more, and a form for paper.
 * Lacks: style attributes, which the policy of the page forbids.
 */

/** Colours of the verdicts: of text, behind it, and of a bar. */
const LIGHT = `
--ground:#fff;--panel:#f6f7f9;--ink:#1c2024;--soft:#59626d;--line:#dde1e6;--link:#0a58a8;--mark:#ffe08a;--mark-ink:#1c2024;
--pass:#11632c;--pass-tint:#e5f4e9;--pass-bar:#3f9c5d;
--fail:#a3121d;--fail-tint:#fdebea;--fail-bar:#cf3a3f;
--warn:#7d4600;--warn-tint:#fcf0dd;--warn-bar:#d79a3c;
--info:#17558f;--info-tint:#e6f0fa;--info-bar:#4d8fcc;
--open:#63368f;--open-tint:#f2eafa;--open-bar:#9a72c4;
--none:#505a64;--none-tint:#eceef1;--none-bar:#b4bcc5;
--ours:#fff;--ours-tint:#7d1238;--ours-bar:#7d1238`;
const DARK = `
--ground:#14171a;--panel:#1b1f23;--ink:#e3e6ea;--soft:#9aa5b0;--line:#2d333a;--link:#82b9f5;--mark:#6b5310;--mark-ink:#fff;
--pass:#82d79c;--pass-tint:#13301d;--pass-bar:#3f9c5d;
--fail:#ff9f9c;--fail-tint:#3c1819;--fail-bar:#d9494b;
--warn:#f2c27c;--warn-tint:#37270f;--warn-bar:#c58a30;
--info:#90c6f7;--info-tint:#12293e;--info-bar:#3f7fba;
--open:#d0b0f5;--open-tint:#2b1d3d;--open-bar:#8c63b8;
--none:#a9b3bd;--none-tint:#262b31;--none-bar:#59636d;
--ours:#fff;--ours-tint:#a12549;--ours-bar:#a12549`;

const SCREEN = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
code,pre,kbd,.data,.log,.ms{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.865em}
code code,pre code,.log code{font-size:1em}
a{color:var(--link);text-underline-offset:2px;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
article:focus{outline:none}
article:focus-visible{outline:2px solid var(--link);outline-offset:8px}
.wide{max-width:72rem;margin-inline:auto;padding-inline:clamp(1rem,3vw,2rem)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--ground);padding:.4rem .8rem;border:1px solid var(--line);border-radius:4px}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:0;font-weight:600}
h2{font-size:1.45rem;letter-spacing:-.012em;margin:3.25rem 0 .9rem}
h3{font-size:1.02rem}h4{font-size:1em;font-weight:500}
h5{font-size:.95em;margin:0 0 .35rem}
h6{font-size:.8rem;color:var(--soft);margin:0 0 .2rem}
p{margin:.35rem 0}
ul,ol{margin:.35rem 0;padding-left:1.3rem}
.lead,.facts,.why,figcaption,caption,.clause,.label,.dim,small{color:var(--soft)}
.facts,.why,figcaption,caption,.clause,small{font-size:.88em}
.clause{font-weight:400}
.kw{font-weight:650}
.label{font-size:.85em}

/* the head */
.band{padding:2.4rem 0 1.9rem;border-bottom:1px solid var(--line);background:var(--tint);border-top:5px solid var(--bar)}
.eyebrow{margin:0 0 .5rem;font-size:.85rem;color:var(--text)}
h1{font-size:clamp(1.2rem,2.6vw,1.5rem);font-weight:500;letter-spacing:-.01em}
h1 .short{display:block;font-size:clamp(1.9rem,5.4vw,3rem);font-weight:680;letter-spacing:-.028em;line-height:1.1;color:var(--text);margin-bottom:.3rem}
.subject{margin:.7rem 0 0}
.version{font-variant-numeric:tabular-nums}
.warnings{margin:1.5rem 0 0;padding:.9rem 1.15rem;background:var(--warn-tint);border-left:4px solid var(--warn-bar);border-radius:0 6px 6px 0}
.warnings h2{font-size:1rem;margin:0 0 .25rem;color:var(--warn)}
.causes{margin:.7rem 0 0}
.causes a{font-weight:600}
.about dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(10.5rem,42%),1fr));gap:.9rem 1.5rem;margin:0 0 1.2rem}
.about dt{font-size:.82rem;color:var(--soft)}
.about dd{margin:0}
.again{display:flex;flex-wrap:wrap;gap:.25rem .7rem;align-items:center;margin:1rem 0 0}
.command{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.2rem .5rem;display:inline-block;white-space:pre-wrap}
.contents ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.35rem;padding:.75rem 0;margin:1.4rem 0 0;border-block:1px solid var(--line)}
.contents a{text-decoration:none}
.contents a:hover{text-decoration:underline}
.count{color:var(--soft);font-weight:400;font-variant-numeric:tabular-nums;font-size:.92em}

/* verdicts */
.pass{--text:var(--pass);--tint:var(--pass-tint);--bar:var(--pass-bar)}
.fail{--text:var(--fail);--tint:var(--fail-tint);--bar:var(--fail-bar)}
.nonstrict{--text:var(--warn);--tint:var(--warn-tint);--bar:var(--warn-bar)}
.info{--text:var(--info);--tint:var(--info-tint);--bar:var(--info-bar)}
.inconclusive{--text:var(--open);--tint:var(--open-tint);--bar:var(--open-bar)}
.not-applicable{--text:var(--none);--tint:var(--none-tint);--bar:var(--none-bar)}
.error{--text:var(--ours);--tint:var(--ours-tint);--bar:var(--ours-bar)}
.tag,.mark,td[class] a{color:var(--text);background:var(--tint)}
.tag{display:inline-block;border-radius:4px;padding:.05rem .45rem;font-size:.82rem;font-weight:600;white-space:nowrap;line-height:1.5;font-family:system-ui,sans-serif}
.level{white-space:nowrap;font-size:.78rem;font-weight:650;letter-spacing:.02em;color:var(--soft)}
.marks{display:flex;flex-wrap:wrap;gap:3px}
.mark{width:24px;height:24px;border-radius:4px;display:grid;place-items:center;text-decoration:none;font-size:.82rem;font-weight:650;line-height:1;position:relative}
.mark:hover{outline:2px solid var(--bar)}
mark{background:var(--mark);color:var(--mark-ink);border-radius:2px;padding:0 1px;font-weight:650}

/* tables */
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:.5rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line);font-weight:400}
th{font-weight:600}
thead th{font-size:.85rem;color:var(--soft);vertical-align:bottom;overflow-wrap:normal}
tbody th[scope=row]{min-width:4.6rem}
th:first-child,td:first-child{padding-left:0}
.zero{color:var(--soft);opacity:.85}
.roles{width:auto;min-width:min(100%,36rem)}
.score{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,3fr);gap:1.5rem 3rem;align-items:start}
.grid th,.grid td{text-align:center;padding:.4rem .3rem}
.grid tbody th{text-align:left}
.grid tbody th,.grid tbody td{white-space:nowrap;vertical-align:middle}
.grid thead .tag{white-space:normal;overflow-wrap:normal;font-size:.76rem;padding:.05rem .3rem}
.grid td{font-size:1.12rem}
.grid td a{display:inline-block;min-width:2.3rem;padding:.12rem .4rem;border-radius:5px;text-decoration:none;font-weight:600}
.grid td a:hover{text-decoration:underline}
.coverage{margin:0}
.coverage figcaption{color:var(--ink);font-size:.95em;margin-bottom:.5rem}
.bar{display:block;border-radius:7px;overflow:hidden}
.bar rect{fill:var(--bar)}
.coverage ul{list-style:none;padding:0;margin:.6rem 0 0;display:grid;gap:.12rem;font-size:.92em}
.swatch{display:inline-block;width:.7em;height:.7em;border-radius:2px;background:var(--bar);margin-right:.5em}
.legend{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1rem;margin:.6rem 0}
.legend dd{margin:0}
summary{cursor:pointer}
.fold>summary{color:var(--soft);font-size:.9em;padding:.2rem 0;width:fit-content}
.fold>summary:hover{color:var(--ink)}

/* findings */
.findings{list-style:none;padding:0;margin:0}
.finding{padding:1.15rem 0 1.2rem;border-top:1px solid var(--line)}
.finding h3{line-height:1.5}
.finding h3 a{color:inherit;text-decoration-color:var(--line)}
.finding h3 .tag{margin-right:.2rem}
.finding h3 .level{margin-right:.35rem}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:.7rem;margin:.6rem 0}
.pair>div{background:var(--panel);border-radius:6px;padding:.55rem .8rem .65rem;border-top:3px solid var(--line)}
.pair>div:last-child{border-top-color:var(--bar)}
.data{margin:0;white-space:pre-wrap}
.folded{margin-top:.5rem}
.folded p{color:var(--soft);font-size:.9em;margin:0}
.cases{list-style:none;padding:0;margin:.3rem 0;display:grid;gap:.22rem}
.reason{margin-top:.9rem}

.cited{margin:.2rem 0}
.cited p{max-width:48rem}
.because{border-left:3px solid var(--bar);padding-left:.95rem}

/* clauses */
.clauses{margin:.6rem 0}
.clauses>div{padding:.7rem 0 .8rem;border-top:1px solid var(--line)}
.clauses>div:target{background:var(--panel)}
.clauses dd{margin:0;max-width:56rem}

/* the matrix */
.matrix{table-layout:fixed}
.matrix td,.matrix th{padding-block:.5rem;overflow-wrap:anywhere}
.matrix th:first-child{width:6rem}
.matrix thead th{position:sticky;top:0;background:var(--ground);z-index:1;box-shadow:0 1px var(--line)}
.words{display:block;font-size:.82rem;color:var(--soft);margin-top:.15rem}

/* cases */
.filters{position:sticky;top:0;z-index:2;background:var(--ground);border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.45rem .8rem;align-items:center;padding:.6rem 0;margin-bottom:.6rem;font-size:.9rem}
.filters[hidden]{display:none}
.filters label{min-width:0;max-width:100%;display:flex;gap:.4rem;align-items:center;color:var(--soft)}
input,select,button{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--none-bar);border-radius:5px;padding:.2rem .5rem;min-height:30px;max-width:100%}
select{min-width:0;max-width:12rem}
input[type=search]{width:11rem}
input[type=checkbox]{min-height:0;accent-color:var(--link)}
button{cursor:pointer;background:var(--panel)}
button:hover{border-color:var(--soft)}
output{color:var(--soft);margin-left:auto}
.keys{color:var(--soft)}
.keys[open]{flex-basis:100%}
.keys p{margin:.3rem 0}
kbd{border:1px solid var(--none-bar);border-bottom-width:2px;border-radius:4px;padding:0 .35em}
.group>h3{margin:1.8rem 0 .5rem;display:flex;gap:.5rem;align-items:center}
.case{border-top:1px solid var(--line)}
.case:last-of-type{border-bottom:1px solid var(--line)}
.case>summary{display:grid;grid-template-columns:8.2rem minmax(0,1fr) auto;gap:.15rem .8rem;align-items:baseline;padding:.5rem .6rem;margin-inline:-.6rem;border-radius:5px;list-style:none}
.case>summary::-webkit-details-marker{display:none}
.case>summary:hover,.case[open]>summary{background:var(--panel)}
.case>summary>code{color:var(--soft);text-align:right}
.case>summary>.tag{justify-self:start}
.case[open]>summary{position:relative}
.case[open]>summary h4{font-weight:650}
.body{padding:.7rem 0 2.2rem;scroll-margin-top:8rem}
.body>section{margin:1.25rem 0}
.requirement{border-left:3px solid var(--line);padding-left:.95rem}
.requirement p,.requirement blockquote{max-width:48rem}
blockquote{margin:.35rem 0;font-family:ui-serif,Georgia,"Noto Serif",serif}
blockquote::before{content:"\\201c"}blockquote::after{content:"\\201d"}
pre{margin:.3rem 0;padding:.5rem .7rem;background:var(--panel);border-radius:5px;overflow-x:auto;line-height:1.45}
.output pre{white-space:pre-wrap;max-height:22rem;overflow-y:auto}
.reproduce{background:var(--panel);border-radius:6px;padding:.85rem 1.1rem 1rem}
.reproduce dl{margin:0}
.reproduce dt{font-size:.85em;color:var(--soft);margin-top:.4rem}
.reproduce dd{margin:.1rem 0 0;display:flex;gap:.5rem;align-items:start;flex-wrap:wrap}
.reproduce .command{background:var(--ground)}
.baseline{border-left:3px solid var(--info-bar);padding-left:.95rem}
.neighbours{display:flex;justify-content:space-between;gap:1rem;font-size:.85em;margin-top:1.2rem}
.neighbours a:last-child{text-align:right}
.ends{width:auto}
.ends td,.ends th{padding-block:.22rem;font-size:.92em}

/* the wire log */
.log{font-size:.8rem;line-height:1.45}
.log td,.log th{padding:.16rem .5rem}
.log thead th{font-size:.95em;font-family:system-ui,sans-serif}
.log th[scope=rowgroup]{background:var(--panel);font-family:system-ui,sans-serif;font-weight:500;font-size:1.03em;padding:.3rem .6rem;border-bottom:0}
.log th i::before{content:"step "}
.log th i{font-style:normal;color:var(--soft);margin-right:.8em;font-variant-numeric:tabular-nums}
.log td:nth-child(-n+3),.log td:nth-child(5),.log td:last-child{white-space:nowrap}
.log td:nth-child(4){min-width:4.5rem}
.log td:nth-child(1),.log td:nth-child(2),.log td:nth-child(5),.log td:last-child,.log th:nth-child(1)[scope=col],.log th:nth-child(2),.log th:nth-child(5),.log th:last-child[scope=col]{text-align:right}
.log td:nth-child(1){color:var(--soft);padding-left:.6rem}
.log td:nth-child(2),.log td:nth-child(5),.log td:last-child{color:var(--soft)}
.log td:nth-child(6){width:99%;white-space:pre-wrap}
.log .tester td:nth-child(3){color:var(--info)}
.log .peer td:nth-child(3){color:var(--open)}
.log .note td{color:var(--soft)}
.log summary{text-decoration:underline dotted var(--soft);text-underline-offset:3px;list-style:none}
.log summary::-webkit-details-marker{display:none}
.log pre{width:0;min-width:100%;font-size:1em}
.log .tree,.log .tree ul{list-style:none;margin:.1rem 0;padding-left:1.1rem}
.log .tree{padding-left:0;color:var(--ink)}
.log .tree>li>ul{border-left:1px solid var(--none-bar)}
.log .tree i{font-style:normal;color:var(--soft);margin-right:.5em}
.log .tree small{color:var(--soft);margin-left:.4em}
.log tr.bad td,.log tr.bad th[scope]{background:var(--fail-tint);color:var(--fail)}
.log tr.bad pre{color:var(--ink)}
.log tr.dim th{color:var(--soft)}
.log tr:target td{background:var(--mark);color:var(--mark-ink)}
.log td.more{text-align:left!important;white-space:normal!important;color:var(--soft);font-family:system-ui,sans-serif;padding:.5rem .6rem!important}

/* sequence diagrams */
.parts{position:absolute}
.sequence{margin:.3rem 0 1.2rem;max-width:46rem}
.sequence svg{overflow:visible}
.sequence>svg{display:block}
svg text{font-size:11.5px;fill:var(--ink);text-anchor:middle}
.sequence a text{paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.sequence a:hover text{text-decoration:underline}
svg .ms text{text-anchor:start;font-size:10px;fill:var(--soft)}
svg text.who{font-weight:600}
svg text.gap{fill:var(--soft);font-size:11px}
.sequence text.bad{fill:var(--fail);font-weight:650}
.life{stroke:var(--none-bar);stroke-width:1.5}
.arrow{stroke:var(--soft);stroke-width:1.3}
.at{stroke:var(--line);stroke-width:1;stroke-dasharray:2 4}
marker path{fill:var(--soft)}
.arrow.bad,.at.bad{stroke:var(--fail);stroke-width:2.4}
marker path.bad{fill:var(--fail)}

/* the end */
table.requirements{margin-top:.3rem}
.requirements th[scope=rowgroup]{padding-top:1.5rem;font-size:1.02rem}
.requirements td p:first-child{margin-top:0}
.requirements td:last-child{width:99%}
.requirements tr:target td{background:var(--panel)}
.claims th[scope=row]{font-weight:500}
.claims th p{font-weight:400}
.limits{background:var(--panel);border-radius:8px;padding:1.3rem 1.5rem 1.2rem;margin-top:3.25rem}
.limits h2{margin:0 0 .6rem}
.limits li{margin:.3rem 0}
footer{color:var(--soft);font-size:.85rem;padding-block:2rem 3rem}
`;

const NARROW = `
@media (max-width:60rem){
.score{grid-template-columns:minmax(0,1fr)}
.case>summary{grid-template-columns:8.2rem minmax(0,1fr)}
.case>summary>code{grid-column:2;text-align:left}
.log td:last-child:not(.more),.log th[scope=col]:last-child{display:none}
}
@media (max-width:38rem){
h2{margin-top:2.5rem}
th,td{padding-inline:.35rem}
.pair{grid-template-columns:minmax(0,1fr)}
.grid thead th:not(:last-child){height:8.2rem}
.grid thead .tag{writing-mode:vertical-rl;white-space:nowrap;padding:.3rem .05rem}
.grid td{font-size:1rem;padding-inline:0}
.grid td a{min-width:1.9rem;padding-inline:.2rem}
.case>summary{grid-template-columns:minmax(0,1fr)}
.matrix th:first-child{width:4.3rem}
.matrix td,.matrix th{padding-inline:.2rem}
.marks{gap:2px}
.case>summary>code{grid-column:1}
.log thead{position:absolute;clip-path:inset(50%);height:1px;overflow:hidden}
.log,.log tbody{display:block}
.log tr{display:flex;flex-wrap:wrap;gap:0 .8rem;border-bottom:1px solid var(--line);padding:.15rem .3rem}
.log tr:has(>th){padding:0;border:0}
.log td,.log td:nth-child(1){border:0;padding:0}
.log tr.bad{background:var(--fail-tint)}
.log td:nth-child(4){min-width:0}
.log td:nth-child(6),.log th[scope=rowgroup]{flex:0 0 100%}
.log td:nth-child(5):not(:empty)::after{content:" B"}
.filters{position:static}
input[type=search]{width:100%}
.filters label:first-child{flex-basis:100%}
.limits{padding:1rem}
.neighbours{flex-direction:column;gap:.3rem}
.neighbours a:last-child{text-align:left}
svg text{font-size:10.5px}
svg .ms text{font-size:9px}
.roles td,.roles th,.claims td,.claims th{padding-inline:.25rem}
}
`;

/** Cases that lead a finding are open on paper, whatever they are on the screen. */
const PAPER = `
@media print{
:root{color-scheme:light;${LIGHT}}
@page{margin:16mm 14mm}
body{font-size:10pt}
.contents,.filters,.skip,.neighbours,.copy{display:none}
.wide{max-width:none;padding-inline:0}
.band{padding:1.2rem 1rem;border-radius:0}
h2{margin-top:1.6rem}
h2,h3,h4,h5,thead,.case>summary{break-after:avoid}
.finding h3{break-after:avoid}
.pair,.reproduce,.requirement,tr,.sequence{break-inside:avoid}
.matrix thead th{position:static}
a{color:inherit;text-decoration:none}
.leads::details-content,.leads .fold::details-content,.finding .fold::details-content{content-visibility:visible;display:block;block-size:auto}
.tag,.mark,mark,.band,.bar rect,.swatch,.pair>div,.limits,.warnings,.log tr.bad td,.log tr.bad th{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.output pre{max-height:none}
}
`;

const CALM = `
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.tag,.mark{border:1px solid}.bar rect{forced-color-adjust:none}}
`;

export const STYLES: string = SCREEN + NARROW + PAPER + CALM;
