// Times as a chat shows them, and Slack's `<!date^…>` tokens.

const CLOCK = { hour: "numeric", minute: "2-digit" };

/** The moment of a Slack `ts` such as "1700000000.000100". */
export function moment(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

export function clock(date) {
  return date.toLocaleTimeString([], CLOCK);
}

export function fullDate(date) {
  return date.toLocaleString([], { weekday: "long", year: "numeric", month: "long", day: "numeric", ...CLOCK });
}

/** "Today", "Yesterday", or the day's name and date. */
export function dayName(date, now = new Date()) {
  const ago = daysBetween(date, now);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" };
  return date.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric", ...year });
}

/** "just now", "4 minutes ago", "Yesterday at 9:12". */
export function since(date, now = new Date()) {
  const minutes = Math.floor((now - date) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} minute${minutes === 1 ? "" : "s"} ago`;
  const day = dayName(date, now);
  return `${day === "Today" ? "today" : day} at ${clock(date)}`;
}

const DATE_WORDS = {
  date_num: (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  date_slash: (date) => date.toLocaleDateString([], { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (date) => date.toLocaleDateString([], { month: "long", day: "numeric", year: "numeric" }),
  date_short: (date) => date.toLocaleDateString([], { month: "short", day: "numeric", year: "numeric" }),
  date_long: (date) => date.toLocaleDateString(
    [],
    { weekday: "long", month: "long", day: "numeric", year: "numeric" },
  ),
  day_divider_pretty: (date) => dayName(date),
  date_pretty: (date) => relative(date) ?? DATE_WORDS.date(date),
  date_short_pretty: (date) => relative(date) ?? DATE_WORDS.date_short(date),
  date_long_pretty: (date) => relative(date) ?? DATE_WORDS.date_long(date),
  time: (date) => clock(date),
  time_secs: (date) => date.toLocaleTimeString([], { ...CLOCK, second: "2-digit" }),
  ago: (date) => since(date),
};

/** The words for a `<!date^seconds^format>` token; null when the token makes no sense. */
export function dateToken(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || !format) return null;
  return format.replace(/\{([a-z_]+)\}/g, (whole, word) => DATE_WORDS[word]?.(date) ?? whole);
}

function relative(date) {
  const ago = daysBetween(date, new Date());
  return { "-1": "tomorrow", 0: "today", 1: "yesterday" }[ago] ?? null;
}

function daysBetween(earlier, later) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / 86400000);
}

function two(number) {
  return String(number).padStart(2, "0");
}
