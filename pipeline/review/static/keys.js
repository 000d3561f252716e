// What each key and button does.

import { acceptAll, addMissed, judge, keepNote, turnTo, undo } from "./judging.js";
import { $ } from "./page.js";
import { listed } from "./state.js";
import { select, step } from "./walking.js";

const KEYS = {
  y: () => judge("yes"), n: () => judge("no"), s: () => judge("skip"), u: undo, Y: acceptAll,
  j: () => step(1), k: () => step(-1),
  "/": () => $("query").focus(), "?": () => $("help").showModal(), e: () => $("note").focus(),
  o: () => $("meta").querySelector("a")?.click(),
};
const REPEATING = ["j", "k"]; // a key held down walks; it never judges

function typing(target) {
  return target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function press(event) {
  if (event.key === "Escape" && typing(event.target)) {
    event.preventDefault(); // else a search field is emptied
    event.target.blur();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const act = KEYS[event.key];
  if (!act || (!$("keys").checked && event.key !== "?")) return;
  event.preventDefault();
  if (!event.repeat || REPEATING.includes(event.key)) act();
}

// The second click of a double click would hit the next item's question.
function once(act) {
  return (event) => event.detail < 2 && act(event);
}

export function listen() {
  document.addEventListener("keydown", press);
  for (const button of document.querySelectorAll("[data-verdict]")) button.addEventListener("click", once(() => judge(button.dataset.verdict)));
  $("undo").addEventListener("click", once(undo));
  $("accept").addEventListener("click", acceptAll);
  $("help-open").addEventListener("click", () => $("help").showModal());
  $("missed").addEventListener("change", (event) => addMissed(event.target.value));
  $("note").addEventListener("change", keepNote);
  $("note").addEventListener("keydown", (event) => event.key === "Enter" && event.target.blur());
  $("topics").addEventListener("click", (event) => event.target.dataset.topic && turnTo(event.target.dataset.topic));
  $("list").addEventListener("click", follow);
  $("keys").addEventListener("change", () => localStorage.setItem("chipwire-keys", $("keys").checked ? "on" : "off"));
}

// A click on an item of the list; with a modifier it is the browser's, who opens another tab.
function follow(event) {
  const anchor = event.target.closest("a");
  if (!anchor || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const [, article, topic] = /^(\d+) (.*)$/.exec(anchor.dataset.cell);
  select(listed({ article_id: article, topic }));
  $("article").focus();
}
