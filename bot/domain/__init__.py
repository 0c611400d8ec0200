"""What the bot does: plain async functions that take a session and a `now`. Nothing here knows Telegram or Rasa."""
