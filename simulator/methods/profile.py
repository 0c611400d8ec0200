"""How the bot presents itself: commands, name, descriptions, menu button, each per language."""

import re
from typing import Any

from simulator.errors import bad_request
from simulator.methods.registry import BotCall, method
from simulator.model import Json
from simulator.world import Bot

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def _language(call: BotCall) -> str:
    code = call.params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(call: BotCall) -> str:
    scope: Any = call.params.json("scope")
    if scope is None:
        return "default"
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope")
    if scope["type"] in ("chat", "chat_administrators"):
        return f"{scope['type']}:{scope.get('chat_id')}"
    return str(scope["type"])


@method("setMyCommands")
def set_my_commands(call: BotCall) -> bool:
    """Set the commands for one scope and language."""
    given: Any = call.params.json("commands")
    if not isinstance(given, list):
        raise bad_request("can't parse BotCommand: expected an Array")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands: list[Json] = []
    for one in given:
        name = str(one.get("command", "")).removeprefix("/")
        description = str(one.get("description", "")).strip()
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": description})
    call.bot.commands[_scope(call), _language(call)] = commands
    return True


@method("getMyCommands")
def get_my_commands(call: BotCall) -> list[Json]:
    """The commands of exactly this scope and language."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method("deleteMyCommands")
def delete_my_commands(call: BotCall) -> bool:
    """Forget the commands of this scope and language."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    return True


def commands_shown(bot: Bot, chat_id: int, language: str) -> list[Json]:
    """The commands a person sees in a private chat: the narrowest scope first, her language before none."""
    for scope in (f"chat:{chat_id}", "all_private_chats", "default"):
        for code in (language[:2], ""):
            if (scope, code) in bot.commands:
                return bot.commands[scope, code]
    return []


def profile_shown(bot: Bot, what: str, language: str) -> str:
    """The name or description that a person of this language sees."""
    return bot.profile.get((what, language[:2])) or bot.profile.get((what, ""), "")


def _set_profile(call: BotCall, what: str) -> bool:
    text = call.params.text(what)
    if len(text) > PROFILE_LIMITS[what]:
        raise bad_request(f"bot {what.replace('_', ' ')} is too long")
    call.bot.profile[what, _language(call)] = text
    return True


def _get_profile(call: BotCall, what: str) -> Json:
    text = profile_shown(call.bot, what, _language(call))
    return {what: text or (call.bot.user.first_name if what == "name" else "")}


@method("setMyName")
def set_my_name(call: BotCall) -> bool:
    """Set the bot's name, up to 64 characters."""
    return _set_profile(call, "name")


@method("getMyName")
def get_my_name(call: BotCall) -> Json:
    """The bot's name."""
    return _get_profile(call, "name")


@method("setMyDescription")
def set_my_description(call: BotCall) -> bool:
    """Set the text in the empty chat, up to 512 characters."""
    return _set_profile(call, "description")


@method("getMyDescription")
def get_my_description(call: BotCall) -> Json:
    """The text in the empty chat."""
    return _get_profile(call, "description")


@method("setMyShortDescription")
def set_my_short_description(call: BotCall) -> bool:
    """Set the text of the bot's profile page, up to 120 characters."""
    return _set_profile(call, "short_description")


@method("getMyShortDescription")
def get_my_short_description(call: BotCall) -> Json:
    """The text of the bot's profile page."""
    return _get_profile(call, "short_description")


@method("setChatMenuButton")
def set_chat_menu_button(call: BotCall) -> bool:
    """Set the button beside the input box, for one private chat or for all."""
    button: Any = call.params.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("MenuButton has unsupported type")
    call.bot.menu_buttons[call.params.integer("chat_id")] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: BotCall) -> Json:
    """The button beside the input box."""
    buttons = call.bot.menu_buttons
    return buttons.get(call.params.integer("chat_id")) or buttons.get(0) or {"type": "default"}
