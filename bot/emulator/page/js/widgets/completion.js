// Suggestions while one types: commands after "/", people after "@", channels after "#", emoji after ":".

import { el, freshId } from "../dom.js";
import { floatBeside } from "./popover.js";

const MOST = 8;

/**
 * Attach to a textarea. `suggest(text, caret)` gives `{from, items, hint}` or null;
 * items are `{words, insert, exact?, hint?, description?, picture?}`.
 */
export class Completion {
  constructor(field, box, suggest) {
    this.field = field;
    this.box = box;
    this.suggest = suggest;
    this.list = el(
      "ul",
      { class: "completion as-wide", role: "listbox", id: freshId("completion"), "aria-label": "Suggestions" },
    );
    this.floating = null;
    this.items = [];
    this.active = 0;
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.refresh());
    field.addEventListener("click", () => this.refresh());
    field.addEventListener("blur", () => setTimeout(() => document.activeElement !== field && this.close(), 120));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  refresh() {
    const found = this.suggest(this.field.value, this.field.selectionStart);
    if (!found || (!found.items.length && !found.hint)) return this.close();
    this.found = found;
    this.items = found.items.slice(0, MOST);
    this.active = 0;
    this.draw();
    if (!this.floating) this.floating = floatBeside(
      this.box,
      this.list,
      { prefer: "above", onClose: () => this.closed() },
    );
    else this.floating.place();
    this.mark();
  }

  /** True when the key was for the list. */
  takes(event) {
    if (!this.floating || event.isComposing) return false;
    if (event.key === "Escape") return this.done(event, () => this.close());
    if (!this.items.length) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      return this.done(event, () => this.move(step));
    }
    const exact = this.items[this.active]?.exact;
    if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !exact)) return this.done(
      event,
      () => this.pick(this.items[this.active]),
    );
    return false;
  }

  close() {
    this.floating?.close();
  }

  closed() {
    this.floating = null;
    this.items = [];
    this.field.removeAttribute("aria-activedescendant");
  }

  pick(item) {
    const { field, found } = this;
    const rest = field.value.slice(field.selectionStart);
    const before = field.value.slice(0, found.from) + item.insert;
    field.value = before + rest.replace(/^ /, "");
    field.setSelectionRange(before.length, before.length);
    this.close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  move(step) {
    this.active = (this.active + step + this.items.length) % this.items.length;
    this.mark();
  }

  mark() {
    [...this.list.querySelectorAll("[role=option]")].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.active));
      if (index === this.active) {
        this.field.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  }

  draw() {
    const options = this.items.map((item, index) => {
      const option = el(
        "li",
        { role: "option", id: `${this.list.id}-${index}`, class: "completion-item" },
        item.picture,
        el("span", { class: "option-words" }, item.words),
        item.hint && el("span", { class: "option-hint" }, item.hint),
        item.description && el("span", { class: "option-description" }, item.description),
      );
      option.addEventListener("click", () => this.pick(item));
      return option;
    });
    const hint = this.found.hint && el(
      "li",
      { class: "completion-hint" },
      el("strong", {}, this.found.hint.words),
      " ",
      el("span", {}, this.found.hint.usage),
      el("span", { class: "option-description" }, this.found.hint.description),
    );
    this.list.replaceChildren(...[hint, ...options].filter(Boolean));
  }

  done(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  }
}
