//! A service's own GraphQL schema: whether documents fit it, what they are filled with, and what is answered to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value};

use super::specs::spec;

type Document = Arc<Valid<ExecutableDocument>>;

/// A schema, with the documents that were checked so far.
pub(crate) struct Graph {
    schema: Valid<Schema>,
    known: Mutex<BTreeMap<String, Document>>,
}

impl Graph {
    /// The schema in this file, if the folder with the descriptions is there.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let schema = Schema::parse(spec(name)?, name).expect("a schema can be read");
        // It is the service's own: its validation would take seconds, and say nothing of ours.
        Some(Self { schema: Valid::assume_valid(schema), known: Mutex::default() })
    }

    /// The document, when it fits the schema.
    pub(crate) fn document(&self, text: &str) -> Result<Document, String> {
        if let Some(document) = self.known.lock().unwrap().get(text) {
            return Ok(document.clone());
        }
        let parsed = ExecutableDocument::parse_and_validate(&self.schema, text, "document.graphql");
        let document = Arc::new(parsed.map_err(|wrong| wrong.errors.to_string())?);
        self.known.lock().unwrap().insert(text.to_owned(), document.clone());
        Ok(document)
    }

    /// What is wrong with a request.
    pub(crate) fn check_request(&self, body: &Value) -> Result<(), String> {
        let text = body["query"].as_str().ok_or("there is no query")?;
        let document = self.document(text)?;
        let operation = document.operations.get(None).map_err(|_| "it is not one operation".to_owned())?;
        let given: JsonMap = serde_json::from_value(body["variables"].clone()).map_err(|e| e.to_string())?;
        coerce_variable_values(&self.schema, operation, &given)
            .map_err(|wrong| format!("{wrong:?} in {text}"))?;
        // A variable that no document names is a slip of the pen.
        let named: BTreeSet<_> = operation.variables.iter().map(|variable| variable.name.as_str()).collect();
        let strange = given.keys().find(|name| !named.contains(name.as_str()));
        strange.map_or(Ok(()), |name| Err(format!("no variable is called {name:?} in {text}")))
    }

    /// What is wrong with an answer to a request.
    pub(crate) fn check_answer(&self, body: &Value, data: &Value) -> Result<(), String> {
        let document = self.document(body["query"].as_str().ok_or("there is no query")?)?;
        let operation = document.operations.get(None).map_err(|_| "it is not one operation".to_owned())?;
        self.check_set(&operation.selection_set, data, &body["variables"], "data")
    }

    fn check_set(
        &self,
        set: &SelectionSet,
        value: &Value,
        variables: &Value,
        at: &str,
    ) -> Result<(), String> {
        let object = value.as_object().ok_or_else(|| format!("{at} is no object"))?;
        let fields = gathered(set, variables);
        for field in &fields {
            let key = field.response_key().as_str();
            let at = format!("{at}.{key}");
            let value = object.get(key).ok_or_else(|| format!("{at} is missing"))?;
            self.check_value(&field.definition.ty, field, value, variables, &at)?;
        }
        let asked = |key: &&String| fields.iter().any(|field| field.response_key().as_str() == key.as_str());
        object
            .keys()
            .find(|key| !asked(key))
            .map_or(Ok(()), |key| Err(format!("{at}.{key} was not asked for")))
    }

    fn check_value(
        &self,
        kind: &Type,
        field: &Field,
        value: &Value,
        variables: &Value,
        at: &str,
    ) -> Result<(), String> {
        if value.is_null() {
            return if kind.is_non_null() { Err(format!("{at} is null")) } else { Ok(()) };
        }
        if kind.is_list() {
            let items = value.as_array().ok_or_else(|| format!("{at} is no list"))?;
            let each = |item| self.check_value(kind.item_type(), field, item, variables, at);
            return items.iter().try_for_each(each);
        }
        let name = kind.inner_named_type().as_str();
        let fits = match self.schema.types.get(name) {
            Some(ExtendedType::Enum(words)) => {
                value.as_str().is_some_and(|word| words.values.contains_key(word))
            }
            Some(ExtendedType::Scalar(_)) => match name {
                "Int" => value.is_i64(),
                "Float" => value.is_number(),
                "Boolean" => value.is_boolean(),
                "JSON" | "EnvironmentVariables" | "SerializedTemplateConfig" | "EnvironmentConfig" => true,
                _ => value.is_string(),
            },
            _ => return self.check_set(&field.selection_set, value, variables, at),
        };
        if fits { Ok(()) } else { Err(format!("{at} is no {name}: {value}")) }
    }

    /// Every field that a document asks for, with the type it is a field of and the type that it has; and whether it is on
    /// its way out.
    pub(crate) fn asked(&self, text: &str) -> Vec<Asked> {
        let document = self.document(text).expect("it was checked before");
        let mut asked = Vec::new();
        for operation in document.operations.iter() {
            gather_asked(&operation.selection_set, &mut asked);
        }
        asked
    }

    #[cfg(feature = "shopify")]
    /// What a document costs by the rules that Shopify publishes: one for each object, ten for each change, and for a list
    /// as much as it may hold. <https://shopify.dev/docs/api/usage/limits>
    pub(crate) fn cost(&self, text: &str) -> i64 {
        let document = self.document(text).expect("it was checked before");
        let operation = document.operations.iter().next().expect("a document has an operation");
        let base = if operation.is_mutation() { 10 } else { 0 };
        base + cost_of(&operation.selection_set)
    }
}

#[cfg(feature = "shopify")]
fn cost_of(set: &SelectionSet) -> i64 {
    gathered(set, &Value::Null)
        .iter()
        .map(|field| {
            let leaf = field.selection_set.selections.is_empty();
            let first = field.arguments.iter().find(|argument| argument.name == "first");
            let first = first.and_then(|argument| argument.value.to_i32()).map(i64::from);
            let inner = cost_of(&field.selection_set);
            match (leaf, first) {
                (true, _) => 0,
                (false, Some(first)) => 2 + first * inner.max(1),
                (false, None) => 1 + inner,
            }
        })
        .sum()
}

/// A field that a document asks for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) of: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) deprecated: bool,
}

fn gather_asked(set: &SelectionSet, into: &mut Vec<Asked>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                into.push(Asked {
                    of: set.ty.to_string(),
                    name: field.name.to_string(),
                    kind: field.definition.ty.inner_named_type().to_string(),
                    deprecated: field.definition.directives.has("deprecated"),
                });
                gather_asked(&field.selection_set, into);
            }
            Selection::InlineFragment(part) => gather_asked(&part.selection_set, into),
            Selection::FragmentSpread(_) => unreachable!("our documents have no fragments"),
        }
    }
}

/// The fields that are answered, those of parts for one type only among them.
fn gathered<'a>(set: &'a SelectionSet, variables: &Value) -> Vec<&'a Field> {
    let mut fields = Vec::new();
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let include =
                    field.directives.get("include").and_then(|on| on.specified_argument_by_name("if"));
                let named = include.and_then(|value| value.as_variable());
                if named.is_none_or(|name| variables[name.as_str()] != Value::Bool(false)) {
                    fields.push(&**field);
                }
            }
            Selection::InlineFragment(part) => fields.extend(gathered(&part.selection_set, variables)),
            Selection::FragmentSpread(_) => unreachable!("our documents have no fragments"),
        }
    }
    fields
}

/// What of this object was asked for: a fake keeps whole things, and answers what is wanted of them.
pub(crate) fn projected(graph: Option<&Graph>, body: &Value, data: Value) -> Value {
    let Some(document) = graph.and_then(|graph| graph.document(body["query"].as_str()?).ok()) else {
        return data;
    };
    let operation = document.operations.iter().next().expect("a document has an operation");
    project(&operation.selection_set, data, &body["variables"])
}

fn project(set: &SelectionSet, value: Value, variables: &Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| project(set, item, variables)).collect(),
        Value::Object(mut fields) if !set.selections.is_empty() => {
            let of = |field: &&Field| {
                let key = field.response_key().to_string();
                fields.remove(&key).map(|value| (key, project(&field.selection_set, value, variables)))
            };
            let kept: Map<String, Value> = gathered(set, variables).iter().filter_map(of).collect();
            Value::Object(kept)
        }
        other => other,
    }
}
