// The little pictures of people and of the app.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { emoji } from "../text/emoji.js";
import { picture } from "../text/links.js";

/** A person's initials on their colour; the app's mark for the bot. */
export function avatar(user, size = 36) {
  if (!user) return initials("?", "#777777", size);
  if (user.is_bot) return botAvatar(size);
  return initials(user.initials || user.name?.slice(0, 2).toUpperCase() || "?", user.colour, size);
}

/** The avatar of a message, which the app may have dressed for itself. */
export function messageAvatar(message, user, size = 36) {
  const own = /^:([a-z0-9_+'-]+):$/i.exec(message.icon_emoji ?? "")?.[1];
  if (own) return el("span", { class: "avatar avatar-emoji", style: box(size), "aria-hidden": "true" }, emoji(own));
  if (message.icon_url) return el(
    "span",
    { class: "avatar", style: box(size), "aria-hidden": "true" },
    picture(message.icon_url, ""),
  );
  return message.bot_id ? botAvatar(size) : avatar(user, size);
}

export function botAvatar(size = 36) {
  const mark = icon("spark", Math.round(size * 0.62));
  return el("span", { class: "avatar avatar-bot", style: box(size), "aria-hidden": "true" }, mark);
}

export function presenceDot(user) {
  return el(
    "span",
    {
      class: user?.presence === "active" ? "presence active" : "presence",
      role: "img",
      "aria-label": user?.presence === "active" ? "active" : "away",
    },
  );
}

function initials(letters, colour, size) {
  const safe = /^#[0-9a-f]{6}$/i.test(colour ?? "") ? colour : "#6b6b76";
  return el(
    "span",
    {
      class: "avatar",
      style: { ...box(size), "--avatar": safe, "--letters": `${Math.round(size * 0.4)}px` },
      "aria-hidden": "true",
    },
    letters,
  );
}

function box(size) {
  return { "--size": `${size}px` };
}
