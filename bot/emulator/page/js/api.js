// Requests to the local Slack, always in the name of the person acted for.

/** An answer of the local Slack that says no; `message` is meant for people. */
export class Refused extends Error {
  constructor(answer) {
    super(answer.message || answer.error || "Something went wrong.");
    this.code = answer.error ?? "unknown";
  }
}

export class Api {
  constructor(as) {
    this.as = as;
  }

  /** GET `/page/api/<what>`; throws Refused when the answer is not ok. */
  async ask(what, question = {}) {
    const query = new URLSearchParams({ ...(this.as ? { as: this.as } : {}), ...filled(question) });
    return answered(
      await reached(() => fetch(`/page/api/${what}?${query}`, { headers: { Accept: "application/json" } })),
    );
  }

  /** POST `/page/api/<what>`; throws Refused when the answer is not ok. */
  async tell(what, body = {}) {
    const request = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: this.as, ...body }),
    };
    return answered(await reached(() => fetch(`/page/api/${what}`, request)));
  }

  /** Upload one file; `onProgress` gets a share between 0 and 1. */
  upload(file, onProgress = () => {}) {
    return new Promise((resolve, reject) => {
      const form = new FormData();
      form.append("as", this.as);
      form.append("file", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", "/page/api/upload");
      request.upload.addEventListener(
        "progress",
        (event) => event.lengthComputable && onProgress(event.loaded / event.total),
      );
      request.addEventListener("load", () => settled(request, resolve, reject));
      request.addEventListener(
        "error",
        () => reject(new Refused({ error: "unreachable", message: "The local Slack is not reachable." })),
      );
      request.send(form);
    });
  }

  /** Where a file can be read or downloaded by this person. */
  fileUrl(file, download = false) {
    const joint = String(file.url).includes("?") ? "&" : "?";
    return `${file.url}${joint}as=${encodeURIComponent(this.as)}${download ? "&download=1" : ""}`;
  }

  streamUrl() {
    return `/page/api/stream?as=${encodeURIComponent(this.as)}`;
  }
}

async function reached(request) {
  try {
    return await request();
  } catch {
    throw new Refused({ error: "unreachable", message: "The local Slack is not reachable. Is it still running?" });
  }
}

async function answered(response) {
  const answer = await response.json().catch(
    () => ({ ok: false, error: `http_${response.status}`, message: `The local Slack answered ${response.status}.` }),
  );
  if (!answer.ok) throw new Refused(answer);
  return answer;
}

function settled(request, resolve, reject) {
  try {
    const answer = JSON.parse(request.responseText);
    if (answer.ok) resolve(answer.file);
    else reject(new Refused(answer));
  } catch {
    reject(new Refused({ error: `http_${request.status}`, message: `The upload was refused (${request.status}).` }));
  }
}

function filled(question) {
  return Object.fromEntries(Object.entries(question).filter(([, value]) => value !== null && value !== undefined));
}
