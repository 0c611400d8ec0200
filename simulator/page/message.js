// One message as an element.
import { fileAddress } from "./api.js";
import { el, icon } from "./dom.js";
import { renderText } from "./entities.js";
import { sizeText, timeText } from "./words.js";

const plain = (message) => message.text || message.caption || "";

/** One line that stands for a message, in quotes and in lists. */
export function summary(message) {
  const kind = ["photo", "document", "voice", "audio", "video", "sticker", "location", "contact", "poll", "dice"].find(
    (name) => name in message,
  );
  if (plain(message)) return plain(message).replace(/\s+/g, " ").slice(0, 120);
  if (kind === "document") return message.document.file_name || "Document";
  return kind ? kind.charAt(0).toUpperCase() + kind.slice(1) : "Message";
}

/** The text of a service message, or null for an ordinary one. */
function serviceText(message) {
  if (message.forum_topic_created) return `Topic opened: ${message.forum_topic_created.name}`;
  if (message.forum_topic_edited) return `Topic renamed: ${message.forum_topic_edited.name || ""}`;
  if (message.forum_topic_closed) return "Topic closed";
  if (message.forum_topic_reopened) return "Topic reopened";
  if (message.pinned_message) return `Pinned: ${summary(message.pinned_message)}`;
  if (message.migrate_to_chat_id) return "The group became a supergroup";
  if (message.migrate_from_chat_id) return "The supergroup was made from a group";
  return null;
}

function card(symbol, title, detail, address, name) {
  const inside = [
    el("span", { class: "card-icon" }, icon(symbol)),
    el("span", { class: "card-words" }, el("span", { class: "card-title", text: title }), el("span", { class: "card-detail", text: detail })),
  ];
  if (!address) return el("div", { class: "card" }, ...inside);
  return el("a", { class: "card", href: address, download: name || true }, ...inside);
}

function photo(sizes, caption) {
  const largest = sizes[sizes.length - 1];
  const address = fileAddress(largest.file_id);
  const picture = el("img", {
    src: address,
    alt: caption ? "Photo" : "Photo without caption",
    width: largest.width,
    height: largest.height,
    loading: "lazy",
  });
  return el("a", { class: "photo", href: address, target: "_blank", rel: "noopener", "aria-label": "Open photo" }, picture);
}

function poll(question) {
  const options = question.options.map((option) => el("li", { text: option.text }));
  return el("div", { class: "poll" }, el("strong", { text: question.question }), el("ul", {}, ...options));
}

/** The part of a message that is not text. */
function media(message, language) {
  const size = (file) => sizeText(file.file_size || 0, language);
  if (message.photo) return photo(message.photo, message.caption);
  if (message.voice) return card("sound", "Voice message", `${message.voice.duration} s`, fileAddress(message.voice.file_id), "voice");
  if (message.audio) return card("sound", message.audio.file_name || "Audio", size(message.audio), fileAddress(message.audio.file_id), message.audio.file_name);
  if (message.video) return card("film", message.video.file_name || "Video", size(message.video), fileAddress(message.video.file_id), message.video.file_name);
  if (message.document) {
    const file = message.document;
    return card("file", file.file_name || "Document", size(file), fileAddress(file.file_id), file.file_name);
  }
  if (message.sticker) return el("div", { class: "big", text: message.sticker.emoji || "🙂" });
  if (message.dice) return el("div", { class: "big", text: `${message.dice.emoji} ${message.dice.value}` });
  if (message.location) {
    const { latitude, longitude } = message.location;
    return card("place", message.venue ? message.venue.title : "Location", `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
  }
  if (message.contact) return card("person", message.contact.first_name, message.contact.phone_number);
  if (message.poll) return poll(message.poll);
  return null;
}

function quoted(target, goTo) {
  const who = target.from ? target.from.first_name : (target.chat && target.chat.title) || "";
  return el(
    "button",
    { class: "quoted", type: "button", onclick: () => goTo(target.message_id), "aria-label": `In reply to ${who}: ${summary(target)}` },
    el("span", { class: "quoted-who", text: who }),
    el("span", { class: "quoted-text", text: summary(target) }),
  );
}

function keyboard(rows, onTap) {
  return el(
    "div",
    { class: "keyboard" },
    ...rows.map((row) =>
      el(
        "div",
        { class: "keys" },
        ...row.map((button) => {
          if (button.url) {
            const safe = /^https?:\/\//i.test(button.url);
            const key = el("a", { class: "key", href: safe ? button.url : undefined, target: "_blank", rel: "noopener noreferrer" });
            key.append(el("span", { text: button.text }), icon("link"));
            return key;
          }
          const key = el("button", { class: "key", type: "button" }, el("span", { text: button.text }));
          key.addEventListener("click", () => onTap(button, key));
          return key;
        }),
      ),
    ),
  );
}

const onlyEmoji = (text) => /^(?:\p{Extended_Pictographic}[\u{FE0F}\u{200D}\u{1F3FB}-\u{1F3FF}]*\p{Extended_Pictographic}?[\u{FE0F}]*){1,3}$/u.test(text);

/** Which hue a sender's name has: the same person, the same colour. */
const hue = (id) => `hue-${Math.abs(id) % 6}`;

/**
 * The element of a message. `view`: {mine, group, language, topicName, onTap, onCommand, onReply, onEdit, goTo}.
 */
export function renderMessage(message, view) {
  const service = serviceText(message);
  if (service !== null) {
    return el("div", { class: "service", "data-id": message.message_id }, el("span", { text: service }));
  }
  const bubble = el("div", { class: "bubble" });
  const sender = message.from || message.sender_chat || {};
  if (view.group && !view.mine) {
    const name = sender.first_name || sender.title || "";
    bubble.append(el("div", { class: `sender ${hue(sender.id || 0)}`, text: sender.is_bot ? name : [name, sender.last_name].filter(Boolean).join(" ") }));
  }
  if (view.topicName) bubble.append(el("div", { class: "topic-chip", text: view.topicName }));
  if (message.forward_origin) {
    const origin = message.forward_origin.sender_user || message.forward_origin.chat || {};
    bubble.append(el("div", { class: "forwarded", text: `Forwarded from ${origin.first_name || origin.title || ""}` }));
  }
  const target = message.reply_to_message;
  if (target && !target.forum_topic_created) bubble.append(quoted(target, view.goTo));
  const extra = media(message, view.language);
  if (extra) bubble.append(extra);
  const words = plain(message);
  if (words) {
    const text = el("div", { class: "text", dir: "auto" });
    if (onlyEmoji(words)) text.classList.add("emoji");
    text.append(renderText(words, message.entities || message.caption_entities, view.onCommand));
    bubble.append(text);
  }
  const stamp = timeText(message.date, view.language);
  bubble.append(
    el(
      "div",
      { class: "meta" },
      message.edit_date ? el("span", { class: "edited", text: "edited" }) : null,
      el("time", { datetime: new Date(message.date * 1000).toISOString(), text: stamp }),
    ),
  );
  if (message.reactions && message.reactions.length) {
    bubble.append(el("div", { class: "reactions", text: message.reactions.join(" ") }));
  }
  const tools = el("div", { class: "tools" });
  tools.append(el("button", { class: "tool", type: "button", "aria-label": "Reply", title: "Reply", onclick: () => view.onReply(message) }, icon("reply")));
  if (view.mine && message.text) {
    tools.append(el("button", { class: "tool", type: "button", "aria-label": "Edit", title: "Edit", onclick: () => view.onEdit(message) }, icon("edit")));
  }
  const rows = message.reply_markup && message.reply_markup.inline_keyboard;
  const column = el("div", { class: "column" }, el("div", { class: "bubble-line" }, bubble, tools));
  if (rows && rows.length) column.append(keyboard(rows, view.onTap));
  const classes = ["message", view.mine ? "mine" : "theirs"];
  if (extra && message.photo) classes.push("with-photo");
  if (rows && rows.length) classes.push("keyed");
  return el("article", { class: classes.join(" "), "data-id": message.message_id }, column);
}
