//! The rooms of the library keep to their arrows: what each may import, which words it may say, and
//! which of them touch the world outside.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms it may import from besides itself. `docs/architecture.md` says why.
const ARROWS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("yaml", &["source"]),
    ("route", &[]),
    ("finding", &["source"]),
    ("mesh", &["source", "route"]),
    ("dialect", &["source", "yaml", "route", "mesh", "finding"]),
    ("rules", &["mesh", "route", "finding"]),
    ("report", &["finding", "source", "mesh"]),
    ("engine", &["source", "yaml", "route", "finding", "mesh", "dialect", "rules", "report"]),
    ("cli", &["engine", "report", "finding", "source"]),
];

/// The rooms that know no dialect by name.
const NEUTRAL: &[&str] = &["mesh", "route", "finding", "engine"];

/// What is only for the rooms named: text in code, and who may say it.
const RESERVED: &[(&str, &[&str])] = &[
    ("print!(", &["cli"]),
    ("println!(", &["cli"]),
    ("io::stdout", &["cli"]),
    ("io::stderr", &["cli"]),
    ("io::stdin", &["cli"]),
    ("std::env", &["cli"]),
    (" env::", &["cli"]),
    ("std::fs", &["source"]),
    ("File::open", &["source"]),
    ("process::Command", &["source"]),
    ("std::net", &[]),
];

#[test]
fn every_room_keeps_to_its_arrows() {
    assert_eq!(
        complaints(|file| file.imports().into_iter().filter_map(|(line, room)| file.refuse(line, &room)).collect()),
        [""; 0]
    );
}

#[test]
fn nobody_leaves_a_room_by_the_back_door() {
    assert_eq!(complaints(File::escapes), [""; 0]);
}

#[test]
fn neutral_rooms_know_no_dialect() {
    let names = |file: &File| if NEUTRAL.contains(&file.room.as_str()) { file.names() } else { Vec::new() };
    assert_eq!(complaints(names), [""; 0]);
}

#[test]
fn only_the_rim_touches_the_world() {
    assert_eq!(complaints(File::reserved), [""; 0]);
}

#[test]
fn the_map_shows_these_arrows_and_every_dependency() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let map = fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    for (room, allowed) in ARROWS {
        let row = map.lines().find(|line| line.starts_with(&format!("| `{room}` |"))).unwrap();
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let named: BTreeSet<_> = cell.split('`').filter(|word| ARROWS.iter().any(|(room, _)| room == word)).collect();
        let is_all = cell.trim() == "all above";
        assert!(is_all || named == allowed.iter().copied().collect(), "{room}: {named:?}");
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let mut section = "";
    let mut names = Vec::new();
    for line in manifest.lines() {
        match line.split_once(" = ") {
            Some((name, _)) if section.ends_with("dependencies]") => names.push(name),
            None if line.starts_with('[') => section = line,
            _ => {}
        }
    }
    assert!(names.len() > 10, "{names:?}");
    let missing: Vec<_> = names.into_iter().filter(|name| !map.contains(name)).collect();
    assert_eq!(missing, [""; 0], "a dependency without a reason");
}

#[test]
fn trespass_is_seen() {
    let file = File::new(
        "mesh/inner/deep.rs",
        "use crate::{\n    route,\n    report::{Style, write},\n};\nuse crate::yaml::Tree;\n// crate::cli\n",
    );
    assert_eq!(file.imports().iter().map(|(_, room)| room.as_str()).collect::<Vec<_>>(), ["route", "report", "yaml"]);
    assert_eq!(file.imports().iter().filter_map(|(line, room)| file.refuse(*line, room)).count(), 2);

    let file =
        File::new("rules/appmesh/x.rs", "use crate::dialect::appmesh::model::Node;\nuse crate::dialect::shape;\n");
    let refused: Vec<_> = file.imports().iter().filter_map(|(line, room)| file.refuse(*line, room)).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");

    let escapes = |name, text| File::new(name, text).escapes().len();
    assert_eq!(escapes("mesh/mod.rs", "use super::yaml;\n#[cfg(test)]\nmod tests {\n    use super::yaml;\n}\n"), 1);
    assert_eq!(escapes("mesh/inner.rs", "use super::other;\nuse super::super::yaml;\n"), 1);
    assert_eq!(escapes("mesh/inner/deep.rs", "use super::super::other;\n"), 0);

    assert_eq!(
        File::new("mesh/x.rs", "/// As `AppMesh` has it.\nfn drawsLines() {}\nlet awsName = 1;\n").names().len(),
        2
    );
    assert_eq!(
        File::new("mesh/x.rs", "use std::fs;\n// std::env\nlet x = std::env::var(\"X\");\n").reserved().len(),
        2
    );
    assert!(declares_for_tests("mod a;\n#[cfg(test)]\n#[allow(x)]\nmod b;\n", "b"));
    assert!(!declares_for_tests("#[cfg(test)]\nmod a;\nmod b;\n", "b"));
    assert_eq!(File::new("mesh/x.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n").reserved().len(), 0);
}

/// One source file of the library.
struct File {
    /// The path below `src`, with `/`.
    name: String,
    room: String,
    /// The lines, numbered from 1.
    lines: Vec<(usize, String)>,
    /// The number of the line at which the unit tests begin.
    tests: usize,
}

impl File {
    fn new(name: &str, text: &str) -> Self {
        let lines: Vec<_> = text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned())).collect();
        let tests = lines.iter().find(|(_, line)| line == "mod tests {").map_or(usize::MAX, |(at, _)| *at);
        let room = name.split('/').next().unwrap().to_owned();
        Self { name: name.to_owned(), room, lines, tests }
    }

    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines
            .iter()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(at, line)| (*at, line.as_str()))
    }

    /// What is named after each `crate::`, with its line. A group may go on over several lines.
    fn imports(&self) -> Vec<(usize, String)> {
        let code: Vec<_> = self.code().collect();
        let mut found = Vec::new();
        for (index, (at, line)) in code.iter().enumerate() {
            for (start, mark) in line.match_indices("crate::") {
                let rest = &line[start + mark.len()..];
                match rest.strip_prefix('{') {
                    Some(group) => {
                        let more = code[index + 1..].iter().map(|(_, line)| *line);
                        let group = [group].into_iter().chain(more).collect::<Vec<_>>().join(" ");
                        found.extend(top_level(&group).into_iter().map(|name| (*at, name)));
                    }
                    None => found.push((*at, word(rest))),
                }
            }
        }
        found
    }

    fn refuse(&self, at: usize, room: &str) -> Option<String> {
        let (_, allowed) = ARROWS.iter().find(|(name, _)| *name == self.room)?;
        let line = self.lines[at - 1].1.trim();
        let is_model = self.name.starts_with("rules/appmesh/") && line.contains("crate::dialect::appmesh::model");
        let is_fine = room == self.room || allowed.contains(&room) || is_model;
        (!is_fine).then(|| format!("{}:{at}: `{}` may not import `{room}`: {line}", self.name, self.room))
    }

    /// Chains of `super::` that end in the root of the crate.
    fn escapes(&self) -> Vec<String> {
        let folders = self.name.split('/').count();
        let depth = if self.name.ends_with("/mod.rs") { folders - 1 } else { folders };
        let climbs = |line: &str| (1..9).take_while(|n| line.contains(&"super::".repeat(*n))).count();
        self.code()
            .filter(|(at, line)| climbs(line) >= depth + usize::from(*at > self.tests))
            .map(|(at, line)| format!("{}:{at}: say `crate::` where a room is left: {}", self.name, line.trim()))
            .collect()
    }

    /// Lines that name a dialect or its maker; `draws` and `laws` do not.
    fn names(&self) -> Vec<String> {
        let is_maker = |line: &str| {
            let lower = line.to_ascii_lowercase();
            let starts = lower.match_indices("aws").map(|(at, _)| at).collect::<Vec<_>>();
            starts.into_iter().any(|at| !lower[..at].ends_with(|c: char| c.is_ascii_lowercase()))
        };
        self.lines
            .iter()
            .filter(|(_, line)| line.to_ascii_lowercase().contains("appmesh") || is_maker(line))
            .map(|(at, line)| format!("{}:{at}: `{}` knows no dialect: {}", self.name, self.room, line.trim()))
            .collect()
    }

    fn reserved(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (at, line) in self.code().filter(|(at, _)| *at < self.tests) {
            for (text, rooms) in RESERVED {
                if line.contains(text) && !rooms.contains(&self.room.as_str()) {
                    found.push(format!("{}:{at}: `{text}` is not for `{}`: {}", self.name, self.room, line.trim()));
                    break;
                }
            }
        }
        found
    }
}

/// The first segments of a group's members: `a, b::{c, d}, e};` gives `a`, `b` and `e`.
fn top_level(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut members = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(String::new()),
            c if depth == 0 => members.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    members.iter().map(|member| word(member.trim())).filter(|member| !member.is_empty()).collect()
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What there is to say about all files of all rooms.
fn complaints(judge: impl Fn(&File) -> Vec<String>) -> Vec<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut rooms = BTreeSet::new();
    for entry in fs::read_dir(&src).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let mut files = Vec::new();
            collect(&path, &mut files);
            rooms.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
            for path in files {
                let name = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
                found.extend(judge(&File::new(&name, &fs::read_to_string(&path).unwrap())));
            }
        }
    }
    let known: BTreeSet<_> = ARROWS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms.difference(&known).collect::<Vec<_>>(), [""; 0], "a room without a line in the table");
    found.sort();
    found
}

/// Every file of a room, but for those that only its tests use.
fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let parent = [dir.join("mod.rs"), dir.with_extension("rs")].into_iter().find(|file| file.exists());
        if parent.is_some_and(|file| declares_for_tests(&fs::read_to_string(file).unwrap(), &stem)) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Whether a module is declared for tests alone, with or without further attributes.
fn declares_for_tests(parent: &str, module: &str) -> bool {
    let mut lines = parent.lines().rev().skip_while(|line| *line != format!("mod {module};")).skip(1);
    lines.by_ref().take_while(|line| line.starts_with("#[")).any(|line| line == "#[cfg(test)]")
}
