from typing import Any

from message_processing.variables import TemplateVariableProvider
from message_processing.variables.products import MOST_PRODUCTS, as_price_list
from repositories import products


@TemplateVariableProvider.register_provider("services", example="- Gift wrapping: 4.00 EUR", holds="turn")
def provide_services(conn: Any, business_id: Any, **kwargs: Any) -> str:
    """The services of the business, a line each: name, price and description."""
    return as_price_list(products.list_prices(conn, business_id, "service", MOST_PRODUCTS))
