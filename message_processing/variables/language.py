from typing import Any

from message_processing.languages import name_of
from message_processing.reply_language import customer_language, reply_language
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("language", example="de", scope="turn")
def provide_language(conn: Any, release: Any, message_content: Any, conversation: Any, **kwargs: Any) -> str:
    """The language for the reply, such as `de`: that of the customer, or the first one of the business if it does not
    offer that one."""
    return reply_language(release, customer_language(release, message_content or "", conversation))


@TemplateVariableProvider.register_provider("language_name", example="German", scope="turn")
def provide_language_name(conn: Any, **kwargs: Any) -> str:
    """The English name of the language for the reply, such as `German`."""
    return name_of(provide_language(conn, **kwargs))
