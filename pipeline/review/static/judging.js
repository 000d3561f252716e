// What a verdict does: marked at once, saved behind, un-marked when that failed, undone in steps.

import { WORDS, drawList, redraw, wait } from "./listing.js";
import { $, complain, say } from "./page.js";
import { drawProgress } from "./progress.js";
import { refill } from "./queue.js";
import { saver } from "./saver.js";
import { drawHead, showWhole } from "./sheet.js";
import { besides, cell, listed, openLeft, state, title } from "./state.js";
import { select, step } from "./walking.js";

const REFILL = 60; // open items left when more are fetched: a fast hand outruns no request

saver.settled = settled;
saver.working = working;

function mark(item, verdict, { note = item.note || "" } = {}) {
  const before = { verdict: item.verdict, note: item.note || "" };
  item.verdict = verdict === "undo" ? null : verdict;
  item.note = note;
  item.failed = false;
  failed.delete(cell(item));
  complain(failures());
  if (Boolean(before.verdict) !== Boolean(item.verdict)) wait(item.topic, item.verdict ? -1 : 1);
  saver.add({ article_id: item.article_id, topic: item.topic, verdict, note, item, before });
  redraw(item);
  return { item, before };
}

// What was not saved stays said until it is judged again.
const failed = new Map(); // cell to title
let why = "";
function failures() {
  const titles = [...failed.values()];
  const others = titles.length > 3 ? ` and ${titles.length - 3} more` : "";
  return titles.length ? `Not saved, marked as it was before: ${titles.slice(0, 3).join("; ")}${others}\n${why}` : "";
}

function settled(entry, error) {
  const whole = state.whole.get(entry.article_id);
  if (whole) whole.stale = true; // its log has grown
  const later = saver.pending((other) => cell(other) === cell(entry));
  if (!error || later) {
    if (error) later.before = entry.before;
    return;
  }
  const { item, before } = entry;
  if (Boolean(before.verdict) !== Boolean(item.verdict)) wait(item.topic, item.verdict ? 1 : -1);
  item.verdict = before.verdict;
  item.failed = true; // its note stays as it was typed, for the next try
  state.past = state.past.filter((done) => !done.entries.some((one) => cell(one.item) === cell(item)));
  failed.set(cell(item), item.title || "(no title)");
  why = error;
  complain(failures());
  redraw(item);
  if (state.current === item) drawHead(item);
}

// What is being saved is said to screen readers and style alike; what it changed is read after.
let refreshing = 0;
function working(busy) {
  $("list").setAttribute("aria-busy", String(busy));
  if (busy) return;
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    drawProgress();
    if (state.current) showWhole(state.current);
  }, 400);
}

export function judge(verdict) {
  const item = state.current;
  if (!item) return;
  state.past.push({ entries: [mark(item, verdict, { note: $("note").value.trim() })] });
  step(1, { open: state.view === "open" });
  const next = state.current && state.current !== item ? `. Next: ${state.current.title}, ${title(state.current.topic)}?` : "";
  say(`${WORDS[verdict]}: ${item.title}`, next);
  if (state.current === item) drawHead(item);
  if (state.view === "open" && openLeft() < REFILL) refill();
}

export function undo() {
  const last = state.past.pop();
  if (!last) {
    say("Nothing to undo");
    return;
  }
  for (const { item, before } of last.entries) {
    const shown = listed(item) || item;
    if (!listed(item)) state.items.unshift(item);
    const typed = shown.note;
    mark(shown, before.verdict || "undo", { note: before.verdict ? before.note : "" });
    if (!before.verdict) shown.note = typed; // for the next try
  }
  drawList();
  const first = last.entries[0].item;
  select(listed(first));
  drawHead(state.current);
  say(last.entries.length > 1 ? `Undone: ${last.entries.length} verdicts` : `Undone: ${first.title}`);
}

export function acceptAll() {
  const open = state.items.filter((item) => !item.verdict);
  if (!open.length || state.view !== "open") return;
  $("all-what").textContent = `This says yes to the ${open.length} open items listed here. One undo takes it back.`;
  $("sure-all").returnValue = "";
  $("sure-all").showModal();
  $("sure-all").onclose = () => {
    if ($("sure-all").returnValue !== "yes") return;
    state.past.push({ entries: open.map((item) => mark(item, "yes")) });
    say(`Yes to ${open.length} items`);
    step(1, { open: true });
    refill();
  };
}

export function addMissed(topic) {
  const whole = state.current && state.whole.get(state.current.article_id);
  if (!whole || !topic) return;
  const added = listed({ article_id: whole.id, topic }) || besides(whole, topic);
  state.past.push({ entries: [mark(added, "yes")] });
  say(`Added: ${title(topic)}`);
}

// Ask about another topic of the article that is open.
export function turnTo(topic) {
  const whole = state.whole.get(state.current.article_id);
  let item = listed({ article_id: whole.id, topic });
  if (!item) {
    item = besides(whole, topic);
    state.items.splice(state.items.indexOf(state.current) + 1, 0, item);
    drawList();
  }
  select(item);
}

export function keepNote() {
  const item = state.current;
  if (!item) return;
  if (item.verdict) state.past.push({ entries: [mark(item, item.verdict, { note: $("note").value.trim() })] });
  else item.note = $("note").value.trim(); // saved with the verdict
}
