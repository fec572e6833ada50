//! `meshlint route`: where requests end.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::{Asked, BadRequest, Entrance, StepKind, Trace, Tracer};
use crate::report::escaped;
use crate::source::{self, Filter, Input, Request};

use super::Exit;
use super::args::{Route, RouteFormat};
use super::check::unread;
use super::message::{Refusal, complain, remark};
use super::settings;

/// A line of a file of requests. What else stands in it, as in the witness of a finding, is passed over.
#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    gateway: Option<String>,
    #[serde(default)]
    from: Option<String>,
}

/// An answer as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    #[serde(flatten)]
    trace: &'a Trace,
}

/// The answer to a line that is no request.
#[derive(Serialize)]
struct NoAnswer<'a> {
    id: &'a Value,
    error: &'a str,
}

/// A request with the words it goes by.
struct Wanted {
    id: Value,
    /// The number of its line, from 1, where it stands in a file.
    line: Option<usize>,
    asked: Result<Asked, Refusal>,
}

/// Follows one request, or those of a file. A line that is no request is told, and the others are answered.
pub(super) fn route(args: &Route, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let wanted = wanted(args, &cwd)?;
    let paths = paths(args);
    let named = paths.iter().map(PathBuf::as_path).filter(|path| !is_stdin(path));
    let config = settings::configuration(&args.configured, named, &cwd)?;
    let request = settings::request(inputs(args, &paths)?, args.no_gitignore, &config);
    let tracer = Tracer::load(&request, &cwd, &config, args.threads);
    let mut exit = Exit::Clean;
    for problem in tracer.problems() {
        complain(&unread(problem));
        exit = Exit::Failed;
    }
    if exit == Exit::Failed {
        return Ok(exit);
    }
    if tracer.resources() == 0 {
        remark("no mesh resource was found in what was read");
    }
    let mut out = io::BufWriter::new(out);
    for (index, one) in wanted.iter().enumerate() {
        let followed = one.asked.as_ref().map_err(Clone::clone);
        let followed = followed.and_then(|asked| Ok((asked, tracer.follow(asked).map_err(Refusal::from)?)));
        match (followed, args.format) {
            (Ok((_, trace)), RouteFormat::Json) => {
                serde_json::to_writer(&mut out, &Answer { id: &one.id, trace: &trace })?;
                writeln!(out)?;
            }
            (Ok((asked, trace)), RouteFormat::Human) => {
                if index > 0 {
                    writeln!(out)?;
                }
                write_human(asked, &trace, &tracer, &mut out)?;
            }
            (Err(refusal), format) => {
                exit = Exit::Failed;
                if let (RouteFormat::Json, Some(_)) = (format, one.line) {
                    serde_json::to_writer(&mut out, &NoAnswer { id: &one.id, error: &refusal.message })?;
                    writeln!(out)?;
                }
                let place = one.line.map_or_else(String::new, |line| format!("line {line} of the requests: "));
                complain(&Refusal { message: format!("{place}{}", refusal.message), help: refusal.help });
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        Self::new(bad.message).help(bad.help)
    }
}

fn entrance(gateway: Option<String>, from: Option<String>) -> Entrance {
    match (gateway, from) {
        (Some(gateway), _) => Entrance::Gateway(gateway),
        (None, Some(from)) => Entrance::Node(from),
        (None, None) => Entrance::AnyGateway,
    }
}

/// The requests that are asked about.
fn wanted(args: &Route, cwd: &Path) -> Result<Vec<Wanted>, Refusal> {
    let at = || entrance(args.gateway.clone(), args.from.clone());
    let Some(file) = &args.requests else {
        let text = args.request.as_deref().unwrap_or_default();
        let asked = Asked::parse(text, &args.headers, at()).map_err(Refusal::from)?;
        return Ok(vec![Wanted { id: Value::Null, line: None, asked: Ok(asked) }]);
    };
    let text = text_of(file, cwd)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(index, text)| {
        let (id, asked) = read_line(text, at);
        Wanted { id, line: Some(index + 1), asked }
    });
    Ok(read.collect())
}

/// The request of a line, with its id as far as that can be told.
fn read_line(text: &str, default: impl Fn() -> Entrance) -> (Value, Result<Asked, Refusal>) {
    const HELP: &str =
        "write an object a line: {\"id\": 1, \"method\": \"GET\", \"url\": \"http://shop.example:8080/cart\"}";
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return (Value::Null, Err(Refusal::new(format!("not JSON: {error}")).help(HELP))),
    };
    let id = value.get("id").cloned().unwrap_or_default();
    let line: Line = match serde_json::from_value(value) {
        Ok(line) => line,
        Err(error) => return (id, Err(Refusal::new(format!("no request: {error}")).help(HELP))),
    };
    if line.gateway.is_some() && line.from.is_some() {
        let refusal = Refusal::new("a request has both `gateway` and `from`");
        return (line.id, Err(refusal.help("it enters at a gateway, or comes from a node")));
    }
    let at = if line.gateway.is_some() || line.from.is_some() { entrance(line.gateway, line.from) } else { default() };
    (line.id, Asked::new(&line.method, &line.url, &line.headers, at).map_err(Refusal::from))
}

/// The text of a file of requests.
fn text_of(file: &Path, cwd: &Path) -> Result<String, Refusal> {
    let input = if is_stdin(file) {
        Input::stdin("<stdin>", io::stdin().lock()).map_err(|problem| unread(&problem))?
    } else {
        Input::Path(file.to_owned())
    };
    let loaded = source::load(&Request { inputs: vec![input], gitignore: false, filter: Filter::default() }, cwd, 1);
    if let Some(problem) = loaded.problems.first() {
        return Err(unread(problem));
    }
    let mut files = loaded.sources.iter().map(|(_, file)| file);
    match files.next() {
        Some(one) if one.origin != source::Origin::Walked => Ok(one.text.clone()),
        _ => Err(Refusal::new(format!("`{}` is a directory", file.display())).help("name a file of JSON lines")),
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The paths of the manifests, as they are named; the working directory where none is.
fn paths(args: &Route) -> Vec<PathBuf> {
    let first = args.requests.as_ref().and(args.request.as_ref()).map(PathBuf::from);
    let mut paths: Vec<_> = first.into_iter().chain(args.paths.iter().cloned()).collect();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    paths
}

/// The manifests: with a file of requests every positional argument names some.
fn inputs(args: &Route, paths: &[PathBuf]) -> Result<Vec<Input>, Refusal> {
    let reads_requests = args.requests.as_deref().is_some_and(is_stdin);
    let mut inputs = Vec::with_capacity(paths.len());
    let mut has_stdin = false;
    for path in paths {
        if !is_stdin(path) {
            inputs.push(Input::Path(path.clone()));
        } else if reads_requests {
            return Err(Refusal::new("standard input cannot hold both the requests and the manifests")
                .help("name a file for one of them"));
        } else if !has_stdin {
            has_stdin = true;
            inputs.push(Input::stdin("<stdin>", io::stdin().lock()).map_err(|problem| unread(&problem))?);
        }
    }
    Ok(inputs)
}

/// The way of a request, a line a step, each with its place; the verdict comes last.
fn write_human(asked: &Asked, trace: &Trace, tracer: &Tracer, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", escaped(&format!("{} {}", asked.method, asked.url)))?;
    for step in &trace.steps {
        let indent = if step.kind == StepKind::Detail { "    " } else { "  " };
        write!(out, "{indent}{}", escaped(&step.text))?;
        if let Some(place) = step.place {
            let file = tracer.sources().file(place.file);
            write!(out, "  [{}:{}]", escaped(&file.name), file.position(place.span.start).line)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "verdict: {}", trace.verdict.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> (Value, Result<Asked, Refusal>) {
        read_line(text, || Entrance::Gateway("shop/edge".into()))
    }

    #[test]
    fn a_witness_is_a_request() {
        let (id, asked) = line(
            r#"{"id": 7, "method": "GET", "url": "http://a:8080/b", "headers": [["x", "1"]], "gateway": "shop/other", "answered_by": "c", "curl": "curl"}"#,
        );
        assert_eq!((id, asked.unwrap().entrance), (Value::from(7), Entrance::Gateway("shop/other".into())));
    }

    #[test]
    fn a_line_says_where_it_enters_or_the_flag_does() {
        let entrance = |text: &str| line(text).1.unwrap().entrance;
        assert_eq!(entrance(r#"{"method": "GET", "url": "http://a/"}"#), Entrance::Gateway("shop/edge".into()));
        let from = r#"{"method": "GET", "url": "http://a/", "from": "shop/front"}"#;
        assert_eq!(entrance(from), Entrance::Node("shop/front".into()));
    }

    #[test]
    fn what_is_no_request_keeps_its_id() {
        for text in [
            r#"{"id": "a", "method": "GET"}"#,
            r#"{"id": "a", "method": "GET", "url": "/b"}"#,
            r#"{"id": "a", "method": "GET", "url": "http://a/", "gateway": "b", "from": "c"}"#,
        ] {
            let (id, asked) = line(text);
            assert!(id == "a" && asked.is_err(), "{text}");
        }
        assert!(line("GET http://a/").1.is_err());
    }
}
