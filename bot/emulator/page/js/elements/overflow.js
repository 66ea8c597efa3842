// The "⋯" menu of a block.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { safeAddress } from "../text/links.js";
import { plainWords } from "../text/objects.js";
import { openMenu } from "../widgets/menu.js";
import { gesture } from "./gesture.js";

export function overflow(part, at) {
  const node = el(
    "button",
    { type: "button", class: "icon-button bordered", "aria-label": "More options", "aria-haspopup": "menu" },
    icon("more"),
  );
  node.addEventListener("click", () => {
    const items = (part.options ?? []).map((option) => ({
      words: plainWords(option.text),
      description: plainWords(option.description),
      act: () => {
        const address = option.url ? safeAddress(option.url) : null;
        if (address) window.open(address, "_blank", "noopener,noreferrer");
        return gesture(part, at, node, { selected_option: option });
      },
    }));
    openMenu(node, items);
  });
  return node;
}
