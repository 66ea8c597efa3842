// The page as a whole: its panes, and what a person can do from anywhere in it.

import { Acts } from "./acts.js";
import { Api } from "./api.js";
import { el } from "./dom.js";
import { actingPerson, rememberPerson, Route } from "./route.js";
import { listen } from "./stream.js";
import { Conversation } from "./views/conversation.js";
import { Drafts } from "./views/drafts.js";
import { Inspector } from "./views/inspector.js";
import { openJoin, openJump } from "./views/jump.js";
import { Modal } from "./views/modal.js";
import { openPerson } from "./views/person.js";
import { Seen } from "./views/seen.js";
import { Sidebar } from "./views/sidebar.js";
import { Thread } from "./views/thread.js";
import { Toasts } from "./views/toasts.js";
import { Topbar } from "./views/topbar.js";
import { Workspace } from "./workspace.js";

export class Page {
  constructor() {
    this.api = new Api(actingPerson());
    this.route = new Route();
    this.workspace = new Workspace(this.api, this.route);
    this.drafts = new Drafts(this.api.as);
    this.toasts = new Toasts();
    this.acts = new Acts(this);
    this.modal = new Modal(this);
    this.inspector = new Inspector(this);
    this.sidebar = new Sidebar(this);
    this.conversation = new Conversation(this);
    this.thread = new Thread(this);
    this.topbar = new Topbar(this);
    this.node = el(
      "div",
      { class: "page" },
      this.topbar.node,
      this.topbar.lost,
      el("div", { class: "panes" }, this.sidebar.node, this.conversation.node, this.thread.node, this.inspector.node),
    );
    this.reads = new Map();
    this.awaited = new Set();
  }

  async start() {
    await this.workspace.load();
    rememberPerson(this.workspace.viewer);
    this.drafts = new Drafts(this.workspace.viewer);
    this.seen = new Seen(this.workspace.viewer);
    this.watch();
    await this.listen();
    const answer = await this.workspace.load();
    this.route.onChange(() => this.show());
    await this.show();
    if (answer.modal) this.modal.show(answer.modal);
    this.conversation.focus();
  }

  /** Open the stream; done once it is live, so that nothing falls between it and what is asked next. */
  listen() {
    let isLate = false;
    return new Promise((resolve) => {
      const patience = setTimeout(
        () => {
          isLate = true;
          resolve();
        },
        2000,
      );
      listen(this.api.streamUrl(), {
        onNews: (name, news) => this.workspace.hear(name, news),
        onState: (state) => {
          this.workspace.setLive(state === "live");
          if (state !== "live") return;
          clearTimeout(patience);
          resolve();
          if (isLate) this.catchUp();
          isLate = false;
        },
        onReturn: () => this.catchUp(),
      });
    });
  }

  watch() {
    const { workspace } = this;
    workspace.on(["warning"], (event) => this.toasts.warn(event.detail, () => this.inspector.toggle(true)));
    workspace.on(["message"], (event) => this.followReply(event.detail.message));
    workspace.on(["message", "ephemeral"], (event) => this.meet(event.detail.message));
    document.addEventListener("keydown", (event) => this.keyed(event));
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.conversation.seen(),
    );
    document.addEventListener(
      "dragover",
      (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault(),
    );
    document.addEventListener("drop", (event) => this.dropped(event));
  }

  /** Show the place of the address; an unknown place becomes the first channel. */
  async show() {
    const { place } = this.route;
    const { workspace } = this;
    const known = place.channel && (workspace.channel(place.channel) || place.channel === workspace.bot.dm);
    if (!known) return this.route.go({ channel: this.firstChannel(), thread: null });
    document.body.classList.toggle("in-thread", Boolean(place.thread));
    if (!place.thread) this.thread.close();
    const opening = this.conversation.open(place.channel, place);
    this.sidebar.show();
    if (place.thread) await this.thread.open(place.channel, place.thread);
    await opening;
    return null;
  }

  async catchUp() {
    await this.workspace.load().catch((problem) => this.toasts.refused(problem));
    await Promise.allSettled([this.conversation.reload(), this.thread.reload()]);
  }

  /** What blocks need to know about where they stand. */
  surface(kind, { values, container, place = null }) {
    return {
      kind,
      place: place ?? this.conversation.channel,
      names: this.workspace,
      viewer: this.workspace.viewer,
      values,
      fileUrl: (file, download) => this.api.fileUrl(file, download),
      file: (id) => this.workspace.file(id),
      act: (change) => this.acts.attempt(
        () => this.api.tell("action", { container: container(), ...change, state: values.state() }),
      ),
      suggest: (block, action, query) => this.api.tell(
        "suggest",
        { container: container(), block_id: block, action_id: action, value: query },
      ).catch(() => ({ options: [] })),
      upload: (file) => this.acts.attempt(() => this.api.upload(file)),
    };
  }

  openThread(channel, ts, { focus = false } = {}) {
    this.route.go({ channel, thread: ts });
    if (focus) setTimeout(() => this.thread.focus());
  }

  closeThread() {
    this.route.go({ thread: null });
    this.conversation.focus();
  }

  focusComposer() {
    (this.thread.place ? this.thread : this.conversation).focus();
  }

  jump() {
    openJump(this);
  }

  chooseChannel() {
    openJoin(this);
  }

  showPerson(id, anchor) {
    openPerson(this, id, anchor);
  }

  /** Tell the local Slack how far this person has read; soon, and only forward. */
  markRead(channel, ts) {
    const member = channel === this.workspace.bot.dm || this.workspace.channel(channel)?.is_member;
    if (document.visibilityState !== "visible" || !member) return;
    const before = this.reads.get(channel);
    if (before && before.ts >= ts) return;
    clearTimeout(before?.timer);
    this.reads.set(channel, { ts, timer: setTimeout(() => this.tellRead(channel, ts), 250) });
  }

  async tellRead(channel, ts) {
    const answer = await this.api.tell("read", { channel, ts }).catch(() => null);
    this.workspace.keepChannel(answer?.channel);
  }

  /** The app answers in a thread of this message: open it when the answer comes. */
  expectReply(message) {
    this.awaited.add(message.ts);
  }

  followReply(message) {
    if (!this.awaited.delete(message.thread_ts)) return;
    const { place } = this.route;
    if (place.channel === message.channel && !place.thread) this.openThread(message.channel, message.thread_ts);
  }

  meet(message) {
    const stranger = message.user && !this.workspace.user(message.user);
    if (stranger && !this.asking) this.asking = this.workspace.load().finally(() => (this.asking = null));
  }

  dropped(event) {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    const pane = this.thread.place && this.thread.node.contains(event.target) ? this.thread : this.conversation;
    pane.composer.tray.add(files);
    pane.focus();
  }

  keyed(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open], .floating")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.jump();
    } else if (event.key === "Escape" && this.thread.place) {
      this.closeThread();
    }
  }

  firstChannel() {
    const mine = this.workspace.channels().filter(
      (channel) => channel.is_member && !channel.is_im && !channel.is_archived,
    );
    return (mine.find((channel) => channel.name === "general") ?? mine[0])?.id ?? this.workspace.bot.dm;
  }
}
