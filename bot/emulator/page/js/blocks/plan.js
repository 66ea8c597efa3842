// Plans and task cards: each step with its state, kept in place while it changes.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { link } from "../text/links.js";
import { textObject } from "../text/objects.js";
import { richParts } from "./rich_text.js";

const STATES = {
  pending: { drawing: "ring", words: "To do" },
  in_progress: { drawing: null, words: "In progress" },
  complete: { drawing: "done", words: "Done" },
  error: { drawing: "cross", words: "Failed" },
};

export function plan(block, surface) {
  const title = el("div", { class: "plan-title" });
  const count = el("span", { class: "plan-count" });
  const bar = el("span", { class: "plan-bar", "aria-hidden": "true" }, el("span", { class: "plan-bar-done" }));
  const steps = el("ol", { class: "plan-steps" });
  const node = el(
    "section",
    { class: "block-plan", "aria-label": "Plan" },
    el("div", { class: "plan-head" }, title, count),
    bar,
    steps,
  );
  refreshPlan(node, block, surface);
  return node;
}

/** Bring a drawn plan up to date; steps that did not change keep their elements. */
export function refreshPlan(node, block, surface) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  node.querySelector(".plan-title").replaceChildren(...nodes(textObject(block.title, surface.names)));
  node.querySelector(".plan-count").textContent = tasks.length ? `${done} of ${tasks.length}` : "";
  node.querySelector(".plan-bar").hidden = tasks.length < 2;
  node.querySelector(".plan-bar-done").style.setProperty(
    "width",
    `${tasks.length ? (100 * done) / tasks.length : 0}%`,
  );
  showSteps(node.querySelector(".plan-steps"), tasks, surface);
}

export function taskCard(block, surface) {
  const node = el("div", { class: "block-task" }, el("ol", { class: "plan-steps" }));
  refreshTask(node, block, surface);
  return node;
}

export function refreshTask(node, block, surface) {
  showSteps(node.querySelector(".plan-steps"), [block], surface);
}

function showSteps(list, tasks, surface) {
  const before = new Map([...list.children].map((item) => [item.dataset.taskId, item]));
  const items = tasks.map((task, index) => {
    const id = String(task.task_id ?? index);
    const item = before.get(id) ?? el("li", { class: "task", dataset: { taskId: id } });
    before.delete(id);
    showStep(item, task, surface);
    return item;
  });
  for (const gone of before.values()) gone.remove();
  items.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
}

function showStep(item, task, surface) {
  const look = JSON.stringify(task);
  if (item.shownLook === look) return;
  const wasOpen = item.querySelector("details")?.open;
  const sameState = item.dataset.state === task.status && item.querySelector(".task-state");
  item.shownLook = look;
  item.dataset.state = task.status;
  const title = el("div", { class: "task-title" }, textObject(task.title, surface.names));
  item.replaceChildren(
    sameState || stateMark(task.status),
    el("div", { class: "task-body" }, title, more(task, surface, wasOpen), sources(task)),
  );
}

function stateMark(status) {
  const state = STATES[status] ?? STATES.pending;
  const drawing = state.drawing ? icon(state.drawing, 18) : el("span", { class: "spinner", "aria-hidden": "true" });
  return el(
    "span",
    { class: `task-state state-${status}`, role: "img", "aria-label": state.words, title: state.words },
    drawing,
  );
}

function more(task, surface, wasOpen) {
  const details = task.details && el("div", { class: "task-details" }, richParts(task.details, surface.names));
  const output = task.output && el("div", { class: "task-output" }, richParts(task.output, surface.names));
  if (!details && !output) return null;
  if (lengthOf(task.details) + lengthOf(task.output) < 280) return el("div", { class: "task-more" }, details, output);
  const summary = el("summary", {}, task.output ? "Details and output" : "Details");
  return el("details", { class: "task-more", open: wasOpen || task.status === "error" }, summary, details, output);
}

function sources(task) {
  if (!task.sources?.length) return null;
  const links = task.sources.map(
    (source) => el("li", {}, link(source.url ?? "", source.text ?? source.url ?? "source")),
  );
  return el("ul", { class: "task-sources", "aria-label": "Sources" }, links);
}

function lengthOf(rich) {
  return rich ? JSON.stringify(rich).length / 2 : 0;
}

function nodes(parts) {
  return parts.map((part) => (part instanceof Node ? part : document.createTextNode(part)));
}
