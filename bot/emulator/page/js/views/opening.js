// What stands above the first message of a place; for the app, its suggested prompts too.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { avatar, botAvatar } from "./avatar.js";
import { appName } from "./home.js";

export function opening(page, channelId, say) {
  const { workspace } = page;
  const channel = workspace.channel(channelId);
  if (channelId === workspace.bot.dm) return botOpening(workspace.bot, say);
  if (!channel) return null;
  if (channel.is_im) {
    const user = workspace.user(channel.user);
    return el(
      "div",
      { class: "opening" },
      avatar(user, 56),
      el("h2", {}, user?.real_name ?? channel.name),
      el("p", {}, "This is the beginning of your direct messages."),
    );
  }
  const words = channel.is_private
    ? "This is the very beginning of this private channel."
    : "This is the very beginning of this channel.";
  return el(
    "div",
    { class: "opening" },
    el("span", { class: "opening-mark" }, icon(channel.is_private ? "lock" : "hash", 30)),
    el("h2", {}, channel.name),
    el("p", {}, words, channel.topic && ` ${channel.topic}`),
  );
}

function botOpening(bot, say) {
  const suggested = bot.suggested_prompts ?? {};
  const prompts = (suggested.prompts ?? []).map(
    (prompt) => el(
      "button",
      { type: "button", class: "prompt", onClick: () => say(prompt.message) },
      el("span", { class: "prompt-title" }, prompt.title),
      el(
        "span",
        { class: "prompt-words", "aria-hidden": "true" },
        prompt.message === prompt.title ? "" : prompt.message,
      ),
    ),
  );
  return el(
    "div",
    { class: "opening" },
    botAvatar(56),
    el("h2", {}, appName(bot)),
    bot.description && el("p", {}, bot.description),
    prompts.length > 0 && el(
      "div",
      { class: "prompts", role: "group", "aria-label": suggested.title || "Suggested prompts" },
      el("h3", {}, suggested.title || "Try one of these"),
      prompts,
    ),
  );
}
