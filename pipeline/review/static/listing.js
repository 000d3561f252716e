// Draws the list of items: titles, signs of verdicts, how many are left.

import { asked } from "./filters.js";
import { el } from "./marking.js";
import { $ } from "./page.js";
import { cell, openLeft, percent, state, title } from "./state.js";

const SIGNS = { yes: "✓", no: "✗", skip: "–" };
export const WORDS = { yes: "Yes", no: "No", skip: "Skipped", undo: "Undone" };

export function drawList() {
  $("list").replaceChildren(...state.items.map(row));
  count();
}

export function count() {
  const left = openLeft();
  $("count").textContent = state.items.length ? `${state.items.length} listed, ${left} open` : "nothing here";
  $("accept").hidden = !left || state.view !== "open";
  $("n-open").textContent = Object.values(state.waiting).reduce((sum, n) => sum + n, 0) || "";
}

// One item more or less waits for a verdict on its topic.
export function wait(topic, by) {
  state.waiting[topic] = Math.max(0, (state.waiting[topic] ?? 0) + by);
  count();
}

export function redraw(item) {
  const old = $("list").querySelector(`[data-cell="${CSS.escape(cell(item))}"]`);
  if (old) old.parentNode.replaceWith(row(item));
}

function row(item) {
  const sure = item.probability === null ? "" : ` · ${percent(item.probability)}`;
  const here = state.current && cell(item) === cell(state.current);
  const anchor = el(
    "a",
    { href: address(item), class: `${item.verdict || ""} ${item.failed ? "failed" : ""}`.trim() || null, "aria-current": here ? "true" : null, "data-cell": cell(item) },
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[item.verdict] || ""),
    el("span", { class: "t" }, item.title || "(no title)"),
    el("span", { class: "d" }, `${title(item.topic)}${sure} · ${item.site || ""}`),
  );
  if (item.verdict) anchor.setAttribute("aria-label", `${WORDS[item.verdict]}: ${item.title}, ${title(item.topic)}`);
  return el("li", {}, anchor);
}

// The address at which this list opens at this item.
export function address(item) {
  return `/-/chipwire/review?${new URLSearchParams({ ...asked(), state: state.view, article: item.article_id, topic_at: item.topic })}`;
}
