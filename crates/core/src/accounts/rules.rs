use sha2::{Digest, Sha256};

use super::{Actor, ApiKey, Permission, Role};
use crate::clock::Timestamp;
use crate::entity::Word;
use crate::error::{Error, Kind, Result};
use crate::ids::{base32, hex};

impl Role {
    /// Whether this role includes a permission.
    pub fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        let reads = permission.as_str().ends_with(":read");
        match self {
            Self::Owner => true,
            Self::Manager => permission != P::AccountsWrite,
            Self::Clerk => {
                (reads && !matches!(permission, P::LedgerRead | P::AuditRead | P::AccountsRead))
                    || matches!(
                        permission,
                        P::CatalogWrite | P::InventoryWrite | P::ListingsWrite | P::OrdersWrite
                    )
            }
            Self::Accountant => reads || matches!(permission, P::LedgerWrite | P::PaymentsWrite),
            Self::Viewer => reads && permission != P::AuditRead,
        }
    }

    /// Whether whoever has this role may hand out `other`: never more than one has oneself.
    pub fn may_grant(self, other: Self) -> bool {
        Permission::ALL.iter().all(|&permission| self.allows(permission) || !other.allows(permission))
    }
}

impl Actor {
    /// Refuses the actor unless it has the permission.
    pub fn require(self, permission: Permission) -> Result<()> {
        if self.role().allows(permission) {
            return Ok(());
        }
        let message = format!("the role {} lacks the permission {permission}: ask an owner", self.role());
        Err(Error::new(Kind::Forbidden, "accounts.forbidden", message))
    }
}

const TOKEN_MARK: &str = "bad_";

/// An API token from 20 random bytes: a mark that scanners can find, the secret, and a checksum against typing errors.
pub fn token_from(secret: [u8; 20]) -> String {
    let body = base32(&secret);
    let check = base32(&Sha256::digest(body.as_bytes())[..4]);
    format!("{TOKEN_MARK}{body}{check}")
}

/// How a token is found in the store: its SHA-256 in hex, and its first letters. `None` when it cannot be a token.
pub fn fingerprint(token: &str) -> Option<(String, String)> {
    let body = token.strip_prefix(TOKEN_MARK)?;
    let (secret, check) = body.split_at_checked(32)?;
    let well_formed = base32(&Sha256::digest(secret.as_bytes())[..4]) == check;
    let hash = hex(&Sha256::digest(token.as_bytes()));
    well_formed.then(|| (hash, token[..TOKEN_MARK.len() + 6].to_owned()))
}

impl ApiKey {
    /// Whether the key works at this time.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Refuses what cannot be an e-mail address; whether it is one, only a letter to it can tell.
pub fn check_email(email: &str) -> Result<()> {
    let plausible = email.len() <= 254
        && email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
        && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if plausible {
        Ok(())
    } else {
        Err(Error::invalid("email", format!("{email:?}"), "write it like name@example.org"))
    }
}

/// Refuses names that are empty, longer than `most` characters, or hold control characters.
pub fn check_text(field: &'static str, text: &str, most: usize) -> Result<()> {
    let length = text.chars().count();
    if text.trim().is_empty() || length > most {
        return Err(Error::invalid(
            field,
            format!("{length} characters long"),
            &format!("write 1 to {most} characters"),
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "text with control characters", "remove them"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_and_a_mistyped_one_is_not() {
        let token = token_from([7; 20]);
        let (hash, prefix) = fingerprint(&token).unwrap();
        assert_eq!(hash.len(), 64);
        assert!(token.starts_with(&prefix));
        let mut mistyped = token.clone();
        mistyped.replace_range(10..11, if &token[10..11] == "a" { "b" } else { "a" });
        assert_eq!(fingerprint(&mistyped), None);
        for junk in ["", "bad_", "bad_é", "Bearer x", &token[..30]] {
            assert_eq!(fingerprint(junk), None, "{junk}");
        }
    }

    #[test]
    fn nobody_grants_more_than_they_have() {
        assert!(Role::Owner.may_grant(Role::Owner));
        assert!(Role::Manager.may_grant(Role::Clerk));
        assert!(!Role::Manager.may_grant(Role::Owner));
        assert!(!Role::Clerk.may_grant(Role::Accountant));
        for &role in Role::ALL {
            assert!(role.may_grant(role));
        }
    }

    #[test]
    fn a_viewer_changes_nothing() {
        for &permission in Permission::ALL {
            assert!(!Role::Viewer.allows(permission) || permission.as_str().ends_with(":read"));
        }
    }
}
