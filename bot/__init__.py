"""The side that faces people and the network: Telegram, durable delivery, the dialogue client, the handoff."""
