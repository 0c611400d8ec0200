// The place to write: text, commands, files, reply and edit bars, reply keyboards, the start button.
import { el, icon } from "./dom.js";

export class Composer {
  /** `options`: {onSend(text) -> promise of success, onFile(file), onLeaveMode(), commands() -> promise of a list} */
  constructor(options) {
    this.options = options;
    this.bar = el("div", { class: "mode-bar", hidden: true });
    this.list = el("div", { class: "commands", role: "menu", "aria-label": "Commands", hidden: true });
    this.menu = el("button", { class: "menu-button", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", hidden: true, onclick: () => this.toggleCommands() }, icon("menu"), el("span", { text: "Menu" }));
    this.input = el("textarea", { class: "input", rows: "1", placeholder: "Message", "aria-label": "Message", maxlength: "4096", enterkeyhint: "send" });
    this.file = el("input", { type: "file", class: "hidden-file", tabindex: "-1", "aria-hidden": "true" });
    const clip = el("button", { class: "round", type: "button", "aria-label": "Send a photo or file", title: "Photo or file", onclick: () => this.file.click() }, icon("clip"));
    this.go = el("button", { class: "round send", type: "submit", "aria-label": "Send" }, icon("send"));
    this.form = el("form", { class: "composer" }, this.menu, el("div", { class: "field-box" }, this.input, clip, this.file), this.go);
    this.start = el("button", { class: "start", type: "button", text: "Start", hidden: true });
    this.keys = el("div", { class: "reply-keys", hidden: true });
    this.note = el("p", { class: "closed-note", hidden: true });
    this.root = el("footer", { class: "foot" }, this.list, this.bar, this.form, this.start, this.note, this.keys);
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
      if (event.key === "Escape") this.options.onLeaveMode();
      if (event.key === "ArrowUp" && !this.list.hidden) {
        event.preventDefault();
        this.list.querySelector("button:last-child")?.focus();
      }
    });
    this.input.addEventListener("input", () => {
      this.grow();
      this.suggest();
    });
    this.file.addEventListener("change", () => {
      if (this.file.files[0]) this.options.onFile(this.file.files[0]);
      this.file.value = "";
    });
    this.list.addEventListener("keydown", (event) => this.moveInList(event));
    document.addEventListener("pointerdown", (event) => {
      if (!this.root.contains(event.target)) this.showCommands([]);
    });
  }

  async submit() {
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    this.grow();
    this.showCommands([]);
    const done = await this.options.onSend(text);
    if (!done && !this.input.value) this.input.value = text;
    this.grow();
    this.input.focus();
  }

  grow() {
    this.input.style.height = "";
    // Empty, it keeps the height of the style sheet: measured while the page is laid out, a placeholder can wrap.
    if (!this.input.value) return;
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
    this.go.classList.toggle("ready", Boolean(this.input.value.trim()));
  }

  // -- commands ----------------------------------------------------------------------------------------------------

  /** Show or hide the menu button. */
  setCommands(known) {
    this.menu.hidden = !known;
  }

  async toggleCommands() {
    if (!this.list.hidden) return this.showCommands([]);
    this.showCommands(await this.options.commands());
    this.list.querySelector("button")?.focus();
  }

  async suggest() {
    const text = this.input.value;
    if (!/^\/\w*$/.test(text)) return this.showCommands([]);
    const commands = await this.options.commands();
    if (this.input.value === text) this.showCommands(commands.filter((one) => `/${one.command}`.startsWith(text)));
  }

  showCommands(commands) {
    const items = commands.map((one) =>
      el(
        "button",
        { type: "button", role: "menuitem", class: "command-item", onclick: () => this.choose(one.command) },
        el("span", { class: "command-name", text: `/${one.command}` }),
        el("span", { class: "command-words", text: one.description }),
      ),
    );
    this.list.replaceChildren(...items);
    this.list.hidden = items.length === 0;
    this.menu.setAttribute("aria-expanded", String(items.length > 0));
  }

  choose(command) {
    this.input.value = "";
    this.grow();
    this.showCommands([]);
    this.options.onSend(`/${command}`);
    this.input.focus();
  }

  moveInList(event) {
    if (event.key === "Escape") {
      this.showCommands([]);
      this.input.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.list.children];
    const next = items[items.indexOf(document.activeElement) + step];
    (next || this.input).focus();
  }

  // -- modes -------------------------------------------------------------------------------------------------------

  enterMode(kind, heading, line, text) {
    this.bar.replaceChildren(
      el("span", { class: "mode-icon" }, icon(kind === "edit" ? "edit" : "reply")),
      el("span", { class: "mode-words" }, el("strong", { text: heading }), el("span", { text: line })),
      el("button", { class: "round", type: "button", "aria-label": "Cancel", onclick: () => this.options.onLeaveMode() }, icon("close")),
    );
    this.bar.hidden = false;
    this.editing = kind === "edit";
    if (text !== null) this.input.value = text;
    this.grow();
    this.input.focus();
  }

  leaveMode() {
    if (this.editing) this.input.value = "";
    this.editing = false;
    this.bar.hidden = true;
    this.grow();
  }

  /** The reply keyboard under the input, or none. */
  setKeys(markup, onKey) {
    this.keys.hidden = !markup;
    this.input.placeholder = (markup && markup.input_field_placeholder) || "Message";
    if (!markup) return;
    const rows = markup.keyboard.map((row) =>
      el("div", { class: "keys" }, ...row.map((key) => el("button", { class: "reply-key", type: "button", text: key.text, onclick: () => onKey(key.text) }))),
    );
    this.keys.replaceChildren(...rows);
  }

  /** A start button instead of the input, while nothing was said. */
  setStart(onStart) {
    this.start.hidden = !onStart;
    this.form.hidden = Boolean(onStart) || !this.note.hidden;
    this.start.onclick = onStart;
  }

  /** A sentence instead of the input, or null. */
  setNote(text) {
    this.note.hidden = !text;
    this.note.textContent = text || "";
    this.form.hidden = Boolean(text) || !this.start.hidden;
  }
}
