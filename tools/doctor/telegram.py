"""The doctor at Telegram: the token, the webhook, what waits there, and the clock."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.settings import Settings
from bot.telegram.webhook import PATH
from tools.doctor.findings import Finding, fine, note, wrong

ASK_SECONDS = 10
MOST_PENDING = 50
RECENT_SECONDS = 3600
CLOCK_NOTE_SECONDS, CLOCK_WRONG_SECONDS = 5, 60


async def look_at_telegram(settings: Settings) -> list[Finding]:
    """Ask Telegram who we are and how our updates reach us. Nothing is changed, and no update is fetched."""
    base = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}"
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            status, me, date = await _ask(http, f"{base}/getMe")
            if status in (401, 404):
                return [
                    wrong(
                        "token",
                        "Telegram refuses TELEGRAM_TOKEN.",
                        "Copy it again from @BotFather; if it was revoked, use the new one.",
                    )
                ]
            if status != 200 or not isinstance(me, dict):
                return [wrong("telegram", f"The Bot API server answers with status {status}.", "Try again later.")]
            _, webhook, _ = await _ask(http, f"{base}/getWebhookInfo")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # Without the error's own text: it may hold the address, and the address holds the token.
        said = f"{settings.telegram_api_url} can't be reached ({type(error).__name__})."
        return [wrong("telegram", said, "Look at the network, the firewall and TELEGRAM_API_URL.")]
    found = [fine("token", f"Telegram knows this bot as @{me.get('username', '?')}.")]
    if isinstance(webhook, dict):
        found += _webhook(settings, webhook)
    return found + list(_clock(date))


async def _ask(http: aiohttp.ClientSession, url: str) -> tuple[int, Any, str]:
    """Status, result and Date of an answer."""
    async with http.get(url) as answer:
        said = await answer.json(content_type=None)
        return answer.status, said.get("result") if isinstance(said, dict) else None, answer.headers.get("Date", "")


def _webhook(settings: Settings, info: dict[str, Any]) -> Iterator[Finding]:
    url = str(info.get("url", ""))
    wanted = settings.public_url + PATH if settings.telegram_mode == "webhook" else ""
    if url == wanted:
        yield fine("updates", f"Updates come by {settings.telegram_mode}, as Telegram knows.")
    elif not wanted:
        yield wrong(
            "updates",
            f"TELEGRAM_MODE is polling, but Telegram sends updates to {url}.",
            "Start the mentor, which removes the webhook, and see that no other program uses this token.",
        )
    else:
        yield wrong(
            "updates",
            f"Telegram should send updates to {wanted}, but knows {url or 'no address'}.",
            "Start the mentor, which tells it, and see that no other program uses this token.",
        )
    pending = int(info.get("pending_update_count", 0))
    if pending > MOST_PENDING:
        yield wrong("updates", f"{pending} updates wait at Telegram.", "See that the mentor runs and its log for why.")
    at = int(info.get("last_error_date", 0))
    if wanted and time.time() - at < RECENT_SECONDS:
        when = datetime.fromtimestamp(at, UTC).astimezone().strftime("%H:%M")
        yield note(
            "updates",
            f"Telegram could not deliver at {when}: {info.get('last_error_message', '')}.",
            "Look at the proxy, its certificate and PUBLIC_URL.",
        )


def _clock(date: str) -> Iterator[Finding]:
    """Our clock against that of the server that answered."""
    try:
        off = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except ValueError:
        return
    if off < CLOCK_NOTE_SECONDS:
        yield fine("clock", "The clock is right.")
        return
    grade = wrong if off >= CLOCK_WRONG_SECONDS else note
    yield grade("clock", f"The clock is {off:.0f} s off.", "Turn on time synchronisation (chrony, systemd-timesyncd).")
