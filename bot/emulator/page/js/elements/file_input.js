// A form field for files: picked or dropped, uploaded at once, named in a list.

import { el } from "../dom.js";
import { sizeWords } from "../blocks/files.js";
import { icon, iconButton } from "../icons.js";
import { changed, startingValue } from "./gesture.js";

export function fileInput(part, at) {
  const most = part.max_files ?? 10;
  const kept = startingValue(part, at, { file_ids: [] });
  const files = [...(kept.shown ?? kept.files ?? [])];
  if (kept.files) at.surface.values?.set(
    at.block.block_id,
    part.action_id,
    { type: part.type, file_ids: files.map((file) => file.id), shown: files },
  );
  const accept = part.filetypes?.map((ending) => `.${ending}`).join(",");
  const picker = el(
    "input",
    {
      type: "file",
      id: at.id ?? null,
      class: "file-picker",
      multiple: most > 1,
      accept: accept ?? null,
      "aria-label": at.label ?? "Files",
      dataset: { control: "yes" },
    },
  );
  const list = el("ul", { class: "file-input-list" });
  const words = most > 1 ? `Choose or drop up to ${most} files` : "Choose or drop a file";
  const node = el(
    "div",
    { class: "file-input" },
    el("label", { class: "file-drop" }, icon("clip"), words, picker),
    list,
  );

  const show = () => list.replaceChildren(
    ...files.map((file) => line(file, () => keep(files.filter((other) => other !== file)))),
  );
  const keep = (left) => {
    files.splice(0, files.length, ...left);
    show();
    const done = files.filter((file) => file.id);
    changed(part, at, node, { file_ids: done.map((file) => file.id), shown: done });
  };
  const take = async (chosen) => {
    for (const file of [...chosen].slice(0, most - files.length)) {
      const entry = { name: file.name, size: file.size };
      files.push(entry);
      show();
      const uploaded = await at.surface.upload(file);
      keep(
        uploaded
          ? files.map((other) => (other === entry ? uploaded : other))
          : files.filter((other) => other !== entry),
      );
    }
  };
  picker.addEventListener("change", () => take(picker.files).then(() => (picker.value = "")));
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    take(event.dataTransfer.files);
  });
  show();
  return node;
}

function line(file, remove) {
  const state = file.id ? sizeWords(file.size) : "uploading…";
  return el(
    "li",
    {},
    icon("file"),
    el("span", { class: "file-name" }, file.name),
    el("span", { class: "file-facts" }, state),
    iconButton("close", `Remove ${file.name}`, remove),
  );
}
