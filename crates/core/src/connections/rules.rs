use super::{AccountSeen, Connection, ConnectionState, CredentialField, Credentials, VaultError};
use crate::clock::Timestamp;
use crate::entity::IllegalStep;
use crate::error::{Error, Fault, Kind, Result};

impl Fault for VaultError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoMasterKey => Kind::Refused,
            Self::Damaged => Kind::Internal,
        }
    }
    fn code(&self) -> &'static str {
        match self {
            Self::NoMasterKey => "connections.no_master_key",
            Self::Damaged => "connections.damaged",
        }
    }
}

impl Credentials {
    /// Refuses what a service does not ask for, and what lacks something that it needs.
    pub fn check(&self, fields: &[CredentialField]) -> Result<()> {
        for name in self.names() {
            if !fields.iter().any(|field| field.name == name) {
                let known = fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ");
                let remedy = format!("this service takes {known}");
                return Err(Error::invalid(format!("credentials.{name}"), "unknown", &remedy));
            }
        }
        match fields.iter().find(|field| field.needed && self.get(field.name).is_none()) {
            Some(field) => {
                Err(Error::invalid(format!("credentials.{}", field.name), "absent", "it is needed"))
            }
            None => Ok(()),
        }
    }
}

impl Connection {
    fn step(&mut self, next: ConnectionState) -> Result<(), IllegalStep> {
        if self.state != next {
            self.state = self.state.step(next)?;
        }
        Ok(())
    }

    /// Whether it can be used now. What fails may still be in doubt about what it did, so it goes on being asked.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ConnectionState::Active | ConnectionState::Failing)
    }

    /// What is tried next: new credentials, or those in use.
    pub fn to_try(&self) -> Option<&str> {
        self.candidate.as_deref().or(self.sealed.as_deref())
    }

    /// Notes whose account the credentials open. New ones take the place of the old only for the same account: what was
    /// begun at one cannot be finished at another. `elsewhere` tells whether another connection of the shop leads there.
    pub fn opened(&mut self, seen: AccountSeen, elsewhere: bool, now: Timestamp) -> Result<(), IllegalStep> {
        let known = self.account.as_ref();
        if known.is_some_and(|account| *account != seen.account) {
            return self.turned_away("these credentials open another account".into(), now);
        }
        if elsewhere {
            let why = format!("the account {} is connected already: reconnect that one", seen.account);
            return self.turned_away(why, now);
        }
        self.checked_at = Some(now);
        self.account = Some(seen.account);
        self.live = seen.live;
        self.abilities = seen.abilities;
        self.problem = None;
        self.sealed = self.candidate.take().or(self.sealed.take());
        self.step(ConnectionState::Active)
    }

    /// Notes that the credentials that were tried open nothing of use. Those in use stay: the service may change its mind.
    pub fn turned_away(&mut self, why: String, now: Timestamp) -> Result<(), IllegalStep> {
        self.checked_at = Some(now);
        self.problem = Some(why);
        let tried_new = self.candidate.take().is_some();
        match self.state {
            ConnectionState::Pending => self.step(ConnectionState::Refused),
            ConnectionState::Active if !tried_new => self.step(ConnectionState::Failing),
            _ => Ok(()),
        }
    }

    /// Notes that the account opens, and that what happens there is not delivered: it is fetched, which takes longer.
    pub fn not_delivered(&mut self, why: &str) {
        self.problem =
            Some(format!("what happens there is not delivered, but fetched every few minutes: {why}"));
    }

    /// Notes that the account opens under credentials that run out: they are renewed at once, because nobody knows how old
    /// they are.
    pub fn runs_out(&mut self, now: Timestamp) {
        self.renew_at = self.renew_at.or(Some(now));
    }

    /// Notes credentials that came after those in use and are good until then. They are renewed when two thirds of that time
    /// have gone by, so that a worker may be away for a while.
    pub fn renewed(&mut self, sealed: String, until: Timestamp, now: Timestamp) {
        self.sealed = Some(sealed);
        self.renew_at = Some(now.plus(until.since(now) * 2 / 3));
    }

    /// Notes that the credentials in use are renewed no longer: the owner has to connect the account again.
    pub fn not_renewed(&mut self, why: &str) -> Result<(), IllegalStep> {
        self.renew_at = None;
        self.problem =
            Some(format!("the credentials are renewed no longer, connect the account again: {why}"));
        match self.state {
            ConnectionState::Active => self.step(ConnectionState::Failing),
            _ => Ok(()),
        }
    }

    /// Forgets the credentials.
    pub fn disconnect(&mut self) -> Result<(), IllegalStep> {
        (self.sealed, self.candidate, self.problem, self.renew_at) = (None, None, None, None);
        self.step(ConnectionState::Disconnected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ConnectionId, EntityId};

    fn now() -> Timestamp {
        Timestamp::from_micros(7)
    }

    fn fresh() -> Connection {
        Connection {
            id: ConnectionId::from_u128(1),
            service: "stripe".into(),
            state: ConnectionState::Pending,
            account: None,
            live: false,
            abilities: Vec::new(),
            problem: None,
            sealed: None,
            candidate: Some("first".into()),
            checked_at: None,
            heard_until: None,
            renew_at: None,
            version: 1,
            created_at: now(),
        }
    }

    fn seen(account: &str) -> AccountSeen {
        AccountSeen { account: account.into(), live: false, abilities: Vec::new() }
    }

    #[test]
    fn s49_new_credentials_must_open_the_same_account() {
        let mut connection = fresh();
        connection.opened(seen("acct_1"), false, now()).unwrap();
        assert_eq!(
            (connection.state, connection.sealed.as_deref()),
            (ConnectionState::Active, Some("first"))
        );
        connection.candidate = Some("of another".into());
        connection.opened(seen("acct_2"), false, now()).unwrap();
        assert_eq!(
            (connection.state, connection.account.as_deref()),
            (ConnectionState::Active, Some("acct_1"))
        );
        assert_eq!((connection.sealed.as_deref(), &connection.candidate), (Some("first"), &None));
        connection.disconnect().unwrap();
        assert_eq!(connection.to_try(), None);
        connection.candidate = Some("of another".into());
        connection.opened(seen("acct_2"), false, now()).unwrap();
        assert_eq!((connection.state, connection.to_try()), (ConnectionState::Disconnected, None));
        connection.candidate = Some("rolled".into());
        connection.opened(seen("acct_1"), false, now()).unwrap();
        assert_eq!(
            (connection.state, connection.sealed.as_deref()),
            (ConnectionState::Active, Some("rolled"))
        );
    }

    #[test]
    fn what_never_opened_is_refused_and_what_opened_once_fails() {
        let mut twice = fresh();
        twice.opened(seen("acct_1"), true, now()).unwrap();
        assert_eq!((twice.state, twice.to_try(), &twice.account), (ConnectionState::Refused, None, &None));
        let mut rolled = fresh();
        rolled.opened(seen("acct_1"), false, now()).unwrap();
        rolled.turned_away("no such key".into(), now()).unwrap();
        assert_eq!((rolled.state, rolled.to_try()), (ConnectionState::Failing, Some("first")));
        rolled.opened(seen("acct_1"), false, now()).unwrap();
        assert_eq!((rolled.state, rolled.problem), (ConnectionState::Active, None));
    }
}
