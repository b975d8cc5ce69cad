"""Whether a stage's reply depends on the data that is about to be extracted from the message."""

from message_processing import variables
from message_processing.steps.retrieval import calls_other_system
from message_processing.templates.braces import Placeholder, normalise, placeholders
from message_processing.turn import Turn

_FIELD_VARIABLES = ("extracted_data", "collected_data")


def depends_on_extraction(turn: Turn) -> bool:
    """Returns whether the message probably decides what the reply is written from.

    That is the case if the stage has actions, of which the reply must know the results, if a required field is still
    missing, or if the look-up uses a field that the stage extracts. A call to another system always counts, because it
    must not happen twice. Fields in the prompt do not count: most messages contain none that are new, and the prompt is
    compared before a reply is used.
    """
    stage = turn.chosen_stage
    if stage.actions or turn.missing_fields or calls_other_system(stage):
        return True
    if stage.data_retrieval.get("method") != "database_query":
        return False
    config = stage.data_retrieval.get("config") or {}
    query = [str(config["query"])] if "query" in config else []
    texts = [*config.get("match", {}).values(), *query, config.get("ask") or "", config.get("not_found") or ""]
    return any(_may_change(each, turn) for text in texts for each in placeholders(text))


def _may_change(placeholder: Placeholder, turn: Turn) -> bool:
    """Returns whether the extraction may change the placeholder's value."""
    root, _, rest = placeholder.name.partition(".")
    found = variables.find_provider(placeholder.name)
    if found is None and placeholder.name in turn.release.variables:
        return False
    found = found or variables.find_provider(root)
    if found is None:
        return _may_be_extracted(root, turn)
    provider, _ = found
    if provider.name in _FIELD_VARIABLES and rest:
        return _may_be_extracted(rest.partition(".")[0], turn)
    return provider.scope == "step"  # its value is not the same in every step, for whatever reason


def _may_be_extracted(field: str, turn: Turn) -> bool:
    schema = turn.chosen_stage.extraction_schema
    return schema is None or field in map(normalise, schema.get("properties", {}))
