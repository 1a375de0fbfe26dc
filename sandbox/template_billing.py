"""Sending a template: who pays, which quotas count, and what the recipient's phone reports."""

from sandbox import events
from sandbox.accounts import Account
from sandbox.clock import day
from sandbox.errors import ZaloError
from sandbox.people import Citizen, Contact, Draft, Json, Message
from sandbox.platform import Platform
from sandbox.templates import PROMOTION, Sent, Template

PROMOTION_PER_MONTH = 4  # Per person, over all OAs.


def person(citizen: Citizen, oa_id: str) -> None:
    """What the recipient's account or choice forbids: -119, -110, -114, -139, -141."""
    if citizen.banned:
        raise _zns(-119)
    if citizen.old_app:
        raise _zns(-110)
    if citizen.unreachable:
        raise _zns(-114)
    if "zns" in citizen.refuses:
        raise _zns(-139)
    if oa_id in citizen.refuses:
        raise _zns(-141)


def check_oa(account: Account) -> None:
    """What the OA may do at all: -135, -1351."""
    if not account.zns_allowed:
        raise _zns(-135)
    if account.blocked_by_zns:
        raise _zns(-1351)


def promotion(platform: Platform, template: Template, account: Account, contact: Contact) -> None:
    """The limits on promotion: of the OA (-1441), per person, template and day (-1471), per person and month (-1472)."""
    if template.tag != PROMOTION:
        return
    today = day(platform.clock.now_ms())
    key = f"{contact.citizen_id}|{template.template_id}|{today}"
    if key in platform.promoted:
        raise _zns(-1471)
    month = f"{contact.citizen_id}|{today[:7]}"
    if platform.promoted.get(month, 0) >= PROMOTION_PER_MONTH:
        raise _zns(-1472)
    if account.consume("promotion", today[:7], account.promotion_quota) < 0:
        raise _zns(-1441)
    platform.promoted[key] = 1
    platform.promoted[month] = platform.promoted.get(month, 0) + 1


def quotas(platform: Platform, template: Template, account: Account) -> int:
    """Count one send of the OA (-144) and the template (-147) today. Return what remains to the OA."""
    today = day(platform.clock.now_ms())
    if account.used.get(f"template-{template.template_id}|{today}", 0) >= template.daily_quota:
        raise _zns(-147)
    remaining = account.consume("zns", today, account.daily_quota)
    if remaining < 0:
        raise _zns(-144)
    account.consume(f"template-{template.template_id}", today, template.daily_quota)
    return remaining


def pay(account: Account, dong: int, *, trial: bool) -> None:
    """From the wallet: -136 without one, -137 when its payments fail, -115 when it is empty; trials: -126."""
    if trial:
        if account.trial_balance < dong:
            raise _zns(-126)
        account.trial_balance -= dong
        return
    if not account.zca_linked:
        raise _zns(-136)
    if account.payments_fail:
        raise _zns(-137)
    if account.balance < dong:
        raise _zns(-115)
    account.balance -= dong


def deliver(platform: Platform, contact: Contact, template: Template, data: Json, tracking_id: str) -> Message:
    """Into the citizen's chat, with the receipt that templates by phone give; `seen` is not reported for them."""
    draft = drafted(template, data, tracking_id)
    message = platform.network.add_message(contact, from_oa=True, draft=draft)
    account, citizen = platform.network.accounts[contact.oa_id], platform.network.citizens[contact.citizen_id]
    if citizen.mobile:
        message.received = True
        if platform.webhooks.wants("user_received_message", contact.oa_id):
            now = platform.clock.now_ms()
            event = events.template_received(account, citizen.phone, message.message_id, tracking_id, now)
            platform.webhooks.send(event, contact.oa_id, contact.user_id, zns=True)
    message.seen = citizen.reads
    platform.sent[message.message_id] = Sent(message, tracking_id, template.template_id)
    return message


def drafted(template: Template, data: Json, tracking_id: str = "") -> Draft:
    fields = {
        "template_id": template.template_id,
        "template_type": template.type,
        "data": data,
        "tracking_id": tracking_id,
    }
    return Draft("template", template.filled(data), buttons=template.buttons, template=fields)


def _zns(code: int) -> ZaloError:
    return ZaloError(code, family="zns")
