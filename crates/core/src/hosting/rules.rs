use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::{DeployPlan, Exhibit, HostError, Published, Showcase, Site, SiteState, ZoneRecord};
use crate::clock::Timestamp;
use crate::entity::IllegalStep;
use crate::error::{Error, Fault, Kind, Result, Retry};
use crate::ids::{ChannelId, ConnectionId, SiteId, hex};
use crate::listings::Listing;

/// The kinds of records that a zone may be told of.
pub const RECORD_KINDS: [&str; 9] = ["A", "AAAA", "ALIAS", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"];
/// How many things of a kind one request may name.
pub const MOST_NAMED: usize = 50;
/// How many things a site shows at most.
pub const MOST_EXHIBITS: usize = 5_000;
/// The longest that a record may be remembered: a week, in seconds.
const LONGEST_TTL: u32 = 7 * 24 * 60 * 60;
/// The longest value of a record, in bytes.
const LONGEST_VALUE: usize = 4_096;

impl Fault for HostError {
    fn kind(&self) -> Kind {
        match self {
            Self::NotThere { .. } => Kind::NotFound,
            Self::Refused { .. } => Kind::Refused,
            Self::RateLimited { .. } => Kind::TooMany,
            Self::Unavailable { .. } | Self::Unknown { .. } => Kind::Unavailable,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NotThere { .. } => "hosting.not_there",
            Self::Refused { .. } => "hosting.refused",
            Self::RateLimited { .. } => "hosting.rate_limited",
            Self::Unavailable { .. } => "hosting.unavailable",
            Self::Unknown { .. } => "hosting.unknown",
        }
    }
    fn field(&self) -> Option<Cow<'static, str>> {
        None
    }
    fn retry(&self) -> Retry {
        match self {
            Self::RateLimited { wait } => Retry::After(*wait),
            Self::Unavailable { .. } => Retry::After(std::time::Duration::from_secs(1)),
            Self::NotThere { .. } | Self::Refused { .. } | Self::Unknown { .. } => Retry::Never,
        }
    }
}

/// A domain as it is written everywhere: in small letters, without the dot at its end (RFC 1035, 2.3.1; RFC 5891 for those
/// that are not of English letters, which are given as `xn--…`).
pub fn domain_name(given: &str) -> Result<String> {
    let name = given.trim_end_matches('.').to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.len() > 253 || !name.contains('.') || !name.split('.').all(label) {
        return Err(Error::invalid("domain", format!("{given:?}"), "name a domain, such as example.com"));
    }
    Ok(name)
}

impl ZoneRecord {
    /// Refuses what no zone can say.
    pub fn check(&self) -> Result<()> {
        let Self { name, kind, ttl, values } = self;
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
        if name != "@" && (name.is_empty() || name.len() > 253 || !name.bytes().all(part)) {
            return Err(Error::invalid(
                "name",
                format!("{name:?}"),
                "name a part of the zone, or @ for itself",
            ));
        }
        if !RECORD_KINDS.contains(&kind.as_str()) {
            let remedy = format!("it is one of {}", RECORD_KINDS.join(", "));
            return Err(Error::invalid("kind", format!("{kind:?}"), &remedy));
        }
        if !(1..=LONGEST_TTL).contains(ttl) {
            return Err(Error::invalid("ttl", ttl, "it lies between 1 and 604800 seconds"));
        }
        if values.is_empty() || values.len() > MOST_NAMED {
            return Err(Error::invalid("values", format!("{} of them", values.len()), "give 1 to 50 values"));
        }
        let odd = |value: &&String| {
            value.is_empty() || value.len() > LONGEST_VALUE || value.chars().any(char::is_control)
        };
        match values.iter().find(odd) {
            Some(value) => {
                let remedy = "it is of 1 to 4096 bytes, without control characters";
                Err(Error::invalid("values", format!("{value:?}"), remedy))
            }
            None => Ok(()),
        }
    }
}

impl Showcase {
    /// Refuses a collection that cannot be called so.
    pub fn check(&self) -> Result<()> {
        let name = &self.collection;
        if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            let remedy = "a collection has a name of 1 to 100 letters";
            return Err(Error::invalid("showcase.collection", format!("{name:?}"), remedy));
        }
        Ok(())
    }
}

impl Site {
    /// A site that has shown nothing yet.
    pub fn new(
        id: SiteId,
        connection_id: ConnectionId,
        showcase: Showcase,
        channel_id: Option<ChannelId>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            connection_id,
            showcase,
            channel_id,
            state: SiteState::Kept,
            digest: None,
            shown: None,
            problem: None,
            checked_at: None,
            published_at: None,
            version: 1,
            created_at: now,
        }
    }

    /// Shows what is sold on a channel from now on, or on all.
    pub fn keep(&mut self, channel_id: Option<ChannelId>) -> Result<(), IllegalStep> {
        (self.channel_id, self.digest) = (channel_id, None);
        if self.state == SiteState::Retired {
            self.state = self.state.step(SiteState::Kept)?;
        }
        Ok(())
    }

    /// Shows nothing of the shop from now on.
    pub fn retire(&mut self) -> Result<(), IllegalStep> {
        self.digest = None;
        self.state = self.state.step(SiteState::Retired)?;
        Ok(())
    }

    /// Notes what came of a look: what was published, nothing where it was in step, or why it was not.
    pub fn looked_at(
        &mut self,
        came: std::result::Result<Option<Published>, String>,
        digest: Option<String>,
        now: Timestamp,
    ) {
        self.checked_at = Some(now);
        match came {
            Ok(published) => {
                self.problem = None;
                if let Some(published) = published {
                    (self.shown, self.digest, self.published_at) = (Some(published), digest, Some(now));
                }
            }
            Err(why) => self.problem = Some(why),
        }
    }
}

impl Exhibit {
    /// A listing as a site shows it; nothing where buyers cannot see it.
    pub fn of(listing: &Listing) -> Option<Self> {
        let key = listing.item_id.map_or_else(|| listing.variant_id.to_string(), |item| item.to_string());
        Some(Self {
            slug: slug_of(&listing.title, &key),
            key,
            title: listing.title.clone(),
            description: listing.description.clone(),
            price: listing.price,
            qty: listing.published_qty,
            url: Some(listing.url.clone()?),
        })
    }
}

/// A part of an address: the title's letters and digits, and the end of the key, so that no two are alike.
fn slug_of(title: &str, key: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars().map(|letter| letter.to_ascii_lowercase()) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(60);
    let end = key.get(key.len().saturating_sub(12)..).unwrap_or(key);
    format!("{}-{end}", slug.trim_end_matches('-')).trim_start_matches('-').to_owned()
}

/// What tells whether a site shows these things already.
pub fn digest_of(exhibits: &[Exhibit]) -> String {
    let text = serde_json::to_vec(exhibits).expect("texts and numbers are JSON");
    hex(&Sha256::digest(&text))
}

impl DeployPlan {
    /// Refuses what nothing can be called.
    pub fn check(&self) -> Result<()> {
        let named = [Some(&self.project), self.environment.as_ref(), Some(&self.service)];
        for (field, name) in ["project", "environment", "service"].into_iter().zip(named) {
            let odd =
                |name: &&String| name.is_empty() || name.len() > 64 || name.chars().any(char::is_control);
            if let Some(name) = name.filter(odd) {
                return Err(Error::invalid(field, format!("{name:?}"), "a name has 1 to 64 bytes"));
            }
        }
        for name in self.variables.names() {
            let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if !name.bytes().all(letter)
                || !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            {
                let remedy = "a variable is named by letters, digits and _, a letter first";
                return Err(Error::invalid("variables", format!("{name:?}"), remedy));
            }
        }
        if let Some(domain) = &self.domain {
            domain_name(domain)?;
        }
        if self.health_path.as_ref().is_some_and(|path| !path.starts_with('/')) {
            return Err(Error::invalid(
                "health_path",
                format!("{:?}", self.health_path),
                "it begins with a slash",
            ));
        }
        match self.replicas {
            Some(count) if !(1..=50).contains(&count) => {
                Err(Error::invalid("replicas", count, "between 1 and 50 run at once"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_written_in_one_way() {
        for (given, name) in [
            ("example.com", "example.com"),
            ("Shop.Example.COM.", "shop.example.com"),
            ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ] {
            assert_eq!(domain_name(given).unwrap(), name);
        }
        let long = format!("{}.com", "a".repeat(64));
        for bad in
            ["", "com", ".com", "a..com", "-a.com", "a-.com", "a b.com", "bücher.de", "https://a.com", &long]
        {
            let refused = domain_name(bad).unwrap_err();
            assert_eq!((refused.kind(), refused.field()), (Kind::Invalid, Some("domain")), "{bad}");
        }
    }

    #[test]
    fn an_address_is_of_plain_letters_and_no_two_are_alike() {
        for (title, slug) in [
            ("Mug, hand-thrown", "mug-hand-thrown-0123456789ab"),
            ("  Größe ½!! ", "gr-e-0123456789ab"),
            ("壺", "0123456789ab"),
        ] {
            assert_eq!(slug_of(title, "itm_0123456789ab"), slug);
        }
        let long = slug_of(&"a".repeat(300), "var_0123456789ab");
        assert_eq!(long.len(), 73);
    }

    #[test]
    fn a_record_says_what_a_zone_can() {
        let good = ZoneRecord {
            name: "@".into(),
            kind: "TXT".into(),
            ttl: 300,
            values: vec!["v=spf1 \"a\"".into()],
        };
        good.check().unwrap();
        ZoneRecord { name: "_dmarc.shop".into(), ..good.clone() }.check().unwrap();
        ZoneRecord { name: "*".into(), kind: "A".into(), values: vec!["1.2.3.4".into(); 50], ..good.clone() }
            .check()
            .unwrap();
        for (field, bad) in [
            ("name", ZoneRecord { name: String::new(), ..good.clone() }),
            ("name", ZoneRecord { name: "a b".into(), ..good.clone() }),
            ("kind", ZoneRecord { kind: "txt".into(), ..good.clone() }),
            ("ttl", ZoneRecord { ttl: 0, ..good.clone() }),
            ("ttl", ZoneRecord { ttl: LONGEST_TTL + 1, ..good.clone() }),
            ("values", ZoneRecord { values: Vec::new(), ..good.clone() }),
            ("values", ZoneRecord { values: vec!["1.2.3.4".into(); 51], ..good.clone() }),
            ("values", ZoneRecord { values: vec!["a\nb".into()], ..good.clone() }),
            ("values", ZoneRecord { values: vec!["a".repeat(LONGEST_VALUE + 1)], ..good.clone() }),
        ] {
            assert_eq!(bad.check().unwrap_err().field(), Some(field), "{bad:?}");
        }
    }
}
