// Puts untrusted text on the page: always as text, never as markup; addresses only http(s).

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function link(url, text) {
  let safe = null;
  try {
    const parsed = new URL(url);
    if (parsed.protocol === "http:" || parsed.protocol === "https:") safe = parsed.href;
  } catch {
    // not an address: shown as text
  }
  return safe ? el("a", { href: safe, rel: "noopener noreferrer", target: "_blank" }, text) : el("span", {}, text);
}

// Where the evidence stands in the text, however its white space was folded; null if it does not.
export function find(text, passage) {
  const words = passage.split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const found = new RegExp(pattern).exec(text);
  return found ? [found.index, found.index + found[0].length] : null;
}

// The text as paragraphs, with the passage marked across them.
export function paragraphs(text, passage) {
  const span = find(text, passage);
  const nodes = [];
  let at = 0;
  for (const line of text.split("\n")) {
    if (line.trim()) {
      const from = span ? Math.min(Math.max(span[0] - at, 0), line.length) : 0;
      const to = span ? Math.min(Math.max(span[1] - at, 0), line.length) : 0;
      nodes.push(
        to > from
          ? el("p", {}, line.slice(0, from), el("mark", {}, line.slice(from, to)), line.slice(to))
          : el("p", {}, line),
      );
    }
    at += line.length + 1;
  }
  return nodes;
}
