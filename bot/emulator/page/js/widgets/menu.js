// A menu of commands beside a button, moved through with the arrow keys.

import { el } from "../dom.js";
import { floatBeside } from "./popover.js";

/** Items are `{words, description?, danger?, act}`; null makes a line between groups. */
export function openMenu(anchor, items, { align = "end" } = {}) {
  const panel = el("div", { class: "menu", role: "menu" });
  const buttons = [];
  for (const item of items) {
    if (!item) {
      panel.append(el("hr"));
      continue;
    }
    const button = el(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "menu-item danger" : "menu-item" },
      el("span", {}, item.words),
      item.description && el("span", { class: "menu-description" }, item.description),
    );
    button.addEventListener("click", () => {
      floating.close();
      item.act();
    });
    buttons.push(button);
    panel.append(button);
  }
  anchor.setAttribute("aria-expanded", "true");
  const floating = floatBeside(
    anchor,
    panel,
    { align, onClose: () => anchor.setAttribute("aria-expanded", "false") },
  );
  panel.addEventListener("keydown", (event) => moved(event, buttons, floating, anchor));
  buttons[0]?.focus();
  return floating;
}

function moved(event, buttons, floating, anchor) {
  const at = buttons.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    buttons.at(next % buttons.length)?.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    floating.close();
    anchor.focus();
  }
}
