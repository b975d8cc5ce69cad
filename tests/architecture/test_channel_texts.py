"""The front-end has translations of what the kinds of channels declare. Its English texts are those of the kinds."""

import json
import re
from typing import Any

from channels import kinds
from channels.graph import SECRETS
from dev.front_end import FRONT_END

KINDS_OF_META = ("instagram", "messenger", "whatsapp")


def read_texts() -> dict[str, Any]:
    """The English texts of the kinds."""
    code = (FRONT_END / "src" / "config" / "texts" / "channelKinds.ts").read_text()
    code = code.partition("translate('channelKinds', ")[2].rpartition(");")[0]
    code = re.sub(r"'([^'\n]*)'", lambda match: json.dumps(match[1]), code)
    code = re.sub(r"([{,]\s*)(\w+):", r'\1"\2":', code)
    texts: dict[str, Any] = json.loads(re.sub(r",(\s*})", r"\1", code))
    return texts


def plain(text: str) -> str:
    return text.replace("'", "’")  # as texts of the pages are written


def test_texts_of_channel_kinds_are_those_of_the_server() -> None:
    texts = read_texts()
    assert texts["names"] == {name: plain(kinds()[name].title) for name in texts["names"]}
    shared = {each.name for each in SECRETS} | {"human_agent"}
    for name in texts["names"]:
        kind = kinds()[name]
        properties = kind.settings_schema["properties"]
        expected = {each: (field["title"], field["description"]) for each, field in properties.items()}
        expected |= {secret.name: (secret.title, secret.description) for secret in kind.secrets}
        translated = dict(texts["fields"][name])
        if name in KINDS_OF_META:
            translated |= {each: text for each, text in texts["fields"]["meta"].items() if each in expected}
        assert {each: (text["title"], text["hint"]) for each, text in translated.items()} == {
            each: (plain(title), plain(description)) for each, (title, description) in expected.items()
        }, name
        choices = {value for field in properties.values() for value in field.get("enum", ())}
        assert choices <= texts["choices"].keys(), name
    assert texts["fields"]["meta"].keys() == shared
