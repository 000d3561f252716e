// The review page: what is listed, what is open, what each key does.

import { el, link, paragraphs } from "./marking.js";
import { Saver } from "./saving.js";

const $ = (id) => document.getElementById(id);
const SIGNS = { yes: "✓", no: "✗", skip: "–" };
const WORDS = { yes: "Yes", no: "No", skip: "Skipped", undo: "Undone" };
const FILTERS = ["query", "topic", "language", "outlet", "company"];
const REFILL = 60; // open items left when more are fetched: a held key outruns no request

const state = { items: [], current: null, topics: {}, waiting: {}, past: [], whole: new Map(), view: "open", asking: 0 };
const saver = new Saver(who, settled, working);
const cell = (thing) => `${thing.article_id} ${thing.topic}`;

function who() {
  return $("who").value.trim() || "reviewer";
}

async function load(path) {
  const answer = await fetch(path);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error || `the server answered ${answer.status}`);
  return said;
}

function complain(words) {
  $("alert").textContent = words;
}

function say(words) {
  $("said").textContent = words;
}

// ---- the queue ----

function query() {
  const asked = new URLSearchParams({ state: state.view, reviewer: who() });
  for (const name of FILTERS) if ($("filters").elements[name].value) asked.set(name, $("filters").elements[name].value);
  return asked;
}

async function fetchQueue({ more = false } = {}) {
  const asking = ++state.asking;
  let found;
  try {
    found = await load(`/-/chipwire/queue.json?${query()}`);
  } catch (error) {
    complain(`The queue could not be read: ${error.message}`);
    return;
  }
  if (asking !== state.asking) return; // a later question has been asked
  state.topics = found.topics;
  state.waiting = found.waiting;
  // What is being saved right now is still open for the server, and listed here already.
  const known = new Set(more ? state.items.map(cell) : []);
  if (!more) state.items = [];
  state.items.push(...found.items.filter((item) => !known.has(cell(item))));
  if (!more && !state.past.length) state.past = found.recent.map((item) => ({ entries: [{ item: { ...item }, before: null }] })).reverse();
  fillTopics();
  drawList();
}

function openLeft() {
  return state.items.filter((item) => !item.verdict).length;
}

function drawList() {
  const list = $("list");
  list.replaceChildren(...state.items.map(row));
  count();
  drawWaiting();
}

function count() {
  const left = openLeft();
  $("count").textContent = state.items.length ? `${state.items.length} listed, ${left} open` : "nothing here";
  $("accept").hidden = !left || state.view !== "open";
  $("n-open").textContent = Object.values(state.waiting).reduce((sum, n) => sum + n, 0) || "";
}

// One item more or less waits for a verdict on its topic.
function wait(topic, by) {
  state.waiting[topic] = Math.max(0, (state.waiting[topic] ?? 0) + by);
  count();
}

function row(item) {
  const percent = item.probability === null ? "" : ` · ${Math.round(item.probability * 100)} %`;
  const here = state.current && cell(item) === cell(state.current);
  const label = item.verdict ? `${WORDS[item.verdict]}: ` : "";
  const anchor = el(
    "a",
    { href: place(item), class: `${item.verdict || ""} ${item.failed ? "failed" : ""}`.trim() || null, "aria-current": here ? "true" : null, "data-cell": cell(item) },
    el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[item.verdict] || ""),
    el("span", { class: "t" }, item.title || "(no title)"),
    el("span", { class: "d" }, `${title(item.topic)}${percent} · ${item.site || ""}`),
  );
  if (label) anchor.setAttribute("aria-label", `${label}${item.title}, ${title(item.topic)}`);
  anchor.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    select(item);
    $("article").focus({ preventScroll: false });
  });
  return el("li", {}, anchor);
}

function redraw(item) {
  const old = $("list").querySelector(`[data-cell="${CSS.escape(cell(item))}"]`);
  if (old) old.parentNode.replaceWith(row(item));
}

function title(topic) {
  return state.topics[topic] || topic;
}

function place(item) {
  const asked = query();
  asked.delete("reviewer");
  asked.set("article", item.article_id);
  asked.set("topic_at", item.topic);
  return `/-/chipwire/review?${asked}`;
}

// The address names the place, put off a little: browsers throttle pages that rewrite their
// address with every key. A reload finds the very last place in the tab's own storage.
let placing = 0;
function keepPlace() {
  sessionStorage.setItem("chipwire-place", cell(state.current));
  clearTimeout(placing);
  placing = setTimeout(() => state.current && history.replaceState(null, "", place(state.current)), 120);
}

function lastPlace() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") return null;
  const [, article, topic] = /^(\d+) (.*)$/.exec(sessionStorage.getItem("chipwire-place") || "") || [];
  return article ? { article_id: Number(article), topic } : null;
}

// ---- the article ----

function select(item) {
  const before = state.current;
  state.current = item;
  if (before) redraw(before);
  $("sheet").hidden = !item;
  $("empty").hidden = Boolean(item);
  if (!item) {
    $("empty").replaceChildren(el("p", {}, state.view === "open" ? "Nothing left to judge here. New articles join the queue with the next run." : "Nothing here."));
    return;
  }
  redraw(item);
  keepPlace();
  drawHead(item);
  drawWhole(item, state.whole.get(item.article_id));
  const anchor = $("list").querySelector("[aria-current]");
  if (anchor && matchMedia("(min-width: 52rem)").matches) anchor.scrollIntoView({ block: "nearest" });
  showWhole(item);
}

function drawHead(item) {
  $("title").textContent = item.title || "(no title)";
  document.title = `${item.title || "Review"} · chipwire`;
  $("topic").textContent = title(item.topic);
  $("sure").textContent = item.probability === null ? "" : `The model says ${Math.round(item.probability * 100)} %.`;
  const day = (item.published_at || "").slice(0, 16).replace("T", " ");
  $("meta").replaceChildren(...[item.site, day].filter(Boolean).flatMap((part) => [part, " · "]), link(item.url, "original page"));
  $("note").value = item.note || "";
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === item.verdict));
  }
}

let reading = 0;
function showWhole(item) {
  clearTimeout(reading);
  if (state.whole.has(item.article_id)) return;
  // A hand that judges by titles runs past; only where it rests is the article fetched.
  reading = setTimeout(async () => {
    try {
      const found = await load(`/-/chipwire/article/${item.article_id}.json?topic=${encodeURIComponent(item.topic)}`);
      state.whole.set(item.article_id, found);
      if (state.current && state.current.article_id === item.article_id) drawWhole(state.current, found);
    } catch (error) {
      complain(`The article could not be read: ${error.message}`);
    }
  }, 60);
}

function drawWhole(item, whole) {
  const tag = whole?.tags.find((one) => one.topic === item.topic);
  const terms = [...(tag?.terms || [])].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 16);
  $("why").hidden = !terms.length;
  $("terms").replaceChildren(
    ...terms.map(([name, weight]) =>
      el("li", { class: weight < 0 ? "against" : "for" }, `${name} `, el("b", {}, `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`)),
    ),
  );
  const evidence = tag?.evidence || item.evidence || "";
  const body = whole ? paragraphs(whole.text || "", evidence) : [el("p", {}, evidence)];
  if (whole && evidence && !body.some((p) => p.querySelector("mark"))) body.unshift(el("p", {}, el("mark", {}, evidence)));
  $("text").lang = whole?.language || "";
  $("text").replaceChildren(...body);
  drawTopics(item, whole);
  drawRelated(whole);
}

function drawTopics(item, whole) {
  const said = new Map((whole?.labels || []).map((label) => [label.topic + "\n" + label.reviewer, label.verdict]));
  const mine = (topic) => said.get(topic + "\n" + who());
  const shown = (whole?.tags || []).filter((tag) => tag.outcome !== "no" || mine(tag.topic) || tag.topic === item.topic);
  $("topics").replaceChildren(
    ...shown.map((tag) =>
      el("li", {}, el("span", {}, title(tag.topic)), el("span", { class: "p" }, `${Math.round(tag.probability * 100)} %`), el("span", {}, tag.tagged ? "tagged" : "not tagged")),
    ),
  );
  const rest = Object.keys(state.topics).filter((topic) => !shown.some((tag) => tag.topic === topic && tag.tagged));
  $("missed").replaceChildren(el("option", { value: "" }, "choose…"), ...rest.map((topic) => el("option", { value: topic }, title(topic))));
}

function drawRelated(whole) {
  const updates = whole?.updates || [];
  $("baseline").hidden = !updates.length;
  $("updates").replaceChildren(...updates.map((update) => el("li", {}, `“${update.statement}” `, el("small", {}, title(update.topic)))));
  const members = (whole?.story?.members || []).filter((member) => member.id !== whole.id);
  $("story").hidden = !members.length;
  $("members").replaceChildren(...members.slice(0, 20).map((member) => el("li", {}, link(member.url, member.title), " ", el("small", {}, member.site))));
  const labels = whole?.labels || [];
  $("log").hidden = !labels.length;
  $("labels").replaceChildren(
    ...labels.map((label) => el("li", {}, `${label.reviewer}: ${label.verdict} on ${title(label.topic)} `, el("small", {}, [label.note, label.created_at].filter(Boolean).join(" · ")))),
  );
}

// ---- verdicts ----

function mark(item, verdict, { note = item.note || "" } = {}) {
  const before = { verdict: item.verdict, note: item.note || "" };
  item.verdict = verdict === "undo" ? null : verdict;
  item.note = note;
  item.failed = false;
  if (Boolean(before.verdict) !== Boolean(item.verdict)) wait(item.topic, item.verdict ? -1 : 1);
  saver.add({ article_id: item.article_id, topic: item.topic, verdict, note, item, before });
  redraw(item);
  return { item, before: before.verdict };
}

function settled(entry, error) {
  if (!error) {
    state.whole.delete(entry.article_id); // its log has grown
    return;
  }
  const { item, before } = entry;
  if (Boolean(before.verdict) !== Boolean(item.verdict)) wait(item.topic, item.verdict ? 1 : -1);
  item.verdict = before.verdict;
  item.note = before.note;
  item.failed = true;
  state.past = state.past.filter((step) => !step.entries.some((one) => one.item === item));
  complain(`Not saved, marked as open again: ${item.title}\n${error}`);
  redraw(item);
  if (state.current === item) drawHead(item);
}

// What is being saved is said to screen readers and style alike; what it changed is read after.
function working(busy) {
  $("list").setAttribute("aria-busy", String(busy));
  if (!busy) later();
}

let refreshing = 0;
function later() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    drawProgress();
    if (state.current) showWhole(state.current);
  }, 400);
}

function judge(verdict) {
  const item = state.current;
  if (!item) return;
  const note = $("note").value.trim();
  state.past.push({ entries: [mark(item, verdict, { note })] });
  say(`${WORDS[verdict]}: ${item.title}`);
  if (item.verdict && $("alert").textContent) complain("");
  step(1, { open: state.view === "open" });
  if (state.view === "open" && openLeft() < REFILL) refill();
}

let refilling = false;
async function refill() {
  if (refilling) return;
  refilling = true;
  const left = openLeft();
  await fetchQueue({ more: true });
  // Not again for what the server has no more of.
  refilling = openLeft() <= left ? setTimeout(() => (refilling = false), 5000) : false;
  if (!state.current && openLeft()) select(state.items.find((item) => !item.verdict));
}

function undo() {
  const last = state.past.pop();
  if (!last) {
    say("Nothing to undo");
    return;
  }
  for (const { item, before } of last.entries) {
    const listed = state.items.find((one) => cell(one) === cell(item));
    if (!listed) state.items.unshift(item);
    mark(listed || item, before || "undo", { note: before ? item.note : "" });
  }
  if (last.entries.some(({ item }) => !$("list").querySelector(`[data-cell="${CSS.escape(cell(item))}"]`))) drawList();
  const first = last.entries[0].item;
  select(state.items.find((one) => cell(one) === cell(first)));
  say(`Undone: ${first.title}`);
}

function step(by, { open = false } = {}) {
  let at = state.items.indexOf(state.current) + by;
  while (open && state.items[at]?.verdict) at += by;
  if (state.items[at]) select(state.items[at]);
  else if (open) select(state.items.find((item) => !item.verdict) || null);
}

async function acceptAll() {
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
  };
}

function addMissed(topic) {
  const item = state.current;
  if (!item || !topic) return;
  const added = { ...item, id: null, topic, verdict: null, note: "", evidence: "", probability: state.whole.get(item.article_id)?.tags.find((tag) => tag.topic === topic)?.probability ?? null };
  state.past.push({ entries: [mark(added, "yes")] });
  say(`Added: ${title(topic)}`);
  $("missed").value = "";
}

// ---- filters, progress, start ----

function options(select, values, chosen) {
  const kept = select.value || chosen;
  select.replaceChildren(el("option", { value: "" }, "all"), ...values.map(([value, text]) => el("option", { value }, text)));
  if (kept && !values.some(([value]) => value === kept)) select.append(el("option", { value: kept }, kept));
  select.value = kept || "";
}

function fillTopics() {
  options($("f-topic"), Object.entries(state.topics), wanted.get("topic"));
}

async function fillChoices() {
  try {
    const found = await load("/-/chipwire/choices.json");
    const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
    const named = (code) => {
      try {
        return names.of(code);
      } catch {
        return code;
      }
    };
    options($("f-language"), found.languages.map((code) => [code, named(code)]), wanted.get("language"));
    options($("f-outlet"), found.outlets.map((site) => [site, site]), wanted.get("outlet"));
    $("companies").replaceChildren(...found.companies.map((name) => el("option", { value: name })));
  } catch (error) {
    complain(`The filters could not be read: ${error.message}`);
  }
}

let progress = { topics: [] };
async function drawProgress() {
  try {
    progress = await load(`/-/chipwire/progress.json?reviewer=${encodeURIComponent(who())}`);
  } catch {
    return; // the queue says so already
  }
  $("mine").textContent = `${progress.mine} of ${progress.labels} labels are yours.`;
  $("n-disputed").textContent = progress.disputed || "";
  drawModel(progress.model);
  $("agreement").replaceChildren(
    ...progress.agreement.map((pair) =>
      el("li", {}, `${pair.first} and ${pair.second} agree on ${pair.agreed} of ${pair.cells}`, pair.kappa === null ? "" : `, kappa ${pair.kappa.toFixed(2)}`),
    ),
  );
  drawWaiting();
}

// The last training: on how many labels, what the gate measured before and after, what it ruled.
function drawModel(model) {
  $("figures").hidden = !model;
  if (!model) return;
  const { before = {}, after = {}, reason = "" } = model.metrics;
  $("model").textContent =
    `${model.created_at.slice(0, 10)}, from ${model.trained_on.labels ?? 0} labels: ${model.active ? "in use" : "not in use"}. ${reason}`.trim();
  const shown = (value) => (typeof value === "number" ? String(Math.round(value * 1000) / 1000) : "–");
  $("figures").tBodies[0].replaceChildren(
    ...Object.keys(after).filter((name) => typeof after[name] === "number").map((name) =>
      el("tr", {}, el("th", { scope: "row" }, name.replaceAll("_", " ")), el("td", {}, shown(before[name])), el("td", {}, shown(after[name]))),
    ),
  );
}

function drawWaiting() {
  const said = new Map(progress.topics.map((topic) => [topic.topic, topic]));
  $("per-topic").tBodies[0].replaceChildren(
    ...Object.keys(state.topics).map((topic) =>
      el("tr", {}, el("th", { scope: "row" }, title(topic)), ...["yes", "no"].map((word) => el("td", {}, String(said.get(topic)?.[word] ?? 0))), el("td", {}, String(state.waiting[topic] ?? 0))),
    ),
  );
}

function typing(target) {
  return target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

const KEYS = {
  y: () => judge("yes"), n: () => judge("no"), s: () => judge("skip"), u: undo,
  j: () => step(1), k: () => step(-1), Y: acceptAll,
  "/": () => $("query").focus(), "?": () => $("help").showModal(), e: () => $("note").focus(),
  o: () => $("meta").querySelector("a")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (!act || (!$("keys").checked && event.key !== "?")) return;
  event.preventDefault();
  act();
});

for (const button of document.querySelectorAll("[data-verdict]")) button.addEventListener("click", () => judge(button.dataset.verdict));
$("undo").addEventListener("click", undo);
$("accept").addEventListener("click", acceptAll);
$("help-open").addEventListener("click", () => $("help").showModal());
$("missed").addEventListener("change", (event) => addMissed(event.target.value));
$("note").addEventListener("change", () => {
  const item = state.current;
  if (item?.verdict) mark(item, item.verdict, { note: $("note").value.trim() });
});
$("note").addEventListener("keydown", (event) => event.key === "Enter" && event.target.blur());
$("filters").addEventListener("submit", (event) => event.preventDefault());
let filtering = 0;
$("filters").addEventListener("input", () => {
  clearTimeout(filtering);
  filtering = setTimeout(async () => {
    wanted.delete("topic");
    await fetchQueue();
    select(state.items[0] || null);
  }, 150);
});
for (const anchor of document.querySelectorAll("[data-state]")) {
  anchor.addEventListener("click", async (event) => {
    event.preventDefault();
    show(anchor.dataset.state);
    await fetchQueue();
    select(state.items[0] || null);
  });
}
$("who").addEventListener("change", () => {
  localStorage.setItem("chipwire-reviewer", $("who").value.trim());
  state.past = [];
  start();
});
$("keys").addEventListener("change", () => localStorage.setItem("chipwire-keys", $("keys").checked ? "on" : "off"));

function show(view) {
  state.view = view;
  for (const anchor of document.querySelectorAll("[data-state]")) {
    if (anchor.dataset.state === view) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

// `?article=ID&topic=NAME` (the link of a digest) opens at that item; `topic_at` is the same
// beside a filter by topic.
const wanted = new URLSearchParams(location.search);
const at = lastPlace() || { article_id: Number(wanted.get("article")), topic: wanted.get("topic_at") || (wanted.get("article") ? wanted.get("topic") : "") };
if (wanted.get("article") && !wanted.has("topic_at")) wanted.delete("topic");

async function openAt() {
  if (!at.article_id) return state.items[0] || null;
  const listed = state.items.find((item) => item.article_id === at.article_id && (!at.topic || item.topic === at.topic));
  if (listed) return listed;
  try {
    const whole = await load(`/-/chipwire/article/${at.article_id}.json?topic=${encodeURIComponent(at.topic || "")}`);
    state.whole.set(at.article_id, whole);
    const topic = at.topic || whole.tags[0]?.topic || Object.keys(state.topics)[0];
    const tag = whole.tags.find((one) => one.topic === topic);
    const item = whole.item || {
      id: null, article_id: at.article_id, topic, title: whole.title, site: whole.site, url: whole.url, published_at: whole.published_at || whole.first_seen_at,
      probability: tag?.probability ?? null, evidence: tag?.evidence || "", verdict: null, note: "",
    };
    state.items.unshift(item);
    drawList();
    return item;
  } catch (error) {
    complain(`Article ${at.article_id} cannot be opened: ${error.message}`);
    return state.items[0] || null;
  }
}

async function start() {
  await fetchQueue();
  select(await openAt());
  drawProgress();
}

$("who").value = localStorage.getItem("chipwire-reviewer") || "";
$("who").placeholder = "reviewer";
$("keys").checked = localStorage.getItem("chipwire-keys") !== "off";
for (const name of FILTERS) if (wanted.get(name)) {
  const field = $("filters").elements[name];
  if (field.tagName === "INPUT") field.value = wanted.get(name);
}
show(["judged", "disputed"].includes(wanted.get("state")) ? wanted.get("state") : "open");
if (wanted.get("topic")) options($("f-topic"), [], wanted.get("topic"));
if (wanted.get("language")) options($("f-language"), [], wanted.get("language"));
if (wanted.get("outlet")) options($("f-outlet"), [], wanted.get("outlet"));
fillChoices();
start();
