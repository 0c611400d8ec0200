"""Telegram: the only folder that knows its library and the shape of its updates and calls."""
