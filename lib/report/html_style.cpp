// The style sheet and the script of our pages. Both are constants, so that the pages' policy can name their digests.
#include "report/html_page.h"

namespace keywright::report {

std::string_view html_style() {
    return R"css(
:root { color-scheme: light dark; --paper: #fbfbf9; --sheet: #fff; --ink: #1d1f23; --soft: #575c66; --line: #d7d9de;
  --bad: #b3261e; --warn: #7d4b00; --note: #1d5a9e; --good: #1b6833; --odd: #76308c; --dim: #575c66; --focus: #1d5a9e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14161a; --sheet: #1b1e24; --ink: #e8e9eb; --soft: #a9aeb9; --line: #3a3f49;
    --bad: #ff938a; --warn: #f2ba63; --note: #93c1f7; --good: #85d59f; --odd: #dfaaf1; --dim: #a9aeb9; --focus: #93c1f7; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.125rem); line-height: 1.2; margin: .25rem 0 .5rem; font-weight: 650; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 0 0 .75rem; font-weight: 650; }
h3 { font-size: 1.0625rem; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
h4 { font-size: 1rem; margin: 0 0 .25rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; max-width: 48rem; }
p, li, h1, h2, caption { overflow-wrap: anywhere; }
a { color: var(--note); }
code, pre, .name, .sub, .where { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
.kind { margin: 0; color: var(--soft); font-weight: 600; }
.sub, .where { color: var(--soft); overflow-wrap: anywhere; }
.where { margin: .1rem 0 0; font-size: .8125rem; }
.bad { color: var(--bad); } .warn { color: var(--warn); } .note { color: var(--note); }
.good { color: var(--good); } .odd { color: var(--odd); } .dim { color: var(--dim); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; padding: 0 0 1rem; border-bottom: 1px solid var(--line); }
section { margin: 2rem 0 3rem; }
.cards { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; padding: 0; }
.cards li { background: var(--sheet); border: 1px solid var(--line); border-top: 3px solid currentcolor; border-radius: .375rem; padding: .6rem .9rem .7rem; }
.cards b { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; background: var(--sheet); border: 1px solid var(--line); font-size: .9375rem; }
caption { text-align: left; color: var(--soft); padding: 0 0 .4rem; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem; border-bottom: 1px solid var(--line); }
td { overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; display: inline-block; min-width: 18rem; }
th { font-weight: 600; }
thead th { color: var(--soft); font-size: .8125rem; white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.mark { font-weight: 600; white-space: nowrap; }
.items { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr); }
.items > li { background: var(--sheet); border: 1px solid var(--line); border-left: 4px solid var(--edge, var(--line)); border-radius: .375rem; padding: .75rem 1rem; }
.items > li.bad { --edge: var(--bad); } .items > li.warn { --edge: var(--warn); } .items > li.note { --edge: var(--note); }
.items > li.good { --edge: var(--good); } .items > li.odd { --edge: var(--odd); }
.items > li { color: var(--ink); }
.items > li[hidden] { display: none; }
.finding { margin: .75rem 0 0; padding: .6rem 0 0; border-top: 1px solid var(--line); }
.finding p { margin: 0 0 .35rem; }
dl { display: grid; grid-template-columns: minmax(5.5rem, max-content) minmax(0, 1fr); gap: .15rem 1rem; margin: 0; font-size: .9375rem; }
dt { color: var(--soft); grid-column: 1; }
dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
.facts { margin-bottom: 1rem; }
section > h3 { margin: 1.25rem 0 .5rem; }
summary { cursor: pointer; }
details ul { margin: .25rem 0 .5rem; padding-left: 1.25rem; }
.facts dd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85em; line-height: 1.7; }
pre { margin: .35rem 0; padding: .5rem .75rem; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: .25rem; line-height: 1.4; font-size: .8125rem; }
.filter { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem 1.25rem; margin: 0 0 1rem; padding: .75rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-radius: .375rem; font-size: .9375rem; }
.filter[hidden] { display: none; }
.filter fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem .9rem; }
.filter legend { padding: 0; color: var(--soft); font-size: .8125rem; }
.filter input[type=search] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .25rem; padding: .3rem .5rem; width: 16rem; max-width: 100%; display: block; }
.filter button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .25rem; padding: .3rem .75rem; }
.filter small, .filter output { color: var(--soft); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; background: var(--sheet); color: var(--note); padding: .5rem 1rem; }
.skip:focus { left: .5rem; top: .5rem; }
.said { color: var(--warn); font-weight: 600; }
svg { display: block; min-width: 40rem; width: 100%; height: auto; font: 11px system-ui, "Segoe UI", Roboto, sans-serif; }
svg text { fill: var(--soft); } svg .num { fill: var(--ink); font-weight: 600; }
svg .axis { stroke: var(--line); } svg .now { stroke: var(--ink); stroke-dasharray: 3 3; }
svg .past { fill: var(--bad); } svg .next { fill: var(--note); }
.matrix td, .matrix th { font-size: .8125rem; }
.matrix td { min-width: 0; text-align: center; border-left: 1px solid var(--line); }
.matrix .turned { writing-mode: vertical-rl; padding: .75rem .2rem; border-left: 1px solid var(--line); }
@media (max-width: 40rem) { header { padding-top: 1.5rem; } dl { grid-template-columns: minmax(0, 1fr); } dt, dd { grid-column: 1; } dd { margin-bottom: .35rem; } }
@media print {
  :root { --paper: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #bbb; --bad: #8f1d17; --warn: #643c00; --note: #17477d; --good: #155227; --odd: #5e2670; --dim: #444; }
  body { font-size: 10pt; } header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav, .skip, .filter { display: none; } .items > li, tr, figure { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  .scroll { overflow: visible; } svg { min-width: 0; } a { color: inherit; text-decoration: none; }
  td, td code { overflow-wrap: anywhere; min-width: 0; }
  details::details-content { content-visibility: visible; height: auto; block-size: auto; display: block; }
  .items > li[hidden] { display: list-item; } section { margin: 1.25rem 0; } thead { display: table-header-group; } }
)css";
}

std::string_view html_script() {
    return R"js(
"use strict";
for (const form of document.querySelectorAll("form[data-filter]")) {
  const items = Array.from(document.querySelectorAll("#" + form.dataset.filter + " > li"));
  const search = form.querySelector("input[type=search]");
  const groups = Array.from(form.querySelectorAll("fieldset[data-group]"));
  const output = form.querySelector("output");
  const texts = items.map(item => item.textContent.toLowerCase());
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word !== "");
    const wanted = groups.map(group => {
      const boxes = Array.from(group.querySelectorAll("input"));
      const ticked = boxes.filter(box => box.checked).map(box => box.value);
      return { name: group.dataset.group, all: ticked.length === boxes.length, ticked };
    });
    let shown = 0;
    items.forEach((item, i) => {
      const fits = words.every(word => texts[i].includes(word)) && wanted.every(group => group.all ||
        (item.getAttribute("data-" + group.name) || "").split(" ").some(word => group.ticked.includes(word)));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    output.textContent = shown + " of " + items.length + " shown";
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", event => event.preventDefault());
  form.hidden = false;
  apply();
}
)js";
}

}  // namespace keywright::report
