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
  send: "M4 12 20 4.500 14.500 20l-3.200-6.300L4 12Zm7.300 1.700L20 4.500",
  menu: "M4 7h16M4 12h16M4 17h10",
  clip: "m19 11.500-7.300 7.200a4.700 4.700 0 0 1-6.600-6.600l7.800-7.700a3.100 3.100 0 0 1 4.400 4.400l-7.700 7.600a1.550 1.550 0 0 1-2.200-2.200l7-6.900",
  reply: "M9.500 6 4 11.500 9.500 17M4.500 11.500H14a6 6 0 0 1 6 6V19",
  edit: "M4 20h4L19.500 8.500a2.100 2.100 0 0 0-3-3L5 17l-1 3Z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9.500 6 6 6-6",
  dots: "M12 5.500v.01M12 12v.01M12 18.500v.01",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500Z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400",
  file: "M7 3.500h7l4.500 4.500v12.500H7A1.500 1.500 0 0 1 5.500 19V5A1.500 1.500 0 0 1 7 3.500ZM14 3.500V8h4.500M12 11.500v5.500m-2.300-2.200L12 17l2.300-2.200",
  place: "M12 21s-6.500-5.700-6.500-11a6.500 6.500 0 0 1 13 0c0 5.300-6.500 11-6.500 11Zm0-8.700a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600Z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.500 8.500c.8-3.700 3.800-5.500 7.500-5.500s6.700 1.800 7.500 5.500",
  sound: "M9.500 9.500v5M6 11v2M13 7v10M16.500 9.500v5M20 11v2",
  film: "M4 6.500h11.500v11H4zM15.500 10.500 20 8v8l-4.500-2.500",
  poll: "M5 19V11M12 19V5M19 19v-5",
  link: "M8 16 16.500 7.500M10 7h7v7",
  hash: "M9.500 4 7 20M17 4l-2.500 16M4.500 9h16M3.500 15h16",
  lock: "M7 11h10v8.500H7zM9 11V8a3 3 0 0 1 6 0v3",
  all: "M5 6h14M5 12h14M5 18h14",
  signal: "M3 18v-2M8 18v-5M13 18v-8M18 18V6",
  battery: "M3 8.500h15v7H3zM20.500 11v2M5.500 11h7v2h-7z",
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
