// Files that hang on a message not yet sent, with their upload's progress.

import { sizeWords } from "../blocks/files.js";
import { el } from "../dom.js";
import { icon, iconButton } from "../icons.js";

export class Tray {
  constructor(page, onChange) {
    this.page = page;
    this.onChange = onChange;
    this.entries = [];
    this.node = el("ul", { class: "tray", "aria-label": "Attached files" });
  }

  get ids() {
    return this.entries.map((entry) => entry.file?.id).filter(Boolean);
  }

  get uploading() {
    return this.entries.some((entry) => !entry.file);
  }

  add(files) {
    return Promise.all(files.map((file) => this.upload(file)));
  }

  clear() {
    this.entries = [];
    this.node.replaceChildren();
    this.onChange();
  }

  async upload(file) {
    const entry = this.draw(file);
    this.entries.push(entry);
    this.node.append(entry.node);
    this.onChange();
    try {
      entry.file = await this.page.api.upload(
        file,
        (share) => entry.bar.style.setProperty("width", `${Math.round(share * 100)}%`),
      );
      entry.node.classList.add("uploaded");
    } catch (problem) {
      this.remove(entry);
      this.page.toasts.refused(problem);
    }
    this.onChange();
  }

  remove(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    entry.node.remove();
    this.onChange();
  }

  draw(file) {
    const entry = { bar: el("span", { class: "tray-bar" }), file: null };
    entry.node = el(
      "li",
      { class: "tray-file" },
      icon("file", 20),
      el(
        "span",
        { class: "tray-words" },
        el("span", { class: "file-name" }, file.name),
        el("span", { class: "file-facts" }, sizeWords(file.size)),
      ),
      iconButton("close", `Remove ${file.name}`, () => this.remove(entry)),
      entry.bar,
    );
    return entry;
  }
}
