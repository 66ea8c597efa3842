// The live stream of news, connected again whenever it breaks.

const NEWS = [
  "message", "message_changed", "message_deleted", "ephemeral", "ephemeral_changed",
  "view_opened", "view_pushed", "view_updated", "view_closed", "home_published",
  "session", "typing", "suggested_prompts", "channel", "unread", "files",
  "connection", "ack", "warning", "inspector",
];
const SLOWEST = 10000;

/** Listen at `url`; `onNews(name, data)`, `onState("live" | "lost")`, `onReturn()` after a gap. */
export function listen(url, { onNews, onState, onReturn }) {
  let source = null;
  let wait = 500;
  let timer = null;
  let everLive = false;
  let closed = false;

  const connect = () => {
    source = new EventSource(url);
    source.addEventListener("hello", live);
    source.addEventListener("error", lost);
    for (const name of NEWS) source.addEventListener(name, (event) => onNews(name, JSON.parse(event.data)));
  };
  const live = () => {
    const again = everLive && wait > 500;
    everLive = true;
    wait = 500;
    onState("live");
    if (again) onReturn();
  };
  const lost = () => {
    if (closed) return;
    source.close();
    onState("lost");
    clearTimeout(timer);
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 2, SLOWEST);
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
