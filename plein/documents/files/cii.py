# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invoices in the Cross Industry Invoice of UN/CEFACT: by itself, or inside a PDF as Factur-X and ZUGFeRD."""

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

from plein.documents.files.amounts import amount_of, bare_account, day_of
from plein.documents.files.markup import name_of
from plein.documents.files.records import Invoice, Line, Party, Tax
from plein.documents.files.trees import every, first, marked, word, words

#: The document itself in the present version, and in the first one of ZUGFeRD.
ROOTS = ("CrossIndustryInvoice", "CrossIndustryDocument")
_CREDIT = "381"


def is_cii(root: Element) -> bool:
    """Whether a document is a Cross Industry Invoice."""
    return name_of(root) in ROOTS


def read(root: Element) -> Invoice:
    """What an invoice says."""
    head = first(root, "ExchangedDocument", "HeaderExchangedDocument")
    deal = first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    agreed = first(deal, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    settled = first(deal, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    totals = first(
        settled,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    code, currency = word(head, "TypeCode"), word(settled, "InvoiceCurrencyCode")
    context = first(root, "ExchangedDocumentContext", "SpecifiedExchangedDocumentContext")
    return Invoice(
        syntax="CII",
        standard=word(context, "GuidelineSpecifiedDocumentContextParameter/ID"),
        kind="credit_note" if code == _CREDIT else "invoice",
        type_code=code,
        number=word(head, "ID"),
        issued_on=day_of(word(head, "IssueDateTime/DateTimeString")),
        due_on=day_of(word(settled, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")),
        currency=currency,
        seller=_party(first(agreed, "SellerTradeParty")),
        buyer=_party(first(agreed, "BuyerTradeParty")),
        lines=tuple(_line(one) for one in every(deal, "IncludedSupplyChainTradeLineItem")),
        taxes=tuple(_tax(one) for one in every(settled, "ApplicableTradeTax")),
        line_total=amount_of(word(totals, "LineTotalAmount")),
        allowances=amount_of(word(totals, "AllowanceTotalAmount")),
        charges=amount_of(word(totals, "ChargeTotalAmount")),
        net=amount_of(word(totals, "TaxBasisTotalAmount")),
        tax=_tax_total(totals, currency),
        gross=amount_of(word(totals, "GrandTotalAmount")),
        prepaid=amount_of(word(totals, "TotalPrepaidAmount")),
        rounding=amount_of(word(totals, "RoundingAmount")),
        payable=amount_of(word(totals, "DuePayableAmount")),
        accounts=tuple(dict.fromkeys(_accounts(settled))),
        payment_means=tuple(word(one, "TypeCode") for one in every(settled, "SpecifiedTradeSettlementPaymentMeans")),
        payment_reference=word(settled, "PaymentReference"),
        buyer_reference=word(agreed, "BuyerReference"),
        order_reference=word(agreed, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        preceding=word(settled, "InvoiceReferencedDocument/IssuerAssignedID"),
        note=words(head, "IncludedNote/Content"),
    )


def _tax_total(totals: Element | None, currency: str) -> Decimal | None:
    for one in every(totals, "TaxTotalAmount"):
        if marked(one, "currencyID") in (currency, ""):
            return amount_of(one.text)
    return None


def _accounts(settled: Element | None) -> Iterator[str]:
    for one in every(settled, "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"):
        found = word(one, "IBANID", "ProprietaryID")
        if found:
            yield bare_account(found)


def _party(party: Element | None) -> Party:
    address = first(party, "PostalTradeAddress")
    register = first(party, "SpecifiedLegalOrganization/ID")
    vat = next(
        (
            word(one, "ID")
            for one in every(party, "SpecifiedTaxRegistration")
            if marked(first(one, "ID"), "schemeID") in ("VA", "")
        ),
        "",
    )
    return Party(
        name=word(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        vat=vat,
        number=word(party, "SpecifiedLegalOrganization/ID"),
        scheme=marked(register, "schemeID"),
        endpoint=word(party, "URIUniversalCommunication/URIID"),
        email=word(party, "DefinedTradeContact/EmailURIUniversalCommunication/URIID"),
        street=word(address, "LineOne"),
        postal_code=word(address, "PostcodeCode"),
        place=word(address, "CityName"),
        country=word(address, "CountryID"),
        has_address=address is not None,
    )


def _tax(one: Element) -> Tax:
    return Tax(
        category=word(one, "CategoryCode"),
        rate=amount_of(word(one, "RateApplicablePercent", "ApplicablePercent")),
        base=amount_of(word(one, "BasisAmount")),
        amount=amount_of(word(one, "CalculatedAmount")),
    )


def _line(line: Element) -> Line:
    agreed = first(line, "SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
    given = first(line, "SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
    settled = first(line, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    return Line(
        number=word(line, "AssociatedDocumentLineDocument/LineID"),
        name=word(line, "SpecifiedTradeProduct/Name"),
        quantity=amount_of(word(given, "BilledQuantity")),
        unit=marked(first(given, "BilledQuantity"), "unitCode"),
        price=amount_of(word(agreed, "NetPriceProductTradePrice/ChargeAmount")),
        amount=amount_of(
            word(
                settled,
                "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
                "SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
            )
        ),
        rate=amount_of(
            word(settled, "ApplicableTradeTax/RateApplicablePercent", "ApplicableTradeTax/ApplicablePercent")
        ),
    )
