// Making elements. Text is always set as text, never as markup.

/** Make an element: el("p", {class: "x", text: "y", onclick: f, "aria-label": "z"}, child, ...). */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SHAPES = {
  send: "M4 12 20 4.5 14.5 20l-3.2-6.300L4 12Zm7.3 1.700L20 4.5",
  menu: "M4 7h16M4 12h16M4 17h10",
  clip: "m19 11.5-7.3 7.200a4.7 4.7 0 0 1-6.6-6.600l7.8-7.700a3.1 3.1 0 0 1 4.4 4.400l-7.7 7.600a1.55 1.55 0 0 1-2.2-2.200l7-6.9",
  reply: "M9.5 6 4 11.5 9.5 17M4.5 11.500H14a6 6 0 0 1 6 6V19",
  edit: "M4 20h4L19.5 8.500a2.1 2.1 0 0 0-3-3L5 17l-1 3Z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9.5 6 6 6-6",
  dots: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  moon: "M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500Z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M18.7 5.300l-1.4 1.400M6.7 17.300l-1.4 1.4",
  file: "M7 3.500h7l4.5 4.500v12.500H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.500ZM14 3.500V8h4.500M12 11.500v5.500m-2.3-2.200L12 17l2.3-2.2",
  place: "M12 21s-6.5-5.7-6.5-11a6.5 6.5 0 0 1 13 0c0 5.3-6.5 11-6.5 11Zm0-8.700a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.500c.8-3.7 3.8-5.5 7.5-5.500s6.7 1.8 7.5 5.5",
  sound: "M9.5 9.500v5M6 11v2M13 7v10M16.5 9.500v5M20 11v2",
  film: "M4 6.500h11.500v11H4zM15.5 10.5 20 8v8l-4.5-2.5",
  poll: "M5 19V11M12 19V5M19 19v-5",
  link: "M8 16 16.5 7.500M10 7h7v7",
  hash: "M9.5 4 7 20M17 4l-2.5 16M4.5 9h16M3.5 15h16",
  lock: "M7 11h10v8.500H7zM9 11V8a3 3 0 0 1 6 0v3",
  all: "M5 6h14M5 12h14M5 18h14",
  signal: "M3 18v-2M8 18v-5M13 18v-8M18 18V6",
  battery: "M3 8.500h15v7H3zM20.5 11v2M5.5 11h7v2h-7z",
};

/** A line drawing, decorative: name it on its button. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", SHAPES[name]);
  drawing.append(line);
  return drawing;
}
