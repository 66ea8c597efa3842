// The inspector: what the app asked of Slack, what Slack sent it, raw messages, and faults on purpose.

import { el, refill } from "../dom.js";
import { iconButton } from "../icons.js";
import { FaultKnobs } from "./faults.js";

const MOST = 300;
const TABS = [["log", "Log"], ["raw", "Raw message"], ["faults", "Faults"]];

export class Inspector {
  constructor(page) {
    this.page = page;
    this.entries = [];
    this.tab = "log";
    this.onToggle = () => {};
    this.filter = el(
      "input",
      {
        type: "search",
        class: "text-input",
        placeholder: "Filter by name",
        "aria-label": "Filter the log",
        onInput: () => this.showLog(),
      },
    );
    this.log = el("ul", { class: "inspector-log" });
    this.raw = el("pre", { class: "inspector-raw", tabindex: "0" }, "Choose “View raw message” in a message’s menu.");
    this.knobs = new FaultKnobs(page);
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Inspector" });
    this.body = el("div", { class: "inspector-body" });
    this.node = el(
      "aside",
      { class: "pane inspector", "aria-label": "Inspector", hidden: true },
      el(
        "header",
        { class: "pane-head thread-head" },
        el("h2", {}, "Inspector"),
        el("span", { class: "grow" }),
        iconButton("close", "Close inspector", () => this.toggle(false)),
      ),
      this.tabs,
      this.body,
    );
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    page.workspace.on(["inspector"], (event) => this.add(event.detail.entry));
  }

  toggle(open = this.node.hidden) {
    this.node.hidden = !open;
    document.body.classList.toggle("inspecting", open);
    this.onToggle(open);
    if (open) this.open();
  }

  showRaw(message) {
    this.raw.textContent = JSON.stringify(message, null, 2);
    this.tab = "raw";
    this.toggle(true);
  }

  async open() {
    this.frame();
    if (this.asked) return;
    this.asked = true;
    try {
      const answer = await this.page.api.ask("inspector", { limit: 200 });
      for (const entry of answer.entries) this.add(entry);
      this.showLog();
    } catch (problem) {
      this.page.toasts.refused(problem);
    }
  }

  frame() {
    refill(
      this.tabs,
      TABS.map(
        ([name, words]) => el(
          "button",
          {
            type: "button",
            role: "tab",
            class: "tab",
            "aria-selected": String(name === this.tab),
            onClick: () => this.turn(name),
          },
          words,
        ),
      ),
    );
    const shown = { log: [this.filter, this.log], raw: [this.raw], faults: [this.knobs.node] }[this.tab];
    refill(this.body, shown);
    if (this.tab === "log") this.showLog();
    if (this.tab === "faults") this.knobs.refresh();
  }

  turn(tab) {
    this.tab = tab;
    this.frame();
  }

  add(entry) {
    if (!entry || this.entries.some((known) => known.seq === entry.seq)) return;
    this.entries.push(entry);
    this.entries.sort((one, other) => one.seq - other.seq);
    if (this.entries.length > MOST) this.entries.shift();
    if (!this.node.hidden && this.tab === "log") this.showLog();
  }

  showLog() {
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.entries.filter(
      (entry) => !wanted || entry.name.toLowerCase().includes(wanted) || entry.error?.toLowerCase().includes(wanted),
    );
    const known = new Map([...this.log.children].map((item) => [Number(item.dataset.seq), item]));
    const items = shown.slice(-MOST).reverse().map((entry) => known.get(entry.seq) ?? line(entry));
    if (!items.length) return refill(this.log, el("li", { class: "empty" }, "Nothing yet."));
    const keep = new Set(items);
    for (const item of [...this.log.children]) if (!keep.has(item)) item.remove();
    items.forEach(
      (item, index) => this.log.children[index] !== item && this.log.insertBefore(
        item,
        this.log.children[index] ?? null,
      ),
    );
    return this.log;
  }
}

function line(entry) {
  const time = new Date(entry.at * 1000).toLocaleTimeString([], { hour12: false });
  const body = el("div", { class: "inspector-entry" });
  const facts = [
    entry.status,
    entry.ms !== undefined && entry.ms !== null && `${entry.ms} ms`,
  ].filter(Boolean).join(" · ");
  const details = el(
    "details",
    {},
    el(
      "summary",
      {},
      el("span", { class: `kind kind-${entry.kind}` }, entry.kind),
      el("span", { class: "entry-name" }, entry.name),
      el("span", { class: entry.ok ? "entry-ok" : "entry-bad" }, entry.ok ? "ok" : (entry.error ?? "failed")),
      el("span", { class: "entry-facts" }, facts),
      el("time", {}, time),
    ),
    body,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !body.children.length) refill(
      body,
      el("h3", {}, "Request"),
      el("pre", {}, pretty(entry.request)),
      el("h3", {}, "Response"),
      el("pre", {}, pretty(entry.response)),
    );
  });
  return el("li", { dataset: { seq: entry.seq }, class: entry.ok ? "" : "failed" }, details);
}

function pretty(value) {
  return value === undefined || value === null ? "–" : JSON.stringify(value, null, 2);
}
