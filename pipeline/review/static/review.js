// The review page: begins at the place asked for, and again when reviewer, view or filters change.

import { fillChoices, onFilter, readAddress } from "./filters.js";
import { listen } from "./keys.js";
import { drawList } from "./listing.js";
import { $, complain, load } from "./page.js";
import { drawProgress } from "./progress.js";
import { fetchQueue } from "./queue.js";
import { besides, listed, state } from "./state.js";
import { lastPlace, select } from "./walking.js";

const views = document.querySelectorAll("[data-state]");
const address = new URLSearchParams(location.search);
const place = lastPlace() || { article_id: Number(address.get("article")), topic: address.get("topic_at") || address.get("topic") || "" };

function show(view) {
  state.view = view;
  for (const anchor of views) {
    if (anchor.dataset.state === view) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

// The list anew: the same item where it still stands, else the first.
async function refetch() {
  const here = state.current;
  await fetchQueue();
  select((here && listed(here)) || state.items[0] || null);
  drawProgress();
}

// The item asked for: as it is listed, else read by its number (the link of a digest).
async function openAt() {
  if (!place.article_id) return state.items[0] || null;
  const shown = state.items.find((item) => item.article_id === place.article_id && (!place.topic || item.topic === place.topic));
  if (shown) return shown;
  try {
    const whole = await load(`/-/chipwire/article/${place.article_id}.json?topic=${encodeURIComponent(place.topic)}`);
    state.whole.set(whole.id, whole);
    const topic = place.topic || whole.tags[0]?.topic || Object.keys(state.topics)[0];
    state.items.unshift(whole.item || besides(whole, topic));
    drawList();
    return listed({ article_id: whole.id, topic });
  } catch (error) {
    complain(`Article ${place.article_id} cannot be opened: ${error.message}`);
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
$("who").addEventListener("change", () => {
  localStorage.setItem("chipwire-reviewer", $("who").value.trim());
  state.past = [];
  refetch();
});
$("keys").checked = localStorage.getItem("chipwire-keys") !== "off";
for (const anchor of views) {
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    show(anchor.dataset.state);
    refetch();
  });
}
show(["judged", "disputed"].includes(address.get("state")) ? address.get("state") : "open");
readAddress();
onFilter(refetch);
listen();
fillChoices();
start();
