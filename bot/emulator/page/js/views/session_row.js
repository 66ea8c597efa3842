// What the app is doing in this thread, with the native Stop.

import { el, refill } from "../dom.js";
import { icon } from "../icons.js";
import { appName } from "./home.js";

const WORDS = { processing: "is working", suspended: "is waiting for an answer" };

export class SessionRow {
  constructor(page, place) {
    this.page = page;
    this.place = place;
    this.node = el("div", { class: "session-row", role: "status", hidden: true });
    page.workspace.on(["sessions"], () => this.show());
    setInterval(() => this.tick(), 1000);
  }

  show() {
    const { channel, thread } = this.place();
    const session = channel ? this.page.workspace.session(channel, thread) : null;
    const words = WORDS[session?.status];
    this.session = session;
    this.node.hidden = !words;
    if (!words) return;
    this.node.dataset.status = session.status;
    const name = appName(this.page.workspace.bot);
    const mark = session.status === "processing"
      ? el("span", { class: "spinner", "aria-hidden": "true" })
      : el("span", { class: "session-dot", "aria-hidden": "true" });
    this.clock = el("span", { class: "session-clock", "aria-hidden": "true" });
    const stop = session.stoppable && session.status === "processing" && el(
      "button",
      { type: "button", class: "button button-small button-stop", onClick: () => this.stop() },
      icon("stop", 16),
      "Stop",
    );
    refill(
      this.node,
      mark,
      el(
        "span",
        { class: "session-words" },
        el("strong", {}, `${name} ${words}`),
        session.title && el("span", { class: "session-title" }, session.title),
      ),
      this.clock,
      stop,
    );
    this.tick();
  }

  tick() {
    if (this.node.hidden || this.session?.status !== "processing" || !this.session.started_at) return;
    const seconds = Math.max(0, Math.floor(Date.now() / 1000 - this.session.started_at));
    this.clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  async stop() {
    const { channel, thread } = this.place();
    try {
      await this.page.api.tell("stop_session", { channel, thread_ts: thread });
    } catch (problem) {
      this.page.toasts.refused(problem);
    }
  }
}
