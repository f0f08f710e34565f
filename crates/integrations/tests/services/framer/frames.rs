//! Every frame, against those of a session of Framer's own library.

use std::collections::BTreeSet;

use baddie_integrations::framer::calls::*;
use baddie_integrations::framer::{
    Collection, Data, Project, PublishInfo, Published, Redirected, Said, decode, encode, read,
};
use serde_json::{Value, json};

use crate::kit::specs::{fixture, spec};

/// The methods that an adapter of Framer is asked for.
pub(crate) const METHODS: [&str; 13] = [
    "getProjectInfo2",
    "getPublishInfo",
    "getManagedCollections",
    "createManagedCollection",
    "setManagedCollectionFields",
    "addManagedCollectionItems2",
    "removeManagedCollectionItems",
    "getManagedCollectionItemIds",
    "setManagedCollectionItemOrder",
    "addRedirects",
    "getRedirects",
    "publish",
    "deploy",
];

fn transcript() -> Vec<Value> {
    fixture("framer/transcript.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The frames that one side said, in order.
fn frames(side: &str) -> Vec<Value> {
    transcript().into_iter().filter(|line| line["dir"] == side).collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn field(id: &str, name: &str, kind: &str) -> NewField {
    NewField { id: id.into(), name: name.into(), kind: kind.into() }
}

fn entry(field: &str, kind: &str, value: Data) -> NewEntry {
    NewEntry { field: field.into(), kind: kind.into(), value }
}

/// What the recorded session asked for, in its order.
fn as_recorded() -> Vec<Method> {
    let fields = [
        field("title", "Title", "string"),
        field("price", "Price", "number"),
        field("image", "Image", "image"),
        field("body", "Body", "formattedText"),
        field("sold", "Sold", "boolean"),
        field("link", "Buy", "link"),
    ];
    let title = || entry("title", "string", "Air \"Max\" é".into());
    let first = NewItem {
        id: "sku1".into(),
        slug: "sku-1".into(),
        draft: Some(false),
        entries: vec![
            title(),
            entry("price", "number", json!(120.5).into()),
            entry("image", "image", "https://x.test/a.jpg".into()),
            entry("body", "formattedText", "<p>Good</p>".into()),
            entry("sold", "boolean", false.into()),
            entry("link", "link", "https://x.test/b".into()),
        ],
    };
    let second = NewItem { id: "sku2".into(), slug: "sku-2".into(), draft: None, entries: vec![title()] };
    let redirect = NewRedirect { from: "/old".into(), to: "/new".into(), expand_to_all_locales: true };
    vec![
        project(),
        collections(),
        create_collection("Catalog"),
        set_fields("c2", &fields),
        add_items("c2", &[first, second]),
        item_ids("c2"),
        set_order("c2", &texts(&["sku2", "sku1"])),
        remove_items("c2", &texts(&["nope"])),
        add_redirects(&[redirect]),
        publish_info(),
        publish(),
        deploy("d1", &texts(&["shop.example.com"])),
    ]
}

/// How many of the recorded frames we say letter by letter, and how many there are.
pub(crate) fn recorded() -> (usize, usize) {
    let theirs: Vec<_> =
        frames("client").iter().map(|line| line["frame"].as_str().unwrap().to_owned()).collect();
    let mut ours = vec![ready()];
    ours.extend(as_recorded().iter().zip(0..).map(|(method, id)| method.frame(id)));
    ours.push(leave());
    let alike = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours == theirs).count();
    (alike, theirs.len())
}

/// Which methods there are calls for.
pub(crate) fn present() -> BTreeSet<&'static str> {
    let others = [redirects(), items("c2")];
    as_recorded().iter().chain(&others).map(|method| method.name).collect()
}

/// How many methods are named in the declarations of Framer's library; nothing without them.
pub(crate) fn validated() -> Option<usize> {
    let declarations = spec("framer/framer-api-5.0.0.d.ts.gz")?;
    for name in present() {
        assert!(
            declarations.contains(&format!("  {name}: (")) || declarations.contains(&format!("\"{name}\"")),
            "{name}"
        );
    }
    Some(present().len())
}

#[test]
fn frames_are_those_of_framers_own_library() {
    let theirs = frames("client");
    for (line, method) in theirs[1..].iter().zip(as_recorded().iter().zip(0..)) {
        let (method, id) = method;
        assert_eq!(method.frame(id), line["frame"].as_str().unwrap(), "{}", method.name);
    }
    assert_eq!(recorded(), (14, 14));
}

#[test]
fn every_method_is_there_and_known_to_framer() {
    assert!(METHODS.iter().all(|name| present().contains(name)));
    if let Some(checked) = validated() {
        assert_eq!(checked, 14);
    }
}

#[test]
fn what_the_library_said_is_read_as_it_was_meant() {
    for line in frames("client") {
        assert_eq!(decode(line["frame"].as_str().unwrap()).as_ref(), Ok(&line["decoded"]));
        assert_eq!(decode(&encode(&line["decoded"].clone().into())).as_ref(), Ok(&line["decoded"]));
    }
}

#[test]
fn what_framer_said_is_read_as_its_library_reads_it() {
    let lines = transcript();
    let mut answers = Vec::new();
    for line in lines.iter().filter(|line| line["dir"] == "server") {
        let said = read(line["frame"].as_str().unwrap()).unwrap();
        match said {
            Said::Answer { id, came } => answers.push((id, came)),
            Said::Failed { code, message, reference, retryable } => {
                assert_eq!(
                    (&*code, &*message, reference.as_deref()),
                    ("UNAUTHORIZED", "Invalid API key", Some("ref_1"))
                );
                assert!(!retryable);
            }
            Said::Ready | Said::Over => {}
            Said::Admitted { permissions } => assert!(permissions.is_empty()),
            Said::Other => panic!("{line}"),
        }
    }
    let ids: Vec<_> = answers.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, (0..12).collect::<Vec<_>>());
    let came = |id: usize| answers[id].1.clone();
    let note = |call: &str| lines.iter().find(|line| line["call"] == call).unwrap()["result"].clone();
    assert_eq!(came(0), Ok(note("getProjectInfo()")));
    assert_eq!(came(9), Ok(note("getPublishInfo")));
    assert_eq!(came(10), Ok(note("publish")));
    assert_eq!(came(11), Ok(note("deploy")));
    assert_eq!((came(3), came(7)), (Ok(Value::Null), Err("Item not found".to_owned())));
    let whole: Published = serde_json::from_value(came(10).unwrap()).unwrap();
    assert_eq!(
        (whole.deployment.id.as_str(), whole.hostnames[0].hostname.as_str()),
        ("d1", "demo.framer.app")
    );
    let project: Project = serde_json::from_value(came(0).unwrap()).unwrap();
    assert_eq!(project.id, "p");
    let collections: Vec<Collection> = serde_json::from_value(came(1).unwrap()).unwrap();
    assert_eq!(collections[0].managed_by.as_deref(), Some("thisPlugin"));
    let redirects: Vec<Redirected> = serde_json::from_value(came(8).unwrap()).unwrap();
    assert_eq!(redirects[0].to.as_deref(), Some("/new"));
    assert!(serde_json::from_value::<PublishInfo>(came(9).unwrap()).unwrap().staging.is_object());
}

#[test]
fn new_words_and_fields_are_passed_over_and_nonsense_is_refused() {
    let say = |value: Value| read(&encode(&value.into()));
    assert_eq!(say(json!({"type": "a-new-one", "x": [1]})), Ok(Said::Other));
    assert_eq!(say(json!({"type": "ready", "new": {"a": 1}})), Ok(Said::Ready));
    let odd = say(json!({"type": "methodResponse", "id": 1, "error": {"code": 7}, "result": 1}));
    assert_eq!(odd, Ok(Said::Answer { id: 1, came: Err("{\"code\":7}".into()) }));
    for wrong in [json!({}), json!({"type": 1}), json!([]), json!("ready"), json!({"type": "methodResponse"})]
    {
        assert!(say(wrong.clone()).is_err(), "{wrong}");
    }
}
