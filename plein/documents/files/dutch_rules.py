# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Netherlands ask of an invoice besides (NLCIUS, SI-UBL 2.0), by the numbers and in the words of those rules.

They hold for suppliers in the Netherlands that say they follow NLCIUS. What is not recommended is a warning.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from plein.documents.files.markup import name_of
from plein.documents.files.records import Flaw, Invoice, Party
from plein.documents.files.trees import every, first, word

NLCIUS = "urn:fdc:nen.nl:nlcius:v1.0"
_HERE = "NL"
#: The trade register of the Netherlands, and the numbers of its authorities.
_REGISTERS = ("0106", "0190")
_TYPES, _CREDIT, _CORRECTIVE = ("380", "381", "384", "389"), "381", "384"
_MEANS = ("30", "48", "49", "57", "58", "59")
_SEPA = ("58", "59")
_FOR = "For suppliers in the Netherlands,"
#: What is not recommended in UBL, where it stands; the number of the rule and its words.
_UNWANTED = (
    ("TaxCurrencyCode", "BR-NL-19", "The use of a tax currency code (cbc:TaxCurrencyCode) is not recommended"),
    (
        "TaxPointDate",
        "BR-NL-20",
        "The use of a tax point date (cbc:TaxPointDate) is not recommended, and its value will be ignored",
    ),
    (
        "InvoicePeriod/DescriptionCode",
        "BR-NL-21",
        "The use of a tax point date code (cac:InvoicePeriod/cbc:DescriptionCode) is not recommended, and its value"
        " will be ignored",
    ),
    (
        "BillingReference/InvoiceDocumentReference/IssueDate",
        "BR-NL-24",
        "The use of a preceding invoice issue date (cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate) is"
        " not recommended",
    ),
    (
        "AccountingSupplierParty/Party/PartyLegalEntity/CompanyLegalForm",
        "BR-NL-26",
        "The use of the seller additional legal information field (cac:AccountingSupplierParty/cac:Party/"
        "cac:PartyLegalEntity/cbc:CompanyLegalForm) is not recommended, since this is not applicable for suppliers in"
        " the Netherlands",
    ),
    (
        "AccountingSupplierParty/Party/PostalAddress/AddressLine/Line",
        "BR-NL-27",
        "The use of the seller address line 3 (cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cac:AddressLine/"
        "cbc:Line) is not recommended",
    ),
    (
        "AccountingCustomerParty/Party/PostalAddress/AddressLine/Line",
        "BR-NL-27",
        "The use of the customer address line 3 (cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/"
        "cac:AddressLine/cbc:Line) is not recommended",
    ),
    (
        "Delivery/DeliveryLocation/Address/AddressLine/Line",
        "BR-NL-27",
        "The use of the delivery address line 3 (cac:Delivery/cac:DeliveryLocation/cac:Address/cac:AddressLine/"
        "cbc:Line) is not recommended",
    ),
    (
        "AccountingSupplierParty/Party/PostalAddress/CountrySubentity",
        "BR-NL-28",
        "The use of a country subdivision (cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/"
        "cbc:CountrySubentity) is not recommended",
    ),
    (
        "AccountingCustomerParty/Party/PostalAddress/CountrySubentity",
        "BR-NL-28",
        "The use of a country subdivision (cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/"
        "cbc:CountrySubentity) is not recommended",
    ),
    (
        "TaxRepresentativeParty/PostalAddress/CountrySubentity",
        "BR-NL-28",
        "The use of a country subdivision (cac:TaxRepresentativePart/cac:PostalAddress/cbc:CountrySubentity) is not"
        " recommended",
    ),
    (
        "Delivery/DeliveryLocation/Address/CountrySubentity",
        "BR-NL-28",
        "The use of a country subdivision (cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:CountrySubentity) is not"
        " recommended",
    ),
    (
        "PaymentMeans/PayeeFinancialAccount/Name",
        "BR-NL-30",
        "The use of a payment account name (cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:Name) is not recommended",
    ),
    (
        "AllowanceCharge/AllowanceChargeReasonCode",
        "BR-NL-32",
        "The use of an allowance reason code (cac:AllowanceCharge/cbc:AllowanceChargeReasonCode) is not recommended",
    ),
    (
        "InvoiceLine/AllowanceCharge/AllowanceChargeReasonCode",
        "BR-NL-32",
        "The use of an allowance reason code (cac:InvoiceLine/cac:AllowanceCharge/cbc:AllowanceChargeReasonCode) is not"
        " recommended",
    ),
    (
        "TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode",
        "BR-NL-35",
        "The use of a tax exemption reason code (cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/"
        "cbc:TaxExemptionReasonCode) is not recommended",
    ),
)


def dutch_flaws(root: Element, invoice: Invoice) -> Iterator[Flaw]:
    """What is wrong with an invoice of a Dutch supplier that follows NLCIUS."""
    if NLCIUS not in invoice.standard or invoice.seller.country.upper() != _HERE:
        return
    yield from _parties(invoice)
    yield from _kind(invoice, name_of(root))
    yield from _payment(invoice)
    if invoice.syntax == "UBL":
        yield from _lines(root)
        yield from _representative(root)
        yield from _unwanted(root)


def _parties(invoice: Invoice) -> Iterator[Flaw]:
    if not _is_registered(invoice.seller):
        yield Flaw(
            "BR-NL-1",
            "For suppliers in the Netherlands the supplier MUST provide either a KVK or OIN number for its legal entity"
            " identifier (cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID with schemeID 0106"
            " or 0190)",
        )
    if not invoice.buyer_reference and not invoice.order_reference:
        yield Flaw(
            "BR-NL-2",
            f"{_FOR} the invoice MUST contain either the buyer reference (cbc:BuyerReference) or the order reference"
            " (cac:OrderReference/cbc:ID)",
        )
    if not _is_whole(invoice.seller):
        yield Flaw(
            "BR-NL-3",
            "For suppliers in the Netherlands the supplier's address (cac:AccountingSupplierParty/cac:Party/"
            "cac:PostalAddress) MUST contain street name (cbc:StreetName), city (cbc:CityName) and postal zone"
            " (cbc:PostalZone)",
        )
    if invoice.buyer.country.upper() != _HERE:
        return
    if not _is_whole(invoice.buyer):
        yield Flaw(
            "BR-NL-4",
            f"{_FOR} if the customer is in the Netherlands, the customer address (cac:AccountingCustomerParty/"
            "cac:Party/cac:PostalAddress) MUST contain the street name (cbc:StreetName), the city (cbc:CityName) and"
            " the postal zone (cbc:PostalZone)",
        )
    if not _is_registered(invoice.buyer):
        yield Flaw(
            "BR-NL-10",
            f"{_FOR} if the customer is in the Netherlands, the customer's legal entity identifier"
            " (cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID) MUST be either a KVK"
            " (schemeID=0106) or OIN number (schemeID=0190)",
        )


def _is_registered(party: Party) -> bool:
    return party.scheme in _REGISTERS and bool(party.number)


def _is_whole(party: Party) -> bool:
    return bool(party.street and party.place and party.postal_code)


def _kind(invoice: Invoice, root: str) -> Iterator[Flaw]:
    code = invoice.type_code
    if code and code not in _TYPES:
        yield Flaw(
            "BR-NL-7",
            "The invoice or credit note type code (cbc:InvoiceTypeCode/cbc:CreditNoteTypeCode) MUST have one of the"
            " following values: 380, 381, 384, 389",
        )
    if code == _CREDIT and root == "Invoice":
        yield Flaw(
            "BR-NL-8",
            "If the invoice type code (cbc:InvoiceTypeCode) is 381, the document MUST use the CreditNote scheme",
        )
    if code != _CREDIT and root == "CreditNote":
        yield Flaw(
            "BR-NL-8",
            "If the credit note type code (cbc:CreditNoteTypeCode) is 380, 384 or 389, the document MUST use the"
            " Invoice scheme",
        )
    if code == _CORRECTIVE and not invoice.preceding:
        yield Flaw(
            "BR-NL-9",
            f"{_FOR} if the document is a corrective invoice (cbc:InvoiceTypeCode = 384), the document MUST contain an"
            " invoice reference (cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID)",
        )


def _payment(invoice: Invoice) -> Iterator[Flaw]:
    is_paid_to_seller = invoice.kind == "invoice" and invoice.payable is not None and invoice.payable > 0
    if is_paid_to_seller and not invoice.payment_means:
        yield Flaw(
            "BR-NL-11",
            f"{_FOR} the supplier MUST provide a means of payment (cac:PaymentMeans) if the payment is from customer to"
            " supplier",
        )
    if any(code not in _MEANS for code in invoice.payment_means):
        yield Flaw(
            "BR-NL-12",
            f"{_FOR} the payment means code (cac:PaymentMeans/cbc:PaymentMeansCode) MUST be one of 30, 48, 49, 57, 58"
            " or 59",
        )


def _lines(root: Element) -> Iterator[Flaw]:
    ordered = (
        word(line, "OrderLineReference/LineID")
        for name in ("InvoiceLine", "CreditNoteLine")
        for line in every(root, name)
    )
    if any(ordered) and not word(root, "OrderReference/ID"):
        yield Flaw(
            "BR-NL-13",
            "If an order line reference (BT-132) is used, there must be an order reference on the document level"
            " (BT-13)",
        )


def _representative(root: Element) -> Iterator[Flaw]:
    address = first(root, "TaxRepresentativeParty/PostalAddress")
    if word(address, "Country/IdentificationCode").upper() != _HERE:
        return
    if not all(word(address, part) for part in ("StreetName", "CityName", "PostalZone")):
        yield Flaw(
            "BR-NL-5",
            f"{_FOR} if the fiscal representative is in the Netherlands, the representative's address"
            " (cac:TaxRepresentativeParty/cac:PostalAddress) MUST contain street name (cbc:StreetName), city"
            " (cbc:CityName) and postal zone (cbc:PostalZone)",
        )


def _unwanted(root: Element) -> Iterator[Flaw]:
    for path, rule, words in _UNWANTED:
        if first(root, path) is not None:
            yield Flaw(rule, words, is_error=False)
    for scheme in every(root, "AccountingSupplierParty/Party/PartyTaxScheme"):
        if first(scheme, "CompanyID") is not None and word(scheme, "TaxScheme/ID") != "VAT":
            yield Flaw(
                "BR-NL-25",
                "The use of a seller tax registration identifier (cac:AccountingSupplierParty/cac:Party/"
                "cac:PartyTaxScheme/cbc:CompanyID) is not recommended when the tax scheme is not VAT, since this is not"
                " applicable to suppliers in the Netherlands",
                is_error=False,
            )
    for means in every(root, "PaymentMeans"):
        code = first(means, "PaymentMeansCode")
        if code is not None and "name" in code.attrib:
            yield Flaw(
                "BR-NL-29",
                "The use of a payment means text (cac:PaymentMeans/cbc:PaymentMeansCode/@name) is not recommended",
                is_error=False,
            )
        branch = first(means, "PayeeFinancialAccount/FinancialInstitutionBranch/ID")
        if word(means, "PaymentMeansCode") in _SEPA and branch is not None:
            yield Flaw(
                "BR-NL-31",
                "The use of a payment service provider identifier (cac:PaymentMeans/cac:PayeeFinancialAccount/"
                "cac:FinancialInstitutionBranch/cbc:ID) is not recommended for SEPA payments (cac:PaymentMeans/"
                "cbc:PaymentMeansCode = 58 or 59)",
                is_error=False,
            )
    if any(not len(one) and not (one.text or "").strip() for one in root.iter()):
        yield Flaw("SI-UBL-2", "Document should not contain empty elements.", is_error=False)
