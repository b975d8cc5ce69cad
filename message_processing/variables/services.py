from typing import Any

from message_processing.variables import TemplateVariableProvider
from message_processing.variables.products import MAX_PRODUCTS, as_price_list
from repositories import products


@TemplateVariableProvider.register_provider("services", example="- Gift wrapping: 4.00 EUR", scope="turn")
def provide_services(conn: Any, business_id: Any, **kwargs: Any) -> str:
    """The services of the business, one per line: name, price and description."""
    return as_price_list(products.list_prices(conn, business_id, "service", MAX_PRODUCTS))
