// A small picker of emoji, found by name.

import { el } from "../dom.js";
import { emojiFor, emojiNames } from "../text/emoji.js";
import { floatBeside } from "./popover.js";

const MOST = 64;

export function openEmojiPicker(anchor, onPick) {
  const grid = el("div", { class: "emoji-grid" });
  const search = el(
    "input",
    { type: "search", class: "text-input", placeholder: "Search emoji", "aria-label": "Search emoji" },
  );
  const panel = el("div", { class: "emoji-picker", role: "dialog", "aria-label": "Choose an emoji" }, search, grid);
  const floating = floatBeside(anchor, panel, { align: "end" });
  const pick = (name) => {
    floating.close();
    anchor.focus?.();
    onPick(name);
  };
  const show = () => {
    const names = emojiNames(search.value.trim().toLowerCase(), MOST);
    grid.replaceChildren(
      ...names.map(
        (name) => el(
          "button",
          { type: "button", class: "icon-button", "aria-label": name, title: `:${name}:`, onClick: () => pick(name) },
          emojiFor(name),
        ),
      ),
    );
  };
  search.addEventListener("input", () => {
    show();
    floating.place();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === search) grid.querySelector("button")?.click();
    if (event.key !== "Escape") return;
    event.stopPropagation();
    floating.close();
    anchor.focus?.();
  });
  show();
  floating.place();
  search.focus();
}
