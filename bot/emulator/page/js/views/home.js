// The app's Home tab and its About tab.

import { showBlocks } from "../blocks/render.js";
import { el, refill } from "../dom.js";
import { Values } from "../elements/values.js";
import { botAvatar } from "./avatar.js";

export class Home {
  constructor(page) {
    this.page = page;
    this.view = null;
    this.published = 0;
    this.values = new Values();
    this.blocks = el("div", { class: "blocks home-blocks" });
    this.node = el("div", { class: "home-tab", role: "tabpanel", "aria-label": "Home" }, this.blocks);
    page.workspace.on(["home_published"], (event) => {
      this.published += 1;
      this.show(event.detail.view);
    });
  }

  /** Tell the app that its Home was opened; what it publishes meanwhile is newer than the answer. */
  async open() {
    const before = this.published;
    try {
      const { view } = await this.page.api.tell("home", { tab: "home" });
      if (this.published === before) this.show(view);
    } catch (problem) {
      this.page.toasts.refused(problem);
    }
  }

  show(view) {
    this.view = view ?? null;
    if (!view) {
      this.blocks.shownBlocks = [];
      refill(this.blocks, el("p", { class: "empty" }, "The app has not published a Home view yet."));
      return;
    }
    if (!this.blocks.shownBlocks?.length) refill(this.blocks);
    this.values.keepOnly(view.blocks);
    showBlocks(
      this.blocks,
      view.blocks,
      this.page.surface("home", { values: this.values, container: () => ({ type: "view", view_id: this.view.id }) }),
    );
  }
}

/** What the app is and what it offers, from its manifest. */
export function aboutTab(page) {
  const { bot, team } = page.workspace;
  const commands = (bot.commands ?? []).map(
    (one) => el(
      "li",
      {},
      el("code", { class: "code" }, `${one.command} ${one.usage_hint ?? ""}`.trim()),
      el("span", {}, one.description),
    ),
  );
  const shortcuts = (bot.shortcuts ?? []).map(
    (one) => el(
      "li",
      {},
      el("strong", {}, one.name),
      el("span", {}, one.description ?? ""),
      el(
        "span",
        { class: "quiet" },
        one.type === "message" ? "on any message, under “More actions”" : "from the composer’s shortcuts menu",
      ),
    ),
  );
  return el(
    "div",
    { class: "about-tab", role: "tabpanel", "aria-label": "About" },
    el(
      "div",
      { class: "about-head" },
      botAvatar(64),
      el("div", {}, el("h2", {}, appName(bot)), el("p", {}, bot.description ?? "")),
    ),
    el("h3", {}, "Commands"),
    el("ul", { class: "about-list" }, commands),
    el("h3", {}, "Shortcuts"),
    el("ul", { class: "about-list" }, shortcuts),
    el(
      "p",
      { class: "quiet" },
      `App ${bot.app_id} in ${team.name}. This is the local Slack: everything here stays on this computer.`,
    ),
  );
}

/** "Cowork" from "cowork". */
export function appName(bot) {
  const name = bot.display_name ?? bot.name ?? "App";
  return name.charAt(0).toUpperCase() + name.slice(1);
}
