"""What can be imported, and what reads a row of it."""

from collections.abc import Mapping

from services.chatbot.features.dossiers.rows import parse_dossier
from services.chatbot.lookups.import_rows import ParseRow, parse_fine, parse_score

PARSERS: Mapping[str, ParseRow] = {"scores": parse_score, "fines": parse_fine, "dossiers": parse_dossier}
