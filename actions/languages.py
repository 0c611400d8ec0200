"""When someone writes in another language than the chat's: the answer comes in theirs, with the offer to change."""

from babel import Locale

from actions.mentor import Replies
from actions.replies import Button, Text, Visible
from actions.words import Words


def with_language_offer(replies: Replies, words: Words) -> Replies:
    """`replies`, and after what people see the question whether to go on in the language of `words`."""
    seen = [reply for reply in replies if isinstance(reply, Visible)]
    if not seen:
        # The bot answers with a screen of its own, in the chat's language.
        return replies
    code = words.language
    name = str(Locale.parse(code).get_display_name(code) or code)
    rows = [
        [Button(name[:30].capitalize(), "bot_language", value=code)],
        [Button(words.say("talk.stay_button"), "bot_stay", value=code)],
    ]
    offer = Text(words.say("talk.offer_language", language=name), rows)
    return [*seen, offer, *(reply for reply in replies if not isinstance(reply, Visible))]
