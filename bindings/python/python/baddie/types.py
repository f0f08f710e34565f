"""What operations take and answer. Made by generate.py from the table of operations: do not edit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, Optional, Union

from .money import Money

__all__ = [
    "Ability", "AccountBalance", "AccountType", "Acquisition", "AcquisitionLine", "AdviceRun", "AgingRow", "ApiKey",
    "Appraisal", "ArrivedLine", "Attempt", "Attention", "AuditEntry", "CancelLine", "Capabilities", "CategoryGuess",
    "CategoryView", "Certificate", "Channel", "ChannelNotice", "ChannelOverview", "ChannelQuote", "ChannelStatus",
    "CheckoutLine", "CheckoutSession", "CheckoutState", "Claim", "Comparable", "Competition", "Condition",
    "Connection", "ConnectionState", "Coupon", "CreatedKey", "CustomerView", "DailyResult", "Decision", "Delivery",
    "DeliveryState", "DemandPoint", "DemandSeries", "DeployPlan", "DeploySource", "DeploySourceImage",
    "DeploySourceRepository", "DeployState", "DeployTarget", "Deployment", "Desired", "Disposition", "Domain",
    "DomainOffer", "EndReason", "Endpoint", "EndpointSecret", "EndpointState", "EntryView", "Event", "FeeBase",
    "FeeKind", "FeeRule", "FeeSchedule", "FileComponent", "FileOrder", "FileOrderLine", "FileProduct", "FileSale",
    "FileSaleLine", "FileStock", "Find", "Forecast", "ForecastStep", "ForecastSum", "FoundItem", "Fulfilment",
    "FulfilmentState", "FulfilmentStatus", "FulfilmentStep", "HaulView", "Health", "HoldOwner", "ImportKind",
    "ImportRun", "ImportState", "ImportedLine", "ImportedOrder", "InventoryPrediction", "Item", "ItemStatus",
    "ItemView", "Job", "JobKind", "JobState", "LandedCost", "LandedCostBasis", "LandedCostKind", "Listing",
    "ListingDraft", "ListingState", "ListingText", "Location", "LocationKind", "LogLine", "ManualPosting",
    "MarkdownStep", "MarketView", "Media", "Member", "MemberStatus", "MoveReason", "Movement", "NewComponent",
    "NewCoupon", "NewPurchaseLine", "NewVariant", "NoticeTaken", "OfferedAt", "OpportunityKind", "OpportunityView",
    "OrderLine", "OrderState", "OrderView", "OversellWindow", "Overview", "PageOfAcquisition", "PageOfAdviceRun",
    "PageOfApiKey", "PageOfAuditEntry", "PageOfDelivery", "PageOfEntryView", "PageOfEvent", "PageOfFileOrder",
    "PageOfFileProduct", "PageOfFileSale", "PageOfFileStock", "PageOfForecast", "PageOfFulfilment",
    "PageOfInventoryPrediction", "PageOfItem", "PageOfJob", "PageOfListing", "PageOfListingText", "PageOfMember",
    "PageOfOrderView", "PageOfPayment", "PageOfPayout", "PageOfPriceProposal", "PageOfPricingRule",
    "PageOfProductView", "PageOfPurchaseOrder", "PageOfRefillProposal", "PageOfReturnCase", "PageOfStockMove",
    "PageOfSupplier", "ParcelLine", "Payment", "PaymentStatus", "PaymentStep", "PaymentTxn", "PaymentView", "Payout",
    "PayoutKind", "PayoutLine", "Person", "PlaceLine", "Posting", "Prepared", "PriceBreak", "PriceChange",
    "PriceKept", "PricePoint", "PriceProposal", "PriceReason", "PriceResponse", "PricesOptimized", "PricingRule",
    "Product", "ProductStatus", "ProductView", "Profit", "PromotionKind", "PromotionView", "ProposalState",
    "Published", "PurchaseLine", "PurchaseOrder", "PurchaseOrderState", "PurchaseOrderStep", "PurchaseOrderView",
    "Quote", "Quoted", "Receipt", "ReceiptLine", "RefillPolicy", "RefillProposal", "RefreshAsked", "Replayed",
    "Reservation", "ReservationState", "ReturnCase", "ReturnLine", "ReturnState", "ReturnStep", "Role", "RolledBack",
    "Rounding", "RulesApplied", "RunsOut", "SellThroughRow", "Sent", "Shop", "Showcase", "Site", "SiteState",
    "StateCount", "StockAlert", "StockLevel", "StockMove", "Strategy", "Supplier", "SupplierKind", "SupplierOffer",
    "SyncRun", "SyncState", "SyncTask", "TaxLine", "TaxRate", "TaxYear", "Text", "TextFault", "TextState", "Told",
    "ToldListingEnded", "ToldOrder", "TxnKind", "TxnState", "Variant", "VariantKind", "VariantView", "Verdict",
    "ZoneRecord", "ZoneSnapshot",
]


@dataclass(frozen=True)
class Ability:
    """Something that credentials may allow."""

    allowed: bool
    """Whether it is allowed."""
    name: str
    """What, as the service calls it."""


@dataclass(frozen=True)
class AccountBalance:
    """What an account holds, and on which side of the books it stands."""

    account: str
    """The account."""
    account_type: AccountType
    """Its side."""
    balance: Money
    """Debits less credits."""


@dataclass(frozen=True)
class Acquisition:
    """A haul: things bought together for one sum."""

    created_at: dt.datetime
    """When it was recorded."""
    date: dt.date
    """The day."""
    id: str
    """Its identity."""
    number: int
    """Its number, for people."""
    source: str
    """Where it was bought."""
    tax: Money
    """The tax in it."""
    total_paid: Money
    """What was paid for everything, tax included."""
    mileage_m: Optional[int] = None
    """Metres driven for it."""
    receipt_media: Optional[str] = None
    """The content hash of a picture of the receipt."""
    supplier_id: Optional[str] = None
    """From whom, if known."""


@dataclass(frozen=True)
class AcquisitionLine:
    """One thing of a haul and its share of the cost."""

    acquisition_id: str
    """The haul."""
    allocated_cost: Money
    """Its share of what was paid."""
    id: str
    """Its identity."""
    item_id: str
    """The thing."""


@dataclass(frozen=True)
class AdviceRun:
    """That the models were asked about the whole shop: which, when, and how well they did on its own past."""

    changed: int
    """Those of them whose sales had changed, and that were forecast anew."""
    day: dt.date
    """The last day it knew."""
    id: str
    """Its identity."""
    made_at: dt.datetime
    """When."""
    model: str
    """Which model, with its version."""
    refills: int
    """Refills that were proposed."""
    series: int
    """Variants that have sold at all."""
    backtest: Any = None
    """How the model did on the past it was not shown, if the past is long enough to say."""


@dataclass(frozen=True)
class AgingRow:
    """Stock that has lain for long."""

    cost: Money
    """What they cost."""
    days: int
    """How many days that is."""
    qty: int
    """How many lie."""
    since: dt.datetime
    """Since when the oldest lies."""
    sku: str
    """Its SKU."""
    variant_id: str
    """The variant."""
    item_id: Optional[str] = None
    """The physical thing, when it is one."""


@dataclass(frozen=True)
class ApiKey:
    """A secret that lets a program act with a role. Only its hash is kept."""

    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    member_id: str
    """The member on whose behalf it acts."""
    name: str
    """What it is for, in the owner's words."""
    prefix: str
    """The first letters of the token, to recognise it by."""
    role: Role
    """What it may do at most."""
    version: int
    """Counts its edits."""
    expires_at: Optional[dt.datetime] = None
    """When it stops working."""
    revoked_at: Optional[dt.datetime] = None
    """When it was withdrawn."""


@dataclass(frozen=True)
class Appraisal:
    """What a thing is worth, and how to ask for it."""

    asking: Money
    """What to ask first."""
    curve: list[PricePoint]
    """For a ladder of asking prices: what to expect when the price is never changed."""
    days: float
    """Days until it is sold with even chance, at the asking price."""
    high: Money
    """One in ten sells for more."""
    low: Money
    """One in ten sells for less."""
    path: list[MarkdownStep]
    """What to ask from which day on, if it has not sold; the first is the asking price."""
    per_day: float
    """The chance of a sale per day at the typical price."""
    profit: Money
    """The profit to expect of the best of the prices that are never changed."""
    typical: Money
    """As many sell for less as for more."""
    weight: float
    """How many good comparables this rests on."""


@dataclass(frozen=True)
class ArrivedLine:
    """Goods of a line that arrived."""

    purchase_line_id: str
    """The line."""
    qty: int
    """How many arrived."""


@dataclass(frozen=True)
class Attempt:
    """One try."""

    at: dt.datetime
    """When."""
    problem: Optional[str] = None
    """Why it did not do."""
    status: Optional[int] = None
    """The HTTP status that was answered."""


@dataclass(frozen=True)
class Attention:
    """Something that needs somebody to look."""

    count: int
    """How many there are."""
    operation: str
    """The operation that lists them."""
    what: str
    """What it is."""


@dataclass(frozen=True)
class AuditEntry:
    """That somebody changed something. Never changed afterwards."""

    actor: str
    """Who."""
    at: dt.datetime
    """When."""
    id: str
    """Its identity."""
    operation: str
    """Which operation: `orders.place`."""
    request: Any
    """What was asked for, without personal data and secrets."""
    request_id: Optional[str] = None
    """The request's id at the door."""
    subject: Optional[str] = None
    """The id of what it was done to."""


@dataclass(frozen=True)
class CancelLine:
    """Units of a line to be called off."""

    order_line_id: str
    """The line."""
    qty: int
    """How many."""


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do, and its limits."""

    concurrency: int
    """How many calls may be under way at once."""
    end: bool
    """Listings can be ended."""
    look_up: bool
    """A listing can be looked up, to compare it with what is wanted."""
    max_description: int
    """The longest description, in characters."""
    max_title: int
    """The longest title, in characters."""
    multi_qty: bool
    """Listings may offer more than one."""
    offers: bool
    """Buyers may bid or make offers, so that an end can be refused."""
    revise: bool
    """Listings can be changed while live."""
    webhooks: bool
    """Sales are told at once, not only when asked."""
    zero_qty: bool
    """A listing may stay with nothing to sell."""
    cancels: Optional[bool] = None
    """An order that is called off here can be called off there."""
    goods: Optional[bool] = None
    """It tells all that it has on offer, so that its catalogue can be taken over."""
    parcels: Optional[bool] = None
    """It is told of the parcels that leave for its buyers."""
    pictures: Optional[bool] = None
    """It shows pictures, brand and category of what is offered, and not its words alone."""
    refunds: Optional[bool] = None
    """It gives back to buyers what it took from them, when it is asked to."""


@dataclass(frozen=True)
class CategoryGuess:
    """A category that a thing may belong to."""

    id: str
    """Its id in the taxonomy: `aa-1-10-2`."""
    path: str
    """Its path: `Apparel & Accessories > Clothing`."""
    score: float
    """How well it fits, against the others."""


@dataclass(frozen=True)
class CategoryView:
    """How a category does."""

    movement: Movement
    """Where it is heading."""
    sell_through: int
    """Sold of all there were, in the last 28 days."""
    sold: int
    """Units sent in the last 28 days."""
    sold_before: int
    """Units sent in the 28 days before."""
    category: Optional[str] = None
    """The category; none for what has none."""


@dataclass(frozen=True)
class Certificate:
    """The certificate with which a domain answers."""

    domain: str
    """The domain."""
    names: list[str]
    """For which names; none where it is not good."""
    port: int
    """At which port."""
    issuer: Optional[str] = None
    """Who vouches for it; nothing where it is not good."""
    not_after: Optional[dt.datetime] = None
    """Until when; nothing where it is not good."""
    problem: Optional[str] = None
    """What is wrong with it; nothing where it is good for this domain now."""


@dataclass(frozen=True)
class Channel:
    """A place where things are sold, as connected by this shop."""

    buffer_qty: int
    """Units of each variant kept back from it."""
    capabilities: Capabilities
    """What it can do."""
    created_at: dt.datetime
    """When it was connected."""
    currency: str
    """The currency of its prices."""
    external_account: str
    """The shop's account there."""
    id: str
    """Its identity."""
    kind: str
    """Which adapter speaks to it: `sandbox`, `manual`, `shopify`."""
    name: str
    """What the shop calls it; unique in the shop."""
    settings: Any
    """What its adapter needs to know."""
    status: ChannelStatus
    """Whether it is worked with."""
    version: int
    """Counts its edits."""
    cursor: Optional[str] = None
    """From where the next fetch goes on."""
    secret_ref: Optional[str] = None
    """Where its secret is kept; never the secret. The id of a connection, where its account is at a service."""
    synced_at: Optional[dt.datetime] = None
    """When it was last fetched from."""


@dataclass(frozen=True)
class ChannelNotice:
    """One thing a channel tells; may come twice, late, or out of order."""

    external_id: str
    """The channel's name for the notice: the same when it comes again."""
    told: Told
    """What it says."""


@dataclass(frozen=True)
class ChannelOverview:
    """How a channel does."""

    channel_id: str
    """The channel."""
    listings: list[StateCount]
    """How many listings there are in each state."""
    name: str
    """What the shop calls it."""
    status: ChannelStatus
    """Whether it is worked with."""
    synced_at: Optional[dt.datetime] = None
    """When it was last fetched from."""


@dataclass(frozen=True)
class ChannelQuote:
    """What a thing would bring on one channel."""

    channel: str
    """Its name."""
    quote: Quote
    """What it would bring."""
    channel_id: Optional[str] = None
    """The channel; none where the shop has none and sells directly, without fees."""
    worth: Optional[Appraisal] = None
    """What it is worth there and how to ask for it; none where the price was given."""


@dataclass(frozen=True)
class CheckoutLine:
    """A line of a checkout."""

    qty: int
    """How many."""
    variant_id: str
    """What."""


@dataclass(frozen=True)
class CheckoutSession:
    """A customer on the way to an order; holds stock for a while."""

    created_at: dt.datetime
    """When it began."""
    expires_at: dt.datetime
    """When it lets go."""
    id: str
    """Its identity."""
    lines: list[CheckoutLine]
    """What is wanted."""
    shipping: Money
    """What shipping costs."""
    state: CheckoutState
    """Where it stands."""
    total: Money
    """What it would cost together."""
    version: int
    """Counts its edits."""
    coupon: Optional[str] = None
    """A coupon to use."""
    customer_id: Optional[str] = None
    """Who wants it."""
    order_id: Optional[str] = None
    """The order it became."""


@dataclass(frozen=True)
class Claim:
    """A claim of a text, and the fact it comes from."""

    claim: str
    """What is claimed: `green`."""
    fact: str
    """Where it is known from: `attributes.colour`."""


@dataclass(frozen=True)
class Comparable:
    """A thing like the one in question, that was offered or sold."""

    price: Money
    """What was asked or paid."""
    sold: bool
    """Whether it sold."""
    title: str
    """Its title."""
    age: Optional[float] = None
    """Days since it was seen."""
    brand: Optional[str] = None
    """Its brand, where known."""
    category: Optional[str] = None
    """Its category, where known."""
    condition: Optional[Condition] = None
    """Its condition, where known."""
    days: Optional[float] = None
    """Days it was, or has been, on offer."""


@dataclass(frozen=True)
class Competition:
    """What others ask for what a listing offers."""

    listing_id: str
    """The listing."""
    prices: list[Money]
    """Their prices."""


@dataclass(frozen=True)
class Connection:
    """A way to an account at a service."""

    abilities: list[Ability]
    """What may be done with it, and what may not."""
    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    live: bool
    """Whether real money moves, and real goods."""
    service: str
    """The service, such as `stripe`."""
    state: ConnectionState
    """Where it stands."""
    version: int
    """Counts its edits."""
    account: Optional[str] = None
    """The account, as the service names it; known once the service was asked, and the same for ever."""
    checked_at: Optional[dt.datetime] = None
    """When the service was last asked."""
    heard_until: Optional[dt.datetime] = None
    """Until when everything that the service told is known to have been heard."""
    problem: Optional[str] = None
    """What went wrong when it was last tried."""
    renew_at: Optional[dt.datetime] = None
    """When its credentials are to be renewed, where they run out by themselves."""


@dataclass(frozen=True)
class Coupon:
    """A code that grants a promotion so many times."""

    code: str
    """The code; unique in the shop, capitals and digits."""
    id: str
    """Its identity."""
    max_uses: int
    """How many times it may be used."""
    promotion_id: str
    """What it grants."""
    used: int
    """How many times it was."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class CreatedKey:
    """A fresh key with its token."""

    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    member_id: str
    """The member on whose behalf it acts."""
    name: str
    """What it is for, in the owner's words."""
    prefix: str
    """The first letters of the token, to recognise it by."""
    role: Role
    """What it may do at most."""
    token: str
    """The token: keep it safe, it cannot be shown again."""
    version: int
    """Counts its edits."""
    expires_at: Optional[dt.datetime] = None
    """When it stops working."""
    revoked_at: Optional[dt.datetime] = None
    """When it was withdrawn."""


@dataclass(frozen=True)
class CustomerView:
    """A customer with what identifies the person, unless erased."""

    created_at: dt.datetime
    """When first seen."""
    erased: bool
    """Whether the personal data were erased."""
    id: str
    """Its identity."""
    version: int
    """Counts its edits."""
    external_id: Optional[str] = None
    """The channel's name for the customer, where one sold."""
    person: Optional[Person] = None
    """Who that is."""


@dataclass(frozen=True)
class DailyResult:
    """What a day brought."""

    day: dt.date
    """The business day."""
    profit: Money
    """What was left of it."""
    revenue: Money
    """Goods sold and shipping charged."""


@dataclass(frozen=True)
class Delivery:
    """An event that an endpoint is to be told. The event's id is the `webhook-id` that it is sent under, however
    often.
    """

    attempts: list[Attempt]
    """The latest tries, oldest first."""
    created_at: dt.datetime
    """When it was made."""
    endpoint_id: str
    """To whom."""
    event_id: str
    """What."""
    id: str
    """Its identity."""
    next_at: dt.datetime
    """Not to be sent before."""
    state: DeliveryState
    """Where it stands."""
    subject: str
    """What it happened to: what is told of one subject is told in order."""
    tries: int
    """How often it was sent since it was made, or since it was asked for again."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class DemandPoint:
    """What one business day sold of a variant."""

    censored: bool
    """Whether the variant was out of stock, so that the units say little about demand."""
    day: dt.date
    """The day."""
    units: int
    """Units that left."""


@dataclass(frozen=True)
class DemandSeries:
    """What a variant sold, day by day without gaps."""

    points: list[DemandPoint]
    """The days, oldest first."""
    variant_id: str
    """The variant."""


@dataclass(frozen=True)
class DeployPlan:
    """What shall run: whatever of it is there is found by its name, and what is not is made."""

    project: str
    """The name of the project."""
    service: str
    """The name of the service in it."""
    source: DeploySource
    """What it is made of."""
    database: Optional[str] = None
    """The database beside it, by the name of the host's template, such as `postgres`."""
    domain: Optional[str] = None
    """Under which domain of one's own it is reached; the host gives one when absent."""
    environment: Optional[str] = None
    """The name of the environment; the service's own usual one when absent."""
    health_path: Optional[str] = None
    """At which path it says that it is well."""
    replicas: Optional[int] = None
    """How many of it run at once."""
    variables: Optional[dict[str, str]] = None
    """Its variables; those that are there and not named stay."""


@dataclass(frozen=True)
class DeploySourceImage:
    """An image in a registry."""

    image: str


@dataclass(frozen=True)
class DeploySourceRepository:
    """A repository, `owner/name`."""

    repository: str


@dataclass(frozen=True)
class DeployTarget:
    """Something that runs, or could."""

    environment: str
    """Of the environment."""
    project: str
    """The host's id of the project."""
    service: str
    """Of the service."""


@dataclass(frozen=True)
class Deployment:
    """A deployment."""

    id: str
    """The host's name for it."""
    said: str
    """How it stands, in the host's words."""
    state: DeployState
    """How it stands."""
    url: Optional[str] = None
    """Where it is reached."""


@dataclass(frozen=True)
class Domain:
    """A domain of an account."""

    name: str
    """Its name, such as `example.com`."""
    state: str
    """How it stands, in the service's words."""
    expires_at: Optional[dt.datetime] = None
    """Until when it is paid for, where that is known."""


@dataclass(frozen=True)
class DomainOffer:
    """A domain that may be had."""

    available: bool
    """Whether it is free."""
    name: str
    """Its name."""
    price: Optional[Money] = None
    """What it costs, for as long as it is sold at a time."""


@dataclass(frozen=True)
class Endpoint:
    """Somebody who wants to be told what happens in a shop."""

    created_at: dt.datetime
    """When it was made."""
    events: list[str]
    """What it wants to hear: `order.placed`, `order.*` for all of a domain, or `*`."""
    id: str
    """Its identity."""
    state: EndpointState
    """Where it stands."""
    url: str
    """Where deliveries go."""
    version: int
    """Counts its edits."""
    before_until: Optional[dt.datetime] = None
    """Until when they are."""
    failing_since: Optional[dt.datetime] = None
    """Since when nothing reached it."""
    problem: Optional[str] = None
    """Why it was disabled, or what went wrong last."""


@dataclass(frozen=True)
class EndpointSecret:
    """An endpoint with its secret, which is shown once."""

    created_at: dt.datetime
    """When it was made."""
    events: list[str]
    """What it wants to hear: `order.placed`, `order.*` for all of a domain, or `*`."""
    id: str
    """Its identity."""
    secret: str
    """What its deliveries are signed with: keep it safe, it cannot be shown again."""
    state: EndpointState
    """Where it stands."""
    url: str
    """Where deliveries go."""
    version: int
    """Counts its edits."""
    before_until: Optional[dt.datetime] = None
    """Until when they are."""
    failing_since: Optional[dt.datetime] = None
    """Since when nothing reached it."""
    problem: Optional[str] = None
    """Why it was disabled, or what went wrong last."""


@dataclass(frozen=True)
class EntryView:
    """An entry with its postings."""

    at: dt.datetime
    """When it was posted."""
    business_date: dt.date
    """The business day it belongs to."""
    id: str
    """Its identity."""
    kind: str
    """What the source did: `capture`, `ship`."""
    postings: list[Posting]
    """Its sides."""
    source_id: str
    """Which one."""
    source_type: str
    """What sort of thing caused it: `payment_txn`, `fulfilment`."""
    memo: Optional[str] = None
    """A word for people."""
    reverses: Optional[str] = None
    """The entry it takes back."""


@dataclass(frozen=True)
class Event:
    """Something that happened, told after it is certain."""

    at: dt.datetime
    """When."""
    data: Any
    """What there is to know."""
    id: str
    """Its identity: the same however often it is told."""
    kind: str
    """What happened: `order.placed`."""
    subject: str
    """The id of what it happened to; events of one subject are told in order."""


@dataclass(frozen=True)
class FeeRule:
    """One fee: a rate and a fixed part, within bounds."""

    base: FeeBase
    """What the rate is taken of."""
    kind: FeeKind
    """What it is for."""
    rate: int
    """The rate."""
    fixed: Optional[Money] = None
    """The fixed part of each sale."""
    least: Optional[Money] = None
    """At least this much."""
    most: Optional[Money] = None
    """At most this much."""


@dataclass(frozen=True)
class FeeSchedule:
    """What a channel charges from a day on."""

    channel_id: str
    """The channel."""
    effective_from: dt.date
    """The first day it applies."""
    id: str
    """Its identity."""
    rules: list[FeeRule]
    """The fees."""


@dataclass(frozen=True)
class FileComponent:
    """A component of a bundle in a file."""

    qty: int
    """How many."""
    sku: str
    """What the bundle holds."""


@dataclass(frozen=True)
class FileOrder:
    """An order that is still to be sent."""

    lines: list[FileOrderLine]
    """What is to be sent."""
    placed_at: dt.datetime
    """When it was placed."""
    order: Optional[str] = None
    """Its name where it was placed."""
    paid: Optional[bool] = None
    """Whether the money is here."""
    shipping: Optional[Money] = None
    """What the customer pays for shipping."""


@dataclass(frozen=True)
class FileOrderLine:
    """A line of an open order."""

    qty: int
    """How many."""
    sku: str
    """What."""
    unit_price: Money
    """The price of one, without tax."""
    tax: Optional[Money] = None
    """The tax on all of them."""


@dataclass(frozen=True)
class FileProduct:
    """A variant of a file, with what is said of its product. What is absent stays as it is, or is empty."""

    attributes: Optional[dict[str, str]] = None
    """Facts about it."""
    backorder_limit: Optional[int] = None
    """How many may be promised beyond what is here."""
    bin: Optional[str] = None
    """The shelf or box."""
    brand: Optional[str] = None
    """Who made it."""
    category: Optional[str] = None
    """Where it stands in a taxonomy."""
    components: Optional[list[FileComponent]] = None
    """What it holds, if it is a bundle."""
    condition: Optional[Condition] = None
    """The condition of a one-of-a-kind thing."""
    condition_notes: Optional[str] = None
    """What a buyer should know about the condition."""
    description: Optional[str] = None
    """What there is to say about it."""
    grade: Optional[str] = None
    """A grade in the words of its trade."""
    gtin: Optional[str] = None
    """Its global trade item number."""
    kind: Optional[VariantKind] = None
    """How its stock is thought of; stocked when absent."""
    options: Optional[dict[str, str]] = None
    """What sets the variant apart from its sisters."""
    price: Optional[Money] = None
    """What it costs where no listing says otherwise."""
    product: Optional[str] = None
    """The SKU of its product's first variant, when it is a further one."""
    qty: Optional[int] = None
    """How many are here, when it is new."""
    safety_stock: Optional[int] = None
    """How many are kept from the channels."""
    serial: Optional[str] = None
    """Its serial number."""
    sku: Optional[str] = None
    """The shop's own name for it."""
    status: Optional[ProductStatus] = None
    """Whether it is for sale."""
    tax_code: Optional[str] = None
    """What the tax office calls it."""
    title: Optional[str] = None
    """What the product is called."""
    unit_cost: Optional[Money] = None
    """What one cost."""
    weight_g: Optional[int] = None
    """Its weight in grams."""


@dataclass(frozen=True)
class FileSale:
    """A sale that was made and sent."""

    lines: list[FileSaleLine]
    """What was sold."""
    sold_at: dt.datetime
    """When."""
    order: Optional[str] = None
    """Its name where it was made."""
    shipping: Optional[Money] = None
    """What the customer paid for shipping."""


@dataclass(frozen=True)
class FileSaleLine:
    """A line of a past sale."""

    qty: int
    """How many."""
    sku: str
    """What."""
    unit_price: Money
    """The price of one, without tax."""
    cost: Optional[Money] = None
    """What all of them cost the shop."""
    discount: Optional[Money] = None
    """What was taken off all of them."""
    tax: Optional[Money] = None
    """The tax on all of them."""


@dataclass(frozen=True)
class FileStock:
    """What lies of a variant at one place."""

    cost: Optional[Money] = None
    """What they cost together; needed when there are more than is known."""
    location: Optional[str] = None
    """The name of the place; the first that sells when absent."""
    on_hand: Optional[int] = None
    """How many lie there."""
    sku: Optional[str] = None
    """What."""


@dataclass(frozen=True)
class Find:
    """One thing of a haul."""

    item: FoundItem
    """The thing; its cost is its share of the sum."""
    weight: Optional[int] = None
    """What weight it has in sharing the cost, such as what it may sell for; equal shares when all are 0."""


@dataclass(frozen=True)
class Forecast:
    """What a model expects a variant to sell. A variant has one forecast, the last that was made."""

    class_: str
    """What sort of demand it showed: `smooth`, `intermittent`, `lumpy`, `seasonal`, `new`, `dead` and the like."""
    from_: dt.date
    """The day before the first step."""
    id: str
    """Its identity."""
    inputs_hash: str
    """Hash of everything it was made from."""
    made_at: dt.datetime
    """When it was made."""
    model: str
    """Which model made it."""
    period_days: int
    """Days of one step."""
    steps: list[ForecastStep]
    """The steps."""
    sums: list[ForecastSum]
    """What is expected over several days together, fewest days first: what one day sells says little of the next."""
    variant_id: str
    """The variant."""
    backtest: Any = None
    """How it did on the past."""
    response: Optional[PriceResponse] = None
    """How demand answers to the price, where the variant was sold at one."""


@dataclass(frozen=True)
class ForecastStep:
    """A step of a forecast, in thousandths of a unit."""

    mean: int
    """Expected."""
    q05: int
    """5 in 100 are below."""
    q25: int
    """25 in 100 are below."""
    q50: int
    """Half are below."""
    q75: int
    """75 in 100 are below."""
    q95: int
    """95 in 100 are below."""


@dataclass(frozen=True)
class ForecastSum:
    """What a model expects over the next so many days together, in thousandths of a unit."""

    days: int
    """How many days."""
    mean: int
    """Expected."""
    q05: int
    """5 in 100 are below."""
    q25: int
    """25 in 100 are below."""
    q50: int
    """Half are below."""
    q75: int
    """75 in 100 are below."""
    q90: int
    """90 in 100 are below."""
    q95: int
    """95 in 100 are below."""
    q99: int
    """99 in 100 are below."""


@dataclass(frozen=True)
class FoundItem:
    """A thing found in a haul."""

    condition: Condition
    """Its condition."""
    sku: str
    """The shop's own name for it."""
    title: str
    """What it is."""
    attributes: Optional[dict[str, str]] = None
    """Facts about it."""
    bin: Optional[str] = None
    """The shelf or box."""
    brand: Optional[str] = None
    """Who made it."""
    category: Optional[str] = None
    """Where it stands in a taxonomy."""
    condition_notes: Optional[str] = None
    """What a buyer should know about the condition."""
    description: Optional[str] = None
    """What there is to say about it."""
    price: Optional[Money] = None
    """What it is to cost where no listing says otherwise."""


@dataclass(frozen=True)
class Fulfilment:
    """A parcel."""

    created_at: dt.datetime
    """When it was planned."""
    id: str
    """Its identity."""
    lines: list[ParcelLine]
    """What is in it."""
    order_id: str
    """The order."""
    state: FulfilmentState
    """Where it stands."""
    version: int
    """Counts its edits."""
    carrier: Optional[str] = None
    """Who carries it."""
    delivered_at: Optional[dt.datetime] = None
    """When it arrived."""
    label_cost: Optional[Money] = None
    """What the label cost."""
    location_id: Optional[str] = None
    """From where it leaves, when all of it lies in one place."""
    shipped_at: Optional[dt.datetime] = None
    """When it left."""
    tracking: Optional[str] = None
    """Where to look for it."""


@dataclass(frozen=True)
class HaulView:
    """A haul with its things."""

    created_at: dt.datetime
    """When it was recorded."""
    date: dt.date
    """The day."""
    id: str
    """Its identity."""
    items: list[ItemView]
    """The things."""
    lines: list[AcquisitionLine]
    """The things and their shares."""
    number: int
    """Its number, for people."""
    source: str
    """Where it was bought."""
    tax: Money
    """The tax in it."""
    total_paid: Money
    """What was paid for everything, tax included."""
    mileage_m: Optional[int] = None
    """Metres driven for it."""
    receipt_media: Optional[str] = None
    """The content hash of a picture of the receipt."""
    supplier_id: Optional[str] = None
    """From whom, if known."""


@dataclass(frozen=True)
class Health:
    """How the connections are."""

    active: int
    """Known to their services."""
    failing: int
    """Known once, and no longer: their owner must act."""
    pending: int
    """Not tried yet."""
    refused: int
    """Never taken by their services: their owner must act."""


@dataclass(frozen=True)
class ImportRun:
    """An import and how far it is: a second run of the same file goes on from there."""

    accepted: int
    """How many of them were written."""
    file_hash: str
    """SHA-256 of the file, in hex."""
    id: str
    """Its identity."""
    kind: ImportKind
    """What it brings."""
    rejected: int
    """How many were refused."""
    rows_done: int
    """How many rows were dealt with."""
    started_at: dt.datetime
    """When it began."""
    state: ImportState
    """Where it stands."""
    version: int
    """Counts its edits."""
    ended_at: Optional[dt.datetime] = None
    """When it ended."""


@dataclass(frozen=True)
class ImportedLine:
    """A line of an order as a channel tells it."""

    qty: int
    """How many."""
    unit_price: Money
    """The price of one."""
    listing_external_id: Optional[str] = None
    """The channel's name for the listing that sold."""
    sku: Optional[str] = None
    """The SKU, where the channel tells it."""
    taxes: Optional[list[TaxLine]] = None
    """Taxes on the line."""


@dataclass(frozen=True)
class ImportedOrder:
    """An order as a channel tells it: a fact, not a request."""

    cancelled: bool
    """Whether it was called off."""
    external_id: str
    """The channel's name for it."""
    external_version: int
    """Grows with every change at the channel; an older one is stale."""
    lines: list[ImportedLine]
    """What was sold."""
    paid: bool
    """Whether the channel has the money."""
    placed_at: dt.datetime
    """When it was placed there."""
    shipping: Money
    """What the buyer pays for shipping."""
    buyer: Optional[str] = None
    """The buyer's name, where told."""
    fees: Optional[Money] = None
    """What the channel keeps of it, when it tells; otherwise its fee schedule decides."""
    refunded: Optional[Money] = None
    """How much went back to the buyer so far, where the channel tells."""


@dataclass(frozen=True)
class InventoryPrediction:
    """How long the stock of a variant will last."""

    available: int
    """How many can be sold now."""
    class_: str
    """What sort of demand it showed."""
    from_: dt.date
    """The last day the forecast knew."""
    incoming: int
    """How many are on their way."""
    runs_out: list[RunsOut]
    """How probable it is that more is wanted than is available, within so many days."""
    sku: str
    """Its SKU."""
    variant_id: str
    """The variant."""
    days_left: Optional[int] = None
    """Days until half of all futures have sold what is available; none when that is not foreseen."""


@dataclass(frozen=True)
class Item:
    """One physical thing; a unique variant has exactly one."""

    acquired_on: dt.date
    """Since when it is the shop's."""
    condition: Condition
    """Its condition."""
    condition_notes: str
    """What a buyer should know about the condition."""
    id: str
    """Its identity."""
    location_id: str
    """Where it lies."""
    status: ItemStatus
    """Where it is in its life."""
    unit_cost: Money
    """What it cost, with its share of everything paid to get it."""
    variant_id: str
    """The variant it is the only one of."""
    version: int
    """Counts its edits."""
    acquisition_line_id: Optional[str] = None
    """The line of the haul it came with."""
    bin: Optional[str] = None
    """The shelf or box."""
    grade: Optional[str] = None
    """A grade in the words of its trade, like `VG+`."""
    serial: Optional[str] = None
    """Its serial number."""


@dataclass(frozen=True)
class ItemView:
    """A one-of-a-kind thing with its variant and product."""

    acquired_on: dt.date
    """Since when it is the shop's."""
    condition: Condition
    """Its condition."""
    condition_notes: str
    """What a buyer should know about the condition."""
    id: str
    """Its identity."""
    location_id: str
    """Where it lies."""
    product: Product
    """What it is."""
    status: ItemStatus
    """Where it is in its life."""
    unit_cost: Money
    """What it cost, with its share of everything paid to get it."""
    variant: Variant
    """The variant it is the only one of."""
    variant_id: str
    """The variant it is the only one of."""
    version: int
    """Counts its edits."""
    acquisition_line_id: Optional[str] = None
    """The line of the haul it came with."""
    bin: Optional[str] = None
    """The shelf or box."""
    grade: Optional[str] = None
    """A grade in the words of its trade, like `VG+`."""
    serial: Optional[str] = None
    """Its serial number."""


@dataclass(frozen=True)
class Job:
    """Something to be done at a port."""

    attempts: int
    """How often it was tried."""
    connection: str
    """Through which connection: the id of a channel, the name of a provider. Jobs of one connection share its limits.
    """
    created_at: dt.datetime
    """When it was queued."""
    id: str
    """Its identity."""
    kind: JobKind
    """What."""
    next_at: dt.datetime
    """Not to be done before."""
    state: JobState
    """Where it stands."""
    subject: str
    """The id of what it is about. While one waits, no second one of the kind is queued for the subject."""
    version: int
    """Counts its edits."""
    dispatched_at: Optional[dt.datetime] = None
    """When the call was about to be sent: from then on it may have happened."""
    last_error: Optional[str] = None
    """What went wrong last."""
    lease_until: Optional[dt.datetime] = None
    """Until when its worker may be at it."""


@dataclass(frozen=True)
class LandedCost:
    """A further cost of goods received."""

    amount: Money
    """How much."""
    basis: LandedCostBasis
    """By what it is shared among the lines."""
    kind: LandedCostKind
    """What for."""


@dataclass(frozen=True)
class Listing:
    """An offer of a variant on a channel."""

    channel_id: str
    """Where."""
    created_at: dt.datetime
    """When it was written."""
    description: str
    """Its description there."""
    desired: Desired
    """What is wanted of it."""
    desired_hash: str
    """Hash of the content that is wanted."""
    id: str
    """Its identity."""
    price: Money
    """What it costs there."""
    published_qty: int
    """The quantity last told to the channel."""
    state: ListingState
    """What was last seen of it."""
    title: str
    """Its title there."""
    variant_id: str
    """What."""
    version: int
    """Counts its edits."""
    end_reason: Optional[EndReason] = None
    """Why it ended."""
    ended_at: Optional[dt.datetime] = None
    """When it ended."""
    external_id: Optional[str] = None
    """The channel's name for it."""
    item_id: Optional[str] = None
    """Which physical thing."""
    last_error: Optional[str] = None
    """What the channel last complained about."""
    live_since: Optional[dt.datetime] = None
    """Since when it has been live."""
    min_price: Optional[Money] = None
    """No program sets a price below this."""
    observed_hash: Optional[str] = None
    """Hash of the content last confirmed by the channel."""
    reconciled_at: Optional[dt.datetime] = None
    """When it was last compared with the channel."""
    relisted_from: Optional[str] = None
    """The ended listing this one follows."""
    shown_hash: Optional[str] = None
    """Hash of the pictures, brand and category last confirmed by a channel that shows them."""
    sold_out_at: Optional[dt.datetime] = None
    """When that sale was observed."""
    sold_out_by: Optional[str] = None
    """The order that took the last unit, which made it unwanted."""
    url: Optional[str] = None
    """Where buyers see it."""


@dataclass(frozen=True)
class ListingDraft:
    """A listing as it could be written."""

    advice: list[str]
    """What would make it better."""
    categories: list[CategoryGuess]
    """Where it may belong, best first."""
    faults: list[TextFault]
    """What is wrong with it; empty when it can be published as it is."""
    found: dict[str, str]
    """Facts that stand in the words but not among the attributes yet."""
    model: str
    """Which model wrote it."""
    quality: int
    """How well it serves a buyer, from 0 to 100."""
    rules: str
    """Whose limits it keeps: `ebay`."""
    text: Text
    """The text."""
    condition: Optional[str] = None
    """What the channel calls the condition, where it has words of its own: `USED_GOOD`."""


@dataclass(frozen=True)
class ListingText:
    """A text that was asked for: by the hosted model, or by the engine's own writer where that one cannot."""

    attributes: dict[str, str]
    """Facts beyond those of the catalogue."""
    created_at: dt.datetime
    """When it was asked for."""
    id: str
    """Its identity."""
    rules: str
    """Whose limits it keeps: `ebay`."""
    state: TextState
    """Where it stands."""
    tokens: int
    """How many tokens it took; while the model is at it, how many it may take."""
    variant_id: str
    """Of what."""
    version: int
    """Counts its edits."""
    draft: Optional[ListingDraft] = None
    """The text with what is to be said of it, once it is written. It names the model that wrote it."""
    problem: Optional[str] = None
    """Why it is not the hosted model's, where there is one."""


@dataclass(frozen=True)
class Location:
    """A place where stock lies."""

    id: str
    """Its identity."""
    kind: LocationKind
    """What sort of place it is."""
    name: str
    """What it is called; unique in the shop."""
    priority: int
    """From where to take first: lowest first."""
    sellable: bool
    """Whether what lies here may be sold."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class LogLine:
    """A line that something said while it was made or ran."""

    at: str
    """When, as the host writes it."""
    text: str
    """What."""
    severity: Optional[str] = None
    """How grave it is, where the host says so."""


@dataclass(frozen=True)
class ManualPosting:
    """One side of an entry made by hand."""

    account: str
    """The account."""
    amount: Money
    """How much: debit above zero, credit below."""
    item_id: Optional[str] = None
    """The physical thing it concerns."""


@dataclass(frozen=True)
class MarkdownStep:
    """From which day on what is asked."""

    after_days: int
    """Days on offer before it."""
    price: Money
    """What is asked from then on."""


@dataclass(frozen=True)
class MarketView:
    """How the market looks from here."""

    categories: list[CategoryView]
    """What sold, by category, most units first."""
    day: dt.date
    """The last day that counts."""
    model: str
    """Which model says so."""
    opportunities: list[OpportunityView]
    """What could be done."""


@dataclass(frozen=True)
class Media:
    """A picture or film of a product. The bytes live elsewhere, named by their hash."""

    alt: str
    """What it shows, in words."""
    content_hash: str
    """SHA-256 of the bytes, in hex."""
    id: str
    """Its identity."""
    product_id: str
    """The product it shows."""
    sort: int
    """Its place among the product's media, lowest first."""
    url: Optional[str] = None
    """Where the bytes can be had."""


@dataclass(frozen=True)
class Member:
    """A person who works in a shop."""

    created_at: dt.datetime
    """When the person joined."""
    email: str
    """Where the person is reached."""
    id: str
    """Its identity."""
    role: Role
    """What the person may do."""
    status: MemberStatus
    """Whether the person may come in at all."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class Movement:
    """Where demand is heading."""

    certainty: int
    """How sure it is that a movement as steady as this is no chance."""
    momentum: int
    """The last quarter of the past against the quarter before: 1,000,000 is as much."""
    per_year: int
    """Change of the level per year: 1,100,000 is a tenth more."""
    season: list[int]
    """For each day of the week how it compares to their mean, from the first day of the past on; empty where no
    rhythm shows.
    """


@dataclass(frozen=True)
class NewComponent:
    """A component of a new bundle."""

    qty: int
    """How many."""
    variant_id: str
    """What the bundle holds."""


@dataclass(frozen=True)
class NewCoupon:
    """A coupon to be made."""

    code: str
    """The code: capitals, digits and dashes."""
    max_uses: int
    """How many times it may be used."""


@dataclass(frozen=True)
class NewPurchaseLine:
    """A line of a new purchase order."""

    qty: int
    """How many."""
    variant_id: str
    """What."""
    unit_cost: Optional[Money] = None
    """The price of a unit; the supplier's offer when absent."""


@dataclass(frozen=True)
class NewVariant:
    """A variant to be made."""

    backorder_limit: Optional[int] = None
    """How many may be promised beyond what is here."""
    components: Optional[list[NewComponent]] = None
    """What it holds, if it is a bundle."""
    dims_mm: Optional[list[int]] = None
    """Length, width and height in millimetres."""
    gtin: Optional[str] = None
    """Its global trade item number."""
    options: Optional[dict[str, str]] = None
    """What sets it apart from its sisters."""
    price: Optional[Money] = None
    """What it costs where no listing says otherwise."""
    safety_stock: Optional[int] = None
    """How many are kept from the channels."""
    scale: Optional[int] = None
    """Decimals of its unit of measure."""
    sku: Optional[str] = None
    """The shop's own name for it."""
    tax_code: Optional[str] = None
    """What the tax office calls it."""
    weight_g: Optional[int] = None
    """Its weight in grams."""


@dataclass(frozen=True)
class NoticeTaken:
    """What became of a notice."""

    fresh: bool
    """Whether it was new."""
    order_id: Optional[str] = None
    """The order it was about."""


@dataclass(frozen=True)
class OfferedAt:
    """An offer of a variant."""

    channel_id: str
    """Its channel."""
    listing_id: str
    """The listing."""
    price: Money
    """What it costs there."""
    state: ListingState
    """What was last seen of it."""


@dataclass(frozen=True)
class OpportunityView:
    """Something worth doing, with what it is called here."""

    kind: OpportunityKind
    """What to do."""
    sku: str
    """The variant's SKU."""
    variant_id: str
    """The variant."""
    why: str
    """Why, in words."""
    worth: Money
    """What it is expected to bring in four weeks."""


@dataclass(frozen=True)
class OrderLine:
    """A line of an order. Never removed after the order is placed."""

    cancelled: int
    """How many were called off."""
    cost_at_sale: Money
    """What the units sent so far cost, in the currency of the books; frozen as they leave."""
    discount: Money
    """Its share of the discounts."""
    fulfilled: int
    """How many were sent."""
    id: str
    """Its identity."""
    order_id: str
    """The order."""
    qty: int
    """How many."""
    returned: int
    """How many came back."""
    sku: str
    """Its SKU at the time."""
    taxes: list[TaxLine]
    """Taxes on it, `discount` taken off first."""
    title: str
    """Its title at the time."""
    unit_price: Money
    """The price of one, without tax."""
    variant_id: str
    """What was sold."""
    version: int
    """Counts its edits."""
    item_id: Optional[str] = None
    """Which physical thing."""
    listing_id: Optional[str] = None
    """The listing it was sold through."""


@dataclass(frozen=True)
class OrderView:
    """An order with everything that belongs to it."""

    adjusted: Money
    """What changed of it since; see the adjustments."""
    business_date: dt.date
    """The business day."""
    deposit: Money
    """Paid, but neither earned by shipping nor given back."""
    discount: Money
    """What discounts took off; already taken from `goods`."""
    due: Money
    """What the shop is to get for it as it stands now."""
    external_version: int
    """The channel's count of its changes; older news is stale."""
    facilitator_tax: Money
    """Tax the channel collects and pays itself."""
    fulfilment_status: FulfilmentStatus
    """How far it is sent."""
    goods: Money
    """Its lines after discounts, without tax."""
    id: str
    """Its identity."""
    lines: list[OrderLine]
    """Its lines."""
    number: int
    """Its number, for people."""
    payment_status: PaymentStatus
    """How far it is paid."""
    payments: list[Payment]
    """Its payments."""
    placed_at: dt.datetime
    """When it was placed."""
    shipping: Money
    """Shipping paid by the customer."""
    state: OrderState
    """Where it stands."""
    tax: Money
    """Tax the shop collects."""
    total: Money
    """`goods + shipping + tax + facilitator_tax`."""
    version: int
    """Counts its edits."""
    channel_id: Optional[str] = None
    """The channel it came from; none for the shop's own."""
    customer_id: Optional[str] = None
    """Who bought."""
    external_id: Optional[str] = None
    """The channel's name for it."""


@dataclass(frozen=True)
class OversellWindow:
    """How long a channel went on offering what was sold elsewhere."""

    channel_id: str
    """The channel."""
    ended: int
    """How many listings were ended because of a sale elsewhere."""
    pending: int
    """How many are still to be ended."""
    p50_ms: Optional[int] = None
    """Half were ended within so many milliseconds of the sale being observed."""
    p95_ms: Optional[int] = None
    """95 in 100 were."""


@dataclass(frozen=True)
class Overview:
    """The shop as it is now."""

    attention: list[Attention]
    """What needs somebody to look, and how many of each."""
    channels: list[ChannelOverview]
    """How the channels do."""
    day: dt.date
    """The business day."""
    inventory_value: Money
    """What goods in stock cost."""
    last_30_days: Profit
    """The last 30 days' result, today included."""
    running_out: list[StockAlert]
    """Stock running out."""
    stale: list[AgingRow]
    """Stock that has lain longest."""
    today: Profit
    """Today's result."""


@dataclass(frozen=True)
class PageOfAcquisition:
    """Some things, and how to ask for the following ones."""

    items: list[Acquisition]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfAdviceRun:
    """Some things, and how to ask for the following ones."""

    items: list[AdviceRun]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfApiKey:
    """Some things, and how to ask for the following ones."""

    items: list[ApiKey]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfAuditEntry:
    """Some things, and how to ask for the following ones."""

    items: list[AuditEntry]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfDelivery:
    """Some things, and how to ask for the following ones."""

    items: list[Delivery]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfEntryView:
    """Some things, and how to ask for the following ones."""

    items: list[EntryView]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfEvent:
    """Some things, and how to ask for the following ones."""

    items: list[Event]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfFileOrder:
    """Some things, and how to ask for the following ones."""

    items: list[FileOrder]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfFileProduct:
    """Some things, and how to ask for the following ones."""

    items: list[FileProduct]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfFileSale:
    """Some things, and how to ask for the following ones."""

    items: list[FileSale]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfFileStock:
    """Some things, and how to ask for the following ones."""

    items: list[FileStock]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfForecast:
    """Some things, and how to ask for the following ones."""

    items: list[Forecast]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfFulfilment:
    """Some things, and how to ask for the following ones."""

    items: list[Fulfilment]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfInventoryPrediction:
    """Some things, and how to ask for the following ones."""

    items: list[InventoryPrediction]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfItem:
    """Some things, and how to ask for the following ones."""

    items: list[Item]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfJob:
    """Some things, and how to ask for the following ones."""

    items: list[Job]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfListing:
    """Some things, and how to ask for the following ones."""

    items: list[Listing]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfListingText:
    """Some things, and how to ask for the following ones."""

    items: list[ListingText]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfMember:
    """Some things, and how to ask for the following ones."""

    items: list[Member]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfOrderView:
    """Some things, and how to ask for the following ones."""

    items: list[OrderView]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfPayment:
    """Some things, and how to ask for the following ones."""

    items: list[Payment]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfPayout:
    """Some things, and how to ask for the following ones."""

    items: list[Payout]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfPriceProposal:
    """Some things, and how to ask for the following ones."""

    items: list[PriceProposal]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfPricingRule:
    """Some things, and how to ask for the following ones."""

    items: list[PricingRule]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfProductView:
    """Some things, and how to ask for the following ones."""

    items: list[ProductView]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfPurchaseOrder:
    """Some things, and how to ask for the following ones."""

    items: list[PurchaseOrder]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfRefillProposal:
    """Some things, and how to ask for the following ones."""

    items: list[RefillProposal]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfReturnCase:
    """Some things, and how to ask for the following ones."""

    items: list[ReturnCase]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfStockMove:
    """Some things, and how to ask for the following ones."""

    items: list[StockMove]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class PageOfSupplier:
    """Some things, and how to ask for the following ones."""

    items: list[Supplier]
    """The things of this page, newest first."""
    next_cursor: Optional[str] = None
    """Give this as `cursor` to get the next page; absent on the last one."""


@dataclass(frozen=True)
class ParcelLine:
    """Units of an order line in a parcel."""

    order_line_id: str
    """The line."""
    qty: int
    """How many."""


@dataclass(frozen=True)
class Payment:
    """How an order is paid, and how much of each thing happened."""

    authorised: Money
    """Set aside, less what was let go."""
    captured: Money
    """Taken."""
    created_at: dt.datetime
    """When it began."""
    disputed: Money
    """Taken back by the customer's bank, less what it gave again."""
    id: str
    """Its identity."""
    order_id: str
    """The order."""
    provider: str
    """Who handles it: `manual`, a provider's name, or a channel's id."""
    refunded: Money
    """Given back, or on the way back."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class PaymentTxn:
    """One movement of a payment."""

    amount: Money
    """How much."""
    created_at: dt.datetime
    """When it was written down."""
    id: str
    """Its identity, and the idempotency key at the provider."""
    kind: TxnKind
    """What it does."""
    payment_id: str
    """The payment."""
    state: TxnState
    """Where it stands."""
    version: int
    """Counts its edits."""
    note: Optional[str] = None
    """What the provider said, or why somebody did it."""
    page_url: Optional[str] = None
    """The provider's page, while it waits for the customer to pay there."""
    provider_ref: Optional[str] = None
    """The provider's name for it."""
    return_url: Optional[str] = None
    """Where the customer comes back to from the provider's page, where they are asked there."""


@dataclass(frozen=True)
class PaymentView:
    """A payment with everything that happened to it."""

    authorised: Money
    """Set aside, less what was let go."""
    captured: Money
    """Taken."""
    created_at: dt.datetime
    """When it began."""
    disputed: Money
    """Taken back by the customer's bank, less what it gave again."""
    id: str
    """Its identity."""
    order_id: str
    """The order."""
    provider: str
    """Who handles it: `manual`, a provider's name, or a channel's id."""
    refunded: Money
    """Given back, or on the way back."""
    txns: list[PaymentTxn]
    """What happened to it, oldest first."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class Payout:
    """Money a channel sent to the bank."""

    amount: Money
    """How much arrived."""
    at: dt.datetime
    """When it was recorded."""
    business_date: dt.date
    """The business day."""
    channel_id: str
    """Who paid."""
    external_id: str
    """The channel's name for it."""
    id: str
    """Its identity."""
    lines: list[PayoutLine]
    """What it is made of."""
    residue: Money
    """What the lines do not explain; posted to suspense."""


@dataclass(frozen=True)
class PayoutLine:
    """One line of a payout. Below zero: the channel keeps it."""

    amount: Money
    """How much."""
    kind: PayoutKind
    """What for."""
    order_external_id: Optional[str] = None
    """The order it concerns, as the channel calls it."""


@dataclass(frozen=True)
class Person:
    """What identifies a person."""

    name: str
    """Name."""
    address: Optional[list[str]] = None
    """Postal address, as lines."""
    email: Optional[str] = None
    """E-mail."""
    phone: Optional[str] = None
    """Telephone."""


@dataclass(frozen=True)
class PlaceLine:
    """A line of an order to be placed. Name the SKU, the variant, or the listing it is sold through."""

    listing_id: Optional[str] = None
    """The listing it is sold through; its price applies."""
    qty: Optional[int] = None
    """How many."""
    sku: Optional[str] = None
    """The SKU."""
    taxes: Optional[list[TaxRate]] = None
    """Taxes on the line."""
    unit_price: Optional[Money] = None
    """The price of one; the listing's or variant's price when absent."""
    variant_id: Optional[str] = None
    """The variant."""


@dataclass(frozen=True)
class Posting:
    """One side of an entry. Debits are positive, credits negative."""

    account: str
    """The account."""
    amount: Money
    """How much: debit above zero, credit below."""
    entry_id: str
    """The entry it is part of."""
    id: str
    """Its identity."""
    channel_id: Optional[str] = None
    """The channel it concerns."""
    item_id: Optional[str] = None
    """The physical thing it concerns."""
    order_line_id: Optional[str] = None
    """The order line it concerns."""


@dataclass(frozen=True)
class Prepared:
    """What came of a plan."""

    hostnames: list[str]
    """Where it will be reached."""
    records: list[ZoneRecord]
    """What a domain of one's own needs in its zone."""
    target: DeployTarget
    """What can be deployed now."""


@dataclass(frozen=True)
class PriceBreak:
    """A lower price from a quantity on."""

    min_qty: int
    """From how many units."""
    unit_cost: Money
    """The price of a unit then."""


@dataclass(frozen=True)
class PriceChange:
    """That a listing's price changed. Never changed afterwards."""

    actor: str
    """Who."""
    at: dt.datetime
    """When."""
    explanation: str
    """Why, in words."""
    id: str
    """Its identity."""
    listing_id: str
    """The listing."""
    new: Money
    """After."""
    old: Money
    """Before."""
    reason: PriceReason
    """What made it change."""
    rule_id: Optional[str] = None
    """The rule, when one did."""


@dataclass(frozen=True)
class PriceKept:
    """That a listing's price stays, and why."""

    listing_id: str
    """The listing."""
    why: str
    """Why."""


@dataclass(frozen=True)
class PricePoint:
    """What a price is expected to earn."""

    price: Money
    """What is asked."""
    profit: Money
    """The profit to expect."""


@dataclass(frozen=True)
class PriceProposal:
    """Advice to change a price, with its reasons and limits."""

    created_at: dt.datetime
    """When it was made."""
    current: Money
    """What it costs now."""
    expires_at: dt.datetime
    """Until when it can be approved."""
    explanation: str
    """Why, in words."""
    floor: Money
    """Never below this."""
    id: str
    """Its identity."""
    inputs_hash: str
    """Hash of everything it was made from."""
    listing_id: str
    """The listing."""
    max_step: int
    """The largest change at once."""
    model: str
    """Who made it: a model and its version, or a person."""
    proposed: Money
    """What it should cost."""
    state: ProposalState
    """Where it stands."""
    strategy: Strategy
    """What it is after."""
    version: int
    """Counts its edits."""
    backtest: Any = None
    """How the model did on the past, if it was tested."""
    ceiling: Optional[Money] = None
    """Never above this."""


@dataclass(frozen=True)
class PriceResponse:
    """How demand answers to the price, around a price that was seen."""

    elasticity: int
    """By how many thousandths of itself demand changes when the price rises by a thousandth of itself, in
    thousandths: -1500 is an elasticity of -1.5. Below zero.
    """
    error: int
    """Its standard error, in thousandths."""
    price: Money
    """The price that was seen last."""


@dataclass(frozen=True)
class PricesOptimized:
    """What the model would charge."""

    kept: list[PriceKept]
    """Those that stay."""
    proposals: list[PriceProposal]
    """The prices that should change."""
    next_cursor: Optional[str] = None
    """How to go on with the next page."""


@dataclass(frozen=True)
class PricingRule:
    """A markdown by age: what does not sell becomes cheaper, step by step, never below its floor."""

    active: bool
    """Whether it is applied."""
    after_days: int
    """Days a listing is live before the first step."""
    every_days: int
    """Days between steps."""
    id: str
    """Its identity."""
    most: int
    """How much of the first price all steps together may take off."""
    name: str
    """What it is called."""
    step: int
    """How much of the first price each step takes off."""
    version: int
    """Counts its edits."""
    channel_id: Optional[str] = None
    """The channel it applies to; all when absent."""
    ending: Optional[int] = None
    """The last digits prices end in, in minor units: 99 makes 12.99."""
    loss_budget: Optional[Money] = None
    """How far below its break-even a price may go; absent: not at all."""


@dataclass(frozen=True)
class Product:
    """Something a shop sells, in one or more variants."""

    attributes: dict[str, str]
    """Facts about it."""
    created_at: dt.datetime
    """When it was made."""
    description: str
    """What there is to say about it."""
    id: str
    """Its identity."""
    status: ProductStatus
    """Whether it is for sale."""
    title: str
    """What it is called."""
    updated_at: dt.datetime
    """When it was last edited."""
    version: int
    """Counts its edits."""
    brand: Optional[str] = None
    """Who made it."""
    category: Optional[str] = None
    """Where it stands in a taxonomy, as a path."""


@dataclass(frozen=True)
class ProductView:
    """A product with its variants, their stock and their offers."""

    attributes: dict[str, str]
    """Facts about it."""
    created_at: dt.datetime
    """When it was made."""
    description: str
    """What there is to say about it."""
    id: str
    """Its identity."""
    status: ProductStatus
    """Whether it is for sale."""
    title: str
    """What it is called."""
    updated_at: dt.datetime
    """When it was last edited."""
    variants: list[VariantView]
    """Its variants, oldest first."""
    version: int
    """Counts its edits."""
    brand: Optional[str] = None
    """Who made it."""
    category: Optional[str] = None
    """Where it stands in a taxonomy, as a path."""


@dataclass(frozen=True)
class Profit:
    """What the shop earned over some days, from the books alone."""

    cost_of_goods: Money
    """What they cost."""
    fees: Money
    """What channels kept."""
    other: Money
    """Everything else that was spent."""
    postage: Money
    """What carriers took."""
    profit: Money
    """What is left."""
    refunds: Money
    """What went back to customers."""
    revenue: Money
    """Goods sold and shipping charged."""


@dataclass(frozen=True)
class PromotionView:
    """A promotion and its coupons."""

    coupons: list[Coupon]
    """Its coupons."""
    id: str
    """Its identity."""
    kind: PromotionKind
    """How it lowers the price."""
    name: str
    """What it is called."""
    version: int
    """Counts its edits."""
    amount: Optional[Money] = None
    """The amount, for `amount`; with `percent`, the most it may take off."""
    ends_at: Optional[dt.datetime] = None
    """Until when."""
    rate: Optional[int] = None
    """The share, for `percent`."""
    starts_at: Optional[dt.datetime] = None
    """From when."""


@dataclass(frozen=True)
class Published:
    """What a site shows now."""

    added: int
    """How many things were new to it."""
    changed: int
    """How many were changed."""
    hostnames: list[str]
    """Where it is seen."""
    removed: int
    """How many were taken away."""


@dataclass(frozen=True)
class PurchaseLine:
    """A line of a purchase order."""

    cancelled: int
    """How many will not come."""
    id: str
    """Its identity."""
    purchase_order_id: str
    """The order."""
    qty: int
    """How many were ordered."""
    received: int
    """How many came."""
    unit_cost: Money
    """The price of a unit."""
    variant_id: str
    """What."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class PurchaseOrder:
    """An order to a supplier."""

    created_at: dt.datetime
    """When it was written."""
    id: str
    """Its identity."""
    location_id: str
    """Where the goods are to arrive."""
    number: int
    """Its number, for people."""
    state: PurchaseOrderState
    """Where it stands."""
    supplier_id: str
    """To whom."""
    total: Money
    """What its lines cost together."""
    version: int
    """Counts its edits."""
    expected_on: Optional[dt.date] = None
    """When the goods should be here."""
    notes: Optional[str] = None
    """A word to oneself."""


@dataclass(frozen=True)
class PurchaseOrderView:
    """A purchase order with its lines and what came of it."""

    created_at: dt.datetime
    """When it was written."""
    id: str
    """Its identity."""
    lines: list[PurchaseLine]
    """Its lines."""
    location_id: str
    """Where the goods are to arrive."""
    number: int
    """Its number, for people."""
    receipts: list[Receipt]
    """What came."""
    state: PurchaseOrderState
    """Where it stands."""
    supplier_id: str
    """To whom."""
    total: Money
    """What its lines cost together."""
    version: int
    """Counts its edits."""
    expected_on: Optional[dt.date] = None
    """When the goods should be here."""
    notes: Optional[str] = None
    """A word to oneself."""


@dataclass(frozen=True)
class Quote:
    """The buyer's question at the shelf, answered for one channel."""

    break_even: Money
    """The lowest price that loses nothing."""
    fees: Money
    """What the channel keeps."""
    highest_cost: Money
    """The most one should pay for it."""
    net: Money
    """What is left after fees, label and tax, before the cost."""
    price: Money
    """What it will probably sell for."""
    profit: Money
    """What is left after the cost, too."""
    roi: Optional[int] = None
    """Profit per cost; none when it costs nothing."""


@dataclass(frozen=True)
class Quoted:
    """What a thing would bring."""

    channels: list[ChannelQuote]
    """On each active channel, the most profit first."""
    comparables: int
    """How many things it was compared with."""


@dataclass(frozen=True)
class Receipt:
    """That goods arrived."""

    at: dt.datetime
    """When."""
    business_date: dt.date
    """The business day."""
    id: str
    """Its identity."""
    landed_costs: list[LandedCost]
    """Further costs."""
    lines: list[ReceiptLine]
    """What arrived."""
    purchase_order_id: str
    """The order they belong to."""
    total: Money
    """Everything together."""


@dataclass(frozen=True)
class ReceiptLine:
    """Goods of one line that arrived."""

    cost: Money
    """What they cost with their share of the landed costs."""
    purchase_line_id: str
    """The line of the purchase order."""
    qty: int
    """How many."""
    variant_id: str
    """What arrived."""


@dataclass(frozen=True)
class RefillPolicy:
    """How well a variant, or every variant without a policy of its own, is to be kept in stock."""

    auto_approve: bool
    """Whether what the models propose within the budget is approved by itself, and becomes a draft of a purchase
    order.
    """
    id: str
    """Its identity."""
    review_days: int
    """Days between looks."""
    service_level: int
    """How often demand should find stock."""
    version: int
    """Counts its edits."""
    budget: Optional[Money] = None
    """The most to spend at once."""
    variant_id: Optional[str] = None
    """The variant; none for all others."""


@dataclass(frozen=True)
class RefillProposal:
    """Advice to buy."""

    created_at: dt.datetime
    """When it was made."""
    expires_at: dt.datetime
    """Until when it can be approved."""
    explanation: str
    """Why, in words."""
    id: str
    """Its identity."""
    inputs_hash: str
    """Hash of everything it was made from."""
    model: str
    """Who made it: a model and its version, or a person."""
    qty: int
    """How many."""
    state: ProposalState
    """Where it stands."""
    supplier_id: str
    """From whom."""
    unit_cost: Money
    """At which price for one."""
    variant_id: str
    """What."""
    version: int
    """Counts its edits."""
    backtest: Any = None
    """How the model did on the past, if it was tested."""


@dataclass(frozen=True)
class RefreshAsked:
    """That the models will be asked."""

    model: str
    """Which model will be asked. When it has answered, `forecasts.runs` tells of it."""


@dataclass(frozen=True)
class Replayed:
    """How much is told again."""

    deliveries: int
    """Deliveries that wait again."""
    more: bool
    """Whether there is more: ask again."""


@dataclass(frozen=True)
class Reservation:
    """That some stock is promised."""

    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    location_id: str
    """Where."""
    owner: HoldOwner
    """For what sort of owner."""
    owner_id: str
    """The owner's id."""
    qty: int
    """How many."""
    state: ReservationState
    """Where it stands."""
    variant_id: str
    """What is held."""
    version: int
    """Counts its edits."""
    expires_at: Optional[dt.datetime] = None
    """When it lets go by itself."""
    item_id: Optional[str] = None
    """Which physical thing."""


@dataclass(frozen=True)
class ReturnCase:
    """Something coming back."""

    created_at: dt.datetime
    """When it was asked for."""
    id: str
    """Its identity."""
    lines: list[ReturnLine]
    """What comes back."""
    number: int
    """Its number, for people."""
    order_id: str
    """The order."""
    state: ReturnState
    """Where it stands."""
    version: int
    """Counts its edits."""


@dataclass(frozen=True)
class ReturnLine:
    """Units of an order line that come back."""

    order_line_id: str
    """The line."""
    qty: int
    """How many."""
    reason: str
    """Why, in the customer's words."""
    disposition: Optional[Disposition] = None
    """What is done with them; known once inspected."""


@dataclass(frozen=True)
class RolledBack:
    """What runs again."""

    deployment: str
    """The host's name for the deployment that was gone back to."""


@dataclass(frozen=True)
class RulesApplied:
    """What the rules did."""

    changes: list[PriceChange]
    """The price changes made."""
    next_cursor: Optional[str] = None
    """How to go on with the next page."""


@dataclass(frozen=True)
class RunsOut:
    """How probable it is that stock runs out."""

    days: int
    """Within so many days."""
    probability: int
    """The probability."""


@dataclass(frozen=True)
class SellThroughRow:
    """How fast a variant sells."""

    left: int
    """Units left at its end."""
    rate: int
    """Sold of all there were."""
    sku: str
    """Its SKU."""
    sold: int
    """Units sold in the period."""
    variant_id: str
    """The variant."""
    days_left: Optional[int] = None
    """Days the stock lasts at this pace; none when nothing sold."""


@dataclass(frozen=True)
class Sent:
    """Where an owner is sent."""

    address: str
    """The address, for the owner alone."""
    connection_id: str
    """The connection that comes of it."""
    until: dt.datetime
    """Until when they can come back."""


@dataclass(frozen=True)
class Shop:
    """A reselling business: everything else belongs to one."""

    created_at: dt.datetime
    """When it was founded."""
    currency: str
    """The currency its books are kept in."""
    id: str
    """Its identity."""
    name: str
    """What it is called."""
    rounding: Rounding
    """How a tax is rounded that falls between two units of the currency."""
    time_zone: str
    """Decides to which business day an instant belongs."""
    version: int
    """Counts its edits."""
    has_endpoints: Optional[bool] = None
    """Whether an endpoint is told what happens in it; where none is, nobody looks for one."""


@dataclass(frozen=True)
class Showcase:
    """Where on a site a shop shows what it sells."""

    collection: str
    """The name of the collection that holds what is shown. It is made when it is not there."""
    site: Optional[str] = None
    """The service's id of the site; may be absent where the account has one only."""


@dataclass(frozen=True)
class Site:
    """A site that is kept in step with what a shop sells."""

    connection_id: str
    """The way to its service."""
    created_at: dt.datetime
    """When it was begun."""
    id: str
    """Its identity."""
    showcase: Showcase
    """Where on the site things are shown."""
    state: SiteState
    """Whether it is kept in step."""
    version: int
    """Counts its edits."""
    channel_id: Optional[str] = None
    """Whose listings it shows; those of all channels when absent."""
    checked_at: Optional[dt.datetime] = None
    """When it was last looked whether it is in step."""
    digest: Optional[str] = None
    """What it was last made to show, as a hash."""
    problem: Optional[str] = None
    """What went wrong since."""
    published_at: Optional[dt.datetime] = None
    """When it was last published."""
    shown: Optional[Published] = None
    """What came of that."""


@dataclass(frozen=True)
class StateCount:
    """How many there are in a state."""

    count: int
    """How many."""
    state: ListingState
    """The state."""


@dataclass(frozen=True)
class StockAlert:
    """A variant that is running out."""

    available: int
    """How many an order can take."""
    incoming: int
    """How many are on their way."""
    safety_stock: int
    """How many the shop wants to keep."""
    sku: str
    """Its SKU."""
    title: str
    """The title of its product."""
    variant_id: str
    """The variant."""


@dataclass(frozen=True)
class StockLevel:
    """The stock of one variant at one location."""

    backorder_limit: int
    """How many may be promised beyond those on hand."""
    id: str
    """Its identity."""
    incoming: int
    """How many are on their way here."""
    location_id: str
    """Where."""
    on_hand: int
    """How many lie here."""
    reserved: int
    """How many of them are promised."""
    variant_id: str
    """What."""


@dataclass(frozen=True)
class StockMove:
    """One change of what lies somewhere. Never changed afterwards."""

    actor: str
    """Who did it."""
    at: dt.datetime
    """When."""
    business_date: dt.date
    """The business day."""
    d_on_hand: int
    """The change of what lies there."""
    d_reserved: int
    """The change of what is promised there by the same act."""
    id: str
    """Its identity."""
    location_id: str
    """Where."""
    reason: MoveReason
    """Why."""
    variant_id: str
    """What moved."""
    item_id: Optional[str] = None
    """Which physical thing."""
    reference: Optional[str] = None
    """The id of what caused it."""


@dataclass(frozen=True)
class Supplier:
    """Somebody the shop buys from."""

    created_at: dt.datetime
    """When it was added."""
    currency: str
    """The currency it is paid in."""
    id: str
    """Its identity."""
    kind: SupplierKind
    """What sort it is."""
    lead_days_mean: int
    """Days from order to arrival, on average."""
    lead_days_sd: int
    """By how many days that varies (standard deviation)."""
    name: str
    """What it is called."""
    version: int
    """Counts its edits."""
    terms: Optional[str] = None
    """Terms of payment, in words."""


@dataclass(frozen=True)
class SupplierOffer:
    """What a supplier asks for a variant."""

    id: str
    """Its identity."""
    moq: int
    """The fewest units that can be ordered."""
    pack: int
    """Units come in multiples of this."""
    price_breaks: list[PriceBreak]
    """Lower prices from quantities on, smallest quantity first."""
    supplier_id: str
    """Whose offer."""
    unit_cost: Money
    """The price of a unit."""
    variant_id: str
    """For what."""
    version: int
    """Counts its edits."""
    supplier_sku: Optional[str] = None
    """The supplier's name for it."""


@dataclass(frozen=True)
class SyncRun:
    """One fetch from a channel."""

    applied: int
    """How many of them took effect: notices that were new, goods that are in the catalogue now."""
    channel_id: str
    """The channel."""
    id: str
    """Its identity."""
    received: int
    """How many notices or goods it brought."""
    started_at: dt.datetime
    """When it began."""
    state: SyncState
    """Where it stands."""
    task: SyncTask
    """What it fetches."""
    version: int
    """Counts its edits."""
    cursor: Optional[str] = None
    """From where it goes on, while goods are taken over."""
    ended_at: Optional[dt.datetime] = None
    """When it ended."""
    error: Optional[str] = None
    """What went wrong."""
    total: Optional[int] = None
    """How many there are in all, where the channel tells."""


@dataclass(frozen=True)
class TaxLine:
    """Tax that a channel or the shop collected on a line."""

    amount: Money
    """How much."""
    jurisdiction: str
    """Whose tax."""
    rate: int
    """Its rate."""
    facilitator: Optional[bool] = None
    """Whether the channel collects and pays it, so that the shop never sees it."""


@dataclass(frozen=True)
class TaxRate:
    """A tax to be applied to a line."""

    jurisdiction: str
    """Whose tax."""
    rate: int
    """Its rate."""


@dataclass(frozen=True)
class TaxYear:
    """A tax year."""

    inventory_at_end: Money
    """What the goods in stock cost, at the year's end."""
    profit: Profit
    """What was earned."""
    tax_collected: Money
    """Tax collected in the year, less what went back."""


@dataclass(frozen=True)
class Text:
    """A text for one channel."""

    claims: list[Claim]
    """What it claims, and why it may."""
    description: str
    """The description."""
    tags: list[str]
    """The tags."""
    title: str
    """The title."""


@dataclass(frozen=True)
class TextFault:
    """What is wrong with a text."""

    field: str
    """`title`, `description`, `tags` or `condition`."""
    what: str
    """What is wrong and what would be right."""


@dataclass(frozen=True)
class ToldOrder:
    """An order, in its present state."""

    cancelled: bool
    """Whether it was called off."""
    external_id: str
    """The channel's name for it."""
    external_version: int
    """Grows with every change at the channel; an older one is stale."""
    kind: Literal['order']
    lines: list[ImportedLine]
    """What was sold."""
    paid: bool
    """Whether the channel has the money."""
    placed_at: dt.datetime
    """When it was placed there."""
    shipping: Money
    """What the buyer pays for shipping."""
    buyer: Optional[str] = None
    """The buyer's name, where told."""
    fees: Optional[Money] = None
    """What the channel keeps of it, when it tells; otherwise its fee schedule decides."""
    refunded: Optional[Money] = None
    """How much went back to the buyer so far, where the channel tells."""


@dataclass(frozen=True)
class ToldListingEnded:
    """A listing ended by itself."""

    external_id: str
    """The channel's name for it."""
    kind: Literal['listing_ended']
    reason: EndReason
    """Why."""


@dataclass(frozen=True)
class Variant:
    """A variant of a product: what stock, prices and orders are about."""

    backorder_limit: int
    """How many may be promised beyond what is here."""
    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    kind: VariantKind
    """How its stock is thought of."""
    options: dict[str, str]
    """What sets it apart from its sisters: `{"size": "M"}`."""
    product_id: str
    """The product it is a variant of."""
    safety_stock: int
    """How many are kept from the channels."""
    scale: int
    """Decimals of its unit of measure: 0 for pieces, 3 for grams counted in kilograms."""
    sku: str
    """The shop's own name for it; unique in the shop."""
    version: int
    """Counts its edits."""
    dims_mm: Optional[list[int]] = None
    """Length, width and height in millimetres."""
    gtin: Optional[str] = None
    """Its global trade item number."""
    price: Optional[Money] = None
    """What it costs where no listing says otherwise."""
    tax_code: Optional[str] = None
    """What the tax office calls it."""
    weight_g: Optional[int] = None
    """Its weight in grams."""


@dataclass(frozen=True)
class VariantView:
    """A variant with its stock and its offers."""

    available: int
    """How many an order can take."""
    backorder_limit: int
    """How many may be promised beyond what is here."""
    created_at: dt.datetime
    """When it was made."""
    id: str
    """Its identity."""
    kind: VariantKind
    """How its stock is thought of."""
    offers: list[OfferedAt]
    """Where it is offered."""
    on_hand: int
    """How many lie here."""
    options: dict[str, str]
    """What sets it apart from its sisters: `{"size": "M"}`."""
    product_id: str
    """The product it is a variant of."""
    reserved: int
    """How many of them are promised."""
    safety_stock: int
    """How many are kept from the channels."""
    scale: int
    """Decimals of its unit of measure: 0 for pieces, 3 for grams counted in kilograms."""
    sku: str
    """The shop's own name for it; unique in the shop."""
    version: int
    """Counts its edits."""
    dims_mm: Optional[list[int]] = None
    """Length, width and height in millimetres."""
    gtin: Optional[str] = None
    """Its global trade item number."""
    price: Optional[Money] = None
    """What it costs where no listing says otherwise."""
    tax_code: Optional[str] = None
    """What the tax office calls it."""
    weight_g: Optional[int] = None
    """Its weight in grams."""


@dataclass(frozen=True)
class Verdict:
    """What was found of a line that came back."""

    disposition: Disposition
    """What is done with them."""
    order_line_id: str
    """The line."""
    qty: int
    """How many; of one line, different units may be treated differently."""


@dataclass(frozen=True)
class ZoneRecord:
    """Records of one name and kind in a zone."""

    kind: str
    """`A`, `AAAA`, `CNAME`, `TXT`, `MX` …"""
    name: str
    """The name within the zone; `@` is the zone itself."""
    ttl: int
    """How many seconds it may be remembered."""
    values: list[str]
    """What it says, once or several times."""


@dataclass(frozen=True)
class ZoneSnapshot:
    """A zone as it was."""

    id: str
    """The service's name for it."""
    kept_at: dt.datetime
    """When it was kept."""
    reason: str
    """Why it was kept, in the service's words."""


AccountType = Literal['asset', 'liability', 'equity', 'income', 'expense']
"""On which side of the books an account stands."""

ChannelStatus = Literal['active', 'paused', 'unarmed']
"""Whether a channel is worked with."""

CheckoutState = Literal[
    'incomplete',
    'requires_escalation',
    'ready',
    'completing',
    'completed',
    'cancelled',
    'expired',
]
"""Where a checkout stands."""

Condition = Literal['new', 'like_new', 'very_good', 'good', 'acceptable', 'for_parts']
"""The condition of a one-of-a-kind thing."""

ConnectionState = Literal['pending', 'active', 'failing', 'refused', 'disconnected']
"""Where a connection stands."""

Decision = Literal['approve', 'reject']
"""What is decided of a proposal."""

DeliveryState = Literal['waiting', 'delivered', 'failed']
"""Where a delivery stands."""

DeploySource = Union[DeploySourceImage, DeploySourceRepository]
"""What a service is made of."""

DeployState = Literal['waiting', 'building', 'done', 'failed', 'removed']
"""How a deployment stands."""

Desired = Literal['listed', 'unlisted']
"""What is wanted of a listing."""

Disposition = Literal['restock', 'quarantine', 'write_off', 'to_supplier', 'keep_with_buyer']
"""What is done with something that came back."""

EndReason = Literal['sold_here', 'sold_elsewhere', 'expired', 'seller', 'channel', 'stock']
"""Why a listing ended."""

EndpointState = Literal['active', 'disabled']
"""Where an endpoint stands."""

FeeBase = Literal['goods', 'total']
"""What a fee's rate is taken of."""

FeeKind = Literal['final_value', 'payment', 'listing', 'promotion']
"""What a fee is for."""

FulfilmentState = Literal['planned', 'packed', 'shipped', 'delivered', 'cancelled', 'lost', 'returned_to_sender']
"""Where a parcel stands."""

FulfilmentStatus = Literal['unfulfilled', 'part_fulfilled', 'fulfilled', 'returned', 'cancelled']
"""How far an order is sent; computed."""

FulfilmentStep = Literal['pack', 'ship', 'deliver', 'cancel', 'lose', 'return_to_sender']
"""Where a parcel may be moved."""

HoldOwner = Literal['order_line', 'transfer', 'manual_hold', 'checkout']
"""For whom stock is held."""

ImportKind = Literal['products', 'sales', 'stock', 'orders']
"""What an import brings."""

ImportState = Literal['uploaded', 'validating', 'ready', 'applying', 'applied', 'partial', 'failed']
"""Where an import stands."""

ItemStatus = Literal['in_stock', 'reserved', 'sold', 'written_off']
"""Where a one-of-a-kind thing is in its life."""

JobKind = Literal[
    'listing.publish',
    'listing.revise',
    'listing.push_quantity',
    'listing.end',
    'listing.reconcile',
    'channel.pull',
    'channel.take_over',
    'order.tell_parcels',
    'order.call_off',
    'payment.execute',
    'fulfilment.buy_label',
    'connection.check',
    'connection.renew',
    'site.publish',
    'connection.hear',
    'connection.catch_up',
    'webhook.deliver',
    'listing.write',
    'forecasts.refresh',
]
"""What is to be done at a port."""

JobState = Literal['queued', 'leased', 'retry_wait', 'needs_reconcile', 'succeeded', 'dead', 'cancelled']
"""Where a job stands."""

LandedCostBasis = Literal['qty', 'value', 'weight']
"""By what a further cost is shared among lines."""

LandedCostKind = Literal['freight', 'duty', 'insurance', 'handling', 'other']
"""What a further cost of a receipt is for."""

ListingState = Literal[
    'draft',
    'ready',
    'publishing',
    'unknown',
    'rejected',
    'live',
    'paused',
    'ending',
    'needs_attention',
    'ended',
]
"""What was last seen of a listing."""

LocationKind = Literal['home', 'storage', '3pl', 'consignment', 'transit', 'quarantine']
"""What sort of place a location is."""

MemberStatus = Literal['active', 'suspended']
"""Whether a member may come in."""

MoveReason = Literal[
    'receipt',
    'acquisition',
    'shipment',
    'return',
    'count',
    'damage',
    'loss',
    'found',
    'opening',
    'transfer',
]
"""Why stock moved."""

OpportunityKind = Literal['refill', 'reprice', 'clear', 'crosslist']
"""What could be done."""

OrderState = Literal['draft', 'placed', 'oversold', 'confirmed', 'completed', 'cancelled']
"""Where an order stands."""

PaymentStatus = Literal[
    'none',
    'authorised',
    'part_captured',
    'captured',
    'part_refunded',
    'refunded',
    'disputed',
    'voided',
]
"""How far an order is paid; computed."""

PaymentStep = Literal['capture', 'void', 'refund', 'chargeback', 'chargeback_reversal']
"""What is done to a payment."""

PayoutKind = Literal['sale', 'fee', 'refund', 'ad', 'label', 'adjustment', 'reserve']
"""What a line of a payout is for."""

PriceReason = Literal['manual', 'rule', 'proposal']
"""What made a price change."""

ProductStatus = Literal['draft', 'active', 'archived']
"""Whether a product is for sale."""

PromotionKind = Literal['percent', 'amount']
"""How a promotion lowers a price."""

ProposalState = Literal['proposed', 'approved', 'rejected', 'superseded', 'expired', 'executed', 'failed']
"""Where a proposal stands."""

PurchaseOrderState = Literal['draft', 'submitted', 'acknowledged', 'part_received', 'received', 'closed', 'cancelled']
"""Where a purchase order stands."""

PurchaseOrderStep = Literal['submit', 'acknowledge', 'cancel', 'close']
"""Where a purchase order may be moved by hand."""

ReservationState = Literal['held', 'consumed', 'released', 'expired']
"""Where a reservation stands."""

ReturnState = Literal[
    'requested',
    'approved',
    'in_transit',
    'received',
    'inspected',
    'closed',
    'declined',
    'cancelled',
    'expired',
    'lost',
]
"""Where a return stands."""

ReturnStep = Literal['approve', 'decline', 'cancel', 'send', 'receive', 'expire', 'lose', 'close']
"""Where a return may be moved."""

Role = Literal['owner', 'manager', 'clerk', 'accountant', 'viewer']
"""What a member may do."""

Rounding = Literal['half_up', 'half_even']
"""How a half is rounded."""

SiteState = Literal['kept', 'retired']
"""Whether a site is kept in step."""

Strategy = Literal['maximize_profit', 'maximize_sales', 'match_competition', 'premium_positioning', 'clear_stock']
"""What a price proposal is after."""

SupplierKind = Literal['wholesale', 'thrift', 'estate', 'consignor', 'marketplace', 'dropship']
"""What sort of supplier."""

SyncState = Literal['running', 'completed', 'failed']
"""Where a run of synchronisation stands."""

SyncTask = Literal['news', 'goods']
"""What a run of synchronisation fetches."""

TextState = Literal['asked', 'written']
"""Where a text stands."""

Told = Union[ToldOrder, ToldListingEnded]
"""What a channel has to tell."""

TxnKind = Literal['auth', 'capture', 'void', 'refund', 'chargeback', 'chargeback_reversal']
"""What a movement of a payment does."""

TxnState = Literal['initiated', 'pending', 'unknown', 'succeeded', 'failed', 'reversed']
"""Where a movement stands."""

VariantKind = Literal['unique', 'stocked', 'bundle']
"""How a variant's stock is thought of."""
