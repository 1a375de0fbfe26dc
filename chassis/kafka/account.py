"""As whom, and over what, a client reaches the broker."""

import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from chassis.settings import Settings


@dataclass(frozen=True, slots=True)
class Account:
    """Without a user nobody in particular, as on a broker without passwords; without an authority in plain text."""

    user: str = ""
    password: str = field(default="", repr=False)
    mechanism: str = "PLAIN"
    tls_ca: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        password = settings.kafka_password.get_secret_value()
        return cls(settings.kafka_user, password, settings.kafka_mechanism, settings.kafka_tls_ca)

    def client_options(self) -> dict[str, Any]:
        """Returns what every client of aiokafka takes. Raises OSError without the file of the authority."""
        options: dict[str, Any] = {
            "security_protocol": ("SASL_" if self.user else "") + ("SSL" if self.tls_ca else "PLAINTEXT")
        }
        if self.user:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        if self.tls_ca:
            options["ssl_context"] = ssl.create_default_context(cafile=self.tls_ca)
        return options


NOBODY = Account()

# aiokafka warns at each connection of what decision 26 allows between processes of one machine; elsewhere settings demand TLS.
logging.getLogger("aiokafka.conn").addFilter(lambda record: "in the clear" not in record.getMessage())
