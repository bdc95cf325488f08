# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invoices and credit notes in UBL 2.1: Peppol BIS, NLCIUS (SI-UBL) and the European standard."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plein.documents.files.amounts import amount_of, bare_account, day_of
from plein.documents.files.markup import name_of
from plein.documents.files.records import Invoice, Line, Party, Tax
from plein.documents.files.trees import every, first, marked, word, words

#: The names of the document, of its lines and of the quantity on them.
KINDS = {
    "Invoice": ("invoice", "InvoiceLine", "InvoicedQuantity"),
    "CreditNote": ("credit_note", "CreditNoteLine", "CreditedQuantity"),
}
_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"


def is_ubl(root: Element) -> bool:
    """Whether a document is an invoice or a credit note in UBL."""
    return name_of(root) in KINDS and root.tag.startswith("{" + _NAMESPACE)


def read(root: Element) -> Invoice:
    """What an invoice says."""
    kind, line_name, quantity_name = KINDS[name_of(root)]
    totals = first(root, "LegalMonetaryTotal")
    currency = word(root, "DocumentCurrencyCode")
    return Invoice(
        syntax="UBL",
        standard=word(root, "CustomizationID"),
        kind=kind,
        type_code=word(root, "InvoiceTypeCode", "CreditNoteTypeCode"),
        number=word(root, "ID"),
        issued_on=day_of(word(root, "IssueDate")),
        due_on=day_of(word(root, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate")),
        currency=currency,
        seller=_party(first(root, "AccountingSupplierParty/Party")),
        buyer=_party(first(root, "AccountingCustomerParty/Party")),
        lines=tuple(_line(one, quantity_name) for one in every(root, line_name)),
        taxes=tuple(_taxes(root, currency)),
        line_total=amount_of(word(totals, "LineExtensionAmount")),
        allowances=amount_of(word(totals, "AllowanceTotalAmount")),
        charges=amount_of(word(totals, "ChargeTotalAmount")),
        net=amount_of(word(totals, "TaxExclusiveAmount")),
        tax=amount_of(next((word(one, "TaxAmount") for one in _tax_totals(root, currency)), "")),
        gross=amount_of(word(totals, "TaxInclusiveAmount")),
        prepaid=amount_of(word(totals, "PrepaidAmount")),
        rounding=amount_of(word(totals, "PayableRoundingAmount")),
        payable=amount_of(word(totals, "PayableAmount")),
        accounts=_accounts(root),
        payment_means=tuple(word(one, "PaymentMeansCode") for one in every(root, "PaymentMeans")),
        payment_reference=word(root, "PaymentMeans/PaymentID"),
        buyer_reference=word(root, "BuyerReference"),
        order_reference=word(root, "OrderReference/ID"),
        preceding=word(root, "BillingReference/InvoiceDocumentReference/ID"),
        note=words(root, "Note"),
    )


def _tax_totals(root: Element, currency: str) -> Iterator[Element]:
    """The totals of VAT in the currency of the invoice; the same may stand there once more in another one."""
    for one in every(root, "TaxTotal"):
        if marked(first(one, "TaxAmount"), "currencyID") in (currency, ""):
            yield one


def _taxes(root: Element, currency: str) -> Iterator[Tax]:
    for total in _tax_totals(root, currency):
        for one in every(total, "TaxSubtotal"):
            category = first(one, "TaxCategory")
            yield Tax(
                category=word(category, "ID"),
                rate=amount_of(word(category, "Percent")),
                base=amount_of(word(one, "TaxableAmount")),
                amount=amount_of(word(one, "TaxAmount")),
            )


def _accounts(root: Element) -> tuple[str, ...]:
    found = (word(one, "ID") for one in every(root, "PaymentMeans/PayeeFinancialAccount"))
    return tuple(dict.fromkeys(bare_account(one) for one in found if one))


def _party(party: Element | None) -> Party:
    legal = first(party, "PartyLegalEntity/CompanyID")
    address = first(party, "PostalAddress")
    vat = next(
        (
            word(one, "CompanyID")
            for one in every(party, "PartyTaxScheme")
            if word(one, "TaxScheme/ID").upper() in ("VAT", "")
        ),
        "",
    )
    return Party(
        name=word(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"),
        vat=vat,
        number=word(party, "PartyLegalEntity/CompanyID"),
        scheme=marked(legal, "schemeID").removeprefix("NL:"),
        endpoint=word(party, "EndpointID"),
        email=word(party, "Contact/ElectronicMail"),
        street=word(address, "StreetName"),
        postal_code=word(address, "PostalZone"),
        place=word(address, "CityName"),
        country=word(address, "Country/IdentificationCode"),
        has_address=address is not None,
    )


def _line(line: Element, quantity_name: str) -> Line:
    quantity = first(line, quantity_name)
    return Line(
        number=word(line, "ID"),
        name=word(line, "Item/Name", "Item/Description"),
        quantity=amount_of(word(line, quantity_name)),
        unit=marked(quantity, "unitCode"),
        price=amount_of(word(line, "Price/PriceAmount")),
        amount=amount_of(word(line, "LineExtensionAmount")),
        rate=amount_of(word(line, "Item/ClassifiedTaxCategory/Percent")),
    )
