//! Sending an owner to a service to let the shop in there, and taking them back.
//!
//! What has to be remembered meanwhile is sealed with the connection that it is about, as new credentials are; so a return is
//! good for one shop and one connection, once, for an hour, and leaves nothing behind. Whoever finishes it must be allowed to
//! connect the shop that began it: nobody is led to let somebody else's shop in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::errand::Away;
use super::way_back::check_way_back;
use super::{Command, Errand, Work};
use crate::accounts::Permission;
use crate::clock::Timestamp;
use crate::connections::{Connection, Credentials, ServiceError, WayBack};
use crate::error::{Error, Kind, Result};
use crate::ids::{ConnectionId, EntityId, hex};
use crate::outbox::JobKind;
use crate::secret::Secret;

/// How long an owner may take.
const PATIENCE: Duration = Duration::from_hours(1);
/// Under which names it is remembered how they come back; none of a service's own begins like that.
const STATE: &str = "consent:state";
const RETURN_URL: &str = "consent:return_url";
const UNTIL: &str = "consent:until";
/// Where owners come back to, at the server.
pub const RETURN_PATH: &str = "/oauth/return";

/// Let the owner of an account let the shop in over there: send them to the address, and finish with what they come back with
/// (`integrations.authorised`).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorise {
    /// The service, such as `shopify`.
    pub service: String,
    /// What it asks for before, name by name, such as the `shop` at Shopify.
    #[serde(default)]
    pub known: BTreeMap<String, String>,
    /// A connection that gets new credentials; those it has stay in use until they open the same account.
    #[serde(default)]
    pub connection_id: Option<ConnectionId>,
    /// Where they come back to; the server's own page when absent.
    #[serde(default)]
    pub return_url: Option<String>,
}

/// Where an owner is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sent {
    /// The connection that comes of it.
    pub connection_id: ConnectionId,
    /// The address, for the owner alone.
    pub address: String,
    /// Until when they can come back.
    pub until: Timestamp,
}

#[async_trait]
impl Command for Authorise {
    const NAME: &'static str = "integrations.authorise";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    const PRIVATE: bool = true;
    const SHOWN_ONCE: bool = true;
    type Answer = Sent;

    async fn run(self, work: &mut Work) -> Result<Sent> {
        let service = work.engine.service(&self.service)?.clone();
        let consent = service.consent().ok_or_else(|| not_offered(&self.service))?;
        for (name, value) in &self.known {
            if !consent.asks().contains(&name.as_str()) {
                let remedy = format!("{} asks for: {}", self.service, consent.asks().join(", "));
                return Err(Error::invalid("known", format!("{name}: {value:?}"), &remedy));
            }
        }
        if let Some(missing) = consent.asks().iter().find(|name| !self.known.contains_key(**name)) {
            return Err(Error::invalid(
                "known",
                "incomplete",
                &format!("{} asks for the {missing}", self.service),
            ));
        }
        let return_url = match (self.return_url, &work.engine.public_url) {
            (Some(url), _) => {
                check_way_back(&url)?;
                url
            }
            (None, Some(here)) => format!("{here}{RETURN_PATH}"),
            (None, None) => {
                let remedy = "name one, or set `connections.public_url` to where this server is reached";
                return Err(Error::invalid("return_url", "absent", remedy));
            }
        };
        let mut connection = work.connection_for(&self.service, self.connection_id).await?;
        let state = format!("{}.{}", connection.id, hex(&work.engine.ids.secret::<20>()));
        let until = work.now.plus(PATIENCE);
        let known = Credentials::from(self.known);
        let way = WayBack { state: &state, return_url: &return_url };
        let address = consent
            .address(&known, &way)
            .map_err(|error| Error::invalid("known", "refused", &error.to_string()))?;
        let kept = [
            (STATE, state.clone()),
            (RETURN_URL, return_url.clone()),
            (UNTIL, until.as_micros().to_string()),
        ];
        let kept = kept.into_iter().map(|(name, value)| (name.to_owned(), Secret::new(value)));
        let kept = known.replaced_by(kept.collect());
        work.keep_candidate(&mut connection, &kept, self.connection_id.is_none()).await?;
        Ok(Sent { connection_id: connection.id, address, until })
    }
}

/// Finish what an owner was sent for, with the address that they came back to. What they bring is good once; the service is
/// asked afterwards whose account it is: look at the connection again to see what it said.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorised {
    /// The address, whole or its query alone, as it was.
    pub returned: String,
}

#[async_trait]
impl Errand for Authorised {
    const NAME: &'static str = "integrations.authorised";
    const PERMISSION: Permission = Permission::ChannelsWrite;
    const CHANGES: bool = true;
    const PRIVATE: bool = true;
    type Answer = Connection;

    async fn run(self, away: &Away) -> Result<Connection> {
        let query = pairs(&self.returned);
        let given = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let state = given("state").unwrap_or_default();
        let id = state.split('.').next().and_then(|id| ConnectionId::parse(id).ok()).ok_or_else(not_ours)?;
        let (Connection { service, version, .. }, kept) = take(away, id, state).await?;
        if let Some(why) = given("error_description").or_else(|| given("error")) {
            let message = format!("{service} was not let in: {why}");
            return Err(Error::new(Kind::Refused, "connections.not_consented", message));
        }
        let adapter = away.engine().service(&service)?.clone();
        let consent = adapter.consent().ok_or_else(|| not_offered(&service))?;
        let way = WayBack { state, return_url: kept.get(RETURN_URL).map_or("", Secret::expose) };
        let credentials = consent.redeem(&kept, &way, &query).await.map_err(|error| match error {
            ServiceError::Refused { reason } => Error::new(
                Kind::Refused,
                "connections.not_consented",
                format!("{service}: {reason}; begin again"),
            ),
            ServiceError::Unavailable { reason } => {
                Error::new(Kind::Unavailable, "connections.lost", format!("{service}: {reason}; begin again"))
            }
        })?;
        let mut work = away.work().await?;
        let mut connection = work.tx.hold::<Connection>(id).await?;
        if connection.version != version {
            let message = "the connection was changed while the owner was away: begin again";
            return Err(Error::new(Kind::Conflict, "connections.changed", message));
        }
        work.keep_candidate(&mut connection, &credentials, false).await?;
        work.queue(JobKind::CheckConnection, id, id).await?;
        work.tx.commit().await?;
        Ok(connection)
    }
}

/// Takes what was remembered of a return, so that it is good once; the connection as it is then, and what is known.
async fn take(away: &Away, id: ConnectionId, state: &str) -> Result<(Connection, Credentials)> {
    let mut work = away.work().await?;
    if work.tx.find::<Connection>(id).await?.is_none() {
        return Err(not_ours());
    }
    let mut connection = work.tx.hold::<Connection>(id).await?;
    let kept = work.begun(&connection).await?.ok_or_else(not_ours)?;
    // Both are looked at to the end, whatever they are.
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    if digest(kept.get(STATE).map_or("", Secret::expose)) != digest(state) {
        return Err(not_ours());
    }
    connection.candidate = None;
    work.tx.save(&mut connection).await?;
    let late = until(&kept) < work.now;
    work.tx.commit().await?;
    if late {
        let message =
            format!("the owner came back after more than {} minutes: begin again", PATIENCE.as_secs() / 60);
        return Err(Error::new(Kind::Refused, "connections.consent_expired", message));
    }
    Ok((connection, kept))
}

impl Work {
    /// What is remembered of an owner who was sent for this connection and is not back; nothing where none was.
    async fn begun(&mut self, connection: &Connection) -> Result<Option<Credentials>> {
        let Some(sealed) = connection.candidate.clone() else { return Ok(None) };
        let kept = self.credentials(connection, &sealed).await?;
        Ok(kept.get(STATE).is_some().then_some(kept))
    }

    /// Whether an owner is on their way for this connection. One who took too long is not, and forgotten.
    pub(in crate::engine) async fn is_awaited(&mut self, connection: &mut Connection) -> Result<bool> {
        let Some(kept) = self.begun(connection).await? else { return Ok(false) };
        if until(&kept) >= self.now {
            return Ok(true);
        }
        connection.candidate = None;
        self.tx.save(connection).await?;
        Ok(false)
    }
}

fn until(kept: &Credentials) -> Timestamp {
    let micros = kept.get(UNTIL).and_then(|until| until.expose().parse().ok());
    Timestamp::from_micros(micros.unwrap_or_default())
}

/// The same words whatever is wrong: who tries learns nothing.
fn not_ours() -> Error {
    let message = "this is not the return of somebody who was sent for this shop, or it was finished before: begin again";
    Error::new(Kind::Refused, "connections.not_sent", message).on_field("returned")
}

fn not_offered(service: &str) -> Error {
    let message = format!(
        "{service} lets nobody in that way, or does not know this program: connect with credentials, or name the program in the settings"
    );
    Error::new(Kind::Refused, "connections.no_consent", message).on_field("service")
}

/// The fields of an address's query, as forms write them.
fn pairs(address: &str) -> Vec<(String, String)> {
    let query = address.trim().split_once('?').map_or(address.trim(), |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let read = |text: &str| -> String {
        let spaced = text.replace('+', " ");
        let read: Cow<'_, str> = percent_decode_str(&spaced).decode_utf8_lossy();
        read.into_owned()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (read(name), read(value))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn an_address_is_read_as_forms_write_it() {
        let read = |text: &str| pairs(text).into_iter().map(|(a, b)| format!("{a}:{b}")).collect::<Vec<_>>();
        let expected = ["code:a b", "state:x&y", "empty:", "bare:"];
        assert_eq!(read("https://here.example/oauth/return?code=a+b&state=x%26y&empty=&bare#part"), expected);
        assert_eq!(read(" code=a%20b&state=x%26y&empty=&bare "), expected);
        assert!(read("https://here.example/oauth/return?").is_empty());
        assert_eq!(read("a=%ff%"), ["a:\u{fffd}%"]);
    }
}
