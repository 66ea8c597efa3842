// A person's card: who they are, and a way to write to them.

import { el } from "../dom.js";
import { floatBeside } from "../widgets/popover.js";
import { avatar, presenceDot } from "./avatar.js";

export function openPerson(page, id, anchor) {
  const user = page.workspace.user(id);
  if (!user) return;
  const isBot = user.is_bot;
  const write = () => {
    floating.close();
    if (isBot) page.workspace.open(page.workspace.bot.dm);
    else page.acts.openDm(id);
  };
  const facts = [
    user.title,
    `@${user.name}`,
    user.is_guest && "Guest",
    user.is_admin && "Workspace admin",
    user.tz_label || user.tz,
  ].filter(Boolean);
  const panel = el(
    "div",
    { class: "person-card", role: "dialog", "aria-label": user.real_name || user.name },
    avatar(user, 56),
    el(
      "div",
      {},
      el("div", { class: "person-name" }, user.real_name || user.name, presenceDot(user)),
      el("ul", {}, facts.map((fact) => el("li", {}, fact))),
    ),
    id !== page.workspace.viewer && el("button", { type: "button", class: "button", onClick: write }, "Message"),
  );
  const floating = floatBeside(anchor, panel);
  panel.addEventListener("keydown", (event) => event.key === "Escape" && floating.close());
}
