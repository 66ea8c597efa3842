// The log of messages: keyed by `ts`, grouped by author, divided by days, kept at the bottom.

import { el } from "../dom.js";
import { Meanwhile } from "../meanwhile.js";
import { dayName, moment } from "../text/times.js";
import { follows } from "./authors.js";
import { MessageRow } from "./message.js";

const NEAR = 60;

export class MessageList {
  /** `rootFirst`: the first message is a thread's root, with a line under it. */
  constructor(page, { label, inThread = false }) {
    this.page = page;
    this.inThread = inThread;
    this.rows = new Map();
    this.meanwhile = new Meanwhile();
    this.unreadAfter = null;
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": label });
    this.top = el("div", { class: "log-top" });
    this.node = el("div", { class: "log-scroll", tabindex: "-1" }, this.top, this.log);
    this.atBottom = true;
    this.node.addEventListener("scroll", () => {
      this.atBottom = this.distance() < NEAR;
      this.onScroll?.();
    });
    this.sizes = new ResizeObserver(() => this.atBottom && this.toBottom());
    this.sizes.observe(this.log);
    this.sizes.observe(this.node);
  }

  get messages() {
    return [...this.rows.values()].map((row) => row.message).sort(byTs);
  }

  get newest() {
    return this.messages.filter((message) => !message.ephemeral).at(-1) ?? null;
  }

  get oldest() {
    return this.messages.find((message) => !message.ephemeral) ?? null;
  }

  has(ts) {
    return this.rows.has(ts);
  }

  /** A message as it is from now on. */
  hear(message) {
    this.meanwhile.note({ ts: message.ts, message });
    this.put([message]);
  }

  /** What these messages were asked for brings, with what was heard until it came. */
  async current(asking) {
    const { answer, heard } = await this.meanwhile.during(asking);
    const messages = new Map(answer.messages.map((message) => [message.ts, message]));
    for (const { ts, message } of heard) message ? messages.set(ts, message) : messages.delete(ts);
    return { ...answer, messages: [...messages.values()] };
  }

  /** Take these messages in; those already shown are brought up to date. */
  put(messages) {
    for (const message of messages) {
      const row = this.rows.get(message.ts);
      if (row) row.message = message;
      else this.rows.set(message.ts, new MessageRow(this.page, message, { inThread: this.inThread }));
    }
    this.arrange();
  }

  /** Older messages go on top without moving what is read. */
  prepend(messages) {
    const height = this.node.scrollHeight;
    const top = this.node.scrollTop;
    this.put(messages);
    this.node.scrollTop = top + this.node.scrollHeight - height;
  }

  /** Show exactly these (and the ephemeral ones that are still here). */
  reset(messages) {
    const kept = new Set(messages.map((message) => message.ts));
    for (const [ts, row] of this.rows) if (!kept.has(ts) && !row.message.ephemeral) this.drop(ts);
    this.put(messages);
  }

  remove(ts) {
    this.meanwhile.note({ ts, message: null });
    if (!this.rows.has(ts)) return;
    this.drop(ts);
    this.arrange();
  }

  refreshFeet() {
    for (const row of this.rows.values()) row.foot();
  }

  toBottom() {
    this.node.scrollTop = this.node.scrollHeight;
    this.atBottom = true;
  }

  /** Bring one message into view and let it glow. */
  reveal(ts) {
    const row = this.rows.get(ts);
    if (!row) return;
    this.atBottom = false;
    row.node.scrollIntoView({ block: "center" });
    row.node.classList.add("revealed");
    setTimeout(() => row.node.classList.remove("revealed"), 2500);
  }

  close() {
    this.sizes.disconnect();
  }

  drop(ts) {
    this.rows.get(ts)?.node.remove();
    this.rows.delete(ts);
  }

  arrange() {
    const wasAtBottom = this.atBottom;
    const wanted = [];
    const state = { before: null, marked: false };
    for (const message of this.messages) {
      wanted.push(...this.dividers(message, state));
      const row = this.rows.get(message.ts);
      row.update(message, !wanted.at(-1)?.dataset?.divider && follows(message, state.before));
      wanted.push(row.node);
      state.before = message;
    }
    align(this.log, wanted);
    if (wasAtBottom) this.toBottom();
  }

  dividers(message, state) {
    const nodes = [];
    const day = dayName(moment(message.ts));
    if (!this.inThread && (!state.before || dayName(moment(state.before.ts)) !== day)) nodes.push(this.divider(day, "day"));
    if (this.inThread && state.before && state.before.ts === message.thread_ts) nodes.push(
      this.divider(replies(this.rows.size - 1), "replies"),
    );
    if (!state.marked && this.isNew(message)) {
      state.marked = true;
      nodes.push(this.divider("New", "new"));
    }
    return nodes;
  }

  isNew(message) {
    const foreign = message.user !== this.page.workspace.viewer && !message.ephemeral;
    return Boolean(this.unreadAfter) && foreign && message.ts > this.unreadAfter;
  }

  divider(words, kind) {
    const key = `${kind} ${words}`;
    this.dividerNodes ??= new Map();
    if (!this.dividerNodes.has(key)) this.dividerNodes.set(
      key,
      el(
        "div",
        { class: `log-divider divider-${kind}`, role: "separator", "aria-label": words, dataset: { divider: kind } },
        el("span", {}, words),
      ),
    );
    return this.dividerNodes.get(key);
  }

  distance() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }
}

function align(host, wanted) {
  const keep = new Set(wanted);
  for (const node of [...host.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, index) => {
    if (host.children[index] !== node) host.insertBefore(node, host.children[index] ?? null);
  });
}

function replies(count) {
  return `${count} ${count === 1 ? "reply" : "replies"}`;
}

function byTs(one, other) {
  return one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0;
}
