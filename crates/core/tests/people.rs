//! Who may do what, and with which key.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod support;

use std::time::Duration;

use baddie_core::accounts::{Actor, Member, MemberStatus, Role};
use baddie_core::clock::Clock;
use baddie_core::engine::accounts::{AddMember, CreateKey, ListMembers, RevokeKey, UpdateMember, UpdateShop};
use baddie_core::engine::inventory::CreateLocation;
use baddie_core::engine::journal::ListAudit;
use baddie_core::engine::{Command, Shop};
use baddie_core::entity::Word;
use baddie_core::error::{Error, Kind};
use baddie_core::ids::EntityId;
use baddie_core::inventory::LocationKind;
use baddie_core::page::PageRequest;
use baddie_integrations::sandbox::Config;
use serde_json::{Map, Value, json};
use support::{House, on_every_backend};

async fn hire(house: &House, role: Role) -> (Member, Shop) {
    let add = AddMember { email: format!("a.{role}@example.org"), role };
    let member = house.shop.accounts().add_member(add).await.unwrap();
    let shop = house.engine.shop(Actor::Member { id: member.id, role }, house.shop.id());
    (member, shop)
}

fn change(member: &Member, role: Option<Role>, status: Option<MemberStatus>) -> UpdateMember {
    UpdateMember { member_id: member.id, role, status, expected_version: None }
}

/// Something that a schema allows: the least of it.
fn least(schema: &Value, all: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return least(&all["$defs"][name.trim_start_matches("#/$defs/")], all);
    }
    for choice in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[choice].get(0) {
            return least(first, all);
        }
    }
    let fixed = schema.get("const").or_else(|| schema["enum"].get(0));
    if let Some(value) = fixed {
        return value.clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap().to_owned();
                (name.clone(), least(&schema["properties"][&name], all))
            };
            Value::Object(required.iter().map(field).collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("integer") => json!(1),
        Some("boolean") => json!(false),
        Some("string") => match (schema["pattern"].as_str(), schema["format"].as_str()) {
            (Some("^[A-Z]{3}$"), _) => json!("GBP"),
            (Some(pattern), _) => {
                let prefix = pattern.trim_start_matches('^').split('_').next().unwrap();
                json!(format!("{prefix}_{}", "0".repeat(26)))
            }
            (None, Some("date")) => json!("2026-01-05"),
            (None, Some("date-time")) => json!("2026-01-05T12:00:00Z"),
            (None, _) => json!("expense:other"),
        },
        _ => Value::Null,
    }
}

/// Runs a command with the least request there is; answers its name and how it was refused.
async fn try_one<C: Command>(shop: &Shop) -> (&'static str, bool, Option<Error>) {
    let schema = serde_json::to_value(schemars::schema_for!(C)).unwrap();
    let request = least(&schema, &schema);
    let command: C = serde_json::from_value(request.clone())
        .unwrap_or_else(|error| panic!("{}: {error}: {request}", C::NAME));
    let allowed = shop.actor().role().allows(C::PERMISSION);
    (C::NAME, allowed, shop.run(command).await.err())
}

/// Tries every command there is.
async fn try_all(shop: &Shop) -> Vec<(&'static str, bool, Option<Error>)> {
    let mut tried = Vec::new();
    macro_rules! commands {
        ($($module:ident: $($command:ident)*;)*) => {
            $($(tried.push(try_one::<baddie_core::engine::$module::$command>(shop).await);)*)*
        };
    }
    commands! {
        accounts: UpdateShop AddMember UpdateMember CreateKey RevokeKey;
        arming: Disarm Arm;
        connections: ConnectService Authorise TestConnection DisconnectService;
        catalog: CreateProduct UpdateProduct AddVariant UpdateVariant CreateItem UpdateItem AttachMedia DetachMedia;
        imports: BeginImport FinishImport ImportOrders ImportProducts ImportSales ImportStock;
        insights: SetRefillPolicy ProposeRefill DecideRefill RefreshForecasts;
        inventory: CreateLocation AdjustStock TransferStock HoldStock ReleaseHold;
        journal: RetryJob;
        ledger: PostEntry ReverseEntry;
        listings: ConnectChannel UpdateChannel SetFees SyncChannel TakeOverChannel CreateListing PublishListing ReviseListing;
        listings: EndListing Relist ReceiveNotice WriteListing;
        orders: PlaceOrder ImportOrder CancelOrder ConfirmOrder CreateCustomer EraseCustomer CreatePromotion;
        orders: BeginCheckout CompleteCheckout CancelCheckout;
        payments: RecordPayment AuthorisePayment OpenPaymentPage MovePayment RecordPayout;
        pricing: SetPricingRule ApplyPricingRules ProposePrice OptimizePrices DecidePrice;
        purchasing: CreateSupplier SetOffer CreatePurchaseOrder AdvancePurchaseOrder ReceiveGoods RecordHaul;
        webhooks: CreateEndpoint UpdateEndpoint RotateSecret ReplayDelivery ReplayFailed;
        shipping: PlanFulfilment FulfilOrder AdvanceFulfilment BuyLabel RequestReturn AdvanceReturn InspectReturn;
    }
    tried
}

#[test]
fn a_role_is_refused_whatever_it_does_not_include() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        for &role in Role::ALL {
            let (_, shop) = hire(&house, role).await;
            let tried = try_all(&shop).await;
            assert_eq!(tried.len(), 87, "every command is here");
            for (name, allowed, error) in tried {
                let forbidden = error.as_ref().is_some_and(|error| error.kind() == Kind::Forbidden);
                assert_eq!(forbidden, !allowed, "{role} {name}: {error:?}");
                assert!(error.is_none_or(|error| error.kind() != Kind::Internal), "{role} {name}");
                assert!(role != Role::Viewer || forbidden, "a viewer writes nothing: {name}");
            }
        }
        house.prove().await;
    });
}

#[test]
fn nobody_hands_out_more_than_they_have_and_an_owner_stays() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let Actor::Member { id, .. } = house.shop.actor() else { panic!("a member founds a shop") };
        let members = house.shop.accounts().members(ListMembers::default()).await.unwrap().items;
        let founder = members.into_iter().find(|member| member.id == id).unwrap();
        let (clerk, _) = hire(&house, Role::Clerk).await;
        let (_, manager) = hire(&house, Role::Manager).await;
        let raise = manager.accounts().update_member(change(&clerk, Some(Role::Owner), None)).await;
        assert_eq!(raise.unwrap_err().kind(), Kind::Forbidden);
        let accounts = house.shop.accounts();
        for last in [
            change(&founder, Some(Role::Manager), None),
            change(&founder, None, Some(MemberStatus::Suspended)),
        ] {
            let error = accounts.update_member(last).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Refused, "accounts.last_owner"));
        }
        let second = accounts.update_member(change(&clerk, Some(Role::Owner), None)).await.unwrap();
        let gone = [
            change(&founder, None, Some(MemberStatus::Suspended)),
            change(&second, None, Some(MemberStatus::Suspended)),
        ];
        let calls = gone.map(|gone| {
            let shop = house.shop.clone();
            tokio::spawn(async move { shop.run(gone).await })
        });
        let mut refused = Vec::new();
        for call in calls {
            refused.extend(call.await.unwrap().err());
        }
        assert_eq!(refused.iter().map(Error::code).collect::<Vec<_>>(), ["accounts.last_owner"]);
        let twice = AddMember { email: "a.manager@example.org".into(), role: Role::Clerk };
        assert_eq!(accounts.add_member(twice).await.unwrap_err().code(), "members.duplicate");
        house.prove().await;
    });
}

#[test]
fn a_key_opens_until_it_is_withdrawn_or_has_run_out() {
    on_every_backend(|backend| async move {
        let (house, _, clock) = House::in_world(backend, Config::default()).await;
        let until = clock.now().plus(Duration::from_hours(1));
        let key = |role, expires_at| CreateKey { name: "Till".into(), role, expires_at };
        let short = house.shop.accounts().create_key(key(Role::Clerk, Some(until))).await.unwrap();
        let long = house.shop.accounts().create_key(key(Role::Viewer, None)).await.unwrap();
        let seen = house.engine.enter(&house.engine.authenticate(&long.token).await.unwrap());
        let error =
            seen.run(UpdateShop { name: Some("Mine".into()), ..UpdateShop::default() }).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Forbidden, "accounts.forbidden"));
        assert!(error.message().contains("viewer") && error.message().contains("accounts:write"), "{error}");
        clock.advance(Duration::from_hours(1));
        house.shop.accounts().revoke_key(RevokeKey { key_id: long.key.id }).await.unwrap();
        let mut garbled = house.token.clone();
        garbled.pop();
        for token in [&short.token, &long.token, &garbled, &String::new()] {
            let error = house.engine.authenticate(token).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::Unauthenticated, "accounts.unauthenticated"));
        }
        house.engine.authenticate(&house.token).await.unwrap();
        house.prove().await;
    });
}

#[test]
fn a_member_who_is_let_go_takes_no_key_along() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let (owner, shop) = hire(&house, Role::Owner).await;
        let new = CreateKey { name: "Script".into(), role: Role::Manager, expires_at: None };
        let key = shop.accounts().create_key(new).await.unwrap();
        let update = |role, status| house.shop.run(change(&owner, role, status));
        update(Some(Role::Viewer), None).await.unwrap();
        let credential = house.engine.authenticate(&key.token).await.unwrap();
        assert_eq!(credential.actor().role(), Role::Viewer, "a key does no more than its member may");
        update(None, Some(MemberStatus::Suspended)).await.unwrap();
        assert_eq!(house.engine.authenticate(&key.token).await.unwrap_err().kind(), Kind::Unauthenticated);
        let stranger = house.engine.shop(house.shop.actor(), EntityId::from_u128(7));
        let error = stranger.run(UpdateShop::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::NotFound, "shop.not_found"));
        house.prove().await;
    });
}

#[test]
fn the_audit_knows_who_asked_for_what_and_keeps_no_secrets() {
    on_every_backend(|backend| async move {
        let house = House::build(backend, |engine| engine).await;
        let place =
            CreateLocation { name: "Attic".into(), kind: LocationKind::Storage, sellable: true, priority: 1 };
        house.shop.clone().with_request_id("req-7").run(place).await.unwrap();
        hire(&house, Role::Clerk).await;
        let audit =
            house.shop.journal().audit(ListAudit { page: PageRequest::first(9) }).await.unwrap().items;
        let of = |name| audit.iter().find(|entry| entry.operation == name).unwrap();
        let (open, private) = (of("locations.create"), of("members.add"));
        assert_eq!(open.request_id.as_deref(), Some("req-7"));
        assert!(open.request.as_str().contains("Attic"), "{open:?}");
        assert_eq!((private.request_id.as_deref(), private.request.as_str()), (None, "null"));
    });
}
