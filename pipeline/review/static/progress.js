// How far people got: verdicts by topic, agreement, the last training before and after.

import { el } from "./marking.js";
import { $, load } from "./page.js";
import { state, title, who } from "./state.js";

const FIGURES = { articles: "articles held out", micro_f1: "micro F1", off_topic: "off-topic ones tagged" };
let progress = { topics: [] };

export async function drawProgress() {
  try {
    progress = await load(`/-/chipwire/progress.json?reviewer=${encodeURIComponent(who())}`);
  } catch {
    return; // the queue says so already
  }
  $("mine").textContent = `${progress.mine} of ${progress.labels} labels are yours.`;
  $("n-disputed").textContent = progress.disputed || "";
  drawModel(progress.model);
  drawAgreement(progress.agreement);
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
  const numbers = Object.keys(after).filter((name) => typeof after[name] === "number");
  fill("figures", numbers.map((name) => [FIGURES[name] || name, shown(before[name]), shown(after[name])]));
}

function drawAgreement(pairs) {
  $("agreement").hidden = !pairs.length;
  fill("agreement", pairs.map((pair) => [`${pair.first}, ${pair.second}`, `${pair.agreed} of ${pair.cells}`, pair.kappa === null ? "–" : pair.kappa.toFixed(2)]));
}

export function drawWaiting() {
  const said = new Map(progress.topics.map((topic) => [topic.topic, topic]));
  fill("per-topic", Object.keys(state.topics).map((topic) => [title(topic), said.get(topic)?.yes ?? 0, said.get(topic)?.no ?? 0, state.waiting[topic] ?? 0]));
}

function fill(table, rows) {
  $(table).tBodies[0].replaceChildren(
    ...rows.map(([name, ...cells]) => el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((cell) => el("td", {}, String(cell))))),
  );
}
