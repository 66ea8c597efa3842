// The sidebar: the workspace, its channels, people and apps, with what is unread.

import { el, refill } from "../dom.js";
import { icon } from "../icons.js";
import { avatar, botAvatar, presenceDot } from "./avatar.js";
import { appName } from "./home.js";

export class Sidebar {
  constructor(page) {
    this.page = page;
    this.head = el("div", { class: "sidebar-head" });
    this.lists = el("div", { class: "sidebar-lists" });
    this.node = el("nav", { class: "sidebar", "aria-label": "Channels and conversations" }, this.head, this.lists);
    page.workspace.on(["channels", "users", "connection", "sessions"], () => this.show());
  }

  show() {
    const { workspace, route } = this.page;
    if (!workspace.me) return;
    this.current = route.place.channel;
    const look = JSON.stringify(
      [
        this.current,
        workspace.bot.connected,
        workspace.channels(),
        workspace.people().length,
        [...workspace.sessions.values()],
      ],
    );
    if (look === this.look) return;
    this.look = look;
    this.title();
    const scroll = this.lists.scrollTop;
    const focused = this.lists.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    refill(
      this.head,
      el("div", { class: "workspace-name" }, workspace.team.name),
      el("div", { class: "workspace-note" }, "Local Slack on this computer"),
    );
    refill(this.lists, this.channels(), this.people(), this.apps());
    this.lists.scrollTop = scroll;
    if (focused) this.lists.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
  }

  /** The tab's title counts what waits for this person. */
  title() {
    const { workspace } = this.page;
    const waiting = workspace.channels().reduce((sum, channel) => sum + (channel.mentions || 0), 0);
    document.title = `${waiting ? `(${waiting}) ` : ""}${workspace.me.real_name} · ${workspace.team.name}`;
  }

  channels() {
    const joined = this.page.workspace.channels().filter((channel) => !channel.is_im && channel.is_member);
    const sorted = joined.sort((one, other) => one.name.localeCompare(other.name));
    const items = sorted.map(
      (channel) => this.item(channel.id, icon(channel.is_private ? "lock" : "hash", 16), channel.name, channel),
    );
    const join = el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "sidebar-item sidebar-add", onClick: () => this.page.chooseChannel() },
        icon("plus", 16),
        el("span", { class: "sidebar-words" }, "Join a channel"),
      ),
    );
    return this.section("Channels", [...items, join]);
  }

  people() {
    const { workspace } = this.page;
    const chats = new Map(
      workspace.channels().filter(
        (channel) => channel.is_im && channel.id !== workspace.bot.dm,
      ).map((channel) => [channel.user, channel]),
    );
    const others = workspace.people().filter((user) => user.id !== workspace.viewer && !user.is_bot);
    const items = others.map((user) => {
      const chat = chats.get(user.id);
      const mark = el("span", { class: "sidebar-avatar" }, avatar(user, 20), presenceDot(user));
      return chat ? this.item(chat.id, mark, user.real_name || user.name, chat) : this.person(user, mark);
    });
    return this.section("Direct messages", items);
  }

  apps() {
    const { bot } = this.page.workspace;
    const channel = this.page.workspace.channel(bot.dm);
    const working = [...this.page.workspace.sessions.values()].filter(
      (session) => session.status === "processing",
    ).length;
    const mark = el(
      "span",
      { class: "sidebar-avatar" },
      botAvatar(20),
      el(
        "span",
        {
          class: bot.connected === false ? "presence" : "presence active",
          role: "img",
          "aria-label": bot.connected === false ? "not connected" : "connected",
        },
      ),
    );
    const spinner = working > 0 && el("span", { class: "spinner small", role: "img", "aria-label": "working" });
    return this.section("Apps", [this.item(bot.dm, mark, appName(bot), channel ?? {}, spinner)]);
  }

  section(title, items) {
    const id = `section-${title.replaceAll(" ", "-").toLowerCase()}`;
    return el(
      "section",
      { class: "sidebar-section", "aria-labelledby": id },
      el("h2", { id }, title),
      el("ul", {}, items),
    );
  }

  item(id, mark, words, {
    unread = 0,
    mentions = 0,
    is_archived: archived = false,
    is_im: direct = false,
  }, extra = null) {
    const here = id === this.current;
    const loud = unread > 0 && !here;
    const count = mentions || (direct ? unread : 0);
    const badge = loud && count > 0 && el(
      "span",
      { class: "badge", "aria-label": `${count} unread` },
      count > 99 ? "99+" : String(count),
    );
    const attributes = {
      href: `#/${id}`,
      class: ["sidebar-item", here && "here", loud && "unread", archived && "archived"].filter(Boolean).join(" "),
      "aria-current": here ? "page" : null,
      title: typeof words === "string" ? words : null,
      dataset: { place: id },
    };
    return el("li", {}, el("a", attributes, mark, el("span", { class: "sidebar-words" }, words), extra, badge));
  }

  person(user, mark) {
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: "sidebar-item",
          dataset: { place: user.id },
          onClick: () => this.page.acts.openDm(user.id),
        },
        mark,
        el("span", { class: "sidebar-words" }, user.real_name || user.name),
      ),
    );
  }
}
