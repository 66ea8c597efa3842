// What this person knows of the workspace: people, channels, sessions, and the news about them.

import { Meanwhile } from "./meanwhile.js";

export class Workspace extends EventTarget {
  constructor(api, route) {
    super();
    this.api = api;
    this.route = route;
    this.users = new Map();
    this.channelsById = new Map();
    this.sessions = new Map();
    this.files = new Map();
    this.typing = new Map();
    this.meanwhile = new Meanwhile();
    this.bot = null;
    this.me = null;
    this.live = true;
  }

  /** Ask for everything; also after a gap in the stream. */
  async load() {
    const { answer, heard } = await this.meanwhile.during(this.asSomeone());
    this.team = answer.team;
    this.me = answer.me;
    this.api.as = answer.me.id;
    this.bot = answer.bot;
    this.users = new Map(answer.users.map((user) => [user.id, user]));
    this.channelsById = new Map(
      [...(answer.joinable ?? []), ...answer.channels].map((channel) => [channel.id, channel]),
    );
    this.sessions = new Map(
      (answer.sessions ?? []).map((session) => [sessionKey(session.channel, session.thread_ts), session]),
    );
    for (const [name, news] of heard) HEARD[name]?.(this, news);
    this.tell("users", "channels", "sessions", "connection", "prompts");
    return answer;
  }

  /** The boot of the person in the address; a stranger's address gives the first person's. */
  async asSomeone() {
    try {
      return await this.api.ask("boot");
    } catch (problem) {
      if (problem.code !== "user_not_found" || !this.api.as) throw problem;
      this.api.as = null;
      return this.api.ask("boot");
    }
  }

  /** The words for mentions: also handed to every block as `names`. */
  get viewer() {
    return this.me?.id;
  }

  user(id) {
    return this.users.get(id) ?? null;
  }

  channel(id) {
    return this.channelsById.get(id) ?? null;
  }

  people() {
    return [...this.users.values()];
  }

  channels() {
    return [...this.channelsById.values()];
  }

  open(id) {
    this.route.go({ channel: id, thread: null });
  }

  file(id) {
    const file = this.files.get(id);
    return file ? { ...file, url: this.api.fileUrl(file) } : null;
  }

  session(channel, thread) {
    return this.sessions.get(sessionKey(channel, thread)) ?? null;
  }

  typingIn(channel, thread) {
    return this.typing.get(sessionKey(channel, thread ?? null)) ?? null;
  }

  /** Keep what came; then tell whoever shows it. `name` is the stream's word. */
  hear(name, news) {
    this.meanwhile.note([name, news]);
    HEARD[name]?.(this, news);
    this.dispatchEvent(new CustomEvent(name, { detail: news }));
  }

  keepChannel(channel) {
    if (!channel) return;
    this.channelsById.set(channel.id, { ...this.channelsById.get(channel.id), ...channel });
    this.tell("channels");
  }

  keepSession(session) {
    if (!session) return;
    this.sessions.set(sessionKey(session.channel, session.thread_ts), session);
    this.tell("sessions");
  }

  keepFiles(files) {
    for (const file of files ?? []) this.files.set(file.id, file);
  }

  setLive(live) {
    this.live = live;
    this.tell("connection");
  }

  /** Call `act` on any of `names`; the answer stops it. */
  on(names, act) {
    for (const name of names) this.addEventListener(name, act);
    return () => names.forEach((name) => this.removeEventListener(name, act));
  }

  tell(...names) {
    for (const name of names) this.dispatchEvent(new CustomEvent(name));
  }
}

const HEARD = {
  message: (workspace, { message }) => {
    workspace.keepFiles(message.files);
    if (message.bot_id) workspace.typing.delete(sessionKey(message.channel, message.thread_ts ?? null));
  },
  message_changed: (workspace, { message }) => workspace.keepFiles(message.files),
  channel: (workspace, { channel }) => workspace.keepChannel(channel),
  unread: (workspace, { channel, unread, mentions }) => workspace.keepChannel({ id: channel, unread, mentions }),
  session: (workspace, { session }) => workspace.keepSession(session),
  files: (workspace, { file }) => workspace.keepFiles([file]),
  suggested_prompts: (workspace, { title, prompts }) => {
    workspace.bot.suggested_prompts = { title, prompts };
    workspace.tell("prompts");
  },
  connection: (workspace, { connected }) => {
    workspace.bot.connected = connected;
  },
  typing: (workspace, news) => workspace.typing.set(
    sessionKey(news.channel, news.thread_ts ?? null),
    news.status ? news : null,
  ),
};

function sessionKey(channel, thread) {
  return `${channel} ${thread ?? ""}`;
}
