"""What goes wrong, on demand: each fault alone or together, drawn from one seed, so that a run can be repeated."""

import random
import time
from dataclasses import dataclass, field
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Rate = Field(0.0, ge=0, le=1)
NO_FAULT = 0


class _Plan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Latency(_Plan):
    """Added before a call is looked at."""

    rate: float = Field(1.0, ge=0, le=1)
    min_ms: int = Field(0, ge=0, le=60_000)
    max_ms: int = Field(0, ge=0, le=60_000)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_ms < self.min_ms:
            raise ValueError("max_ms is below min_ms")
        return self


class CodeFault(_Plan):
    """An error code instead of an answer, for a share of the calls whose path begins with `path`."""

    code: int = Field(lt=0, ge=-99_999)
    rate: float = Field(ge=0, le=1)
    path: str = Field("/v", max_length=200)


class Storm(_Plan):
    """A rate limit for every caller: HTTP 429, or HTTP 200 with -32."""

    kind: Literal["429", "-32"] = "-32"
    rate: float = Field(1.0, ge=0, le=1)
    seconds: float = Field(3_600, gt=0, le=86_400, description="How long from this call on.")
    retry_after: int = Field(1, ge=0, le=3_600)


class Hang(_Plan):
    """The call is carried out, and then no answer comes for `seconds`: the caller cannot know."""

    rate: float = Rate
    seconds: float = Field(30, ge=0, le=120)


class WebhookFaults(_Plan):
    double_rate: float = Rate
    delay_rate: float = Rate
    delay_ms: int = Field(1_000, ge=0, le=600_000)
    reorder_rate: float = Rate


class FaultPlan(_Plan):
    """The body of PUT /sandbox/faults. What is left out is off."""

    seed: int | None = None
    latency: Latency | None = None
    errors: tuple[CodeFault, ...] = Field((), max_length=50)
    storm: Storm | None = None
    token_expiry_rate: float = Rate
    expire_tokens: bool = Field(False, description="Let every access token that is out expire now, once.")
    hang: Hang | None = None
    webhooks: WebhookFaults = WebhookFaults()


@dataclass(frozen=True, slots=True)
class CallFaults:
    """What one call is about to suffer."""

    latency_seconds: float = 0.0
    code: int = NO_FAULT
    too_many: Storm | None = None
    token_expired: bool = False
    hang_seconds: float = 0.0


CALM = CallFaults()


@dataclass(slots=True)
class Faults:
    """Each kind draws from its own stream, so that switching one on does not change what the others do."""

    default_seed: int = 1
    plan: FaultPlan = field(default_factory=FaultPlan)
    calm: bool = True  # The hot path checks this flag alone.
    _dice: dict[str, random.Random] = field(default_factory=dict)
    _storm_ends: float = 0.0

    def use(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._dice = {}
        self._storm_ends = time.monotonic() + plan.storm.seconds if plan.storm else 0.0
        quiet = not plan.errors and plan.latency is None and plan.storm is None and plan.hang is None
        self.calm = quiet and not plan.token_expiry_rate

    def occurs(self, kind: str, rate: float) -> bool:
        return rate > 0 and self._die(kind).random() < rate

    def for_call(self, path: str) -> CallFaults:
        plan = self.plan
        latency = 0.0
        if plan.latency and self.occurs("latency", plan.latency.rate):
            latency = self._die("latency-size").uniform(plan.latency.min_ms, plan.latency.max_ms) / 1000
        hangs = plan.hang is not None and self.occurs("hang", plan.hang.rate)
        return CallFaults(
            latency_seconds=latency,
            code=self._code(path),
            too_many=self._storm(),
            token_expired=self.occurs("token", plan.token_expiry_rate),
            hang_seconds=plan.hang.seconds if hangs and plan.hang else 0.0,
        )

    def _code(self, path: str) -> int:
        """Every listed fault draws, whether or not an earlier one struck, so the streams stay in step."""
        code = NO_FAULT
        for index, fault in enumerate(self.plan.errors):
            if path.startswith(fault.path) and self.occurs(f"error-{index}", fault.rate):
                code = code or fault.code
        return code

    def _storm(self) -> Storm | None:
        storm = self.plan.storm
        if storm is None or time.monotonic() > self._storm_ends:
            return None
        return storm if self.occurs("storm", storm.rate) else None

    def _die(self, kind: str) -> random.Random:
        die = self._dice.get(kind)
        if die is None:
            seed = self.default_seed if self.plan.seed is None else self.plan.seed
            die = self._dice[kind] = random.Random(f"{seed}:{kind}")
        return die
