# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invoices say the same in every format, and what is wrong with one is said in the words of the standard."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plein.documents.files.documents import documents_in
from plein.documents.files.limits import Limits, Refused
from plein.documents.files.records import Invoice
from plein.documents.tests.samples import paper

NLCIUS = (Path(__file__).parent / "fixtures" / "nlcius.xml").read_bytes()
CII = b"""<?xml version='1.0'?><rsm:CrossIndustryInvoice xmlns:rsm="r" xmlns:ram="a" xmlns:udt="u">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>2026-17</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20260131</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
<ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Hekwerk</ram:Name>
</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
<ram:ChargeAmount>25.00</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="MTR">40</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>1000.00</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem><ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>
<ram:Name>Van Dijk Hekwerken</ram:Name><ram:PostalTradeAddress><ram:CountryID>NL</ram:CountryID>
</ram:PostalTradeAddress><ram:SpecifiedTaxRegistration>
<ram:ID schemeID="VA">NL001234567B01</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Sportpark</ram:Name><ram:PostalTradeAddress>
<ram:CountryID>NL</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>
<ram:IBANID>NL91 ABNA 0417 1643 00</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>
</ram:SpecifiedTradeSettlementPaymentMeans><ram:ApplicableTradeTax><ram:CalculatedAmount>210.00</ram:CalculatedAmount>
<ram:BasisAmount>1000.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>21</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>1000.00</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount>1000.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">210.00</ram:TaxTotalAmount>
<ram:GrandTotalAmount>1210.00</ram:GrandTotalAmount><ram:DuePayableAmount>1210.00</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def invoice_in(data: bytes, name: str = "factuur.xml") -> Invoice:
    [found] = documents_in(data, name, Limits())
    assert isinstance(found, Invoice)
    return found


def test_an_invoice_in_ubl() -> None:
    found = invoice_in(NLCIUS)

    assert (found.kind, found.number, found.issued_on, found.currency) == (
        "invoice",
        "TOSL108",
        date(2009, 12, 15),
        "EUR",
    )
    assert (found.net, found.tax, found.gross) == (Decimal("1436.5"), Decimal("292.20"), Decimal("1728.7"))
    assert (found.prepaid, found.rounding, found.payable) == (Decimal(1000), Decimal("0.30"), Decimal(729))
    assert (found.seller.name, found.seller.vat) == ("The Sellercompany Incorporated", "NL12345678")
    assert (found.buyer.number, found.buyer.scheme, found.buyer.place) == ("87654321", "0106", "Anytown")
    assert [(line.quantity, line.price, line.amount) for line in found.lines][1] == (
        Decimal(-1),
        Decimal("3.96"),
        Decimal("-3.96"),
    )
    assert len(found.taxes) == 3 and found.flaws == ()


def test_an_invoice_in_cii_alone_and_inside_a_pdf() -> None:
    found = invoice_in(CII)

    assert (found.syntax, found.number, found.issued_on) == ("CII", "2026-17", date(2026, 1, 31))
    assert (found.seller.vat, found.accounts, found.payable) == (
        "NL001234567B01",
        ("NL91ABNA0417164300",),
        Decimal(1210),
    )
    assert found.lines[0].unit == "MTR" and found.flaws == ()
    assert invoice_in(paper("Factuur 2026-17", CII), "factuur.pdf") == found
    assert documents_in(paper("Een brief"), "brief.pdf", Limits()) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        (b"TOSL108", b"", "BR-02", "An Invoice shall have an Invoice number (BT-1)."),
        (b">1728.7<", b">1728.8<", "BR-CO-15", "Invoice total amount with VAT (BT-112) = "),
        (b">729<", b">730<", "BR-CO-16", "Amount due for payment (BT-115) = "),
        (b">292.1<", b">295.1<", "BR-CO-17", "VAT category tax amount (BT-117) = "),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_standard(old: bytes, new: bytes, rule: str, words: str) -> None:
    assert old in NLCIUS
    said = {flaw.rule: flaw.words for flaw in invoice_in(NLCIUS.replace(old, new)).flaws}
    assert said[rule].startswith(words)


def test_dutch_suppliers_are_asked_for_more() -> None:
    dutch = NLCIUS.replace(b"<cbc:IdentificationCode>DK<", b"<cbc:IdentificationCode>NL<").replace(
        b'schemeID="0106">12345678', b'schemeID="9999">12345678'
    )
    flaws = invoice_in(dutch).flaws
    assert {"BR-NL-1", "BR-NL-12"} <= {one.rule for one in flaws if one.is_error}
    assert any(not one.is_error for one in flaws)


@pytest.mark.parametrize(
    "hostile",
    [
        NLCIUS.replace(b"<Invoice", b"<!DOCTYPE Invoice [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Invoice", 1),
        NLCIUS[:-40],
        b"<?xml version='1.0' encoding='no-such'?><a/>",
    ],
)
def test_what_is_no_honest_xml_is_refused(hostile: bytes) -> None:
    with pytest.raises(Refused):
        documents_in(hostile, "factuur.xml", Limits())


def test_an_amount_that_is_no_plain_number_is_no_amount() -> None:
    for odd in (b"NaN", b"1e999999", b"9" * 5_000, "٣".encode(), b"1,5", b"-"):
        assert invoice_in(NLCIUS.replace(b">729<", b">" + odd + b"<")).payable is None


def test_an_amount_of_very_many_digits_is_weighed_like_any_other() -> None:
    found = invoice_in(NLCIUS.replace(b">1460.5<", b">" + b"9" * 33 + b"<"))
    assert "BR-CO-17" in {flaw.rule for flaw in found.flaws}
