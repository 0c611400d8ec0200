"""Small talk, and the wishes that the bot's own screens answer."""

from actions.buttons import menu_button, person_button
from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.replies import Screen, Text, Understood
from actions.step import resume_text
from actions.turn import Turn


def greet(turn: Turn, mentor: Mentor) -> Replies:
    """A short greeting, then the way back into the guide that is open, or the menu."""
    edition = mentor.open_guide(turn)
    if edition is not None:
        return [resume_text(turn, mentor, edition, mentor.words.say("talk.hello_again")), Understood()]
    return [menu_text(turn, mentor, mentor.words.say("talk.hello")), Understood()]


def goodbye(turn: Turn, mentor: Mentor) -> Replies:
    """Let the person go, and say that nothing is lost."""
    kept = mentor.open_guide(turn) is not None
    line = mentor.words.say("talk.goodbye_kept" if kept else "talk.goodbye")
    return [Text(line, [[menu_button(mentor.words)]]), Understood()]


def thanks(turn: Turn, mentor: Mentor) -> Replies:
    """Take the thanks, and leave the way on open."""
    edition = mentor.open_guide(turn)
    line = mentor.words.say("talk.thanks")
    if edition is not None:
        return [resume_text(turn, mentor, edition, line), Understood()]
    return [Text(line, [[menu_button(mentor.words)]]), Understood()]


def affirm(turn: Turn, mentor: Mentor) -> Replies:
    """A yes that answers no question of ours: most likely "go on"."""
    edition = mentor.open_guide(turn)
    if edition is not None:
        return [resume_text(turn, mentor, edition), Understood()]
    return [menu_text(turn, mentor), Understood()]


def deny(turn: Turn, mentor: Mentor) -> Replies:
    """A no that answers no question of ours: fine, and what else there is."""
    return [menu_text(turn, mentor, mentor.words.say("talk.fine")), Understood()]


def help_(turn: Turn, mentor: Mentor) -> Replies:
    """What the mentor can do, who answers, and how to begin."""
    return [menu_text(turn, mentor, mentor.words.say("talk.help")), Understood()]


def feedback(_turn: Turn, mentor: Mentor) -> Replies:
    """Feedback in the chat is still to come: say so, and name who takes it today."""
    words = mentor.words
    return [Text(words.say("talk.feedback_later"), [[person_button(words)], [menu_button(words)]]), Understood()]


def change_language(_turn: Turn, _mentor: Mentor) -> Replies:
    """The bot asks for the language."""
    return [Screen("language"), Understood()]


def change_country(_turn: Turn, _mentor: Mentor) -> Replies:
    """The bot asks for the country."""
    return [Screen("country"), Understood()]


def privacy(_turn: Turn, _mentor: Mentor) -> Replies:
    """The bot says what it keeps."""
    return [Screen("privacy"), Understood()]


def delete_my_data(_turn: Turn, _mentor: Mentor) -> Replies:
    """The bot asks whether to delete; nothing is deleted on a sentence alone."""
    return [Screen("delete"), Understood()]


def stop(_turn: Turn, _mentor: Mentor) -> Replies:
    """The bot asks what is to stop."""
    return [Screen("stop"), Understood()]


ANSWERS: dict[str, Answer] = {
    "greet": greet,
    "goodbye": goodbye,
    "thanks": thanks,
    "affirm": affirm,
    "deny": deny,
    "help": help_,
    "feedback": feedback,
    "change_language": change_language,
    "change_country": change_country,
    "privacy": privacy,
    "delete_my_data": delete_my_data,
    "stop": stop,
}
