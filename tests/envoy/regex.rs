//! Patterns: Envoy takes those that meshlint takes, and says how large their programs are.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};
use std::{env, fs};

use meshlint::route::re2;
use serde_json::{Value, json};

use super::client;
use super::random::Random;
use super::server::{Envoy, Server, say};

const PATTERNS: &str = include_str!("../data/re2-patterns.tsv");

/// The first column of the list. Envoy wants something to match.
fn patterns() -> Vec<&'static str> {
    let lines = PATTERNS.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).filter(|pattern| !pattern.is_empty()).collect()
}

/// What Envoy says of a pattern: the size of its program, or why it refuses it.
type Said = Result<usize, String>;

#[test]
fn envoy_takes_the_patterns_that_meshlint_takes() {
    let Some(envoy) = Envoy::find("regexes") else { return };
    let patterns = patterns();
    assert!(patterns.len() >= 500);
    let said = ask(envoy, &patterns);
    let mut wrong = Vec::new();
    let (mut accepted, mut differ) = (0, 0);
    for (pattern, said) in patterns.iter().zip(&said) {
        let ours = re2::compile(pattern);
        // Read as bytes, some patterns are refused that are fine as UTF-8: `\x{100}` is no byte.
        let ours = match (&ours, envoy.reads_utf8()) {
            (Ok(ours), Some(false)) => ours.size_bytes.as_ref().map(|size| *size).map_err(|_| ()),
            (ours, _) => ours.as_ref().map(|ours| ours.size).map_err(|_| ()),
        };
        accepted += usize::from(said.is_ok());
        match (&ours, said) {
            (Err(()), Err(_)) => {}
            (Ok(ours), Ok(size)) if ours == size || envoy.reads_utf8().is_none() => {}
            (Ok(ours), Ok(size)) => {
                differ += 1;
                let text = format!("`{pattern}` has {size} instructions, and not {ours}");
                say(&text);
                if is_flipped(Some(*ours), Some(*size)) {
                    wrong.push(text);
                }
            }
            _ => wrong.push(format!("`{pattern}`: meshlint says {ours:?}, Envoy {said:?}")),
        }
    }
    say(&format!("{} patterns, {accepted} taken, {differ} sizes differ", patterns.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 200 && accepted + 100 < patterns.len());
}

/// Hands every pattern to Envoy in a listener of its own, so that it can refuse one and take the next, with a limit on
/// programs that all of them are above: then it says how large each is.
fn ask(envoy: &Envoy, patterns: &[&str]) -> Vec<Said> {
    let listeners: Vec<_> = patterns.iter().enumerate().map(|(at, pattern)| listener(at, pattern)).collect();
    let server = Server::start(envoy, "regex", |_, folder| {
        let file = folder.join("listeners.json");
        fs::write(&file, json!({"resources": listeners}).to_string()).unwrap();
        json!({
            "node": {"id": "regex", "cluster": "regex"},
            "dynamic_resources": {"lds_config": {"path_config_source": {"path": file}}},
            "layered_runtime": {"layers": [{"name": "limit", "static_layer": {"re2.max_program_size.error_level": 0}}]},
        })
    });
    let (status, text) = client::get(server.admin, "/config_dump?resource=dynamic_listeners").unwrap();
    assert_eq!(status, 200, "{text}");
    let dump: Value = serde_json::from_str(&text).unwrap();
    let said: BTreeMap<usize, Said> = dump["configs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            // What was refused has its name in the configuration that was refused.
            let name = one["error_state"]["failed_configuration"].get("name").unwrap_or(&one["name"]);
            let at = name.as_str().and_then(|name| name.parse().ok()).unwrap_or_else(|| panic!("{one}"));
            (at, read(one["error_state"]["details"].as_str().unwrap_or("taken, whatever its size")))
        })
        .collect();
    (0..patterns.len()).map(|at| said.get(&at).cloned().unwrap_or_else(|| Err("not looked at".to_owned()))).collect()
}

/// The size in a refusal for it, or the refusal.
fn read(details: &str) -> Said {
    let size = details.split_once("RE2 program size of ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    size.ok_or_else(|| details.to_owned())
}

fn listener(at: usize, pattern: &str) -> Value {
    const KIND: &str = "type.googleapis.com/envoy.extensions.filters";
    let route = json!({"match": {"safe_regex": {"regex": pattern}}, "direct_response": {"status": 200}});
    let manager = json!({
        "@type": format!("{KIND}.network.http_connection_manager.v3.HttpConnectionManager"),
        "stat_prefix": "regex",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [{
            "name": "envoy.filters.http.router",
            "typed_config": {"@type": format!("{KIND}.http.router.v3.Router")},
        }],
    });
    json!({
        "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
        "name": at.to_string(),
        // Nothing listens there: it is enough that the configuration is read.
        "bind_to_port": false,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": at + 1}},
        "filter_chains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}],
    })
}

/// How many patterns are made up beside those of the list.
const MADE_UP: usize = 4000;

/// Runs where `MESHLINT_RE2_PYTHON` names a Python with `google-re2` (PyPI), which is the library that Envoy has inside.
#[test]
fn google_re2_takes_the_same_patterns_and_makes_programs_of_the_same_size() {
    let Some(python) = env::var_os("MESHLINT_RE2_PYTHON").filter(|name| !name.is_empty()) else {
        return say("google-re2: skipped, since MESHLINT_RE2_PYTHON names no Python that has it");
    };
    let mut all: Vec<String> = patterns().into_iter().map(str::to_owned).collect();
    all.extend(made_up(&patterns()));
    let said = sizes(&python, &all);
    let (mut wrong, mut accepted, mut differ) = (Vec::new(), 0, 0);
    for (pattern, said) in all.iter().zip(said) {
        let ours = re2::compile(pattern);
        let utf8 = ours.as_ref().ok().map(|ours| ours.size);
        let bytes = match &ours {
            Ok(ours) => ours.size_bytes.as_ref().ok().copied(),
            // What is refused as UTF-8 is refused, whatever it would be as bytes.
            Err(_) => said[1],
        };
        accepted += usize::from(utf8.is_some());
        for (mode, ours, theirs) in [("UTF-8", utf8, said[0]), ("bytes", bytes, said[1])] {
            if ours == theirs {
                continue;
            }
            differ += 1;
            let text = format!("`{pattern}` has {theirs:?} instructions as {mode}, and not {ours:?}");
            say(&text);
            if ours.is_some() != theirs.is_some() || is_flipped(ours, theirs) {
                wrong.push(text);
            }
        }
    }
    say(&format!("{} patterns with google-re2, {accepted} taken, {differ} sizes differ", all.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 500 && accepted + 500 < all.len());
}

/// Whether two sizes are on either side of Envoy's limit, and not both near it.
fn is_flipped(ours: Option<usize>, theirs: Option<usize>) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return false };
    let is_near = |size| (90..=110).contains(&size);
    (ours > 100) != (theirs > 100) && !(is_near(ours) && is_near(theirs))
}

/// Heads and tails of the patterns of a list put together, with or without something between.
fn made_up(list: &[&str]) -> Vec<String> {
    const BETWEEN: [&str; 14] = ["", "", "", "|", "*", "(", ")", "{2}", "{1,3}", "+?", "[", "\\", "(?i)", "."];
    let mut random = Random::new(0x5e2);
    let mut half = |is_head: bool| {
        let whole: Vec<char> = random.pick(list).chars().collect();
        let at = random.below(whole.len() + 1);
        (if is_head { &whole[..at] } else { &whole[at..] }).iter().collect::<String>()
    };
    let halves: Vec<_> = (0..MADE_UP).map(|_| (half(true), half(false))).collect();
    let put = |(head, tail): (String, String)| format!("{head}{}{tail}", random.pick(&BETWEEN));
    halves.into_iter().map(put).filter(|pattern| !pattern.is_empty()).collect()
}

/// What the script beside this file says.
fn sizes(python: &OsStr, patterns: &[String]) -> Vec<[Option<usize>; 2]> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/envoy/re2_sizes.py");
    let (input, output) = (Stdio::piped(), Stdio::piped());
    let mut child = Command::new(python).arg(script).stdin(input).stdout(output).spawn().unwrap();
    let text = serde_json::to_vec(patterns).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}
