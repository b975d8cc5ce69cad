"""Message IDs, which show the conversation that a reply belongs to.

The ID of a mail from ICMP contains the ID of its sending and the conversation's thread. A thread starts with the mail
to which the others refer. It also contains a digest of the customer's address: somebody else who answers the same mail,
or who has seen its ID, gets a conversation of their own.
"""

import hashlib
import re
from collections.abc import Sequence
from uuid import UUID

_ID = re.compile(r"<[^<>\s]{1,900}>")
_OWN = re.compile(r"<([0-9a-f]{32})\.([0-9a-f]{24})-[0-9a-f]{16}@[^<>\s]+>")


def ids_in(header: str) -> list[str]:
    """The message IDs in a header such as References."""
    return _ID.findall(header)


def new_id(send_id: UUID, thread: str | None, recipient: str, domain: str) -> str:
    """The ID of the mail for a sending; the same in each attempt."""
    thread = thread or _thread(_digest(str(send_id), 24), recipient)
    return f"<{send_id.hex}.{thread}@{domain}>"


def thread_of(references: Sequence[str], message_id: str, sender: str) -> str:
    """The thread of a mail that refers to others, the first one first."""
    for reference in reversed(references):
        if own := _OWN.fullmatch(reference):
            return _thread(own[2], sender)
    return _thread(_digest(references[0] if references else message_id, 24), sender)


def send_id_of(reference: str) -> UUID | None:
    """The sending of a mail, if ICMP has sent it."""
    own = _OWN.fullmatch(reference)
    return UUID(own[1]) if own else None


def _thread(root: str, address: str) -> str:
    return f"{root}-{_digest(address, 16)}"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
