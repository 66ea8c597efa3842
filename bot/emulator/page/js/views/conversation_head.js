// The head of the main pane: what this place is, who is in it, the app's tabs.

import { el, refill } from "../dom.js";
import { icon } from "../icons.js";
import { avatar, botAvatar, presenceDot } from "./avatar.js";
import { appName } from "./home.js";
import { openMenu } from "../widgets/menu.js";

const TABS = [
  ["home", "Home", "home_tab_enabled"],
  ["messages", "Messages", "messages_tab_enabled"],
  ["about", "About", null],
];

export class ConversationHead {
  constructor(page, onTab) {
    this.page = page;
    this.onTab = onTab;
    this.node = el("header", { class: "pane-head" });
  }

  show(channel, tab) {
    const { bot, viewer } = this.page.workspace;
    const look = JSON.stringify([channel, tab, bot?.connected, viewer]);
    if (look === this.look) return;
    this.look = look;
    refill(
      this.node,
      el("div", { class: "pane-title" }, this.title(channel, tab), this.facts(channel)),
      tab && this.tabs(tab),
    );
  }

  title(channel, tab) {
    const { workspace } = this.page;
    if (tab) return [
      botAvatar(28),
      el("h1", {}, appName(workspace.bot)),
      el("span", { class: "app-badge" }, "APP"),
      this.connection(),
    ];
    if (!channel) return el("h1", {}, "…");
    if (channel.is_im) {
      const user = workspace.user(channel.user);
      return [
        avatar(user, 28),
        el("h1", {}, user?.real_name ?? channel.name),
        presenceDot(user),
        user?.title && el("span", { class: "topic" }, user.title),
      ];
    }
    return [
      el("h1", {}, icon(channel.is_private ? "lock" : "hash", 18), channel.name),
      channel.topic && el("span", { class: "topic", title: channel.topic }, channel.topic),
    ];
  }

  connection() {
    if (this.page.workspace.bot.connected !== false) return null;
    return el("span", { class: "not-connected", role: "status" }, icon("warn", 14), "The app is not connected");
  }

  facts(channel) {
    if (!channel || channel.is_im) return null;
    const { bot } = this.page.workspace;
    const add = !channel.bot_is_member && channel.is_member && !channel.is_archived && el(
      "button",
      { type: "button", class: "button button-small", onClick: () => this.page.acts.invite(channel.id, bot.user_id) },
      `Add ${appName(bot)}`,
    );
    const members = el(
      "span",
      {
        class: "member-count",
        title: `${channel.member_count} members`,
        "aria-label": `${channel.member_count} members`,
      },
      icon("people", 16),
      String(channel.member_count ?? ""),
    );
    const more = el(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": "Channel actions",
        "aria-haspopup": "menu",
        onClick: (event) => openMenu(event.currentTarget, this.items(channel)),
      },
      icon("more"),
    );
    return el("span", { class: "pane-facts" }, add, members, channel.is_member && more);
  }

  items(channel) {
    return [
      { words: "Copy channel id", act: () => this.page.acts.copy(channel.id, "Channel id copied") },
      null,
      { words: `Leave #${channel.name}`, danger: true, act: () => this.page.acts.leave(channel.id) },
    ];
  }

  tabs(current) {
    const { bot } = this.page.workspace;
    const shown = TABS.filter(([, , needs]) => !needs || bot[needs] !== false);
    const buttons = shown.map(
      ([name, words]) => el(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          "aria-selected": String(name === current),
          onClick: () => this.onTab(name),
        },
        words,
      ),
    );
    const list = el("div", { class: "tabs", role: "tablist", "aria-label": "App tabs" }, buttons);
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
    });
    return list;
  }
}
