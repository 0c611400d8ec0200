// Dates, times and sizes as a person of that language writes them.

const capital = (text, language) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
const dayOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** "14:05" */
export function timeText(seconds, language) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}

/** "Today", "Yesterday", "3 November", in the person's language. */
export function dayText(seconds, language) {
  const date = new Date(seconds * 1000);
  const days = Math.round((dayOf(date) - dayOf(new Date())) / 86400000);
  if (Math.abs(days) <= 1) {
    return capital(new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day"), language);
  }
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year }).format(date);
}

/** Something that is the same for all moments of a day. */
export const dayKey = (seconds) => dayOf(new Date(seconds * 1000)).getTime();

/** "12 kB" */
export function sizeText(bytes, language) {
  const [value, unit] = bytes < 1e6 ? [Math.max(bytes / 1e3, 0.1), "kilobyte"] : [bytes / 1e6, "megabyte"];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: digits }).format(value);
}

/** The language's own name for itself. */
export function languageName(code) {
  return capital(new Intl.DisplayNames([code], { type: "language" }).of(code), code);
}
