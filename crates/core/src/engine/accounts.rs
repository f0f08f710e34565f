//! The shop's settings, its members and their keys.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::command::calls;
use super::{Command, Look, Query, Work};
use crate::accounts::{
    Actor, ApiKey, Member, MemberStatus, Permission, Role, Shop, check_email, check_text, fingerprint,
    token_from,
};
use crate::clock::{Timestamp, Zone};
use crate::error::{Error, Kind, Result};
use crate::ids::{KeyId, MemberId};
use crate::money::Rounding;
use crate::page::{Page, PageRequest};

/// Look at the shop's settings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetShop {}

#[async_trait]
impl Query for GetShop {
    const NAME: &'static str = "shop.get";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Shop;

    async fn run(self, look: &mut Look) -> Result<Shop> {
        look.shop().await
    }
}

/// Change the shop's settings. What is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateShop {
    /// What it is called.
    pub name: Option<String>,
    /// Decides to which business day an instant belongs; days already booked stay.
    pub time_zone: Option<Zone>,
    /// How a tax is rounded that falls between two units of the currency.
    pub rounding: Option<Rounding>,
    /// The version that was seen; the edit is refused if it has changed.
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateShop {
    const NAME: &'static str = "shop.update";
    const PERMISSION: Permission = Permission::AccountsWrite;
    type Answer = Shop;

    async fn run(self, work: &mut Work) -> Result<Shop> {
        let mut shop = work.shop().await?.clone();
        expect_version(self.expected_version, &shop)?;
        if let Some(name) = self.name {
            check_text("name", &name, 200)?;
            shop.name = name;
        }
        shop.time_zone = self.time_zone.unwrap_or(shop.time_zone);
        shop.rounding = self.rounding.unwrap_or(shop.rounding);
        work.tx.save(&mut shop).await?;
        work.about(shop.id);
        Ok(shop)
    }
}

/// Refuses an edit of something that has changed since it was seen.
pub(super) fn expect_version<E: crate::entity::Versioned>(expected: Option<i64>, row: &E) -> Result<()> {
    match expected {
        Some(version) if version != row.version() => Err(crate::entity::changed_meanwhile::<E>(row.id())),
        _ => Ok(()),
    }
}

/// Take somebody on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// Where the person is reached.
    pub email: String,
    /// What the person may do.
    pub role: Role,
}

#[async_trait]
impl Command for AddMember {
    const NAME: &'static str = "members.add";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const PRIVATE: bool = true;
    type Answer = Member;

    async fn run(self, work: &mut Work) -> Result<Member> {
        check_email(&self.email)?;
        check_grant(work.actor, self.role)?;
        let member = Member {
            id: work.id(),
            email: self.email,
            role: self.role,
            status: MemberStatus::Active,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&member).await.map_err(|error| {
            if error.code() == "storage.duplicate" {
                return Error::new(
                    Kind::Conflict,
                    "members.duplicate",
                    "this e-mail belongs to a member already",
                );
            }
            error
        })?;
        work.about(member.id);
        Ok(member)
    }
}

fn check_grant(actor: Actor, role: Role) -> Result<()> {
    if actor.role().may_grant(role) {
        return Ok(());
    }
    let message = format!("a {} cannot hand out the role {role}", actor.role());
    Err(Error::new(Kind::Forbidden, "accounts.role_above_own", message))
}

/// Change what a member may do, or shut the member out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMember {
    /// The member.
    pub member_id: MemberId,
    /// What the person may do.
    #[serde(default)]
    pub role: Option<Role>,
    /// Whether the person may come in.
    #[serde(default)]
    pub status: Option<MemberStatus>,
    /// The version that was seen.
    #[serde(default)]
    pub expected_version: Option<i64>,
}

#[async_trait]
impl Command for UpdateMember {
    const NAME: &'static str = "members.update";
    const PERMISSION: Permission = Permission::AccountsWrite;
    type Answer = Member;

    async fn run(self, work: &mut Work) -> Result<Member> {
        // Two owners who let each other go at the same moment do so one after the other, and the second is refused.
        work.tx.accounts().hold_owners().await?;
        let mut member = work.tx.load::<Member>(self.member_id).await?;
        expect_version(self.expected_version, &member)?;
        check_grant(work.actor, member.role)?;
        if let Some(role) = self.role {
            check_grant(work.actor, role)?;
            member.role = role;
        }
        member.status = self.status.unwrap_or(member.status);
        work.tx.save(&mut member).await?;
        if work.tx.accounts().active_owners().await? == 0 {
            let message = "a shop keeps at least one active owner: make somebody else owner first";
            return Err(Error::new(Kind::Refused, "accounts.last_owner", message));
        }
        work.about(member.id);
        Ok(member)
    }
}

/// Look through the members.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListMembers {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListMembers {
    const NAME: &'static str = "members.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Page<Member>;

    async fn run(self, look: &mut Look) -> Result<Page<Member>> {
        look.tx.page::<Member>(&self.page).await
    }
}

/// Make a key for a program. Its token is shown once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What it is for.
    pub name: String,
    /// What it may do; never more than its maker.
    pub role: Role,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A fresh key with its token.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CreatedKey {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKey,
    /// The token: keep it safe, it cannot be shown again.
    pub token: String,
}

#[async_trait]
impl Command for CreateKey {
    const NAME: &'static str = "keys.create";
    const PERMISSION: Permission = Permission::AccountsWrite;
    const SHOWN_ONCE: bool = true;
    type Answer = CreatedKey;

    async fn run(self, work: &mut Work) -> Result<CreatedKey> {
        check_text("name", &self.name, 100)?;
        check_grant(work.actor, self.role)?;
        let Actor::Member { id: member_id, .. } = work.actor else {
            let message = "a key acts for a member: let a member make it";
            return Err(Error::new(Kind::Refused, "keys.no_member", message));
        };
        let token = token_from(work.engine.ids.secret());
        let (hash, prefix) = fingerprint(&token).expect("a fresh token is well formed");
        let key = ApiKey {
            id: work.id(),
            name: self.name,
            member_id,
            prefix,
            hash,
            role: self.role,
            expires_at: self.expires_at,
            revoked_at: None,
            version: 1,
            created_at: work.now,
        };
        work.tx.add(&key).await?;
        work.about(key.id);
        Ok(CreatedKey { key, token })
    }
}

/// Withdraw a key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeKey {
    /// The key.
    pub key_id: KeyId,
}

#[async_trait]
impl Command for RevokeKey {
    const NAME: &'static str = "keys.revoke";
    const PERMISSION: Permission = Permission::AccountsWrite;
    type Answer = ApiKey;

    async fn run(self, work: &mut Work) -> Result<ApiKey> {
        let mut key = work.tx.load::<ApiKey>(self.key_id).await?;
        let now = work.now;
        key.revoked_at.get_or_insert(now);
        work.tx.save(&mut key).await?;
        work.about(key.id);
        Ok(key)
    }
}

/// Look through the keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ListKeys {
    /// Which page.
    #[serde(flatten)]
    pub page: PageRequest,
}

#[async_trait]
impl Query for ListKeys {
    const NAME: &'static str = "keys.list";
    const PERMISSION: Permission = Permission::AccountsRead;
    type Answer = Page<ApiKey>;

    async fn run(self, look: &mut Look) -> Result<Page<ApiKey>> {
        look.tx.page::<ApiKey>(&self.page).await
    }
}

calls! {
    /// Settings, members and keys.
    Accounts by accounts:
    /// Changes the shop's settings.
    write update: UpdateShop;
    /// Takes somebody on.
    write add_member: AddMember;
    /// Changes what a member may do.
    write update_member: UpdateMember;
    /// Makes a key.
    write create_key: CreateKey;
    /// Withdraws a key.
    write revoke_key: RevokeKey;
    /// The shop's settings.
    read get: GetShop;
    /// A page of members.
    read members: ListMembers;
    /// A page of keys.
    read keys: ListKeys;
}
