// Draws the open article: the question, the reasons, the text, what people and sources said.

import { el, link, paragraphs } from "./marking.js";
import { $, complain, load } from "./page.js";
import { percent, state, title, who } from "./state.js";

const day = (moment) => (moment || "").slice(0, 16).replace("T", " ");

export function drawHead(item) {
  $("title").textContent = item.title || "(no title)";
  document.title = `${item.title || "Review"} · chipwire`;
  $("topic").textContent = title(item.topic);
  $("sure").textContent = item.probability === null ? "" : `The model says ${percent(item.probability)}.`;
  $("meta").replaceChildren(...[item.site, day(item.published_at)].filter(Boolean).flatMap((part) => [part, " · "]), link(item.url, "original page"));
  $("note").value = item.note || "";
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === item.verdict));
  }
}

let reading = 0;
export function showWhole(item) {
  clearTimeout(reading);
  const known = state.whole.get(item.article_id);
  if (known && !known.stale) return;
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

export function drawWhole(item, whole) {
  const tag = whole?.tags.find((one) => one.topic === item.topic);
  drawVoices(item, whole?.labels || []);
  drawTerms(tag?.terms || []);
  const evidence = tag?.evidence || item.evidence || "";
  const body = whole ? paragraphs(whole.text || "", evidence) : [el("p", {}, evidence)];
  if (whole && evidence && !body.some((p) => p.querySelector("mark"))) body.unshift(el("p", {}, el("mark", {}, evidence)));
  $("text").lang = whole?.language || "";
  $("text").replaceChildren(...body);
  drawTopics(item, whole);
  drawRelated(whole);
  drawLog(whole?.labels || []);
}

// What each reviewer says now of the question at hand.
function drawVoices(item, labels) {
  const newest = new Map(labels.filter((label) => label.topic === item.topic).map((label) => [label.reviewer, label]));
  const voices = [...newest.values()].filter((label) => label.verdict !== "undo");
  $("voices").hidden = !voices.length;
  $("verdicts-said").replaceChildren(
    ...voices.map((label) =>
      el("li", { class: label.verdict }, el("b", {}, label.reviewer === who() ? `${label.reviewer} (you)` : label.reviewer), ` ${label.verdict}`, label.note ? `: ${label.note}` : ""),
    ),
  );
}

function drawTerms(terms) {
  const heavy = [...terms].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 16);
  $("why").hidden = !heavy.length;
  $("terms").replaceChildren(
    ...heavy.map(([name, weight]) =>
      el("li", { class: weight < 0 ? "against" : "for" }, `${name} `, el("b", {}, `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`)),
    ),
  );
}

function drawTopics(item, whole) {
  const tags = whole?.tags || [];
  const shown = tags.filter((tag) => tag.outcome !== "no" || tag.verdict || tag.topic === item.topic);
  $("topics").replaceChildren(...shown.map((tag) => topicRow(tag, tag.topic === item.topic)));
  const rest = Object.keys(state.topics).filter((topic) => !tags.some((tag) => tag.topic === topic && tag.tagged));
  $("missed").disabled = !whole; // chosen before the article is here, a topic would be lost
  $("missed").replaceChildren(el("option", { value: "" }, "choose…"), ...rest.map((topic) => el("option", { value: topic }, title(topic))));
}

function topicRow(tag, asked) {
  const stands = `${tag.tagged ? "tagged" : "not tagged"}${tag.verdict ? ", as a person said" : ""}`;
  return el(
    "li",
    {},
    asked ? el("span", {}, title(tag.topic)) : el("button", { type: "button", "data-topic": tag.topic, title: "judge this topic" }, title(tag.topic)),
    el("span", { class: "p" }, percent(tag.probability)),
    el("span", { class: "stands" }, stands),
  );
}

function drawRelated(whole) {
  const updates = whole?.updates || [];
  $("baseline").hidden = !updates.length;
  $("updates").replaceChildren(...updates.map((update) => el("li", {}, `“${update.statement}” `, el("small", {}, title(update.topic)))));
  const members = (whole?.story?.members || []).filter((member) => member.id !== whole.id);
  $("story").hidden = !members.length;
  $("members").replaceChildren(...members.slice(0, 20).map((member) => el("li", {}, link(member.url, member.title || "(no title)"), " ", el("small", {}, member.site))));
  $("story-page").replaceChildren(el("a", { href: `/-/chipwire/story/${whole?.story?.id}` }, "The story with its timeline"));
  const companies = whole?.companies || [];
  $("named").hidden = !companies.length;
  $("companies-named").replaceChildren(...companies.map(({ company }) => el("li", {}, el("a", { href: `/-/chipwire/company/${encodeURIComponent(company)}` }, company))));
}

function drawLog(labels) {
  $("log").hidden = !labels.length;
  $("labels").replaceChildren(
    ...labels.map((label) => el("li", {}, `${label.reviewer}: ${label.verdict} on ${title(label.topic)} `, el("small", {}, [label.note, day(label.created_at)].filter(Boolean).join(" · ")))),
  );
}
