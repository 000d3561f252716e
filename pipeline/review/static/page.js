// The page itself: its elements, what it says to people, what it asks the server for.

import { el } from "./marking.js";

export const $ = (id) => document.getElementById(id);

export function complain(words) {
  if ($("alert").textContent !== words) $("alert").textContent = words; // else it is read again
}

// Read to those who listen, with what only they need; shown for a moment to those who look.
let shown = 0;
export function say(words, heard = "") {
  $("said").replaceChildren(words, el("span", {}, heard));
  $("said").classList.add("shown");
  clearTimeout(shown);
  shown = setTimeout(() => $("said").classList.remove("shown"), 3500);
}

export async function load(path) {
  const answer = await fetch(path);
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error || `the server answered ${answer.status}`);
  return said;
}
