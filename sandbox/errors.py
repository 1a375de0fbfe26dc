"""Zalo's error codes, their messages and the situation in which the sandbox raises each. One table."""

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
        message = (
            MESSAGES.get((self.family, self.code))
            or MESSAGES.get(("oa", self.code))
            or MESSAGES.get(("zns", self.code))
        )
        return f"{message or 'Unknown error'}{': ' if self.detail else ''}{self.detail}"


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

_NO_CALL = "facts name the code, but no call or situation that leads to it"
_ZNS: tuple[tuple[int, str, str, str], ...] = (
    (-100, "Unknown error", "", "the platform's own failure: met through the fault of that code"),
    (-101, "The app is invalid", "", "the app comes from the token, which is checked first"),
    (-102, "The app does not exist", "", "the app comes from the token, which is checked first"),
    (-103, "The app has not been activated", "an app marked inactive", ""),
    (-104, "The app's secret key is invalid", "an appsecret_proof that does not fit, on this host", ""),
    (-105, "The app is not linked with this Official Account", "authorisation withdrawn, on this host", ""),
    (-106, "This method is not supported", "GET where POST is due", ""),
    (-107, "Message id is invalid", "asking for the status of a message nobody sent", ""),
    (-108, "Phone number is invalid", "a number that is not 84 and nine digits", ""),
    (-109, "Template id is invalid", "a template that does not exist", ""),
    (-1091, "This template may not be edited", "editing a template that is not rejected", ""),
    (-110, "The recipient's Zalo is too old", "a citizen with an old app", ""),
    (-111, "Template data is empty", "a send without template_data", ""),
    (-112, "A template parameter has the wrong type", "a number where text is due", ""),
    (-1121, "A template parameter is too long", "a name of 31 characters", ""),
    (-1122, "A template parameter is missing", "template_data without a required member", ""),
    (-1123, "Creating the message failed", "", "the platform's own failure: met through the fault of that code"),
    (-1124, "A template parameter has the wrong format", "letters in an amount", ""),
    (-113, "A button is invalid", "creating a template with a button nobody knows", ""),
    (-1131, "A button's content is invalid", "creating a template whose button has no target", ""),
    (-114, "The recipient cannot receive this message", "a citizen marked unreachable", ""),
    (-115, "Out of quota or balance", "an empty wallet", ""),
    (-116, "The text is invalid", "words on the sandbox's policy list", ""),
    (-117, "This Official Account may not use the template", "a template of another OA", ""),
    (-118, "The recipient has no Zalo account", "a number nobody in the sandbox has", ""),
    (-119, "The account cannot receive messages", "a citizen marked banned", ""),
    (-120, "This Official Account may not use the function", "an OA on the basic package", ""),
    (-1201, "This Official Account's package may not use the function", "", _NO_CALL),
    (-1202, "This Official Account's type may not use the function", "", _NO_CALL),
    (-121, "The body has no data", "an empty body", ""),
    (-122, "The body has the wrong format", "a body that is not a JSON object", ""),
    (-123, "Decrypting the message failed", "", "the shape of /rsa/message/template is not public"),
    (-124, "Access token is invalid", "a token never issued, replaced, or expired", ""),
    (-125, "Official Account is invalid", "an OA marked missing or deleted", ""),
    (-126, "The wallet for development mode is empty", "mode development with an empty development wallet", ""),
    (-127, "A test may only go to an administrator", "mode development to an ordinary citizen", ""),
    (-128, "The encoding key is missing", "", _NO_CALL),
    (-129, "Decrypting the key failed", "", _NO_CALL),
    (-130, "The content is too long", "template_data beyond 4,000 characters", ""),
    (-131, "The template has not been approved", "a template pending review or rejected", ""),
    (-132, "A parameter is invalid", "a tracking_id of 49 characters, an unknown template member", ""),
    (-133, "This template may not be sent between 22:00 and 06:00", "a daytime template at night", ""),
    (-134, "The recipient has not answered the consent request", "", "retired by the platform"),
    (-135, "This Official Account may not send by phone", "an OA not allowed to", ""),
    (-1351, "This Official Account is blocked from sending by phone", "an OA blocked", ""),
    (-136, "The app must be linked with a Zalo Cloud Account", "an OA without a wallet", ""),
    (-137, "Payment by the Zalo Cloud Account failed", "a wallet whose payments fail", ""),
    (-138, "The app may not use this function", "a path forbidden to the OA's app", ""),
    (-1381, "The app's extension may not use this function", "", _NO_CALL),
    (-139, "The recipient refuses this kind of message", "a citizen who refuses `zns`", ""),
    (-140, "The Official Account is not eligible to send after-care to this recipient", "tag 2 or 3 to a stranger", ""),
    (-141, "The recipient refuses messages of this Official Account", "a citizen who refuses this OA", ""),
    (-142, "No RSA key has been made", "getting a key before making one", ""),
    (-143, "The RSA key exists already", "making a key twice", ""),
    (-144, "Official Account is out of its daily quota", "more sends in a day than the OA may", ""),
    (-1441, "Official Account is out of its promotion quota", "promotion templates beyond the OA's monthly quota", ""),
    (-145, "This type of template may not be sent", "an OTP template in mode 3", ""),
    (-146, "The template is disabled for its low quality", "a disabled template", ""),
    (-147, "The template is out of its daily quota", "more sends in a day than the template may", ""),
    (-1471, "The recipient has had this promotion today", "the same promotion template twice in one day", ""),
    (-1472, "The recipient has had enough promotion this month", "more promotion in a month than a person may get", ""),
    (-148, "The journey token is missing", "checking without a token", ""),
    (-149, "The journey token is invalid", "checking a token nobody issued", ""),
    (-150, "The journey token has expired", "checking a token after a day", ""),
    *((code, "Request refused", "", _NO_CALL) for code in (-151, -152, -153, -158, -159, -160, -161, -162)),
    (-1241, "appsecret_proof is wrong", "", "answered as -104 on this host: sources give both"),
)  # fmt: skip
ZNS_ROWS = tuple(Row(code, message, when, why_not, "zns") for code, message, when, why_not in _ZNS)
OAUTH_ROWS = tuple(
    Row(code, message, when, family="oauth")
    for code, message, when in (
        (-14002, "Invalid app", "an app id nobody has, or a wrong secret"),
        (-14003, "Invalid code verifier or redirect uri", "a verifier that does not fit the challenge"),
        (-14004, "Invalid grant type", "a grant_type that is neither of the two"),
        (-14010, "Invalid authorization code", "a code used twice or older than ten minutes"),
        (-14014, "Invalid refresh token", "a refresh token used twice"),
    )
)

ROWS = OA_ROWS + ZNS_ROWS + OAUTH_ROWS
MESSAGES: dict[tuple[Family, int], str] = {(row.family, row.code): row.message for row in ROWS}
