//! Data that is written in several styles is read as it was.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::differential::{check, same};
use super::{check_spans, sound};

fn text() -> impl Strategy<Value = String> {
    let sign = prop::sample::select("abz019 \n\t:#-'\"\\{}[],&*!|>%@`~$<=?.é日😀\u{a0}/_".chars().collect::<Vec<_>>());
    prop_oneof![
        2 => "[a-z][a-z0-9.-]{0,12}",
        1 => prop::collection::vec(sign, 0..12).prop_map(|signs| signs.into_iter().collect::<String>()),
        1 => prop::sample::select(vec!["yes", "null", "~", "014", "1e3", "- a", "a: b", "---", "...", " x", "x ", "\n", "a\n b\n\n"]).prop_map(str::to_owned),
    ]
}

fn data() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1000_i32..1000).prop_map(|value| Json::from(f64::from(value) / 8.0)),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Flow style as a person writes it: words without quotes, breaks, comments, trailing commas.
fn flow(value: &Json, depth: usize, out: &mut String) {
    let line = format!(" # {depth} '\"[{{\n{}", " ".repeat(depth * 2));
    match value {
        Json::Array(items) => {
            out.push('[');
            for item in items {
                out.push_str(&line);
                flow(item, depth + 1, out);
                out.push_str(" ,");
            }
            out.push(']');
        }
        Json::Object(entries) => {
            out.push('{');
            for (key, value) in entries {
                flow(&Json::from(key.as_str()), depth + 1, out);
                out.push_str(" :\t");
                flow(value, depth + 1, out);
                out.push(',');
                out.push_str(&line);
            }
            out.push('}');
        }
        Json::String(text)
            if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase()) && text != "null" =>
        {
            out.push_str(text);
        }
        Json::String(text) if !text.contains(['\n', '\t']) && text.len() % 2 == 0 => {
            out.push_str(&format!("'{}'", text.replace('\'', "''")));
        }
        other => out.push_str(&other.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn data_is_read_as_it_was_written(value in data()) {
        let expected = serde_yaml::to_value(&value).unwrap();
        let block = serde_yaml::to_string(&value).unwrap();
        let mut hand = String::new();
        flow(&value, 1, &mut hand);
        let nested: String = block.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
        let in_list = format!("# a\n- b: &x\n# c\n{nested}");
        let windows = block.replace('\n', "\r\n");
        for text in [&block, &windows, &value.to_string(), &serde_json::to_string_pretty(&value).unwrap(), &hand] {
            let document = sound(text);
            check_spans(&document);
            prop_assert!(same(&document, document.root().unwrap(), &expected), "{text:?}");
        }
        if value.is_object() && !value.as_object().unwrap().is_empty() {
            check(&in_list);
        }
    }
}
