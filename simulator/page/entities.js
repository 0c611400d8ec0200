// Text with entities as DOM. Offsets are UTF-16 units, which is how JavaScript counts.
import { el } from "./dom.js";

const SIMPLE = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
};
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const SAFE = /^(?:https?:\/\/|mailto:|tel:|tg:\/\/)/i;

function link(address, known) {
  if (!SAFE.test(address)) return el("span");
  const title = known ? undefined : address;
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", title });
}

function spoiler() {
  const node = el("button", { class: "spoiler", type: "button", "aria-label": "Show hidden text", "aria-expanded": "false" });
  node.addEventListener("click", () => {
    node.classList.add("shown");
    node.setAttribute("aria-expanded", "true");
    node.removeAttribute("aria-label");
  });
  return node;
}

function quote(expandable) {
  const node = el("blockquote");
  if (!expandable) return node;
  node.classList.add("folded");
  node.tabIndex = 0;
  const unfold = () => node.classList.remove("folded");
  node.addEventListener("click", unfold);
  node.addEventListener("keydown", (event) => event.key === "Enter" && unfold());
  return node;
}

function nodeFor(entity, covered, onCommand) {
  if (SIMPLE[entity.type]) return el(SIMPLE[entity.type]);
  switch (entity.type) {
    case "pre":
      return el("pre", { "data-language": entity.language || undefined });
    case "blockquote":
      return quote(false);
    case "expandable_blockquote":
      return quote(true);
    case "spoiler":
      return spoiler();
    case "text_link":
      return link(entity.url || "", false);
    case "url":
      return link(covered, true);
    case "email":
      return link(`mailto:${covered}`, true);
    case "bot_command":
      return el("button", { class: "command", type: "button", onclick: () => onCommand(covered) });
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "mention" });
    default:
      return el("span");
  }
}

function build(parent, text, start, end, entities, onCommand) {
  const waiting = [...entities];
  let position = start;
  while (waiting.length) {
    const entity = waiting.shift();
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    const inner = [];
    while (waiting.length && waiting[0].offset < to) {
      const next = waiting.shift();
      inner.push(next);
      const beyond = next.offset + next.length - to;
      if (beyond > 0) {
        waiting.unshift({ ...next, offset: to, length: beyond });
        break;
      }
    }
    const block = BLOCKS.has(entity.type);
    let before = text.slice(position, from);
    if (block && before.endsWith("\n")) before = before.slice(0, -1);
    parent.append(before);
    const node = nodeFor(entity, text.slice(from, to), onCommand);
    build(node, text, from, to, inner, onCommand);
    parent.append(node);
    position = block && text[to] === "\n" ? to + 1 : to;
  }
  parent.append(text.slice(position, end));
}

/** A fragment that shows the text with its entities. */
export function renderText(text, entities = [], onCommand = () => {}) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  build(fragment, text, 0, text.length, sorted, onCommand);
  return fragment;
}
