// Knobs that make the local Slack misbehave as the real one sometimes does.

import { el, refill } from "../dom.js";

const KNOBS = [
  ["Answer the next call with 429", { fault: "fail_next", status: 429, retry_after: 2, times: 1 }, true],
  ["Answer the next call with 500", { fault: "fail_next", status: 500, times: 1 }, true],
  ["Drop the connection of the next call", { fault: "drop_call", method: "chat.postMessage", times: 1 }, true],
  ["Accept the next call but lose the answer", { fault: "lose_answer", method: "chat.postMessage", times: 1 }, true],
  ["Make the next 5 calls slow (2 s)", { fault: "slow", seconds: 2, times: 5 }, true],
  ["Deliver the next event twice", { fault: "duplicate_next_event", times: 1 }],
  ["Deliver the next event 5 s late", { fault: "delay_next_event", seconds: 5 }],
  ["Drop the next acknowledgement", { fault: "drop_ack", times: 1 }],
  ["Expire every trigger", { fault: "expire_triggers" }],
  ["Ask the sockets to reconnect", { fault: "refresh_sockets" }],
  ["Kill the sockets", { fault: "kill_sockets" }],
  ["Let streams live 5 s", { fault: "stream_lifetime", seconds: 5 }],
];

export class FaultKnobs {
  constructor(page) {
    this.page = page;
    this.method = el(
      "input",
      {
        type: "text",
        class: "text-input",
        placeholder: "Any method, for example chat.update",
        "aria-label": "Only for this method",
      },
    );
    this.active = el("ul", { class: "fault-list" });
    const buttons = KNOBS.map(
      ([words, fault, forMethod]) => el(
        "button",
        { type: "button", class: "button button-small", onClick: () => this.turn(words, fault, forMethod) },
        words,
      ),
    );
    const clear = el(
      "button",
      {
        type: "button",
        class: "button button-small button-danger",
        onClick: () => this.turn("Cleared", { fault: "clear" }),
      },
      "Clear all faults",
    );
    this.node = el(
      "div",
      { class: "faults" },
      el("p", { class: "quiet" }, "Make the local Slack misbehave, and see how the app copes."),
      this.method,
      el("div", { class: "fault-buttons" }, buttons),
      el("h3", {}, "Active"),
      this.active,
      clear,
    );
  }

  async turn(words, fault, forMethod = false) {
    const method = this.method.value.trim();
    try {
      await this.page.api.tell("faults", { ...fault, ...(forMethod && method ? { method } : {}) });
      this.page.toasts.show({ words });
    } catch (problem) {
      this.page.toasts.refused(problem);
    }
    await this.refresh();
  }

  async refresh() {
    const answer = await fetch("/control/faults").then((response) => response.json()).catch(() => ({ active: [] }));
    const lines = (answer.active ?? []).map(
      (fault) => el(
        "li",
        {},
        el("code", { class: "code" }, typeof fault === "string" ? fault : JSON.stringify(fault)),
      ),
    );
    refill(this.active, lines.length ? lines : el("li", { class: "quiet" }, "None"));
  }
}
