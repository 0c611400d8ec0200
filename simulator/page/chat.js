// One chat: the log of messages, the composer, replies, edits, taps. Used for the phone and for the advisors' group.
import { post, Refused, watch } from "./api.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { renderMessage, summary } from "./message.js";
import { dayKey, dayText } from "./words.js";

const ACTION_SECONDS = 5;
const TAP_SECONDS = 20;
const TOAST_SECONDS = 4;
const ACTION_WORDS = {
  typing: "typing",
  upload_document: "sending a file",
  upload_photo: "sending a photo",
  record_voice: "recording",
};

export class Chat {
  /** `options`: {chatId, group, language(), who() -> user id (may be a promise), mine(id), onChange(), onGone(), start} */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.messages = new Map();
    this.elements = new Map();
    this.taps = new Map();
    this.topics = new Map();
    this.thread = null;
    this.missed = 0;
    this.typing = 0;
    this.ending = new AbortController();
    this.build();
    watch(options.chatId, this.ending.signal, {
      all: (snapshot) => this.takeAll(snapshot),
      events: (list) => this.takeEvents(list),
      lost: () => this.root.classList.add("offline"),
      gone: () => options.onGone(),
    });
  }

  /** Stop watching. */
  end() {
    this.ending.abort();
    clearTimeout(this.typing);
  }

  build() {
    this.title = el("h2", { class: "chat-title" });
    this.status = el("p", { class: "chat-status", role: "status" });
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.extras = el("div", { class: "chat-extras" });
    const head = el("header", { class: "chat-head" }, this.avatar, el("div", { class: "chat-names" }, this.title, this.status), this.extras);
    this.offline = el("p", { class: "offline-note", role: "status", text: "The simulator does not answer. Trying again…" });
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": "Messages" });
    this.empty = el("div", { class: "empty", hidden: true });
    this.toEnd = el("button", { class: "to-end", type: "button", "aria-label": "To the newest message", hidden: true, onclick: () => this.scrollToEnd(true) }, icon("down"));
    this.count = el("span", { class: "count", hidden: true });
    this.toEnd.append(this.count);
    this.toast = el("div", { class: "toast", role: "status", hidden: true });
    this.composer = new Composer({
      onSend: (text) => this.send(text),
      onFile: (file) => this.sendFile(file),
      onLeaveMode: () => this.setMode(null),
      commands: () => (this.options.commands ? this.options.commands() : Promise.resolve([])),
    });
    this.log.addEventListener("scroll", () => this.noteScroll(), { passive: true });
    for (const hand of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      this.log.addEventListener(hand, () => (this.going = false), { passive: true });
    }
    new ResizeObserver(() => this.stick && this.scrollToEnd()).observe(this.log);
    this.log.addEventListener("load", () => this.stick && this.scrollToEnd(), true); // Pictures grow when they come.
    const middle = el("div", { class: "middle" }, this.log, this.empty, this.toEnd, this.toast);
    this.root.replaceChildren(head, this.offline, middle, this.composer.root);
    this.stick = true;
  }

  /** What stands at the top. */
  setHead(title, status, avatar) {
    this.title.textContent = title;
    this.calm = status;
    if (!this.typing) this.status.textContent = status;
    this.avatar.replaceChildren(avatar);
  }

  // -- what comes in -----------------------------------------------------------------------------------------------

  takeAll(snapshot) {
    this.root.classList.remove("offline");
    this.messages.clear();
    this.elements.clear();
    this.topics = new Map(snapshot.chat.topics.map((topic) => [topic.message_thread_id, topic]));
    this.chat = snapshot.chat;
    this.log.replaceChildren();
    for (const { message } of snapshot.messages) this.messages.set(message.message_id, message);
    for (const message of this.messages.values()) this.draw(message);
    this.arrange();
    this.newestKeyboard();
    this.options.onChange(this);
    this.scrollToEnd();
  }

  takeEvents(list) {
    const atEnd = this.stick;
    for (const event of list) this.take(event);
    this.arrange();
    this.options.onChange(this);
    if (atEnd || this.stick) this.scrollToEnd(true);
  }

  take(event) {
    switch (event.type) {
      case "message":
        this.add(event.message);
        break;
      case "edited":
        this.messages.set(event.message.message_id, event.message);
        this.draw(event.message, true);
        break;
      case "deleted":
        this.messages.delete(event.message_id);
        this.elements.get(event.message_id)?.remove();
        this.elements.delete(event.message_id);
        break;
      case "action":
        this.showAction(event.action);
        break;
      case "callback_answer":
        this.answered(event);
        break;
      case "reaction":
        this.react(event);
        break;
      case "topic":
        if (event.deleted) this.topics.delete(event.topic.message_thread_id);
        else this.topics.set(event.topic.message_thread_id, event.topic);
        break;
      case "member":
        this.chat.blocked = event.status === "kicked";
        break;
    }
  }

  add(message) {
    const mine = this.options.mine(message);
    this.messages.set(message.message_id, message);
    this.draw(message);
    if (!mine) this.showAction(null);
    if (mine) this.stick = true;
    else if (!this.stick) this.missed += 1;
    this.newestKeyboard();
  }

  draw(message, changed = false) {
    const id = message.message_id;
    const topic = this.topics.get(message.message_thread_id);
    const fresh = renderMessage(message, {
      mine: this.options.mine(message),
      group: this.options.group,
      language: this.options.language(),
      topicName: this.options.group && this.thread === null && topic && !message.forum_topic_created ? topic.name : "",
      onTap: (button, key) => this.tap(message, button, key),
      onCommand: (command) => this.send(command),
      onReply: (target) => this.setMode({ kind: "reply", message: target }),
      onEdit: (target) => this.setMode({ kind: "edit", message: target }),
      goTo: (target) => this.goTo(target),
    });
    const old = this.elements.get(id);
    if (old) {
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(fresh);
      if (hadFocus) (fresh.querySelector(".key") || this.log).focus({ preventScroll: true });
    } else {
      this.log.append(fresh);
    }
    if (changed) fresh.classList.add("changed");
    this.elements.set(id, fresh);
  }

  /** Day separators, groups of bubbles, the chosen topic. */
  arrange() {
    for (const line of this.log.querySelectorAll(".day")) line.remove();
    let day = null;
    let before = null;
    let lastElement = null;
    for (const [id, element] of this.elements) {
      const message = this.messages.get(id);
      element.hidden = this.thread !== null && (message.message_thread_id || 0) !== this.thread;
      if (element.hidden) continue;
      const key = dayKey(message.date);
      if (key !== day) {
        element.before(el("div", { class: "day" }, el("span", { text: dayText(message.date, this.options.language()) })));
        before = null;
      }
      day = key;
      const author = `${message.from ? message.from.id : 0} in ${message.message_thread_id || 0}`;
      const service = element.classList.contains("service");
      const joined = !service && before === author;
      element.classList.toggle("joined", joined);
      lastElement?.classList.toggle("ends", !joined);
      before = service || element.classList.contains("keyed") ? null : author;
      lastElement = element;
    }
    lastElement?.classList.add("ends");
    const bare = this.messages.size === 0;
    this.empty.hidden = !bare;
    this.root.classList.toggle("bare", bare);
    this.composer.setStart(bare && this.options.start ? () => this.send("/start") : null);
    this.noteScroll();
  }

  newestKeyboard() {
    let keyboard = null;
    for (const message of this.messages.values()) {
      const markup = message.reply_markup;
      if (!markup) continue;
      if (markup.keyboard) keyboard = markup;
      if (markup.remove_keyboard) keyboard = null;
    }
    this.composer.setKeys(keyboard, (label) => this.send(label));
  }

  showAction(action) {
    clearTimeout(this.typing);
    this.typing = 0;
    const words = action && action !== "cancel" ? ACTION_WORDS[action] || action.replaceAll("_", " ") : null;
    this.status.classList.toggle("busy", Boolean(words));
    this.status.textContent = words || this.calm || "";
    if (!words) return;
    this.status.append(el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
    this.typing = setTimeout(() => this.showAction(null), ACTION_SECONDS * 1000);
  }

  react(event) {
    const message = this.messages.get(event.message_id);
    if (!message) return;
    message.reactions = event.emojis;
    this.draw(message);
  }

  // -- what goes out -----------------------------------------------------------------------------------------------

  async act(path, body) {
    try {
      return await post(path, { user: await this.options.who(), chat: this.options.chatId, ...body });
    } catch (problem) {
      this.say(problem instanceof Refused ? problem.message : "The simulator does not answer.");
      return null;
    }
  }

  async send(text) {
    if (!text.trim()) return false;
    const mode = this.mode;
    const done =
      mode && mode.kind === "edit"
        ? await this.act("edit", { message_id: mode.message.message_id, text })
        : await this.act("say", { text, ...this.place() });
    if (done) this.setMode(null);
    return Boolean(done);
  }

  async sendFile(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    const kind = /^image\/(?:png|jpeg)$/.test(file.type) ? "photo" : "document";
    await this.act("media", { kind, name: file.name, mime_type: file.type, content_base64: btoa(binary), ...this.place() });
    this.setMode(null);
  }

  place() {
    const reply = this.mode && this.mode.kind === "reply" ? this.mode.message : null;
    const thread = (reply && reply.message_thread_id) || this.thread || 0;
    return { reply_to: reply ? reply.message_id : 0, thread };
  }

  setMode(mode) {
    this.mode = mode;
    if (mode === null) return this.composer.leaveMode();
    const heading = mode.kind === "edit" ? "Edit message" : `Reply to ${mode.message.from ? mode.message.from.first_name : ""}`;
    this.composer.enterMode(mode.kind, heading, summary(mode.message), mode.kind === "edit" ? mode.message.text : null);
  }

  async tap(message, button, key) {
    if (!button.callback_data) return this.say("This kind of button does nothing here.");
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    const calm = () => key.removeAttribute("aria-busy");
    const tapped = await this.act("tap", { message_id: message.message_id, data: button.callback_data });
    if (!tapped) return calm();
    const end = setTimeout(calm, TAP_SECONDS * 1000);
    const early = this.taps.get(tapped.callback_query_id);
    this.taps.set(tapped.callback_query_id, () => {
      clearTimeout(end);
      calm();
    });
    if (early === true) this.taps.get(tapped.callback_query_id)();
  }

  answered(event) {
    const calm = this.taps.get(event.callback_query_id);
    if (typeof calm === "function") calm();
    this.taps.set(event.callback_query_id, true);
    if (!this.options.mine({ from: { id: event.user_id } })) return;
    const { text, show_alert: loud } = event.answer;
    if (!text) return;
    if (loud) this.options.alert(text);
    else this.say(text);
  }

  /** A short note that goes away by itself. */
  say(text) {
    clearTimeout(this.toasting);
    this.toast.textContent = text;
    this.toast.hidden = false;
    this.toasting = setTimeout(() => (this.toast.hidden = true), TOAST_SECONDS * 1000);
  }

  // -- moving about ------------------------------------------------------------------------------------------------

  /** Show one topic, 0 for what is outside of topics, null for all. */
  setThread(thread) {
    this.thread = thread;
    this.setMode(null);
    for (const message of this.messages.values()) this.draw(message);
    this.arrange();
    this.scrollToEnd();
    this.options.onChange(this);
  }

  goTo(id) {
    const element = this.elements.get(id);
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: "smooth" });
    element.classList.remove("found");
    requestAnimationFrame(() => element.classList.add("found"));
  }

  noteScroll() {
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    if (near) this.going = false;
    this.stick = near || Boolean(this.going); // On its way to the end counts as there.
    if (this.stick) this.missed = 0;
    this.toEnd.hidden = this.stick;
    this.count.hidden = this.missed === 0;
    this.count.textContent = String(this.missed);
  }

  scrollToEnd(smooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.stick = true;
    this.going = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
  }
}
