// Datasette's own pages: what screen readers miss there, our links, and plots over the tables.

const LABELS = {
  "input[name=_search]": "Search",
  "[name^=_filter_column]": "Column to filter by",
  "[name^=_filter_op]": "Comparison",
  "[name^=_filter_value]": "Value to compare with",
  ".filter-value": "Value to compare with",
  "#sort_by": "Sort by",
  "textarea[name=sql], .CodeMirror textarea, .cm-content": "SQL",
};

document.documentElement.lang ||= "en";
function name() {
  for (const [selector, label] of Object.entries(LABELS)) {
    for (const field of document.querySelectorAll(selector)) {
      if (!field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", label);
    }
  }
}
name();
addEventListener("load", name); // the editor of SQL comes late
document.querySelector("section.content")?.setAttribute("role", "main");

// The way back to our pages, not only inside a menu.
const nav = document.querySelector("header nav");
for (const [href, text] of [["/-/chipwire/review", "Review"], ["/-/chipwire/all", "Topics"]]) {
  const link = Object.assign(document.createElement("a"), { href, textContent: text, className: "ours" });
  nav?.insertBefore(link, nav.querySelector("details"));
}

// Articles per topic and week: over the list of tables, and over those that know topics.
const PLOTTED = [".db", ".table-topic_weeks", ".table-tags", ".table-tagged_articles"];
const plotted = PLOTTED.some((name) => document.body.matches(name)) && !document.body.matches(".query, .row");
const heading = document.querySelector("section.content .page-header");
if (plotted && heading) {
  const asked = new URLSearchParams(location.search);
  const topic = asked.get("topic") || asked.get("topic__exact") || "";
  const words = `Articles per topic and week${topic ? `: ${topic}` : ""}`;
  const source = `/-/chipwire/weeks.svg?${new URLSearchParams({ topic })}`;
  const image = Object.assign(document.createElement("img"), { src: source, alt: `${words}; the table topic_weeks has the numbers` });
  const figure = Object.assign(document.createElement("figure"), { className: "topics-over-weeks", tabIndex: 0, ariaLabel: words });
  figure.append(image);
  (document.querySelector("section.content .metadata-description") || heading).after(figure);
}
