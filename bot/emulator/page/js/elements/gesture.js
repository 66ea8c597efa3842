// What a person did with an element: remembered among the values, confirmed when asked, sent to the app.

import { confirmed } from "../views/confirm.js";

/** The value an element starts with: what was filled in before, else what the block says. */
export function startingValue(part, at, initial) {
  const kept = at.surface.values?.get(at.block.block_id, part.action_id);
  if (kept) return kept;
  const value = { type: part.type, ...initial };
  at.surface.values?.set(at.block.block_id, part.action_id, value);
  return value;
}

/** A stateful element changed: remember it, and tell the app where the block says so. */
export async function changed(part, at, node, change) {
  remember(part, at, node, change);
  clearError(node);
  if (at.block.type !== "input" || at.dispatches) await gesture(part, at, node, change);
}

export function remember(part, at, node, change) {
  at.surface.values?.set(blockIdOf(node, at), part.action_id, { type: part.type, ...change });
}

/** Send an action; true when the app took it. */
export async function gesture(part, at, node, change = {}) {
  if (part.confirm && !(await confirmed(part.confirm, at.surface.names))) return false;
  return at.surface.act({ block_id: blockIdOf(node, at), action_id: part.action_id, ...change }, node);
}

function blockIdOf(node, at) {
  return node.closest("[data-block-id]")?.dataset.blockId || at.block.block_id;
}

function clearError(node) {
  const field = node.closest(".block-input.has-error");
  if (!field) return;
  field.classList.remove("has-error");
  field.querySelector(".input-error").textContent = "";
}
