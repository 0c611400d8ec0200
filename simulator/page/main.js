// Puts the page together: who holds the phone, the phone's chat, the advisors' group beside it.
import { get, post, Refused } from "./api.js";
import { AdvisorsPane } from "./advisors.js";
import { Chat } from "./chat.js";
import { el, icon } from "./dom.js";
import { languageName, timeText } from "./words.js";

/** What a phone can be set to, with a name that is common there for the next new person. */
const LANGUAGES = {
  en: ["Alex", "Grace", "Sam"],
  nb: ["Ingrid", "Lars", "Solveig"],
  de: ["Johanna", "Lukas", "Petra"],
  fi: ["Aino", "Eero", "Helmi"],
  lv: ["Ilze", "Jānis", "Līga"],
  el: ["Eleni", "Nikos", "Sofia"],
  pl: ["Zofia", "Marek", "Agnieszka"],
  hr: ["Ana", "Ivan", "Marija"],
  bg: ["Elena", "Georgi", "Mariya"],
  es: ["Lucía", "Mateo", "Carmen"],
  hu: ["Eszter", "Bence", "Katalin"],
  cs: ["Tereza", "Jakub", "Hana"],
  it: ["Giulia", "Marco", "Chiara"],
};

const byId = (id) => document.getElementById(id);
const person = byId("person");
const language = byId("language");
let users = [];
let chat = null;
let bot = null;

const current = () => users.find((user) => String(user.id) === person.value) || null;
const phoneLanguage = () => (current() && current().language_code) || language.value;

function alertBox(text) {
  byId("alert-text").textContent = text;
  byId("alert").showModal();
}

// -- theme ---------------------------------------------------------------------------------------------------------

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

function showTheme() {
  const button = byId("theme");
  button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  button.title = button.getAttribute("aria-label");
}

byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("theme", document.documentElement.dataset.theme);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  showTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);

// -- people --------------------------------------------------------------------------------------------------------

async function newPerson(code) {
  const names = LANGUAGES[code] || LANGUAGES.en;
  const taken = new Set(users.map((user) => user.first_name));
  const name = names.find((one) => !taken.has(one)) || `${names[0]} ${users.length + 1}`;
  const user = await post("users", { first_name: name, language_code: code });
  await readPeople(user.id);
  return user;
}

async function readPeople(chosen) {
  const state = await get("state");
  const advisors = new Set(state.groups.flatMap((group) => Object.keys(group.members)));
  users = state.users.filter((user) => !advisors.has(String(user.id)));
  const keep = String(chosen || person.value);
  person.replaceChildren(
    ...users.map((user) => el("option", { value: user.id, text: `${user.first_name}${user.last_name ? ` ${user.last_name}` : ""}` })),
  );
  if (users.some((user) => String(user.id) === keep)) person.value = keep;
  return state;
}

async function hold(id) {
  person.value = String(id);
  const user = current();
  if (user && user.language_code in LANGUAGES) language.value = user.language_code;
  const address = new URL(location.href);
  address.search = `?person=${id}`;
  history.replaceState(null, "", address);
  document.title = `${user ? user.first_name : "Phone"} · Mentor simulator`;
  chat?.end();
  chat = new Chat(byId("phone"), {
    chatId: id,
    group: false,
    start: true,
    language: phoneLanguage,
    who: () => id,
    mine: (message) => Boolean(message.from) && message.from.id === id,
    commands: async () => (await get("bot", { language: phoneLanguage(), chat: id })).commands,
    alert: alertBox,
    onChange: showBlocked,
    onGone: begin,
  });
  const opener = el("button", { class: "round", type: "button", "aria-label": "Person and language", "aria-controls": "bar", "aria-expanded": "false" }, icon("dots"));
  opener.classList.add("bar-opener");
  opener.addEventListener("click", () => toggleBar());
  chat.extras.append(opener);
  await showBot();
}

async function showBot() {
  const holder = chat;
  bot = await get("bot", { language: phoneLanguage(), chat: person.value });
  if (holder !== chat) return;
  const words = bot.name.split(/\s+/).map((word) => word.charAt(0));
  chat.setHead(bot.name, "bot", el("span", { text: words.slice(0, 2).join("") }));
  chat.log.lang = phoneLanguage();
  chat.composer.setCommands(bot.commands.length > 0);
  chat.empty.replaceChildren(
    el(
      "div",
      { class: "welcome" },
      el("span", { class: "avatar large", "aria-hidden": "true" }, el("span", { text: words.slice(0, 2).join("") })),
      el("h3", { text: bot.name }),
      bot.description ? el("p", { lang: phoneLanguage(), text: bot.description }) : null,
      el("p", { class: "hint", text: bot.description ? "" : "No messages here yet. Press Start." }),
    ),
  );
}

function showBlocked() {
  const blocked = Boolean(chat && chat.chat && chat.chat.blocked);
  const button = byId("block");
  button.textContent = blocked ? "Unblock bot" : "Block bot";
  button.setAttribute("aria-pressed", String(blocked));
}

function toggleBar(open) {
  const bar = byId("bar");
  const shown = bar.classList.toggle("open", open);
  document.querySelector(".bar-opener")?.setAttribute("aria-expanded", String(shown));
  if (shown) person.focus();
}

person.addEventListener("change", () => hold(Number(person.value)));
language.addEventListener("change", async () => {
  const user = await post("change", { user: Number(person.value), language_code: language.value });
  await readPeople(user.id);
  await hold(user.id);
});
byId("new-person").addEventListener("click", async () => {
  const user = await newPerson(language.value);
  toggleBar(false);
  await hold(user.id);
});
byId("block").addEventListener("click", () => {
  const blocked = byId("block").getAttribute("aria-pressed") !== "true";
  chat.act("block", { blocked });
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".bar, .bar-opener")) toggleBar(false);
});
document.addEventListener("keydown", (event) => event.key === "Escape" && toggleBar(false));

// -- beginning -----------------------------------------------------------------------------------------------------

function showClock() {
  byId("phone-clock").textContent = timeText(Date.now() / 1000, phoneLanguage());
}

function supported(code) {
  const short = (code || "").slice(0, 2).toLowerCase();
  return { no: "nb", nn: "nb" }[short] || (short in LANGUAGES ? short : "en");
}

async function begin() {
  const wanted = new URLSearchParams(location.search);
  const state = await readPeople(wanted.get("person"));
  const asked = wanted.get("lang");
  if (asked) language.value = supported(asked);
  let user = asked || wanted.has("start") ? null : current();
  if (user === null) user = await newPerson(asked || wanted.has("start") ? language.value : supported(navigator.language));
  await hold(user.id);
  if (wanted.has("start")) await chat.send(`/start ${wanted.get("start")}`.trim());
  const group = state.groups.find((one) => one.type !== "channel" && !one.migrated_to);
  if (group) advisors.open(group);
}

const advisors = new AdvisorsPane(byId("advisors"), byId("topics"), byId("desk"), { alert: alertBox, onGone: () => {} });
language.replaceChildren(...Object.keys(LANGUAGES).map((code) => el("option", { value: code, text: languageName(code) })));
byId("phone-signs").append(icon("signal"), icon("battery"));
showTheme();
showClock();
setInterval(showClock, 10000);
setInterval(() => chat && showBot().catch(() => {}), 15000);
begin().catch((problem) => {
  const text = problem instanceof Refused ? problem.message : "The simulator does not answer. Reload the page.";
  byId("phone").replaceChildren(el("p", { class: "failed", role: "alert", text }));
});
