// The advisors' group: its topics at the side, its messages, and who writes.
import { get, post } from "./api.js";
import { Chat } from "./chat.js";
import { el, icon } from "./dom.js";

const NAMES = ["Berit", "Tomasz", "Leena"];

export class AdvisorsPane {
  constructor(screen, topics, desk, options) {
    this.screen = screen;
    this.topics = topics;
    this.desk = desk;
    this.options = options;
    this.advisors = [];
    this.unread = new Map();
    this.seen = new Set();
    this.select = el("select", { "aria-label": "Write as" });
    this.select.addEventListener("change", () => this.choose());
  }

  /** Show a group; an advisor is made when somebody first writes. */
  async open(group) {
    this.group = group;
    this.chat?.end();
    this.seen.clear();
    this.fresh = true;
    this.chat = new Chat(this.screen, {
      chatId: group.id,
      group: true,
      start: false,
      language: () => document.documentElement.lang,
      who: () => this.who(),
      mine: (message) => Boolean(message.from) && String(message.from.id) === this.select.value,
      alert: this.options.alert,
      onChange: (chat) => this.show(chat),
      onGone: () => this.options.onGone(),
    });
    this.chat.extras.append(el("label", { class: "write-as" }, el("span", { text: "Write as" }), this.select));
    this.chat.empty.replaceChildren(
      el("div", { class: "welcome" }, el("h3", { text: "Nothing here yet" }), el("p", { class: "hint", text: "When somebody asks for a person, it shows up here. Answer by replying." })),
    );
    await this.readAdvisors();
  }

  async readAdvisors(chosen = "") {
    const state = await get("state");
    const group = state.groups.find((one) => one.id === this.group.id);
    this.group = group;
    this.advisors = state.users.filter((user) => !["left", "kicked", undefined].includes(group.members[user.id]));
    const options = this.advisors.map((user) => el("option", { value: user.id, text: user.first_name }));
    const next = NAMES.find((name) => !this.advisors.some((user) => user.first_name === name)) || "Somebody";
    options.push(el("option", { value: "", text: `${next} (new)`, "data-name": next }));
    const keep = chosen || this.select.value;
    this.select.replaceChildren(...options);
    if (this.advisors.some((user) => String(user.id) === String(keep))) this.select.value = String(keep);
    const count = this.advisors.length;
    this.chat.setHead(group.title, `${count} ${count === 1 ? "advisor" : "advisors"}, 1 bot`, icon("person"));
  }

  /** The advisor who acts; made now if need be. */
  async who() {
    if (this.select.value) return Number(this.select.value);
    const name = this.select.selectedOptions[0].dataset.name;
    const user = await post("users", { first_name: name, language_code: "en" });
    await post("members", { chat: this.group.id, user: user.id, status: "administrator" });
    await this.readAdvisors(user.id);
    return user.id;
  }

  choose() {
    for (const message of this.chat.messages.values()) this.chat.draw(message);
    this.chat.arrange();
  }

  show(chat) {
    if (!chat.chat) return;
    const forum = chat.chat.is_forum;
    this.topics.hidden = !forum;
    this.desk.classList.toggle("forum", forum);
    this.countUnread(chat);
    const topic = chat.topics.get(chat.thread);
    chat.composer.setNote(topic && topic.closed ? "This topic is closed." : null);
    if (chat.thread && !topic) return chat.setThread(null);
    if (forum) this.drawTopics(chat);
  }

  countUnread(chat) {
    for (const message of chat.messages.values()) {
      if (this.seen.has(message.message_id)) continue;
      this.seen.add(message.message_id);
      const thread = message.message_thread_id || 0;
      if (!this.fresh && chat.thread !== null && chat.thread !== thread) this.unread.set(thread, (this.unread.get(thread) || 0) + 1);
    }
    this.fresh = false;
    if (chat.thread === null) this.unread.clear();
    else this.unread.delete(chat.thread);
  }

  drawTopics(chat) {
    const focused = this.topics.contains(document.activeElement) ? document.activeElement.dataset.thread : null;
    const entry = (thread, symbol, name, closed) => {
      const item = el("button", { class: "topic", type: "button", "data-thread": String(thread), "aria-current": chat.thread === thread ? "true" : undefined, onclick: () => chat.setThread(thread) });
      item.append(el("span", { class: "topic-icon" }, icon(symbol)), el("span", { class: "topic-name", text: name }));
      if (closed) item.append(el("span", { class: "topic-state", text: "closed" }));
      const unread = this.unread.get(thread);
      if (unread) item.append(el("span", { class: "count", text: String(unread) }));
      return item;
    };
    const newest = [...chat.topics.values()].sort((a, b) => Number(a.closed) - Number(b.closed) || b.message_thread_id - a.message_thread_id);
    this.topics.replaceChildren(
      el("h2", { class: "topics-title", text: "Topics" }),
      entry(null, "all", "All messages", false),
      entry(0, "hash", "General", false),
      ...newest.map((topic) => entry(topic.message_thread_id, topic.closed ? "lock" : "hash", topic.name, topic.closed)),
    );
    if (focused !== null) this.topics.querySelector(`[data-thread="${focused}"]`)?.focus();
  }
}
