// The box in which one writes: Enter sends, files hang on, drafts stay.

import { el } from "../dom.js";
import { icon, iconButton } from "../icons.js";
import { Completion } from "../widgets/completion.js";
import { openEmojiPicker } from "../widgets/emoji_picker.js";
import { openMenu } from "../widgets/menu.js";
import { emojiFor } from "../text/emoji.js";
import { suggestions } from "./suggestions.js";
import { Tray } from "./tray.js";

const TALLEST = 240;

export class Composer {
  /** `target()` gives `{channel, thread}`; `onSent(message)` and `onEditLast()` are the pane's. */
  constructor(page, {
    label,
    target,
    inThread = false,
    extra = null,
    onSent = () => {},
    onEditLast = () => {},
    broadcast = () => false,
  }) {
    this.page = page;
    this.target = target;
    this.inThread = inThread;
    this.onSent = onSent;
    this.onEditLast = onEditLast;
    this.broadcast = broadcast;
    this.field = el(
      "textarea",
      { class: "composer-field", rows: 1, "aria-label": label, placeholder: label, enterkeyhint: "send" },
    );
    this.queue = Promise.resolve();
    this.tray = new Tray(page, () => this.uploaded());
    this.button = el(
      "button",
      {
        type: "button",
        class: "send-button",
        "aria-label": "Send",
        title: "Send (Enter)",
        onClick: () => this.send(),
      },
      icon("send", 18),
    );
    this.box = el("div", { class: "composer-box" }, this.field, this.tray.node, this.tools());
    this.node = el(
      "div",
      { class: "composer" },
      this.box,
      extra,
      el(
        "div",
        { class: "composer-hint", "aria-hidden": "true" },
        el("kbd", {}, "Enter"),
        " to send, ",
        el("kbd", {}, "Shift"),
        "+",
        el("kbd", {}, "Enter"),
        " for a new line",
      ),
    );
    this.completion = new Completion(this.field, this.box, suggestions(page.workspace, { commands: !inThread }));
    this.listen();
  }

  /** The place changed: another label, another draft. */
  moveTo(label) {
    this.completion.close();
    this.field.setAttribute("aria-label", label);
    this.field.placeholder = label;
    this.field.value = this.page.drafts.get(this.place());
    this.tray.clear();
    requestAnimationFrame(() => this.fit());
    this.ready();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  insert(text) {
    const { field } = this;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  /** Send these words at once, as if they had been typed. */
  async say(text, files = [], place = this.target()) {
    const { channel, thread } = place;
    const broadcast = this.inThread && this.broadcast();
    const body = {
      channel,
      text,
      ...(thread ? { thread_ts: thread } : {}),
      ...(broadcast ? { broadcast: true } : {}),
      ...(files.length ? { file_ids: files } : {}),
    };
    const answer = await this.page.api.tell("send", body);
    if (answer.message && answer.message.channel === this.target().channel) this.onSent(answer.message);
    return answer;
  }

  /** Send what was typed; with files still on their way, as soon as they are there. */
  send() {
    this.waiting = this.tray.uploading;
    const text = this.field.value.trim();
    if (this.waiting || (!text && !this.tray.ids.length)) return;
    const draft = { typed: this.field.value, text, files: this.tray.ids, place: this.target() };
    this.completion.close();
    this.tray.clear();
    this.write("");
    this.queue = this.queue.then(() => this.deliver(draft));
  }

  async deliver({ typed, text, files, place }) {
    try {
      await this.say(text, files, place);
    } catch (problem) {
      if (this.place(place) !== this.place()) this.page.drafts.keep(this.place(place), typed);
      else if (!this.field.value) this.write(typed);
      this.page.toasts.refused(problem);
    }
  }

  listen() {
    this.field.addEventListener("input", () => {
      this.page.drafts.keep(this.place(), this.field.value);
      this.fit();
      this.ready();
    });
    this.field.addEventListener("keydown", (event) => this.keyed(event));
    this.field.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) this.tray.add(files);
    });
  }

  keyed(event) {
    if (event.isComposing || this.completion.takes(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      this.onEditLast();
    }
  }

  write(text) {
    this.field.value = text;
    this.page.drafts.keep(this.place(), text);
    this.fit();
    this.ready();
  }

  ready() {
    this.button.disabled = !this.field.value.trim() && !this.tray.ids.length;
  }

  uploaded() {
    this.ready();
    if (this.waiting && !this.tray.uploading) this.send();
  }

  fit() {
    this.field.style.height = "auto";
    if (this.field.isConnected) this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
  }

  place({ channel, thread } = this.target()) {
    return thread ? `${channel}/${thread}` : channel;
  }

  tools() {
    const picker = el(
      "input",
      {
        type: "file",
        multiple: true,
        class: "file-picker",
        "aria-label": "Attach files",
        tabindex: "-1",
        onChange: () => this.tray.add([...picker.files]).then(() => (picker.value = "")),
      },
    );
    const plus = iconButton(
      "plus",
      "Attachments and shortcuts",
      (event) => openMenu(event.currentTarget, this.plusItems(picker), { align: "start" }),
      { "aria-haspopup": "menu" },
    );
    const smile = iconButton(
      "smile",
      "Emoji",
      (event) => openEmojiPicker(event.currentTarget, (name) => this.insert(emojiFor(name))),
    );
    const at = iconButton("at", "Mention someone", () => this.insert("@"));
    const slash = this.inThread
      ? null
      : iconButton("slash", "Run a command", () => this.field.value || this.insert("/"));
    return el(
      "div",
      { class: "composer-tools" },
      plus,
      smile,
      at,
      slash,
      picker,
      el("span", { class: "grow" }),
      this.button,
    );
  }

  plusItems(picker) {
    const shortcuts = (this.page.workspace.bot.shortcuts ?? []).filter((one) => one.type === "global");
    const items = shortcuts.map(
      (one) => ({
        words: one.name,
        description: one.description || "Cowork",
        act: () => this.page.acts.globalShortcut(one),
      }),
    );
    return [
      { words: "Upload from your computer", act: () => picker.click() },
      ...(items.length ? [null, ...items] : []),
    ];
  }
}
