// People, channels and broadcasts as they stand inside text.

import { el } from "../dom.js";

/** `names` is the directory: it knows users, channels, who looks, and how to open them. */
export function personMention(names, id, fallback) {
  const person = names.user(id);
  const mine = id === names.viewer;
  return el("span", { class: mine ? "mention mention-me" : "mention" }, `@${person?.name ?? fallback ?? id}`);
}

export function channelMention(names, id, fallback) {
  const channel = names.channel(id);
  const words = `#${channel?.name ?? fallback ?? id}`;
  if (!channel) return el("span", { class: "mention" }, words);
  return el("button", { type: "button", class: "mention mention-channel", onClick: () => names.open(id) }, words);
}

export function groupMention(id, fallback) {
  return el("span", { class: "mention" }, fallback ?? `@${id}`);
}

/** `@here`, `@channel` and `@everyone`: shown loudly, because everybody would be called. */
export function broadcastMention(range) {
  return el("span", { class: "mention mention-broadcast" }, `@${range}`);
}
