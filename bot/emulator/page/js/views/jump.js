// Choosing a place by its name: jump to a conversation, or join a channel.

import { el, refill } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { avatar, botAvatar } from "./avatar.js";
import { appName } from "./home.js";

/** Ctrl+K: everything one can open. */
export function openJump(page) {
  const { workspace } = page;
  const channels = workspace.channels().filter((channel) => !channel.is_im).map(
    (channel) => ({
      words: channel.name,
      note: channel.is_member ? (channel.topic ?? "") : "not joined",
      mark: icon(channel.is_private ? "lock" : "hash", 18),
      act: () => workspace.open(channel.id),
    }),
  );
  const people = workspace.people().filter((user) => !user.is_bot && user.id !== workspace.viewer).map(
    (user) => ({
      words: user.real_name || user.name,
      note: `@${user.name}`,
      mark: avatar(user, 20),
      act: () => page.acts.openDm(user.id),
    }),
  );
  const app = {
    words: appName(workspace.bot),
    note: "app",
    mark: botAvatar(20),
    act: () => workspace.open(workspace.bot.dm),
  };
  choose(
    {
      title: "Jump to a conversation",
      placeholder: "Channel, person or app",
      items: [...channels, app, ...people],
      none: "Nothing has this name",
    },
  );
}

/** The public channels this person is not in. */
export function openJoin(page) {
  const { workspace } = page;
  const open = workspace.channels().filter(
    (channel) => !channel.is_im && !channel.is_member && !channel.is_private && !channel.is_archived,
  );
  const items = open.map(
    (channel) => ({
      words: channel.name,
      note: channel.topic ?? `${channel.member_count ?? 0} members`,
      mark: icon("hash", 18),
      verb: "Join",
      act: () => page.acts.join(channel.id),
    }),
  );
  choose(
    { title: "Join a channel", placeholder: "Find a channel", items, none: "There is no other channel to join" },
  );
}

function choose({ title, placeholder, items, none }) {
  const list = el("ul", { class: "jump-list", role: "listbox", id: "jump-list", "aria-label": title });
  const input = el(
    "input",
    {
      type: "text",
      class: "text-input",
      role: "combobox",
      placeholder,
      "aria-label": placeholder,
      "aria-expanded": "true",
      "aria-controls": "jump-list",
      autocomplete: "off",
    },
  );
  const dialog = el(
    "dialog",
    { class: "dialog jump", "aria-label": title, "aria-modal": "true" },
    el(
      "header",
      { class: "dialog-head" },
      el("h2", {}, title),
      iconButton("close", "Close dialog", () => dialog.close()),
    ),
    el("div", { class: "jump-body" }, input, list),
  );
  const state = { shown: [], active: 0 };
  const pick = (item) => {
    dialog.close();
    item.act();
  };
  const mark = () => [...list.querySelectorAll("[role=option]")].forEach((node, index) => {
    node.setAttribute("aria-selected", String(index === state.active));
    if (index !== state.active) return;
    input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  });
  const show = () => {
    const wanted = input.value.trim().toLowerCase().replace(/^[#@]/, "");
    state.shown = items.filter(
      (item) => item.words.toLowerCase().includes(wanted) || item.note.toLowerCase().includes(wanted),
    );
    state.active = 0;
    refill(
      list,
      state.shown.length
        ? state.shown.map((item, index) => option(item, index, pick))
        : el("li", { class: "listbox-note" }, none),
    );
    mark();
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && state.shown.length) {
      event.preventDefault();
      state.active = (state.active + step + state.shown.length) % state.shown.length;
      mark();
    } else if (event.key === "Enter" && state.shown[state.active]) {
      event.preventDefault();
      pick(state.shown[state.active]);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
  input.focus();
}

function option(item, index, pick) {
  return el(
    "li",
    { role: "option", id: `jump-${index}`, class: "option jump-option", onClick: () => pick(item) },
    el("span", { class: "option-mark" }, item.mark),
    el("span", { class: "option-words" }, item.words),
    el("span", { class: "option-description" }, item.note),
    item.verb && el("span", { class: "jump-verb" }, item.verb),
  );
}
