use serde::Serialize;
use serde_json::{Value, json};

use super::{Agreed, Call, asked, dressed, get, once, paid, question, segment, with};

/// Asks whether a name is free under these endings, `com`, `co.uk`.
pub fn availability(name: &str, endings: &[&str]) -> Call {
    question(
        "/api/domains/v1/availability",
        &json!({ "domain": name, "tlds": endings, "with_alternatives": false }),
    )
}

/// Lists the account's domains.
pub fn portfolio() -> Call {
    get("/api/domains/v1/portfolio")
}

/// Looks at a domain.
pub fn domain(name: &str) -> Call {
    get(&of(name, ""))
}

fn of(domain: &str, part: &str) -> String {
    format!("/api/domains/v1/portfolio/{}{part}", segment(domain))
}

/// In whose name a domain is held, by the numbers of [`whois_profiles`]; the usual ones of its ending where absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Contacts {
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<i64>,
    /// Who looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_id: Option<i64>,
    /// Who pays for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_id: Option<i64>,
    /// Who is asked when it does not work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tech_id: Option<i64>,
}

/// Buys a domain. It costs money.
pub fn buy_domain(
    agreed: &Agreed,
    name: &str,
    payment_method: Option<i64>,
    contacts: Option<Contacts>,
) -> Call {
    let mut body = json!({ "domain": name, "item_id": agreed.item() });
    if let Some(method) = payment_method {
        body["payment_method_id"] = method.into();
    }
    if let Some(contacts) = contacts {
        body["domain_contacts"] = serde_json::to_value(contacts).expect("numbers are plain data");
    }
    paid("/api/domains/v1/portfolio", &body)
}

/// Says who answers for a domain; two to four names.
pub fn set_nameservers(domain: &str, names: &[&str]) -> Call {
    let places = names.iter().take(4).enumerate();
    let body: Value = places.map(|(index, name)| (format!("ns{}", index + 1), Value::from(*name))).collect();
    with(Call::put(of(domain, "/nameservers")), &body)
}

/// Says whether a domain is kept from being moved elsewhere.
pub fn lock(domain: &str, locked: bool) -> Call {
    let path = of(domain, "/domain-lock");
    dressed(if locked { Call::put(path) } else { Call::delete(path) })
}

/// Says whether it is hidden from the public whose a domain is.
pub fn hide_owner(domain: &str, hidden: bool) -> Call {
    let path = of(domain, "/privacy-protection");
    dressed(if hidden { Call::put(path) } else { Call::delete(path) })
}

/// Sends who comes to a domain elsewhere, for good (301) or until further notice (302).
pub fn forward(domain: &str, to: &str, for_good: bool) -> Call {
    let kind = if for_good { "301" } else { "302" };
    let body = json!({ "domain": domain, "redirect_type": kind, "redirect_url": to });
    once("/api/domains/v1/forwarding", &body)
}

/// Looks at where who comes to a domain is sent.
pub fn forwarding(domain: &str) -> Call {
    get(&format!("/api/domains/v1/forwarding/{}", segment(domain)))
}

/// Sends nobody elsewhere any longer.
pub fn stop_forwarding(domain: &str) -> Call {
    dressed(Call::delete(format!("/api/domains/v1/forwarding/{}", segment(domain))))
}

/// Lists in whose names domains may be held, for one ending or all.
pub fn whois_profiles(ending: Option<&str>) -> Call {
    get(&asked("/api/domains/v1/whois", &[("tld", ending.map(str::to_owned))]))
}

/// In whose name domains are to be held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewWhois {
    /// Of this ending.
    pub tld: String,
    /// In which country, by two letters.
    pub country: String,
    /// `individual` or `organization`.
    pub entity_type: &'static str,
    /// Who, as the ending asks for it.
    pub whois_details: Value,
    /// What else the ending asks for.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub tld_details: Value,
}

/// Notes in whose name domains are to be held.
pub fn create_whois(new: &NewWhois) -> Call {
    once("/api/domains/v1/whois", new)
}

/// Looks at in whose name domains may be held.
pub fn whois(id: i64) -> Call {
    get(&format!("/api/domains/v1/whois/{id}"))
}

/// Forgets a name that no domain is held in.
pub fn delete_whois(id: i64) -> Call {
    dressed(Call::delete(format!("/api/domains/v1/whois/{id}")))
}

/// Lists domains that are on their way from or to elsewhere.
pub fn transfers() -> Call {
    get("/api/domains/v1/transfers")
}
