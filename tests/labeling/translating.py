"""A translation for tests: a dictionary that counts how often it is asked."""

DICTIONARY = {"becco lungo": "long beak", "ruota": "wheel", "ali": "🪽"}
NO_FUNCTION = "wheel"

asked: list[tuple[str, str]] = []


def from_dictionary(text: str, language: str) -> str:
    asked.append((text, language))
    if text == "rotto":
        raise RuntimeError("the dictionary has no such page")
    return DICTIONARY.get(text, text)


def wordless(text: str, language: str) -> None:
    """No translation at all."""
