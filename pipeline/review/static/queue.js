// Fetches the queue under the filters, and more of it before it runs out.

import { drawList } from "./listing.js";
import { complain, load } from "./page.js";
import { drawWaiting } from "./progress.js";
import { saver } from "./saver.js";
import { asked, fillTopics } from "./filters.js";
import { cell, openLeft, state, who } from "./state.js";
import { select } from "./walking.js";

let asking = 0;
export async function fetchQueue({ more = false } = {}) {
  const mine = ++asking;
  let found;
  try {
    found = await load(`/-/chipwire/queue.json?${new URLSearchParams({ ...asked(), state: state.view, reviewer: who() })}`);
  } catch (error) {
    complain(`The queue could not be read: ${error.message}`);
    return;
  }
  if (mine !== asking) return; // a later question has been asked
  state.topics = found.topics;
  state.waiting = found.waiting;
  const known = new Set(more ? state.items.map(cell) : []);
  if (!more) state.items = [];
  state.items.push(...found.items.filter((item) => !known.has(cell(item))).map(asMarked));
  if (!more && !state.past.length) state.past = found.recent.map((item) => ({ entries: [{ item, before: { verdict: null } }] })).reverse();
  fillTopics();
  drawList();
  drawWaiting();
}

// What is being saved right now is still open for the server.
function asMarked(item) {
  const entry = saver.pending((one) => cell(one) === cell(item));
  if (!entry) return item;
  entry.item = item;
  item.verdict = entry.verdict === "undo" ? null : entry.verdict;
  item.note = entry.note;
  return item;
}

let refilling = false;
export async function refill() {
  if (refilling) return;
  refilling = true;
  const left = openLeft();
  await fetchQueue({ more: true });
  // Not again for what the server has no more of.
  refilling = openLeft() <= left ? setTimeout(() => (refilling = false), 5000) : false;
  if (!state.current && openLeft()) select(state.items.find((item) => !item.verdict));
}
