"""getFile; the download itself is a route of the site."""

from simulator.errors import bad_request
from simulator.methods.registry import BotCall, method
from simulator.model import Json

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


@method("getFile")
def get_file(call: BotCall) -> Json:
    """Where a file of at most 20 MB can be downloaded."""
    if not call.params.has("file_id"):
        raise bad_request("file_id not specified")
    stored = call.world.file(call.params.text("file_id"))
    if stored.declared_size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.file_unique_id,
        "file_size": stored.declared_size,
        "file_path": stored.path,
    }
