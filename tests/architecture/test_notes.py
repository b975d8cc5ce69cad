"""Internal notes are messages that customers and models must never see. Every statement that reads messages says which
types of sender it reads."""

from sqlglot import exp

from tests.architecture.tenant_filters import parse, statements

# Statements that read messages of every type, and why.
WITH_NOTES = {
    "backdating.backdate_conversation": "only the times",
    "exported_rows.FILES": "an export contains everything, and is for owners",
    "inbox.list_conversations": "the search of staff",
    "latest_messages_v1": "no longer used",
}


def test_statements_that_read_messages_leave_out_notes() -> None:
    found = {
        name
        for name, text in statements()
        if (statement := parse(text)) is not None
        for table in statement.find_all(exp.Table)
        if table.name == "messages" and not _is_inserted_into(table) and not _has_condition_on_sender(table)
    }
    assert found - WITH_NOTES.keys() == set(), "Add a condition on `sender_type`."
    assert WITH_NOTES.keys() - found == set(), "These need no exemption."


def test_no_other_module_reads_the_old_function() -> None:
    assert [name for name, text in statements() if "latest_messages_v1" in text] == []


def _is_inserted_into(table: exp.Table) -> bool:
    return isinstance(table.parent, exp.Schema | exp.Insert)


def _has_condition_on_sender(table: exp.Table) -> bool:
    scope = table.find_ancestor(exp.Select, exp.Update, exp.Insert, exp.Delete)
    columns = scope.find_all(exp.Column) if scope is not None else ()
    return any(
        column.name == "sender_type" and column.find_ancestor(exp.Where, exp.Join) is not None for column in columns
    )
