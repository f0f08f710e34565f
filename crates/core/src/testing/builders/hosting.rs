use super::{at, samples, whole, words};
use crate::connections::Connection;
use crate::hosting::{Published, Showcase, Site, SiteState};
use crate::listings::Channel;

samples! {
    Site on [Connection, Channel] |id, n, full| Site {
        id,
        connection_id: whole(n),
        showcase: Showcase { site: full.then(|| words("site", n)), collection: words("collection", n) },
        channel_id: full.then(|| whole(n)),
        state: if full { SiteState::Kept } else { SiteState::Retired },
        digest: full.then(|| words("digest", n)),
        shown: full.then(|| Published { added: 1, hostnames: vec![words("host", n)], ..Published::default() }),
        problem: full.then(|| words("problem", n)),
        checked_at: full.then(|| at(n, 1)),
        published_at: full.then(|| at(n, 2)),
        version: 1,
        created_at: at(n, 3),
    };
}
