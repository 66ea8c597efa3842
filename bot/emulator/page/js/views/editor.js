// Editing one's own message where it stands.

import { el } from "../dom.js";
import { typedText } from "../text/typed.js";

/** Put an editor in place of the row's text; it goes away on save, cancel or Escape. */
export function editInPlace(row, page) {
  if (row.editor) return row.editor.focus();
  const field = el("textarea", { class: "text-input", rows: 2, "aria-label": "Edit message" });
  field.value = typedText(row.message.text ?? "", page.workspace);
  const close = () => {
    row.editor = null;
    row.node.classList.remove("editing");
    node.remove();
    page.focusComposer();
  };
  const save = async () => {
    const text = field.value.trim();
    if (!text) return;
    try {
      await page.api.tell("edit", { channel: row.message.channel, ts: row.message.ts, text });
      close();
    } catch (problem) {
      page.toasts.refused(problem);
    }
  };
  const buttons = el(
    "div",
    { class: "editor-foot" },
    el("button", { type: "button", class: "button button-small", onClick: close }, "Cancel"),
    el("button", { type: "button", class: "button button-small button-primary", onClick: save }, "Save"),
  );
  const node = el("div", { class: "editor" }, field, buttons);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  row.editor = field;
  row.node.classList.add("editing");
  row.body.append(node);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
