// The row of small buttons that appears on a message: react, reply, more.

import { el } from "../dom.js";
import { iconButton } from "../icons.js";
import { emojiFor } from "../text/emoji.js";
import { openMenu } from "../widgets/menu.js";
import { openEmojiPicker } from "../widgets/emoji_picker.js";
import { isOwn } from "./authors.js";

const QUICK = [["no_entry", "React with no entry"], ["+1", "React with thumbs up"], ["eyes", "React with eyes"]];

export function toolbar(row, page) {
  const quick = QUICK.map(
    ([name, label]) => el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title: label,
        onClick: () => page.acts.react(row.message, name, mine(row.message, name, page)),
      },
      emojiFor(name),
    ),
  );
  const pick = iconButton(
    "smile",
    "Add reaction",
    (event) => openEmojiPicker(event.currentTarget, (name) => page.acts.react(row.message, name, false)),
  );
  const reply = iconButton(
    "reply",
    "Reply in thread",
    () => page.openThread(row.message.channel, row.message.thread_ts ?? row.message.ts, { focus: true }),
  );
  const more = iconButton(
    "more",
    "More actions",
    (event) => openMenu(event.currentTarget, moreItems(row, page)),
    { "aria-haspopup": "menu" },
  );
  const node = el(
    "div",
    { class: "message-tools", role: "group", "aria-label": "Message actions" },
    quick,
    pick,
    row.inThread ? null : reply,
    more,
  );
  const buttons = [...node.querySelectorAll("button")];
  for (const button of buttons) button.tabIndex = -1;
  row.node.addEventListener("focusin", () => buttons.forEach((button) => (button.tabIndex = 0)));
  row.node.addEventListener("focusout", () => buttons.forEach((button) => (button.tabIndex = -1)));
  const refresh = (message) => {
    node.hidden = Boolean(message.ephemeral) || message.subtype === "tombstone";
  };
  refresh(row.message);
  return { node, refresh };
}

function moreItems(row, page) {
  const { message } = row;
  const own = isOwn(message, page.workspace.viewer);
  const shortcuts = (page.workspace.bot.shortcuts ?? []).filter((one) => one.type === "message").map(
    (one) => ({
      words: one.name,
      description: one.description || "Cowork",
      act: () => page.acts.messageShortcut(one, message),
    }),
  );
  const items = [
    ...shortcuts,
    shortcuts.length ? null : undefined,
    { words: "Copy link", act: () => page.acts.copyLink(message) },
    { words: "View raw message", act: () => page.inspector.showRaw(message) },
  ];
  if (own) items.push(null, { words: "Edit message", act: () => page.acts.editMessage(row) });
  if (own || page.workspace.me.is_admin) items.push(
    ...(own ? [] : [null]),
    { words: "Delete message…", danger: true, act: () => page.acts.deleteMessage(message) },
  );
  return items.filter((item) => item !== undefined);
}

function mine(message, name, page) {
  return (message.reactions ?? []).some(
    (reaction) => reaction.name === name && reaction.users.includes(page.workspace.viewer),
  );
}
