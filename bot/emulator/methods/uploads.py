"""files.*: uploading in three steps, sharing, looking up and deleting."""

from __future__ import annotations

from dataclasses import replace

from bot.emulator import channels, files, messages, rendering
from bot.emulator.arguments import Arguments
from bot.emulator.method import Call, Method, page_of, writable_channel
from bot.emulator.schema import problem
from bot.emulator.validation import check_blocks
from bot.emulator.wire import Json, SlackError, rejected


def get_upload_url(call: Call) -> Json:
    name = call.args.required("filename")
    size = call.args.required("length")
    if not size.isdigit() or int(size) < 1:
        raise rejected("invalid_arguments", [problem("must be greater than 0", "/length")])
    file = files.begin(call.ws, name, int(size), call.ws.bot_user, call.args.maybe("alt_txt"))
    return {"upload_url": f"{call.ws.origin}/upload/v1/{file['id']}", "file_id": file["id"]}


def complete_upload(call: Call) -> Json:
    """Without a channel the files stay private; the message follows a little later, as in Slack."""
    given = call.args.nested("files")
    if not isinstance(given, list) or not given:
        raise rejected("invalid_arguments", [problem("missing required field: files", "")])
    done = [_completed(call, one) for one in given]
    targets = call.args.words("channels") or call.args.words("channel_id")
    for target in targets:
        _share_in(call, target, [file["id"] for file in done])
    return {"files": [{"id": file["id"], "title": file["title"]} for file in done]}


def info(call: Call) -> Json:
    file = _reachable(call)
    shape = files.api_shape(call.ws, file["id"]) | files.shares_shape(file)
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


def list_files(call: Call) -> Json:
    ws, args = call.ws, call.args
    found = [one for one in ws.store.every("file") if files.reachable(ws, one, ws.bot_user)]
    user, channel = args.maybe("user"), args.maybe("channel")
    shown = [
        one
        for one in found
        if user in (None, one["user"])
        and (channel is None or any(s["channel"] == channel for s in one["shares"]))
    ]
    newest = sorted(shown, key=lambda one: (-int(one["created"]), str(one["id"])))
    listed, _ = page_of(call, newest)
    paging = {"count": len(listed), "total": len(newest), "page": 1, "pages": 1}
    return {"files": [files.api_shape(ws, one["id"]) for one in listed], "paging": paging}


def delete(call: Call) -> Json:
    file = _reachable(call)
    if file["user"] != call.ws.bot_user:
        raise SlackError("cant_delete_file")
    files.delete(call.ws, file["id"])
    return {}


def _completed(call: Call, given: Json) -> Json:
    file = files.found(call.ws, str(given.get("id")))
    if file["state"] != "received":
        raise SlackError("file_not_found")
    done = {**file, "title": given.get("title") or file["name"]}
    call.ws.store.put("file", file["id"], done)
    return done


def _share_in(call: Call, target: str, file_ids: list[str]) -> None:
    ws, args = call.ws, call.args
    channel = writable_channel(replace(call, args=Arguments({"channel": target})))
    thread_ts = args.maybe("thread_ts")
    if thread_ts:
        messages.root_of(ws, channel, thread_ts)
    given = args.nested("blocks", "invalid_blocks_format")
    draft = messages.Draft(
        user=ws.bot_user,
        text=rendering.posted(args.text("initial_comment")),
        blocks=check_blocks(given) if given else None,
        thread_ts=thread_ts,
        file_ids=file_ids,
    )

    def share() -> None:
        with ws.lock:
            messages.post(ws, channels.found(ws, channel["id"]), draft)

    ws.alarms.after(ws.timings.file_share, share)


def _reachable(call: Call) -> Json:
    file = files.found(call.ws, call.args.required("file"))
    if not files.reachable(call.ws, file, call.ws.bot_user):
        raise SlackError("file_not_found")
    return file


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
    "files.list": Method(list_files, ("files:read",)),
    "files.delete": Method(delete, ("files:write",)),
}
