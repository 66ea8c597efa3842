// One message on the page, brought up to date in place.

import { fileList } from "../blocks/files.js";
import { showBlocks } from "../blocks/render.js";
import { el, refill } from "../dom.js";
import { Values } from "../elements/values.js";
import { icon } from "../icons.js";
import { emoji } from "../text/emoji.js";
import { markdown } from "../text/markdown.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { clock, fullDate, moment, since } from "../text/times.js";
import { messageAvatar } from "./avatar.js";
import { attachments } from "./attachments.js";
import { author, isQuiet } from "./authors.js";
import { threadFoot } from "./thread_foot.js";
import { toolbar } from "./toolbar.js";

export class MessageRow {
  constructor(page, message, { inThread = false } = {}) {
    this.page = page;
    this.inThread = inThread;
    this.values = new Values();
    this.looks = new Map();
    this.parts = {
      gutter: el("div", { class: "message-gutter" }),
      head: el("div", { class: "message-head" }),
      text: el("div", { class: "message-text" }),
      blocks: el("div", { class: "blocks" }),
      attachments: el("div", { class: "attachments" }),
      files: el("div", { class: "files" }),
      reactions: el("div", { class: "reactions" }),
      foot: el("div", { class: "message-foot" }),
    };
    const { gutter, ...body } = this.parts;
    this.body = el("div", { class: "message-body" }, Object.values(body));
    this.node = el("article", { class: "message", tabindex: "0", dataset: { ts: message.ts } }, gutter, this.body);
    this.update(message, false);
  }

  /** Show this state of the message; `grouped` leaves out the author. */
  update(message, grouped) {
    this.message = message;
    const { page } = this;
    const quiet = isQuiet(message);
    this.node.className = [
      "message",
      grouped && "grouped",
      quiet && "quiet-message",
      message.ephemeral && "ephemeral",
      message.streaming && "streaming",
    ].filter(Boolean).join(" ");
    const who = author(message, page.workspace);
    this.redraw(
      "gutter",
      [grouped, message.user, message.icon_emoji, message.icon_url, quiet],
      () => this.gutter(grouped || quiet),
    );
    this.redraw("head", [grouped, who, quiet, message.ephemeral], () => (grouped || quiet ? [] : this.head(who)));
    this.node.setAttribute("aria-label", `${who.name}, ${clock(moment(message.ts))}`);
    this.content(message);
    this.redraw("attachments", message.attachments, () => attachments(message.attachments ?? [], this.surface()));
    this.redraw("files", message.files, () => fileList(message.files ?? [], this.surface()));
    this.redraw("reactions", [message.reactions, page.workspace.viewer], () => this.reactions());
    this.foot();
    if (!this.toolbar) this.tools();
    else this.toolbar.refresh(message);
  }

  /** The thread's summary depends on the session too, so it can change without the message. */
  foot() {
    const { message, page } = this;
    const session = this.inThread ? null : page.workspace.session(message.channel, message.ts);
    const shown = this.inThread
      ? null
      : [
        message.reply_count,
        message.latest_reply && since(moment(message.latest_reply)),
        message.reply_users,
        session,
        page.seen.hasNew(message),
      ];
    this.redraw("foot", shown, () => (shown ? threadFoot(message, session, page) : []));
  }

  gutter(small) {
    const { message, page } = this;
    if (small) return [
      el(
        "time",
        { class: "gutter-time", title: fullDate(moment(message.ts)) },
        clock(moment(message.ts)).replace(/\s?[AP]M$/i, ""),
      ),
    ];
    return [messageAvatar(message, page.workspace.user(message.user))];
  }

  head(who) {
    const at = moment(this.message.ts);
    const name = who.user
      ? el(
        "button",
        { type: "button", class: "author", onClick: (event) => this.page.showPerson(who.user, event.currentTarget) },
        who.name,
      )
      : el("span", { class: "author" }, who.name);
    return [
      name,
      who.isApp && el("span", { class: "app-badge" }, "APP"),
      who.isGuest && el("span", { class: "app-badge" }, "GUEST"),
      el("time", { class: "message-time", datetime: at.toISOString(), title: fullDate(at) }, clock(at)),
      this.message.ephemeral && el("span", { class: "only-you" }, icon("eye", 14), "Only visible to you"),
    ];
  }

  content(message) {
    const hasBlocks = Boolean(message.blocks?.length);
    const asText = !hasBlocks;
    this.redraw(
      "text",
      [asText, message.text, message.subtype, message.edited, message.streaming],
      () => this.words(message, asText),
    );
    showBlocks(this.parts.blocks, message.blocks ?? [], this.surface());
  }

  words(message, asText) {
    if (message.subtype === "tombstone") return [el("em", { class: "quiet" }, "This message was deleted.")];
    if (!asText || !message.text) return [];
    const names = this.page.workspace;
    const nodes = message.streaming
      ? [el("div", { class: "markdown" }, markdown(message.text, names))]
      : mrkdwn(message.text, names);
    const prefix = message.subtype === "thread_broadcast" && !this.inThread
      ? [el("div", { class: "broadcast-mark" }, "replied to a thread")]
      : [];
    return [prefix, nodes, message.edited && !message.bot_id && el("span", { class: "edited" }, " (edited)")];
  }

  reactions() {
    const { message, page } = this;
    return (message.reactions ?? []).map((reaction) => {
      const mine = reaction.users.includes(page.workspace.viewer);
      const people = reaction.users.map((id) => page.workspace.user(id)?.name ?? id).join(", ");
      const label = `${reaction.name.replaceAll("_", " ")} reaction, ${reaction.count}`;
      return el(
        "button",
        {
          type: "button",
          class: mine ? "reaction mine" : "reaction",
          "aria-label": label,
          "aria-pressed": String(mine),
          title: people,
          onClick: () => page.acts.react(message, reaction.name, mine),
        },
        emoji(reaction.name),
        el("span", {}, String(reaction.count)),
      );
    });
  }

  tools() {
    if (this.toolbar || isQuiet(this.message)) return;
    this.toolbar = toolbar(this, this.page);
    this.node.append(this.toolbar.node);
  }

  surface() {
    const { message } = this;
    const container = () => ({
      type: "message",
      channel_id: message.channel,
      message_ts: message.ts,
      ...(message.ephemeral ? { is_ephemeral: true } : {}),
    });
    return this.page.surface("message", { values: this.values, container, place: message.channel });
  }

  redraw(part, look, draw) {
    const key = JSON.stringify(look ?? null);
    if (this.looks.get(part) === key) return;
    this.looks.set(part, key);
    refill(this.parts[part], draw());
  }
}
