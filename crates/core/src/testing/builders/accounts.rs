use super::{at, id, samples, words};
use crate::accounts::{ApiKey, Member, MemberStatus, Role, Shop};
use crate::clock::Zone;
use crate::money::{Currency, Rounding};

samples! {
    Shop on [] |id, n, full| Shop {
        id,
        name: words("shop", n),
        currency: if full { Currency::GBP } else { Currency::JPY },
        time_zone: if full { "Europe/London".parse().expect("London has a time") } else { Zone::utc() },
        rounding: if full { Rounding::HalfUp } else { Rounding::HalfEven },
        has_endpoints: full,
        version: 1,
        created_at: at(n, 1),
    };
    Member on [] named |id, n, full| Member {
        id,
        email: format!("member{n}@example.org"),
        role: if full { Role::Owner } else { Role::Viewer },
        status: if full { MemberStatus::Active } else { MemberStatus::Suspended },
        version: 1,
        created_at: at(n, 1),
    };
    ApiKey on [Member] named |key, n, full| ApiKey {
        id: key,
        name: words("key", n),
        member_id: id(n),
        prefix: format!("bad_{n:06}"),
        hash: format!("{n:064x}"),
        role: if full { Role::Clerk } else { Role::Accountant },
        expires_at: full.then(|| at(n, 1)),
        revoked_at: full.then(|| at(n, 2)),
        version: 1,
        created_at: at(n, 3),
    };
}
