// Who a message is from, and whether two messages stand under one name.

import { appName } from "./home.js";

const QUIET = new Set(
  ["channel_join", "channel_leave", "channel_topic", "channel_name", "channel_archive", "channel_purpose"],
);
const TOGETHER = 300;

export function author(message, workspace) {
  const user = workspace.user(message.user);
  const isApp = Boolean(message.bot_id) || Boolean(user?.is_bot);
  const own = workspace.bot && (message.bot_id === workspace.bot.bot_id || message.user === workspace.bot.user_id);
  const name = message.username || (own ? appName(workspace.bot) : user?.real_name || user?.name) || "Someone";
  return { name, isApp, isGuest: Boolean(user?.is_guest), user: user?.id ?? null };
}

/** Joins, leaves and the like: a line, not a message. */
export function isQuiet(message) {
  return QUIET.has(message.subtype);
}

/** A message that this person wrote and may edit. */
export function isOwn(message, viewer) {
  const written = !message.bot_id && !message.ephemeral && !isQuiet(message) && message.subtype !== "tombstone";
  return written && message.user === viewer;
}

/** True when `message` follows `before` under the same name, soon after. */
export function follows(message, before) {
  if (!before || isQuiet(before) || isQuiet(message)) return false;
  if (before.user !== message.user || before.bot_id !== message.bot_id || before.username !== message.username) return false;
  if (Boolean(before.ephemeral) !== Boolean(message.ephemeral) || message.subtype === "thread_broadcast") return false;
  if (before.reply_count || before.blocks?.length > 2 || message.blocks?.length > 2) return false;
  return Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < TOGETHER;
}
