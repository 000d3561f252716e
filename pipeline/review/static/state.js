// What the page holds: the items listed, the one that is open, what was said and can be undone.

import { $ } from "./page.js";

export const state = {
  items: [], // as the server lists them, and what was opened besides
  current: null,
  topics: {}, // name to title
  waiting: {}, // open items by topic, in all
  past: [], // what `u` takes back, the last at the end
  whole: new Map(), // articles read whole, by id
  view: "open",
};

export const cell = (thing) => `${thing.article_id} ${thing.topic}`;
export const listed = (thing) => state.items.find((item) => cell(item) === cell(thing));
export const title = (topic) => state.topics[topic] || topic;
export const openLeft = () => state.items.filter((item) => !item.verdict).length;
export const percent = (probability) => `${Math.round(probability * 100)} %`;

export function who() {
  return $("who").value.trim() || "reviewer";
}

// An item for a cell the queue does not hold: of a link, or of another topic of this article.
export function besides(whole, topic) {
  const tag = whole.tags.find((one) => one.topic === topic);
  return {
    id: null, article_id: whole.id, topic, title: whole.title, site: whole.site, url: whole.url,
    published_at: whole.published_at || whole.first_seen_at, probability: tag?.probability ?? null,
    evidence: tag?.evidence || "", verdict: null, note: "",
  };
}
