"""Files that the bot makes for people: the picture of the firm check, a guide to print. Knows nothing of Telegram."""
