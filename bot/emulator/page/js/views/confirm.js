// "Are you sure?": a dialog with two answers.

import { el, freshId } from "../dom.js";
import { textObject } from "../text/objects.js";

/** Ask by a Block Kit confirm object; true when the person agrees. */
export function confirmed(question, names) {
  const id = freshId("confirm");
  const yes = el(
    "button",
    {
      type: "submit",
      value: "yes",
      class: question.style === "danger" ? "button button-danger" : "button button-primary",
    },
    textObject(question.confirm ?? "Yes", names),
  );
  const no = el(
    "button",
    { type: "submit", value: "no", class: "button" },
    textObject(question.deny ?? "Cancel", names),
  );
  const dialog = el(
    "dialog",
    { class: "dialog confirm", "aria-labelledby": id, "aria-modal": "true" },
    el(
      "form",
      { method: "dialog" },
      el("h2", { id }, textObject(question.title ?? "Are you sure?", names)),
      el("div", { class: "confirm-text" }, textObject(question.text, names)),
      el("div", { class: "dialog-foot" }, no, yes),
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    yes.focus();
  });
}

/** The same for plain words. */
export function confirmedWords(title, text, agree, danger = false) {
  const plain = (words) => ({ type: "plain_text", text: words });
  return confirmed(
    {
      title: plain(title),
      text: plain(text),
      confirm: plain(agree),
      deny: plain("Cancel"),
      style: danger ? "danger" : "primary",
    },
    null,
  );
}
