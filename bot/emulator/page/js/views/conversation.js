// The main pane: one channel or direct message, its log and its composer.

import { el, refill } from "../dom.js";
import { Composer } from "./composer.js";
import { ConversationHead } from "./conversation_head.js";
import { isOwn } from "./authors.js";
import { editInPlace } from "./editor.js";
import { aboutTab, appName, Home } from "./home.js";
import { MessageList } from "./message_list.js";
import { opening } from "./opening.js";
import { TypingLine } from "./typing.js";

const PAGE = 50;

export class Conversation {
  constructor(page) {
    this.page = page;
    this.channel = null;
    this.tab = "messages";
    this.head = new ConversationHead(page, (tab) => page.route.go({ tab, thread: null }));
    this.home = new Home(page);
    this.composer = new Composer(
      page,
      {
        label: "Message",
        target: () => ({ channel: this.channel, thread: null }),
        onSent: (message) => this.sent(message),
        onEditLast: () => this.editLast(),
      },
    );
    this.typing = new TypingLine(page, () => ({ channel: this.channel, thread: null }));
    this.bar = el("div", { class: "place-bar" });
    this.main = el("div", { class: "pane-main" });
    this.node = el("main", { class: "pane", "aria-label": "Conversation" }, this.head.node, this.main);
    this.watch();
  }

  watch() {
    const { workspace } = this.page;
    workspace.on(
      ["message", "message_changed", "ephemeral", "ephemeral_changed"],
      (event) => this.take(event.detail.message),
    );
    workspace.on(
      ["message_deleted"],
      ({ detail }) => detail.channel === this.channel && this.list?.remove(detail.ts),
    );
    workspace.on(["channels"], () => this.channel && this.frame());
    workspace.on(["sessions"], () => this.list?.refreshFeet());
    setInterval(() => this.list?.refreshFeet(), 60000);
    workspace.on(["prompts"], () => this.isBotChat() && this.showTop());
  }

  /** Show a channel (and, for the app, one of its tabs). */
  async open(channel, { tab, at }) {
    const moved = channel !== this.channel;
    const isBot = channel === this.page.workspace.bot.dm;
    this.tab = isBot ? (tab ?? "messages") : "messages";
    this.channel = channel;
    if (moved) await this.fresh();
    this.frame();
    if (isBot && (moved || this.openedTab !== this.tab)) this.tellTab();
    this.openedTab = isBot ? this.tab : null;
    if (at) this.list?.reveal(at);
  }

  /** Ask for the newest messages again, after a gap. */
  async reload() {
    const { channel, list } = this;
    if (!channel || !list) return;
    const answer = await list.current(this.page.api.ask("history", { channel, limit: PAGE }));
    if (channel === this.channel) list.reset(answer.messages);
  }

  focus() {
    this.composer.focus();
  }

  async fresh() {
    const { page, channel } = this;
    this.list?.close();
    const list = new MessageList(page, { label: `Messages in ${this.title()}` });
    this.list = list;
    this.loading = false;
    this.hasMore = false;
    this.loaded = false;
    this.composer.moveTo(this.composerLabel());
    this.frame();
    try {
      const answer = await list.current(page.api.ask("history", { channel, limit: PAGE }));
      if (list !== this.list) return;
      page.workspace.keepFiles(answer.messages.flatMap((message) => message.files ?? []));
      this.hasMore = answer.has_more;
      this.loaded = true;
      list.unreadAfter = page.workspace.channel(channel)?.unread ? answer.last_read : null;
      list.put(answer.messages);
      list.toBottom();
      list.onScroll = () => this.scrolled();
      this.showTop();
      this.seen();
    } catch (problem) {
      if (list === this.list) refill(list.top, el("p", { class: "empty", role: "alert" }, problem.message));
    }
  }

  take(message) {
    if (message.channel !== this.channel || !this.list) return;
    const isReply = message.thread_ts && message.thread_ts !== message.ts;
    if (isReply && !message.thread_broadcast) return;
    if (!this.list.has(message.ts) && this.list.oldest && message.ts < this.list.oldest.ts && this.hasMore) return;
    const first = !this.list.rows.size;
    this.list.hear(message);
    if (first) this.showTop();
    this.seen();
  }

  sent(message) {
    this.list.unreadAfter = null;
    this.take(message);
    this.list.toBottom();
    if (this.isBotChat()) this.page.expectReply(message);
  }

  editLast() {
    const { viewer } = this.page.workspace;
    const last = this.list?.messages.filter((message) => isOwn(message, viewer)).at(-1);
    if (last) editInPlace(this.list.rows.get(last.ts), this.page);
  }

  scrolled() {
    if (this.list.node.scrollTop < 120) this.older();
    if (this.list.atBottom) this.seen();
  }

  async older() {
    const { list } = this;
    if (!this.hasMore || this.loading || !list.oldest) return;
    this.loading = true;
    try {
      const asking = this.page.api.ask("history", { channel: this.channel, before: list.oldest.ts, limit: PAGE });
      const answer = await list.current(asking);
      if (list !== this.list) return;
      this.hasMore = answer.has_more;
      list.prepend(answer.messages);
      this.showTop();
    } finally {
      this.loading = false;
    }
  }

  seen() {
    const newest = this.list?.newest;
    if (newest && this.list.atBottom && this.tab === "messages") this.page.markRead(this.channel, newest.ts);
  }

  showTop() {
    if (!this.list || !this.loaded) return;
    refill(
      this.list.top,
      this.hasMore
        ? el("p", { class: "empty" }, "Scroll up for older messages")
        : opening(this.page, this.channel, (text) => this.say(text)),
    );
    if (this.list.atBottom) this.list.toBottom();
  }

  async say(text) {
    try {
      await this.composer.say(text);
    } catch (problem) {
      this.page.toasts.refused(problem);
    }
  }

  /** Everything around the log: head, tabs, and the composer or why there is none. */
  frame() {
    const channel = this.page.workspace.channel(this.channel);
    this.head.show(channel, this.isBotChat() ? this.tab : null);
    const shown = this.shownParts(channel);
    if (shown.some(
      (node, index) => this.main.children[index] !== node,
    ) || this.main.children.length !== shown.length) refill(this.main, shown);
  }

  shownParts(channel) {
    if (this.tab === "home") return [this.home.node];
    if (this.tab === "about") return [(this.about ??= aboutTab(this.page))];
    const blocked = this.blockedWords(channel);
    if (blocked) refill(this.bar, blocked);
    return [this.list.node, this.typing.node, blocked ? this.bar : this.composer.node];
  }

  blockedWords(channel) {
    if (channel?.is_archived) return [
      el("span", {}, "This channel is archived: it can be read, but nothing can be added."),
    ];
    if (channel && !channel.is_im && !channel.is_member) {
      return [
        el("span", {}, "You are looking at ", el("strong", {}, `#${channel.name}`)),
        el(
          "button",
          { type: "button", class: "button button-primary", onClick: () => this.page.acts.join(channel.id) },
          "Join channel",
        ),
      ];
    }
    return null;
  }

  async tellTab() {
    if (this.tab === "home") return this.home.open();
    if (this.tab === "messages") await this.page.api.tell("home", { tab: "messages" }).catch(() => {});
    return null;
  }

  isBotChat() {
    return Boolean(this.channel) && this.channel === this.page.workspace.bot?.dm;
  }

  title() {
    if (this.isBotChat()) return appName(this.page.workspace.bot);
    const channel = this.page.workspace.channel(this.channel);
    if (!channel) return "conversation";
    return channel.is_im ? (this.page.workspace.user(channel.user)?.real_name ?? channel.name) : `#${channel.name}`;
  }

  composerLabel() {
    return `Message ${this.title()}`;
  }
}
