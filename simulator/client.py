"""A phone for tests: a typed client of the simulator's control interface.

A conversation reads as a script::

    async with WorldClient("http://127.0.0.1:8081") as world:
        anna = await world.person("Anna", language_code="nb")
        await anna.says("/start shop-payments")
        card = await anna.hears()                 # the next bot message, new or edited; waits, never sleeps
        assert card.labels == [["Start"], ["All steps", "PDF"], ["Not what I meant"]]
        tap = await anna.taps("Start")            # the newest message with that button
        step = await anna.hears()
        assert step.edited and step.message_id == card.message_id
        answer = await tap.answered()             # answerCallbackQuery: answer.text, answer.alert

        berit = await world.advisor("Berit")      # a member of the advisors' group, seen through her phone
        ticket = await berit.hears()
        await berit.says("Try this", reply_to=ticket)        # in the ticket's topic, if it stands in one
        await berit.taps("Take", on=ticket)

Each phone has a place up to which its owner has read (`unread` is what comes after it). `hears`, `waits_for` and
`hears_all` move that place; `says` and `taps` do not, so nothing that came in between is lost. `history` is every
message of the chat as it stands now, `last` the newest of the bot's. `world.fault(...)`, `world.calls(...)`,
`world.later(seconds)` work the switchboard, the ledger and the clock.
"""

from typing import Any

from simulator.bytes import Carried, carried
from simulator.heard import Answer, Heard, NotHeard, Tapped
from simulator.phone import Phone
from simulator.wire import Json, NotPossible, Wire

__all__ = ["ADVISORS_CHAT_ID", "Answer", "Heard", "NotHeard", "NotPossible", "Phone", "Tapped", "WorldClient"]
ADVISORS_CHAT_ID = -1_000_000_000_001


class WorldClient(Wire):
    """The whole simulator, seen from a test."""

    # -- people and groups -----------------------------------------------------------------------------------------

    async def person(self, first_name: str = "Anna", *, bot: int = 0, **details: Any) -> Phone:
        """A new person with a phone, who has not written to the bot yet.

        `details`: language_code, username, last_name, id.
        """
        user = await self.post("users", first_name=first_name, **details)
        return Phone(self, user, user["id"], bot)

    async def advisor(self, first_name: str = "Berit", *, chat: int = ADVISORS_CHAT_ID, **details: Any) -> Phone:
        """A new person in the advisors' group (or another), with a phone that shows the group from its beginning."""
        user = await self.post("users", first_name=first_name, **details)
        await self.post("members", user=user["id"], chat=chat, status="member")
        return Phone(self, user, chat)

    def phone(self, user: Json, chat_id: int = 0, bot: int = 0) -> Phone:
        """A second look: a phone for a person that exists, in the private chat or in any other."""
        return Phone(self, user, chat_id or user["id"], bot)

    async def group(self, title: str, **details: Any) -> Json:
        """A new group, channel or forum with the bot in it. `details`: type, is_forum, username, id."""
        return await self.post("groups", title=title, **details)

    async def migrate(self, chat_id: int) -> int:
        """Turn a group into a supergroup; returns the new id."""
        number: int = (await self.post("migrate", chat=chat_id))["id"]
        return number

    async def inject(self, update: Json, *, bot: int = 0, lane: int | None = None) -> int:
        """Queue any update as it is; returns its update_id."""
        extra = {} if lane is None else {"lane": lane}
        number: int = (await self.post("raw", update=update, bot=bot, **extra))["update_id"]
        return number

    # -- switchboard, ledger, clock --------------------------------------------------------------------------------

    async def fault(self, kind: str, **details: Any) -> int:
        """Switch a fault on; returns its id. See `simulator.faults.Fault` for kinds and fields.

        Examples: ``fault("too_many_requests", retry_after=5, chat_id=anna.id)``, ``fault("error", status=502)``,
        ``fault("reset", method="sendMessage")``, ``fault("unknown_method", method="setMyCommands", count=None)``.
        """
        number: int = (await self.post("faults", kind=kind, **details))["id"]
        return number

    async def clear_faults(self, fault_id: int = 0) -> None:
        """Switch one fault off, or all."""
        await self._ask("DELETE", "faults", params={"id": fault_id})

    async def faults(self) -> list[Json]:
        """Every fault that was not cleared, with `hits`."""
        found: list[Json] = (await self.get("faults"))["faults"]
        return found

    async def calls(self, **wanted: Any) -> list[Json]:
        """The ledger: see `simulator.ledger.Call`. `wanted`: method, chat_id, after, accepted, wait with count."""
        found: list[Json] = (await self.get("calls", **wanted))["calls"]
        return found

    async def waits_for_calls(self, count: int = 1, timeout: float = 10, **wanted: Any) -> list[Json]:  # noqa: ASYNC109
        """The calls that fit, as soon as there are so many.

        Raises:
            NotHeard: there were fewer in time.
        """
        found = await self.calls(count=count, wait=timeout, **wanted)
        if len(found) < count:
            raise NotHeard(
                f"Only {len(found)} of {count} calls came within {timeout} s: {[one['method'] for one in found]}"
            )
        return found

    async def carried_to(self, phone: Phone, after: int = 0) -> Carried:
        """The bytes that Telegram has carried to a phone with the calls after number `after` that took effect."""
        calls = await self.calls(chat_id=phone.chat_id, after=after, accepted=True)
        return carried(call["params"] for call in calls)

    async def waits_until_taken(self, timeout: float = 10, bot: int = 0) -> None:  # noqa: ASYNC109
        """Wait until no update waits for the bot any more.

        Raises:
            NotHeard: some still wait.
        """
        left = (await self.get("updates", wait=timeout, bot=bot))["count"]
        if left:
            raise NotHeard(f"{left} updates still wait for the bot after {timeout} s.")

    async def later(self, seconds: float) -> None:
        """Move the simulator's clock on."""
        await self.post("clock", shift=seconds)

    async def bot_shown(self, language: str = "", chat: int = 0, bot: int = 0) -> Json:
        """How the bot presents itself in a language: name, description, commands."""
        return await self.get("bot", language=language, chat=chat, bot=bot)

    async def reset(self) -> None:
        """Begin anew."""
        await self.post("reset")

    async def state(self) -> Json:
        """Bots, users and groups."""
        return await self.get("state")
