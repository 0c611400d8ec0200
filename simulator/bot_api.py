"""The Bot API over HTTP: token, method, faults, ledger, answer."""

import asyncio
import inspect
import json
import socket
import struct
from typing import Any

from aiohttp import web

from simulator.errors import Refusal, bad_request, not_found, unauthorized
from simulator.faults import Fault, FaultKind
from simulator.ledger import Call
from simulator.methods import METHODS, BotCall
from simulator.model import Json
from simulator.params import Params, number_or_name, read_params
from simulator.world import Bot, World

WORLD = web.AppKey("world", World)


async def handle_call(request: web.Request) -> web.StreamResponse:
    """Answer /bot<token>/<method>."""
    world = request.app[WORLD]
    bot = world.bot_by_token(request.match_info["token"])
    if bot is None:
        return _refusal(unauthorized())
    name = request.match_info["method"]
    try:
        params = await read_params(request)
    except Refusal as refusal:
        return _refusal(refusal)
    chat_id = number_or_name(params.text("chat_id").strip()) if params.has("chat_id") else None
    call = world.ledger.open(bot.id, name, chat_id, params.ledger_view())
    fault = world.faults.take(name, chat_id, bot.id)
    answer: web.StreamResponse
    if fault is None:
        answer = _answer(*await _carry_out(world, bot, params, call))
    else:
        call.fault = fault.kind.value
        answer = await _with_fault(request, fault, world, bot, params, call)
    if fault is None or fault.answers or call.error_code:
        world.ledger.answered(call)
    return answer


async def _carry_out(world: World, bot: Bot, params: Params, call: Call) -> tuple[int, Json]:
    """Let the call take effect; status and body of the true answer."""
    function = METHODS.get(call.method.lower())
    try:
        if function is None:
            raise not_found()
        try:
            result = function(BotCall(world, bot, params))
            if inspect.isawaitable(result):
                result = await result
        except (TypeError, ValueError, AttributeError, KeyError) as problem:
            # Parameters of a shape that no client library sends; the real server has a text for each.
            raise bad_request(f"can't parse parameters of {call.method}: {problem}") from problem
    except Refusal as refusal:
        world.ledger.refused(call, refusal.code, refusal.description)
        return refusal.code, refusal.as_json()
    world.ledger.taken(call, _message_id(result))
    return 200, {"ok": True, "result": result}


def _message_id(result: Any) -> int | None:
    if isinstance(result, list) and result:
        result = result[0]
    return result.get("message_id") if isinstance(result, dict) else None


async def _with_fault(
    request: web.Request, fault: Fault, world: World, bot: Bot, params: Params, call: Call
) -> web.StreamResponse:
    """Answer (or not) as the fault wants."""
    if fault.kind == FaultKind.DELAY:
        await asyncio.sleep(fault.seconds)
    if fault.kind == FaultKind.REFUSE:
        world.ledger.refused(call, 0, "the connection was reset before the call was read")
        return _reset(request)
    if not fault.takes_effect:
        refusal = fault.refusal()
        world.ledger.refused(call, refusal.code, refusal.description)
        return _refusal(refusal)
    status, body = await _carry_out(world, bot, params, call)
    if status != 200:
        return _answer(status, body)  # The call was wrong anyway: the honest refusal is the answer.
    if fault.kind == FaultKind.ERROR:
        return _refusal(fault.refusal())
    if fault.kind == FaultKind.SLOW:
        await asyncio.sleep(fault.seconds)
    if fault.kind == FaultKind.HANG:
        await asyncio.sleep(fault.seconds)
        return _reset(request)
    if fault.kind == FaultKind.RESET:
        return _reset(request)
    if fault.kind == FaultKind.INVALID_JSON:
        return web.Response(text="<html><body>It works</body></html>", content_type="application/json")
    if fault.kind == FaultKind.HALF_BODY:
        return await _half(request, body)
    return _answer(status, body)


def _answer(status: int, body: Json) -> web.Response:
    headers = {}
    retry_after = (body.get("parameters") or {}).get("retry_after")
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return web.json_response(body, status=status, headers=headers)


def _refusal(refusal: Refusal) -> web.Response:
    return _answer(refusal.code, refusal.as_json())


def _reset(request: web.Request) -> web.Response:
    """Cut the connection with a TCP reset, so that the client sees neither an answer nor an orderly end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def _half(request: web.Request, body: Json) -> web.StreamResponse:
    """Promise the whole body, send half of it, cut the connection."""
    whole = json.dumps(body).encode()
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
    await answer.prepare(request)
    await answer.write(whole[: len(whole) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer


async def handle_download(request: web.Request) -> web.Response:
    """Answer /file/bot<token>/<path>."""
    world = request.app[WORLD]
    if world.bot_by_token(request.match_info["token"]) is None:
        return _refusal(unauthorized())
    path = request.match_info["path"]
    stored = next((one for one in world.files.values() if one.path == path), None)
    if stored is None:
        return _refusal(not_found())
    return web.Response(body=stored.content, content_type="application/octet-stream")
