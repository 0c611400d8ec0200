"""How a method gets its name: `@method("sendMessage")`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from simulator.model import Chat
from simulator.params import Params
from simulator.world import Bot, World


@dataclass(frozen=True)
class BotCall:
    """One call: who calls, with what."""

    world: World
    bot: Bot
    params: Params

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat the call is about.

        Raises:
            Refusal: 400 or 403 when the bot cannot act there.
        """
        return self.world.chat_for_bot(self.bot, self.params.chat_id(name))


Method = Callable[[BotCall], Any | Awaitable[Any]]
AnyMethod = TypeVar("AnyMethod", bound=Method)
METHODS: dict[str, Method] = {}
"""Lower-case name -> method: Telegram does not mind the case."""


def method(name: str) -> Callable[[AnyMethod], AnyMethod]:
    """Register a function as a method of the Bot API."""

    def register(function: AnyMethod) -> AnyMethod:
        METHODS[name.lower()] = function
        return function

    return register
