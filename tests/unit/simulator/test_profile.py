"""Commands, names and descriptions per language."""

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands
from telegram.error import BadRequest

from simulator.client import Phone, WorldClient


async def test_commands_are_kept_per_language_and_scope(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("menu", "All topics")])
    await bot.set_my_commands([BotCommand("menu", "Alle emner")], language_code="nb")

    shown = [
        await bot.get_my_commands(),
        await bot.get_my_commands(language_code="nb"),
        await bot.get_my_commands(language_code="de"),
    ]

    assert shown == [(BotCommand("menu", "All topics"),), (BotCommand("menu", "Alle emner"),), ()]


async def test_person_sees_the_nearest_commands(bot: Bot, world: WorldClient, anna: Phone) -> None:
    await bot.set_my_commands([BotCommand("menu", "All topics")])
    await bot.set_my_commands(
        [BotCommand("meny", "Alle emner")], scope=BotCommandScopeAllPrivateChats(), language_code="nb"
    )

    norwegian, german = await world.bot_shown("nb", chat=anna.id), await world.bot_shown("de", chat=anna.id)

    assert norwegian["commands"] == [{"command": "meny", "description": "Alle emner"}]
    assert german["commands"] == [{"command": "menu", "description": "All topics"}]


async def test_commands_can_be_deleted(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("menu", "All topics")])

    await bot.delete_my_commands()

    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [("Menu!", "x", "Bot_command_invalid"), ("menu", " ", "Bot_command_description_invalid")],
)
async def test_command_that_is_wrong_is_refused(bot: Bot, command: str, description: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.set_my_commands([(command, description)])


async def test_texts_are_shown_in_the_persons_language(bot: Bot, world: WorldClient) -> None:
    await bot.set_my_name("Mentor")
    await bot.set_my_description("I help")
    await bot.set_my_description("Jeg hjelper", language_code="nb")
    await bot.set_my_short_description("Help")

    shown = await world.bot_shown("nb")

    assert (shown["name"], shown["description"], shown["short_description"]) == ("Mentor", "Jeg hjelper", "Help")
    assert (await bot.get_my_description("de")).description == "I help"


async def test_menu_button_is_kept(bot: Bot, anna: Phone) -> None:
    await bot.set_chat_menu_button(anna.id, MenuButtonCommands())

    assert await bot.get_chat_menu_button(anna.id) == MenuButtonCommands()


async def test_bot_introduces_itself(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.username) == (123456, True, "skills_mentor_bot")
