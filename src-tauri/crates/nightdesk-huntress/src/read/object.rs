//! A JSON object in the order it came.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::value::{Lossy, Value};

/// An object's fields as they were written, repeated names included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object<'a>(Vec<(String, Value<'a>)>);

impl<'a> Object<'a> {
    /// The field of that name; of several the last, as most readers of JSON take it.
    pub fn get(&self, name: &str) -> Value<'a> {
        self.0.iter().rev().find(|(key, _)| key == name).map_or(Value::MISSING, |(_, value)| *value)
    }

    /// The first of these fields that holds something.
    pub fn first(&self, names: &[&str]) -> Value<'a> {
        names.iter().map(|name| self.get(name)).find(|value| !value.is_absent()).unwrap_or(Value::MISSING)
    }

    /// Whether the field is there more than once with different values, so that two readers may disagree about it.
    pub fn is_contradictory(&self, name: &str) -> bool {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.raw());
        values.next().is_some_and(|first| values.any(|other| other != first))
    }

    /// Names and values, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Value<'a>)> {
        self.0.iter().map(|(key, value)| (key.as_str(), *value))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(String, Value<'de>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::new();
                while let Some((key, value)) = map.next_entry::<Lossy, &'de RawValue>()? {
                    fields.push((key.0, Value::from(value)));
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Fields).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_takes_the_last_of_repeated_names() {
        let object = Value::parse(r#"{"b":1,"a":2,"b":3,"a":2,"bad\ud800key":4}"#).unwrap().object().unwrap();
        assert_eq!(object.entries().map(|(key, _)| key).take(4).collect::<Vec<_>>(), ["b", "a", "b", "a"]);
        assert_eq!(object.get("b").whole(), Some(3));
        assert!(object.is_contradictory("b"));
        assert!(!object.is_contradictory("a"));
        assert!(!object.is_contradictory("c"));
        assert_eq!(object.get("c"), Value::MISSING);
    }
}
