use std::borrow::Cow;

use super::{DeployPlan, HostError, ZoneRecord};
use crate::error::{Error, Fault, Kind, Result, Retry};

/// The kinds of records that a zone may be told of.
pub const RECORD_KINDS: [&str; 9] = ["A", "AAAA", "ALIAS", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"];
/// How many things of a kind one request may name.
pub const MOST_NAMED: usize = 50;
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
