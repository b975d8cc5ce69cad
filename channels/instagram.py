"""Instagram: messages to a professional account that is linked to a Facebook page."""

from typing import Any, ClassVar

from channels.base import Capabilities
from channels.messenger import HUMAN_AGENT, MAX_QUICK_REPLIES, PAGE_ID, WINDOW, Messenger


class Instagram(Messenger):
    """A professional account on Instagram. Messages are sent through the linked page."""

    name = "instagram"
    title = "Instagram"
    settings_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "instagram_account_id": {
                "type": "string",
                "title": "Instagram account ID",
                "description": "The ID of the professional account in the app's settings, under Messenger, Instagram"
                " settings. It is not the user name.",
                "pattern": "^[0-9]{5,30}$",
            },
            "page_id": {**PAGE_ID, "description": "The ID of the Facebook page to which the account is linked."},
            "human_agent": HUMAN_AGENT,
        },
        "required": ["instagram_account_id", "page_id"],
        "additionalProperties": False,
    }
    capabilities = Capabilities(
        buttons=MAX_QUICK_REPLIES,
        images=True,
        typing=True,
        receipts=True,
        window=WINDOW,
        max_text=1000,
        counts_bytes=True,
    )
    account_setting = "instagram_account_id"


KIND = Instagram()
