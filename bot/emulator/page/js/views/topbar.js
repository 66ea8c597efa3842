// The bar on top: jump, who one acts as, light or dark, the inspector.

import { el, refill } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { actAs } from "../route.js";
import { isDark, switchTheme } from "../theme.js";
import { avatar } from "./avatar.js";

export class Topbar {
  constructor(page) {
    this.page = page;
    const key = /Mac/.test(navigator.platform) ? "⌘ K" : "Ctrl K";
    const jump = el(
      "button",
      { type: "button", class: "jump-button", "aria-label": "Jump to a conversation", onClick: () => page.jump() },
      icon("search", 16),
      el("span", { class: "jump-words" }, "Jump to a conversation"),
      el("kbd", {}, key),
    );
    this.theme = iconButton("moon", "Switch to dark", () => this.switchTheme(), { class: "icon-button on-dark" });
    const inspect = el(
      "button",
      { type: "button", class: "bar-button", "aria-expanded": "false", onClick: () => page.inspector.toggle() },
      icon("bug", 16),
      "Inspector",
    );
    page.inspector.onToggle = (open) => inspect.setAttribute("aria-expanded", String(open));
    this.who = el("div", { class: "act-as" });
    this.node = el(
      "header",
      { class: "topbar" },
      el("span", { class: "grow" }),
      jump,
      el("span", { class: "grow" }),
      inspect,
      this.theme,
      this.who,
    );
    this.lost = el(
      "div",
      { class: "lost-bar", role: "status", hidden: true },
      el("span", { class: "spinner small", "aria-hidden": "true" }),
      "Reconnecting…",
    );
    page.workspace.on(["users"], () => this.showWho());
    page.workspace.on(["connection"], () => (this.lost.hidden = page.workspace.live));
    this.showTheme();
  }

  showWho() {
    const { workspace } = this.page;
    const people = workspace.people().filter((user) => !user.is_bot);
    if (!people.some((user) => user.id === workspace.viewer)) people.unshift(workspace.me);
    const options = people.map(
      (user) => el("option", { value: user.id, selected: user.id === workspace.viewer }, user.real_name || user.name),
    );
    const select = el(
      "select",
      { id: "act-as", "aria-label": "Act as", onChange: () => actAs(select.value) },
      options,
    );
    refill(
      this.who,
      el("span", { class: "act-as-words", "aria-hidden": "true" }, "Act as"),
      avatar(workspace.me, 24),
      select,
      icon("chevron", 16),
    );
  }

  switchTheme() {
    switchTheme();
    this.showTheme();
  }

  showTheme() {
    const words = isDark() ? "Switch to light" : "Switch to dark";
    refill(this.theme, icon(isDark() ? "sun" : "moon"));
    this.theme.setAttribute("aria-label", words);
    this.theme.title = words;
  }
}
