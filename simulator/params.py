"""The parameters of a call: JSON, form or multipart, read with Telegram's leniency.

In forms every value is a string and objects are JSON inside strings; files are parts of their own, named by the
parameter or by `attach://<part>`.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from simulator.errors import bad_request
from simulator.model import Json

MAX_UPLOAD_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime_type: str
    content: bytes


@dataclass
class Params:
    """Typed access to the parameters of one call."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """True if the parameter was given and is not empty."""
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers and booleans are shown as such."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is no number counts as the default, as with Telegram."""
        value = self.values.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            return default

    def number(self, name: str, default: float = 0.0) -> float:
        """A number."""
        try:
            return float(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """A boolean."""
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """An object or list, parsed if it came as a string; None when not given.

        Raises:
            Refusal: 400 when the string is no JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as problem:
            raise bad_request(f"can't parse {name} JSON object") from problem

    def chat_id(self, name: str = "chat_id") -> int | str:
        """A chat id or an @username.

        Raises:
            Refusal: 400 when it is missing.
        """
        value = self.text(name).strip()
        if not value:
            raise bad_request("chat_id is empty" if name == "chat_id" else f"{name} is empty")
        return number_or_name(value)

    def ledger_view(self) -> Json:
        """What the ledger keeps: everything, with nested JSON opened and files by name and size."""
        view: Json = {}
        for name, value in self.values.items():
            view[name] = _opened(value)
        for name, upload in self.uploads.items():
            view[name] = {"file": upload.name, "mime_type": upload.mime_type, "size": len(upload.content)}
        return view


def number_or_name(value: str) -> int | str:
    """A chat id as a number where it is one."""
    try:
        return int(value)
    except ValueError:
        return value


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


async def read_params(request: web.Request) -> Params:
    """Read the parameters of a request: query first, then the body over it.

    Raises:
        Refusal: 400 for a body that cannot be read, 413 for a file above 50 MB.
    """
    params = Params(dict(request.query))
    if request.method != "POST" or not request.can_read_body:
        return params
    try:
        if request.content_type == "application/json":
            body = await request.json()
            if not isinstance(body, dict):
                raise bad_request("can't parse request: object expected")
            params.values.update(body)
        else:
            await _read_form(request, params)
    except ValueError as problem:
        raise bad_request("can't parse request") from problem
    return params


async def _read_form(request: web.Request, params: Params) -> None:
    form = await request.post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            if len(content) > MAX_UPLOAD_BYTES:
                raise bad_request("file is too big")
            params.uploads[name] = Upload(value.filename, value.content_type, content)
        else:
            params.values[name] = value if isinstance(value, str) else bytes(value).decode()
