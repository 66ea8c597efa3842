// Select menus: of fixed options, of options the app supplies, of people and of channels.

import { plainWords } from "../text/objects.js";
import { searchable } from "../widgets/listbox.js";
import { changed, startingValue } from "./gesture.js";

export function staticSelect(part, at) {
  const items = optionItems(part);
  return optionSelect(part, at, async (query) => matching(items, query));
}

export function externalSelect(part, at) {
  const least = part.min_query_length ?? 3;
  const ask = async (query) => {
    if (query.length < least) return { note: `Type at least ${least} character${least === 1 ? "" : "s"}` };
    return optionItems(await at.surface.suggest(at.block.block_id, part.action_id, query));
  };
  return optionSelect(part, at, ask);
}

export function usersSelect(part, at) {
  const people = at.surface.names.people().map(
    (user) => ({ key: user.id, words: user.real_name || user.name, description: `@${user.name}` }),
  );
  return idSelect(part, at, "user", people);
}

export function channelsSelect(part, at) {
  const channels = at.surface.names.channels().filter((channel) => !channel.is_im && !channel.is_private);
  return idSelect(part, at, "channel", channels.map((channel) => ({ key: channel.id, words: `#${channel.name}` })));
}

export function conversationsSelect(part, at) {
  const wanted = part.filter?.include;
  const shown = at.surface.names.channels().filter((channel) => !wanted || wanted.includes(kindOf(channel)));
  const items = shown.map(
    (channel) => ({ key: channel.id, words: channel.is_im ? channel.name : `#${channel.name}` }),
  );
  const here = part.default_to_current_conversation ? at.surface.place : null;
  return idSelect({ initial_conversation: here ?? undefined, ...part }, at, "conversation", items);
}

function optionSelect(part, at, items) {
  const multiple = part.type.startsWith("multi_");
  const initial = multiple
    ? { selected_options: part.initial_options ?? [] }
    : { selected_option: part.initial_option ?? null };
  const start = startingValue(part, at, initial);
  const chosen = multiple ? (start.selected_options ?? []) : [start.selected_option].filter(Boolean);
  return select(part, at, items, chosen.map((option) => optionItem(option)), (picked) => {
    const options = picked.map((item) => item.option);
    return multiple ? { selected_options: options } : { selected_option: options[0] ?? null };
  });
}

function idSelect(part, at, noun, items) {
  const multiple = part.type.startsWith("multi_");
  const name = multiple ? `selected_${noun}s` : `selected_${noun}`;
  const initial = multiple ? (part[`initial_${noun}s`] ?? []) : (part[`initial_${noun}`] ?? null);
  const start = startingValue(part, at, { [name]: initial })[name];
  const ids = multiple ? (start ?? []) : [start].filter(Boolean);
  const chosen = ids.map((id) => items.find((item) => item.key === id) ?? { key: id, words: id });
  return select(part, at, async (query) => matching(items, query), chosen, (picked) => {
    const keys = picked.map((item) => item.key);
    return { [name]: multiple ? keys : (keys[0] ?? null) };
  });
}

function select(part, at, items, chosen, value) {
  const node = searchable({
    items,
    chosen,
    multiple: part.type.startsWith("multi_"),
    most: part.max_selected_items ?? Infinity,
    placeholder: plainWords(part.placeholder) || "Select an option",
    id: at.id,
    label: at.label || plainWords(part.placeholder),
    describedBy: at.describedBy,
    onChange: (picked) => changed(part, at, node, value(picked)),
  });
  return node;
}

function optionItems(source) {
  const groups = source?.option_groups;
  if (!groups) return (source?.options ?? []).map((option) => optionItem(option));
  return groups.flatMap((group) => group.options.map((option) => optionItem(option, plainWords(group.label))));
}

function optionItem(option, group = null) {
  return {
    key: option.value,
    words: plainWords(option.text),
    description: plainWords(option.description),
    group,
    option,
  };
}

function matching(items, query) {
  const wanted = query.trim().toLowerCase();
  return items.filter(
    (item) => !wanted || item.words.toLowerCase().includes(wanted) || item.description?.toLowerCase().includes(wanted),
  );
}

function kindOf(channel) {
  if (channel.is_im) return "im";
  return channel.is_private ? "private" : "public";
}
