// The pane on the right: one thread, its session and its own composer.

import { el, refill } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { Composer } from "./composer.js";
import { isOwn } from "./authors.js";
import { editInPlace } from "./editor.js";
import { appName } from "./home.js";
import { MessageList } from "./message_list.js";
import { SessionRow } from "./session_row.js";
import { TypingLine } from "./typing.js";

export class Thread {
  constructor(page) {
    this.page = page;
    this.place = null;
    this.also = el("input", { type: "checkbox" });
    this.alsoWords = el("span");
    this.alsoLine = el("label", { class: "also-send" }, this.also, this.alsoWords);
    const target = () => ({ channel: this.place?.channel ?? null, thread: this.place?.ts ?? null });
    this.composer = new Composer(
      page,
      {
        label: "Reply in thread",
        target,
        inThread: true,
        extra: this.alsoLine,
        broadcast: () => this.also.checked,
        onSent: (message) => this.sent(message),
        onEditLast: () => this.editLast(),
      },
    );
    this.session = new SessionRow(page, target);
    this.typing = new TypingLine(page, target);
    this.where = el(
      "button",
      { type: "button", class: "thread-where", onClick: () => page.route.go({ thread: null, at: this.place?.ts }) },
    );
    const head = el(
      "header",
      { class: "pane-head thread-head" },
      el("h2", {}, "Thread"),
      this.where,
      iconButton("close", "Close thread", () => page.closeThread()),
    );
    this.main = el("div", { class: "pane-main" });
    this.node = el(
      "aside",
      { class: "pane thread-pane", "aria-label": "Thread", hidden: true },
      head,
      this.session.node,
      this.main,
    );
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
      ({ detail }) => this.place && detail.channel === this.place.channel && this.list.remove(detail.ts),
    );
    workspace.on(["channels"], () => this.place && this.showWhere());
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.page.closeThread();
    });
  }

  async open(channel, ts) {
    if (this.place?.channel === channel && this.place.ts === ts) return;
    this.list?.close();
    this.place = { channel, ts };
    this.node.hidden = false;
    const list = new MessageList(this.page, { label: "Messages in this thread", inThread: true });
    this.list = list;
    this.also.checked = false;
    refill(this.main, list.node, this.typing.node, this.composer.node);
    this.composer.moveTo("Reply in thread");
    this.showWhere();
    this.session.show();
    this.typing.show();
    await this.reload();
    list.toBottom();
  }

  async reload() {
    const { place, list } = this;
    if (!place) return;
    try {
      const before = this.page.workspace.session(place.channel, place.ts);
      const answer = await list.current(this.page.api.ask("replies", { channel: place.channel, ts: place.ts }));
      if (list !== this.list) return;
      this.page.workspace.keepFiles(answer.messages.flatMap((message) => message.files ?? []));
      const hasNews = this.page.workspace.session(place.channel, place.ts) !== before;
      if (!hasNews) this.page.workspace.keepSession(answer.session);
      list.reset(answer.messages);
      this.seen();
    } catch (problem) {
      if (list === this.list) refill(list.top, el("p", { class: "empty", role: "alert" }, problem.message));
    }
  }

  close() {
    this.place = null;
    this.node.hidden = true;
    this.list?.close();
  }

  focus() {
    this.composer.focus();
  }

  take(message) {
    if (!this.place || message.channel !== this.place.channel) return;
    if (message.ts !== this.place.ts && message.thread_ts !== this.place.ts) return;
    this.list.hear(message);
    this.seen();
  }

  sent(message) {
    this.also.checked = false;
    this.take(message);
    this.list.toBottom();
  }

  editLast() {
    const { viewer } = this.page.workspace;
    const last = this.list.messages.filter((message) => isOwn(message, viewer)).at(-1);
    if (last) editInPlace(this.list.rows.get(last.ts), this.page);
  }

  seen() {
    const newest = this.list?.newest;
    if (!newest || document.visibilityState !== "visible") return;
    this.page.seen.mark(this.place.channel, this.place.ts, newest.ts);
    this.page.markRead(this.place.channel, newest.ts);
    this.page.conversation.list?.refreshFeet();
  }

  otherSide(channel) {
    const { workspace } = this.page;
    return channel?.id === workspace.bot.dm
      ? appName(workspace.bot)
      : (workspace.user(channel?.user)?.real_name ?? channel?.name ?? "");
  }

  showWhere() {
    const channel = this.page.workspace.channel(this.place.channel);
    const isIm = !channel || channel.is_im;
    refill(
      this.where,
      isIm ? this.otherSide(channel) : [icon(channel.is_private ? "lock" : "hash", 13), channel.name],
    );
    refill(this.alsoWords, `Also send to ${isIm ? "the conversation" : `#${channel.name}`}`);
    this.alsoLine.hidden = isIm;
  }
}
