"""A Telegram Bot API server of our own over real HTTP, with people, a group of advisors,
faults on demand and a chat page.

Nothing here knows the mentor: any bot that speaks the Bot API can be pointed at it.
"""
