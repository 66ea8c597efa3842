// A select that can be searched: a combobox with a list of options under it.

import { el, freshId } from "../dom.js";
import { icon } from "../icons.js";
import { floatBeside } from "./popover.js";

/** `items(query)` gives items `{key, words, description?, group?}` or `{note}`; `onChange` gets the chosen items. */
export function searchable({ items, chosen, multiple, most, placeholder, id, label, describedBy, onChange }) {
  const state = { chosen: [...chosen], shown: [], active: -1, floating: null, asked: 0, typed: false };
  const listId = freshId("list");
  const input = el("input", {
    type: "text",
    role: "combobox",
    class: "select-input",
    id: id ?? null,
    autocomplete: "off",
    "aria-label": id ? null : label,
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    "aria-describedby": describedBy ?? null,
    dataset: { control: "yes" },
  });
  const chips = el("span", { class: "chips" });
  const node = el("div", { class: multiple ? "select select-multiple" : "select" }, chips, input, icon("chevron"));
  const list = el(
    "ul",
    {
      class: "listbox as-wide",
      role: "listbox",
      id: listId,
      "aria-label": label || placeholder,
      "aria-multiselectable": multiple ? "true" : null,
    },
  );

  const showChosen = () => {
    input.placeholder = state.chosen.length && multiple ? "" : placeholder;
    if (!multiple && !state.typed) input.value = state.chosen[0]?.words ?? "";
    chips.replaceChildren(...(multiple ? state.chosen.map((item) => chip(item, () => toggle(item))) : []));
  };
  const toggle = (item) => {
    const without = state.chosen.filter((other) => other.key !== item.key);
    if (multiple) state.chosen = without.length < state.chosen.length ? without : [...without, item].slice(0, most);
    else state.chosen = [item];
    state.typed = false;
    if (multiple) input.value = "";
    showChosen();
    if (multiple) state.floating?.place();
    onChange(state.chosen);
  };
  const pick = (item) => {
    toggle(item);
    if (!multiple) close();
    else find();
    input.focus();
  };
  const mark = (index) => {
    state.active = index;
    [...list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.classList.toggle("active", at === index);
      if (at === index) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const find = async () => {
    state.asked += 1;
    const turn = state.asked;
    const found = await items(state.typed ? input.value : "");
    if (turn !== state.asked || !state.floating) return;
    state.shown = Array.isArray(found) ? found.slice(0, 200) : [];
    list.replaceChildren(...optionNodes(state, listId, pick, found.note));
    state.floating.place();
    mark(state.shown.length ? Math.max(0, state.shown.findIndex((item) => item.key === state.chosen[0]?.key)) : -1);
  };
  const open = () => {
    if (state.floating) return;
    state.floating = floatBeside(node, list, { onClose: closed });
    input.setAttribute("aria-expanded", "true");
    find();
  };
  const closed = () => {
    state.floating = null;
    state.typed = false;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    showChosen();
  };
  const close = () => state.floating?.close();

  node.addEventListener("click", () => {
    input.focus();
    open();
  });
  input.addEventListener("input", () => {
    state.typed = true;
    open();
    find();
  });
  input.addEventListener(
    "blur",
    () => setTimeout(
      () => document.activeElement !== input && !list.contains(document.activeElement) && close(),
      120,
    ),
  );
  input.addEventListener(
    "keydown",
    (event) => keyed(event, { state, mark, open, close, pick, toggle, input, multiple }),
  );
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  showChosen();
  return node;
}

function keyed(event, { state, mark, open, close, pick, toggle, input, multiple }) {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!state.floating) open();
    else if (state.shown.length) mark(
      (state.active + (event.key === "ArrowDown" ? 1 : -1) + state.shown.length) % state.shown.length,
    );
  } else if (event.key === "Enter") {
    if (!state.floating) return;
    event.preventDefault();
    event.stopPropagation();
    if (state.shown[state.active]) pick(state.shown[state.active]);
  } else if (event.key === "Escape" && state.floating) {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key === "Backspace" && multiple && !input.value && state.chosen.length) {
    toggle(state.chosen.at(-1));
  }
}

function optionNodes(state, listId, pick, note) {
  if (!state.shown.length) return [el("li", { class: "listbox-note" }, note ?? "No results")];
  const nodes = [];
  let group = null;
  state.shown.forEach((item, index) => {
    if (item.group && item.group !== group) nodes.push(
      el("li", { class: "listbox-group", role: "presentation" }, item.group),
    );
    group = item.group;
    const selected = state.chosen.some((other) => other.key === item.key);
    const words = [
      el("span", { class: "option-words" }, item.words),
      item.description && el("span", { class: "option-description" }, item.description),
    ];
    const option = el(
      "li",
      { role: "option", id: `${listId}-${index}`, "aria-selected": String(selected), class: "option" },
      words,
      selected && icon("check", 16),
    );
    option.addEventListener("click", (event) => {
      event.stopPropagation();
      pick(item);
    });
    nodes.push(option);
  });
  return nodes;
}

function chip(item, remove) {
  const cross = el(
    "button",
    { type: "button", class: "chip-remove", "aria-label": `Remove ${item.words}` },
    icon("close", 12),
  );
  cross.addEventListener("click", (event) => {
    event.stopPropagation();
    remove();
  });
  return el("span", { class: "chip" }, el("span", {}, item.words), cross);
}
