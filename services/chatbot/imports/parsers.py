"""What can be imported, and what reads a row of it."""

from collections.abc import Mapping

from services.chatbot.imports.dossiers import dossier
from services.chatbot.imports.rows import Parse, fine, score

PARSERS: Mapping[str, Parse] = {"scores": score, "fines": fine, "dossiers": dossier}
