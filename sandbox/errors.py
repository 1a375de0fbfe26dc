"""Zalo's error codes, their words and the situation in which the sandbox raises each. One table."""

from dataclasses import dataclass
from typing import Literal

Family = Literal["oa", "zns", "oauth"]


class ZaloError(Exception):
    """Answered with HTTP 200 and this code, as the real platform does. `detail` names a field, never a person."""

    def __init__(self, code: int, detail: str = "", *, family: Family = "oa") -> None:
        super().__init__(code)
        self.code = code
        self.family = family
        self.detail = detail

    def words(self) -> str:
        known = (
            MESSAGES.get((self.family, self.code))
            or MESSAGES.get(("oa", self.code))
            or MESSAGES.get(("zns", self.code))
        )
        return f"{known or 'Unknown error'}{': ' if self.detail else ''}{self.detail}"


@dataclass(frozen=True, slots=True)
class Row:
    """`when` is the situation that raises it here; empty when nothing can, and then `why_not` says why."""

    code: int
    message: str
    when: str
    why_not: str = ""
    family: Family = "oa"


OA_ROWS = (
    Row(-32, "Rate limit exceeded for this app or OA", "more calls in a minute than the app's or the OA's rate"),
    Row(-100, "Attachment id is expired or unknown", "an upload older than seven days"),
    Row(-200, "Sending the message failed", "a citizen marked unreachable"),
    Row(-201, "Parameter is invalid", "a member that is missing or has the wrong shape"),
    Row(-204, "Official Account has been deleted", "an OA marked deleted"),
    Row(-205, "Official Account does not exist", "an OA marked missing"),
    Row(-209, "Not supported this api: the app has not been activated", "an app marked inactive"),
    Row(-210, "Parameter is over the limit", "a text of 2,001 characters, a sixth button"),
    Row(-211, "Out of quota for this feature", "a broadcast or upload beyond the month's quota"),
    Row(-212, "This API is not registered for the app", "a path forbidden to the OA's app"),
    Row(-213, "User does not follow this Official Account", "tagging a citizen who does not follow"),
    Row(-214, "The article is still being processed", "broadcasting an article before it is verified"),
    Row(-216, "Access token is invalid", "a token never issued, replaced by a newer one, or expired"),
    Row(-217, "User blocks invitations", "inviting a citizen who blocks invitations"),
    Row(-218, "Recipient has reached the limit of messages they may receive", "a second promotion in one day"),
    Row(-219, "The app has been removed or disabled", "an app marked removed"),
    Row(-220, "Access token has been removed", "a token of an OA that withdrew its grant"),
    Row(-221, "Official Account is not verified", "groups with an unverified OA"),
    Row(-223, "Official Account has not authorised the app, or its article quota is used up", "authorisation withdrawn"),
    Row(-224, "The package of the Official Account is too low for this API", "an OA on the basic package"),
    Row(-227, "User is banned or has been inactive for more than 45 days", "a citizen marked banned"),
    Row(-230, "User has not interacted with the Official Account in the past 7 days", "last word 7 days ago"),
    Row(-232, "User has never interacted, or the interaction has expired", "a citizen who never wrote"),
    Row(-233, "Message type is invalid or not supported", "an attachment or template type nobody knows"),
    Row(-234, "This message may not be sent between 22:00 and 06:00", "a broadcast at night"),
    Row(-235, "This type of Official Account is not supported", "groups with a personal OA"),
    Row(-237, "The group has expired or is disabled", "a group 45 days after its asset lapsed"),
    Row(-238, "The asset is already used or disabled", "a second group on one asset"),
    Row(-240, "The v2 message API has been closed: use v3", "POST /v2.0/oa/message to a user_id"),
    Row(-241, "The free asset is already used", "a second group on the free asset"),
    Row(-242, "appsecret_proof is wrong", "an appsecret_proof that does not fit the token"),
    Row(-244, "User limits this type of message", "a citizen who refuses this kind"),
    Row(-248, "The content violates the platform's policy", "words on the sandbox's policy list"),
    Row(-249, "This template may not be sent by UID", "an OTP template by UID"),
    Row(-320, "The app must be linked with a Zalo Cloud Account", "a billed message without a wallet"),
    Row(-321, "The Zalo Cloud Account has run out of money", "a billed message with an empty wallet"),
    Row(-403, "Official Account is not in this group", "a group of another OA"),
    Row(-1340, "The form does not exist", "", "facts name the code, but no call that takes a form"),
    Row(-1341, "No access to the form", "", "facts name the code, but no call that takes a form"),
)  # fmt: skip

MESSAGES: dict[tuple[Family, int], str] = {(row.family, row.code): row.message for row in OA_ROWS}
