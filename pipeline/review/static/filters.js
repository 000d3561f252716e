// The filters: what they may be set to, and what they ask for.

import { el } from "./marking.js";
import { $, complain, load } from "./page.js";
import { state } from "./state.js";

const FILTERS = ["query", "topic", "language", "outlet", "company"];
const wanted = new URLSearchParams(location.search);
// The link of a digest names the topic of its article; `topic_at` does beside a filter by topic.
if (wanted.get("article") && !wanted.has("topic_at")) wanted.delete("topic");
let companies = new Set();
let company = ""; // the one asked for: a name half typed asks for none

// What the filters ask for, as the parameters of a request.
export function asked() {
  const set = FILTERS.map((name) => [name, name === "company" ? company : $("filters").elements[name].value.trim()]);
  return Object.fromEntries(set.filter(([, value]) => value));
}

// Set the filters to what the address of the page says.
export function readAddress() {
  for (const name of FILTERS) {
    const value = wanted.get(name) || "";
    const field = $("filters").elements[name];
    if (field.tagName === "SELECT") options(field, [], value);
    else field.value = value;
  }
  company = wanted.get("company") || "";
  showClear();
}

// Call `changed` after the filters were changed, a little later: a word is more than one key.
export function onFilter(changed) {
  let filtering = 0;
  const soon = () => {
    wanted.delete("topic");
    showClear();
    clearTimeout(filtering);
    filtering = setTimeout(changed, 150);
  };
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  const ask = (name) => {
    company = name;
    soon();
  };
  $("filters").addEventListener("reset", () => setTimeout(ask, 0, ""));
  $("filters").addEventListener("input", (event) => {
    const typed = $("f-company").value.trim();
    if (event.target !== $("f-company")) soon();
    else if (!typed || companies.has(typed)) ask(typed);
  });
  $("f-company").addEventListener("change", () => {
    const typed = $("f-company").value.trim();
    if (typed !== company) ask(typed);
  });
}

function showClear() {
  $("clear").hidden = !Object.keys(asked()).length;
}

export function fillTopics() {
  options($("f-topic"), Object.entries(state.topics), wanted.get("topic"));
}

export async function fillChoices() {
  try {
    const found = await load("/-/chipwire/choices.json");
    companies = new Set(found.companies);
    options($("f-language"), found.languages.map((code) => [code, language(code)]), wanted.get("language"));
    options($("f-outlet"), found.outlets.map((site) => [site, site]), wanted.get("outlet"));
    $("companies").replaceChildren(...found.companies.map((name) => el("option", { value: name })));
  } catch (error) {
    complain(`The filters could not be read: ${error.message}`);
  }
}

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
function language(code) {
  try {
    return names.of(code);
  } catch {
    return code; // what a page called its language is none
  }
}

function options(select, values, chosen) {
  const kept = select.value || chosen;
  select.replaceChildren(el("option", { value: "" }, "all"), ...values.map(([value, text]) => el("option", { value }, text)));
  if (kept && !values.some(([value]) => value === kept)) select.append(el("option", { value: kept }, kept));
  select.value = kept || "";
}
