// "Cowork is thinking…" above the composer.

import { el, refill } from "../dom.js";
import { appName } from "./home.js";

export class TypingLine {
  constructor(page, place) {
    this.page = page;
    this.place = place;
    this.node = el("div", { class: "typing", role: "status" });
    page.workspace.on(["typing", "message"], () => this.show());
    this.turn = 0;
    setInterval(() => this.news?.loading_messages?.length > 1 && this.show((this.turn += 1)), 4000);
  }

  show() {
    const { channel, thread } = this.place();
    this.news = channel ? this.page.workspace.typingIn(channel, thread) : null;
    if (!this.news) return refill(this.node);
    const lines = this.news.loading_messages ?? [];
    const words = lines.length
      ? lines[this.turn % lines.length]
      : `${appName(this.page.workspace.bot)} ${this.news.status}`;
    return refill(this.node, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), words);
  }
}
