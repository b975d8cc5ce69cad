"""Guesses which field a column of a file contains, by its name in English, German or Spanish."""

import unicodedata

from background.imports.records import Resource, fields_of

# Names as `_simplified` returns them. The first field with the name of a column is the guess.
_CUSTOMER = {
    "external_id": "customerid customerno customernumber kundennummer kundennr kundenid idcliente clienteid "
    "numerodecliente",
    "first_name": "firstname givenname vorname nombre",
    "last_name": "lastname surname familyname nachname familienname apellido apellidos",
    "email": "email emailaddress mail emailadresse correo correoelectronico",
    "phone": "phone phonenumber telephone mobile telefon telefonnummer handy telefono movil",
    "language": "language sprache idioma",
    "timezone": "timezone zeitzone zonahoraria",
}
_NAMES: dict[Resource, dict[str, str]] = {
    "users": {**_CUSTOMER, "external_id": f"id {_CUSTOMER['external_id']}"},
    "products": {
        "sku": "sku articlenumber articleno itemnumber itemno productid productnumber partnumber artikelnummer "
        "artikelnr artnr bestellnummer referencia codigo id",
        "product_name": "productname name product title article item produktname produkt artikel artikelname "
        "bezeichnung titel nombre producto articulo",
        "description": "description details beschreibung descripcion",
        "price": "price unitprice grossprice preis bruttopreis verkaufspreis vk precio",
        "currency": "currency wahrung waehrung moneda divisa",
        "kind": "kind type art typ tipo",
        "metadata": "metadata metadaten metadatos",
    },
    "orders": {
        "order_number": "ordernumber orderno ordernr orderid order bestellnummer bestellnr auftragsnummer auftragsnr "
        "numerodepedido pedido id",
        "status": "status orderstatus state bestellstatus estado",
        "items": "items lineitems positionen articulos",
        "order_total": "ordertotal total amount sum gesamt gesamtsumme summe betrag gesamtbetrag importe",
        "currency": "currency wahrung waehrung moneda divisa",
        "shipping_address": "shippingaddress deliveryaddress address lieferadresse versandadresse adresse "
        "direcciondeenvio direccion",
        "billing_address": "billingaddress invoiceaddress rechnungsadresse direcciondefacturacion",
        "payment_method": "paymentmethod payment zahlungsart zahlungsmethode metododepago",
        "tracking_number": "trackingnumber tracking trackingno sendungsnummer paketnummer numerodeseguimiento",
        "shipping_carrier": "shippingcarrier carrier shipper versanddienst versanddienstleister transportista",
        "order_date": "orderdate date orderedat bestelldatum datum auftragsdatum fechadepedido fecha",
        **{f"user.{field}": names for field, names in _CUSTOMER.items()},
    },
}


def guess_fields(resource: Resource, columns: list[str]) -> list[str | None]:
    """The field of each column, None if it cannot be guessed. Each field is given once."""
    known = fields_of(resource)
    guesses = [name if name in known else None for name in columns]
    guesses = [None if name in guesses[:at] else name for at, name in enumerate(guesses)]
    for at, name in enumerate(columns):
        if guesses[at] is None:
            simplified = _simplified(name)
            fields = (field for field, names in _NAMES[resource].items() if simplified in names.split())
            guesses[at] = next((field for field in fields if field not in guesses), None)
    return guesses


def _simplified(name: str) -> str:
    """The letters and digits of a name in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in decomposed if each.isalnum())
