// A list of blocks kept on the page: only what changed is drawn again.
//
// A surface is where blocks live: `{kind, names, viewer, values, act, suggest, upload, file}`.
// `names` resolves people and channels, `values` holds what was filled in, `act` sends a gesture.

import { el } from "../dom.js";
import {
  actions,
  context,
  contextActions,
  divider,
  header,
  image,
  input,
  markdownBlock,
  refreshMarkdown,
  section,
} from "./basic.js";
import { alert, authProvider, card, carousel, container, fileBlock, video } from "./cards.js";
import { plan, refreshPlan, refreshTask, taskCard } from "./plan.js";
import { richText } from "./rich_text.js";
import { table } from "./table.js";

const DRAW = {
  actions, alert, card, carousel, container, context, divider, header, image, input, plan, section, table, video,
  auth_provider: authProvider, context_actions: contextActions, file: fileBlock, markdown: markdownBlock,
  rich_text: richText, task_card: taskCard,
};
const REFRESH = { markdown: refreshMarkdown, plan: refreshPlan, task_card: refreshTask };

/** Make `host` show `blocks`; blocks that did not change keep their elements, focus and scroll. */
export function showBlocks(host, blocks, surface) {
  const before = host.shownBlocks ?? [];
  const focused = focusIn(host);
  const after = (blocks ?? []).map((block, index) => kept(before[index], block, surface) ?? drawn(block, surface));
  const nodes = new Set(after.map((shown) => shown.node));
  for (const shown of before) if (!nodes.has(shown.node)) shown.node.remove();
  after.forEach((shown, index) => {
    if (host.children[index] !== shown.node) host.insertBefore(shown.node, host.children[index] ?? null);
  });
  host.shownBlocks = after;
  if (focused && !host.contains(document.activeElement)) host.querySelector(focused)?.focus({ preventScroll: true });
  return host;
}

/** One block as an element; what Slack does not know is a red box. */
export function drawBlock(block, surface) {
  const draw = DRAW[block?.type];
  try {
    const node = draw
      ? draw(block, { ...surface, drawBlock })
      : rejected(`unknown block type “${block?.type ?? "none"}”`);
    node.classList.add("block");
    node.dataset.blockId = block?.block_id ?? "";
    return node;
  } catch (problem) {
    return rejected(`${block?.type}: ${problem.message}`);
  }
}

/** The red box in place of what the real service would refuse. */
export function rejected(reason) {
  return el("div", { class: "rejected", role: "alert" }, `Slack would reject this: ${reason}`);
}

function drawn(block, surface) {
  return { block, look: look(block), node: drawBlock(block, surface) };
}

function kept(shown, block, surface) {
  if (!shown) return null;
  if (shown.look !== look(block)) return refreshed(shown, block, surface);
  shown.node.dataset.blockId = block.block_id ?? "";
  if (shown.block.block_id !== block.block_id) surface.values?.rename(shown.block.block_id, block.block_id);
  return { ...shown, block };
}

function refreshed(shown, block, surface) {
  const refresh = shown.block.type === block.type ? REFRESH[block.type] : null;
  if (!refresh) return null;
  refresh(shown.node, block, surface);
  return { block, look: look(block), node: shown.node };
}

function look(block) {
  return JSON.stringify({ ...block, block_id: null });
}

function focusIn(host) {
  const focused = document.activeElement;
  const action = host.contains(focused) ? focused.dataset?.actionId : null;
  return action ? `[data-action-id="${CSS.escape(action)}"]` : null;
}
