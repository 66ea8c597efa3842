// What the composer suggests for the word under the caret.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { emojiFor, emojiNames } from "../text/emoji.js";
import { avatar } from "./avatar.js";

const WORD = /(^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u;

/** The `suggest` function of a composer; threads take no commands. */
export function suggestions(workspace, { commands }) {
  return (text, caret) => {
    if (text.startsWith("/")) return commands ? commandItems(
      text,
      caret,
      workspace.bot.commands ?? [],
    ) : threadHint(text, workspace.bot.commands ?? []);
    const found = WORD.exec(text.slice(0, caret));
    if (!found) return null;
    const [, , kind, word] = found;
    const from = caret - word.length - 1;
    if (kind === "@") return { from, items: people(workspace, word.toLowerCase()) };
    if (kind === "#") return { from, items: channels(workspace, word.toLowerCase()) };
    return word.length < 2
      ? null
      : {
        from,
        items: emojiNames(word.toLowerCase()).map(
          (name) => ({
            words: `:${name}:`,
            insert: `${emojiFor(name)} `,
            picture: el("span", { class: "option-emoji" }, emojiFor(name)),
          }),
        ),
      };
  };
}

function commandItems(text, caret, commands) {
  const first = text.split(/\s/, 1)[0];
  if (caret > first.length) {
    const command = commands.find((one) => one.command === first);
    return command
      ? {
        from: 0,
        items: [],
        hint: { words: command.command, usage: command.usage_hint ?? "", description: command.description ?? "" },
      }
      : null;
  }
  const items = commands.filter((one) => one.command.startsWith(first.toLowerCase())).map((one) => ({
    words: one.command,
    hint: one.usage_hint,
    description: one.description,
    insert: `${one.command} `,
    exact: one.command === text.trim(),
    picture: el("span", { class: "option-mark" }, icon("slash", 16)),
  }));
  return { from: 0, items };
}

function threadHint(text, commands) {
  const command = commands.find((one) => one.command === text.split(/\s/, 1)[0]);
  return command
    ? {
      from: 0,
      items: [],
      hint: {
        words: command.command,
        usage: "",
        description: "does not work in threads: write to the app with @ instead",
      },
    }
    : null;
}

function people(workspace, start) {
  const fits = (user) => user.name.toLowerCase().startsWith(start) || user.real_name?.toLowerCase().split(/\s+/).some(
    (part) => part.startsWith(start),
  );
  return workspace.people().filter(fits).map((user) => ({
    words: user.real_name || user.name,
    description: user.is_bot ? "app" : (user.title ?? ""),
    hint: `@${user.name}`,
    insert: `@${user.name} `,
    exact: user.name.toLowerCase() === start,
    picture: avatar(user, 20),
  }));
}

function channels(workspace, start) {
  return workspace.channels().filter(
    (channel) => !channel.is_im && channel.name.startsWith(start),
  ).map((channel) => ({
    words: channel.name,
    description: channel.topic ?? "",
    insert: `#${channel.name} `,
    exact: channel.name === start,
    picture: el("span", { class: "option-mark" }, icon(channel.is_private ? "lock" : "hash", 16)),
  }));
}
