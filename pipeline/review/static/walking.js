// From item to item: which one is open, the place a reload comes back to.

import { el } from "./marking.js";
import { $ } from "./page.js";
import { address, redraw } from "./listing.js";
import { drawHead, drawWhole, showWhole } from "./sheet.js";
import { cell, state } from "./state.js";

const EMPTY = {
  open: "Nothing left to judge here. New articles join the queue with the next run.",
  judged: "Nothing has been judged yet.",
  disputed: "Reviewers differ on nothing.",
};

export function select(item) {
  const before = state.current;
  state.current = item;
  if (before) redraw(before);
  $("sheet").hidden = !item;
  $("empty").hidden = Boolean(item);
  if (!item) {
    const words = $("clear").hidden ? EMPTY[state.view] : "Nothing passes these filters.";
    $("empty").replaceChildren(el("p", {}, words));
    return;
  }
  redraw(item);
  keepPlace();
  drawHead(item);
  drawWhole(item, state.whole.get(item.article_id));
  // After a long article the next one begins at its top, not where the last was left.
  if (before && cell(before) !== cell(item)) scrollTo(0, 0);
  const anchor = $("list").querySelector("[aria-current]");
  if (anchor && matchMedia("(min-width: 52rem)").matches) anchor.scrollIntoView({ block: "nearest" });
  showWhole(item);
}

export function step(by, { open = false } = {}) {
  let at = state.items.indexOf(state.current) + by;
  while (open && state.items[at]?.verdict) at += by;
  if (state.items[at]) select(state.items[at]);
  else if (open) select(state.items.find((item) => !item.verdict) || null);
}

// The address names the place, put off a little: browsers throttle pages that rewrite their
// address with every key. A reload finds the very last place in the tab's own storage.
let placing = 0;
function keepPlace() {
  sessionStorage.setItem("chipwire-place", cell(state.current));
  clearTimeout(placing);
  placing = setTimeout(() => state.current && history.replaceState(null, "", address(state.current)), 120);
}

export function lastPlace() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") return null;
  const [, article, topic] = /^(\d+) (.*)$/.exec(sessionStorage.getItem("chipwire-place") || "") || [];
  return article ? { article_id: Number(article), topic } : null;
}
