// The line under a thread's root: who replied, how much, when, and what the session is doing.

import { el } from "../dom.js";
import { moment, since } from "../text/times.js";
import { avatar } from "./avatar.js";

const WORDS = { processing: "Working", suspended: "Waiting for an answer" };

export function threadFoot(message, session, page) {
  const chip = sessionChip(session);
  if (!message.reply_count) return chip ? [el("div", { class: "thread-foot-alone" }, chip)] : [];
  const faces = (message.reply_users ?? []).slice(0, 4).map((id) => avatar(page.workspace.user(id), 22));
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const last = message.latest_reply ? `Last reply ${since(moment(message.latest_reply))}` : "";
  const button = el(
    "button",
    {
      type: "button",
      class: "thread-foot",
      onClick: () => page.openThread(message.channel, message.thread_ts ?? message.ts),
    },
    page.seen.hasNew(message) && el("span", { class: "new-mark" }, "New"),
    el("span", { class: "faces" }, faces),
    el("span", { class: "reply-count" }, count),
    el("span", { class: "last-reply" }, last),
    el("span", { class: "view-thread", "aria-hidden": "true" }, "View thread"),
  );
  return [button, chip];
}

/** What a session is doing, in a word; null when it is doing nothing. */
export function sessionChip(session) {
  const words = WORDS[session?.status];
  if (!words) return null;
  return el(
    "span",
    { class: `session-chip session-${session.status}` },
    el("span", { class: session.status === "processing" ? "spinner small" : "session-dot", "aria-hidden": "true" }),
    words,
  );
}
