"""What can be imported, and what reads a row of it."""

from collections.abc import Mapping

from services.chatbot.features.dossiers.rows import parse_dossier
from services.chatbot.features.fines.rows import parse_fine
from services.chatbot.features.scores.rows import parse_score
from services.chatbot.lookups.import_rows import ParseRow

PARSERS: Mapping[str, ParseRow] = {"scores": parse_score, "fines": parse_fine, "dossiers": parse_dossier}
