// The app's modals: the top of the stack is shown; errors stand under their fields.

import { showBlocks } from "../blocks/render.js";
import { el, freshId, refill } from "../dom.js";
import { Values } from "../elements/values.js";
import { iconButton } from "../icons.js";
import { textObject, plainWords } from "../text/objects.js";

export class Modal {
  constructor(page) {
    this.page = page;
    this.view = null;
    this.values = new Values();
    this.kept = new Map();
    this.drawn = null;
    const { workspace } = page;
    for (const name of ["view_opened", "view_pushed"]) workspace.on([name], (event) => this.show(event.detail.view));
    workspace.on(["view_updated"], (event) => this.renew(event.detail.view));
    workspace.on(["view_closed"], (event) => this.show(event.detail.view ?? null));
  }

  /** Show a view, or close when there is none. */
  show(view) {
    if (!view) return this.vanish();
    if (this.dialog && this.view?.id === view.id) return this.renew(view);
    if (this.view) this.kept.set(this.view.id, this.values);
    this.values = this.kept.get(view.id) ?? new Values(view.state?.values);
    this.view = view;
    this.draw();
    this.focusFirst();
  }

  renew(view) {
    const related = this.view && (view.id === this.view.id || view.root_view_id === this.view.root_view_id);
    if (!related || view.type !== "modal") return;
    const wasEmpty = !this.dialog?.querySelector("[data-control]");
    this.view = view;
    this.values.keepOnly(view.blocks);
    this.draw();
    if (wasEmpty) this.focusFirst();
  }

  draw() {
    const { view } = this;
    if (!this.dialog) this.raise();
    const names = this.page.workspace;
    refill(this.title, textObject(view.title, names));
    this.dialog.setAttribute("aria-label", plainWords(view.title));
    showBlocks(this.body, view.blocks, this.surface());
    this.submit.hidden = !view.submit;
    this.submit.disabled = Boolean(view.submit_disabled);
    refill(this.submit, el("span", { class: "button-words" }, textObject(view.submit ?? "Submit", names)));
    refill(this.cancel, textObject(view.close ?? (view.submit ? "Cancel" : "Close"), names));
    this.mark({});
  }

  raise() {
    this.title = el("h2", { id: freshId("modal") });
    this.body = el("div", { class: "modal-body" });
    this.problem = el("div", { class: "modal-problem", role: "alert" });
    this.submit = el("button", { type: "submit", class: "button button-primary" });
    this.cancel = el("button", { type: "button", class: "button", onClick: () => this.close() });
    const head = el(
      "header",
      { class: "dialog-head" },
      this.title,
      iconButton("close", "Close dialog", () => this.close(true)),
    );
    const form = el(
      "form",
      { novalidate: true, onSubmit: (event) => this.send(event) },
      head,
      this.body,
      this.problem,
      el("footer", { class: "dialog-foot" }, this.cancel, this.submit),
    );
    this.dialog = el("dialog", { class: "dialog modal", "aria-modal": "true" }, form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    const { dialog } = this;
    dialog.addEventListener("close", () => this.closedByBrowser(dialog));
    this.dialog.addEventListener("keydown", (event) => this.keyed(event));
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.page.toasts.raise();
  }

  vanish() {
    const { dialog } = this;
    this.dialog = null;
    this.view = null;
    this.kept.clear();
    this.values = new Values();
    dialog?.close();
    dialog?.remove();
  }

  /** The browser closed the dialog on its own (a second Escape cannot be held back). */
  closedByBrowser(dialog) {
    if (this.dialog !== dialog) return;
    this.dialog = null;
    dialog.remove();
    this.close();
  }

  async send(event) {
    event.preventDefault();
    if (this.busy) return;
    const failures = this.unfit();
    if (failures.length) return this.mark(Object.fromEntries(failures));
    this.wait(true);
    try {
      this.settle(await this.page.api.tell("view_submit", { view_id: this.view.id, state: this.values.state() }));
    } catch (problem) {
      this.problem.textContent = problem.message;
      if (problem.code === "view_not_found") this.vanish();
    } finally {
      this.wait(false);
    }
  }

  settle(answer) {
    if (answer.result === "errors") return this.mark(answer.errors ?? {});
    if (answer.result === "cleared") return this.vanish();
    if (answer.result === "updated" || answer.result === "pushed") return this.show(answer.view);
    return this.show(answer.view ?? null);
  }

  /** What the browser itself finds wrong: an address that is none, a number out of range. */
  unfit() {
    return [...this.body.querySelectorAll("input, textarea")]
      .filter((field) => !field.checkValidity())
      .map((field) => [field.closest("[data-block-id]")?.dataset.blockId, field.validationMessage]);
  }

  mark(errors) {
    let first = null;
    for (const field of this.body.querySelectorAll(".block-input")) {
      const words = errors[field.dataset.blockId];
      field.classList.toggle("has-error", Boolean(words));
      field.querySelector(".input-error").textContent = words ?? "";
      const control = field.querySelector("[data-control], input, textarea");
      control?.setAttribute("aria-invalid", String(Boolean(words)));
      if (words && !first) first = control;
    }
    const shown = new Set([...this.body.querySelectorAll(".block-input")].map((field) => field.dataset.blockId));
    this.problem.textContent = Object.entries(errors).filter(
      ([block]) => !shown.has(block),
    ).map(([, words]) => words).join(" ");
    first?.focus();
  }

  async close(all = false) {
    if (!this.view) return;
    const { id, previous_view_id: below } = this.view;
    if (all || !below) this.vanish();
    try {
      const answer = await this.page.api.tell("view_close", { view_id: id, ...(all ? { all: true } : {}) });
      if (!this.view || this.view.id === id) this.show(all ? null : (answer.view ?? null));
    } catch {
      if (this.view?.id === id) this.vanish();
    }
  }

  wait(busy) {
    this.busy = busy;
    if (!this.dialog) return;
    this.dialog.classList.toggle("busy", busy);
    if (busy) this.submit.setAttribute("aria-busy", "true");
    else this.submit.removeAttribute("aria-busy");
  }

  surface() {
    return this.page.surface(
      "modal",
      { values: this.values, container: () => ({ type: "view", view_id: this.view.id }) },
    );
  }

  focusFirst() {
    const control = this.body.querySelector("[data-focus-on-load]") ?? this.body.querySelector(
      "input, textarea, [data-control]",
    );
    (control ?? (this.submit.hidden ? this.cancel : this.submit)).focus();
    this.body.scrollTop = 0;
  }

  keyed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !this.submit.hidden) this.send(event);
  }
}
