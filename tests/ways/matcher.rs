//! The problem matchers of `editors/`, held against what the program really prints.

use std::path::Path;

use regex::Regex;
use serde_json::Value;

use super::scratch::{folder, meshlint, repository, stdout, write};
use super::{project, text};

/// What a matcher reads from the output.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Problem {
    file: String,
    line: u64,
    column: u64,
    severity: String,
    rule: String,
    message: String,
}

/// A matcher: patterns of lines that follow one another, and what their groups mean.
struct Matcher {
    severity: Option<String>,
    patterns: Vec<(Regex, Value)>,
}

impl Matcher {
    /// The matcher of that owner in a file.
    fn of(path: &str, owner: &str) -> Self {
        let file: Value = serde_json::from_str(&text(path)).unwrap();
        let found: Vec<_> = matchers(&file).iter().filter(|one| one["owner"] == owner).cloned().collect();
        let [matcher] = &found[..] else { panic!("{path}: {} times {owner}", found.len()) };
        let patterns = match &matcher["pattern"] {
            Value::Array(patterns) => patterns.clone(),
            pattern => vec![pattern.clone()],
        };
        let read = |pattern: Value| (Regex::new(pattern["regexp"].as_str().unwrap()).unwrap(), pattern);
        Self {
            severity: matcher["severity"].as_str().map(str::to_owned),
            patterns: patterns.into_iter().map(read).collect(),
        }
    }

    /// What it finds, as VS Code and GitHub do it: the patterns have to match lines that follow one another.
    fn find(&self, output: &str) -> Vec<Problem> {
        let lines: Vec<&str> = output.lines().collect();
        lines.windows(self.patterns.len()).filter_map(|lines| self.read(lines)).collect()
    }

    fn read(&self, lines: &[&str]) -> Option<Problem> {
        let mut parts: Vec<(&str, String)> = Vec::new();
        for (line, (regex, pattern)) in lines.iter().zip(&self.patterns) {
            let groups = regex.captures(line)?;
            for name in ["file", "line", "column", "severity", "code", "message"] {
                if let Some(group) = pattern[name].as_u64() {
                    parts.push((name, groups[usize::try_from(group).unwrap()].to_owned()));
                }
            }
        }
        let part = |name| parts.iter().find(|(one, _)| *one == name).map(|(_, text)| text.clone());
        Some(Problem {
            file: part("file").unwrap(),
            line: part("line").unwrap().parse().unwrap(),
            column: part("column").unwrap().parse().unwrap(),
            severity: part("severity").or_else(|| self.severity.clone()).unwrap(),
            rule: part("code").unwrap(),
            message: part("message").unwrap(),
        })
    }
}

fn matchers(file: &Value) -> &Vec<Value> {
    file["problemMatcher"].as_array().unwrap()
}

/// What the program found, by its own machine-readable account: the primary places, and the others with a text.
fn found(folder: &Path, args: &[&str]) -> (Vec<Problem>, Vec<Problem>) {
    let report: Value =
        serde_json::from_str(&stdout(&meshlint(folder, &[args, &["--format", "json"]].concat()))).unwrap();
    let (mut primary, mut related) = (Vec::new(), Vec::new());
    for finding in report["findings"].as_array().unwrap() {
        for label in finding["labels"].as_array().unwrap() {
            let is_primary = label["primary"] == true;
            let said = |value: &Value| value.as_str().unwrap().to_owned();
            let problem = Problem {
                file: said(&label["file"]),
                line: label["start"]["line"].as_u64().unwrap(),
                column: label["start"]["column"].as_u64().unwrap(),
                severity: if is_primary { said(&finding["severity"]) } else { "note".to_owned() },
                rule: said(&finding["rule"]),
                message: if is_primary { said(&finding["message"]) } else { said(&label["text"]) },
            };
            if is_primary {
                primary.push(problem);
            } else if !problem.message.is_empty() {
                related.push(problem);
            }
        }
    }
    (primary, related)
}

/// Folders, and what to check in them: many files and rules, names with blanks and beyond ASCII, one as on Windows.
fn runs() -> Vec<(std::path::PathBuf, Vec<&'static str>)> {
    let shop = project("examples");
    let mixed = repository("matcher", "stokc");
    let odd = folder("matcher-odd");
    write(
        &odd,
        "größe: 1/мир (2).yaml",
        "kind: Mesh\napiVersion: appmesh.k8s.aws/v1beta2\nmetadata: {name: é}\nspec: {a: 1}\n",
    );
    let all = vec!["check", "-q", "--select", "all", "--fail-on", "never"];
    let mut runs: Vec<_> = [shop, mixed, odd].map(|folder| (folder, all.clone())).into();
    for path in [r"C:\shop\mesh.yaml", "C:/a shop/mesh.yaml", r"\\host\share\mesh.yaml", r"..\mesh.yaml"] {
        let args = [&all[..], &["--stdin-filename", path, "-"]].concat();
        runs.push((project("examples"), args));
    }
    runs
}

/// Runs with standard input where `-` is named.
fn output(folder: &Path, args: &[&str], format: &str) -> String {
    let args = [args, &["--format", format]].concat();
    if !args.contains(&"-") {
        return stdout(&meshlint(folder, &args));
    }
    super::hook::fed(
        folder,
        &args,
        "kind: Mesh\napiVersion: appmesh.k8s.aws/v1beta2\nmetadata: {name: é}\nspec: {a: 1}\n",
    )
}

#[test]
fn matchers_find_what_the_program_found() {
    let vscode = |owner| Matcher::of("editors/vscode/problem-matcher.json", owner);
    let github = |owner| Matcher::of("editors/github/problem-matcher.json", owner);
    let mut rules = std::collections::BTreeSet::new();
    let mut severities = std::collections::BTreeSet::new();
    for (folder, args) in runs() {
        let (concise, human) = (output(&folder, &args, "concise"), output(&folder, &args, "human"));
        let (primary, related) = if args.contains(&"-") {
            // Standard input is read once, so the account is taken from the lines themselves.
            let all = vscode("meshlint").find(&concise);
            assert_eq!(all.len(), concise.lines().count(), "{concise}");
            let path = args[args.len() - 2];
            assert!(!all.is_empty() && all.iter().all(|one| one.file.replace('\\', "/") == path.replace('\\', "/")));
            all.into_iter().partition(|one| one.severity != "note")
        } else {
            found(&folder, &args)
        };
        assert!(!primary.is_empty(), "{}", folder.display());
        rules.extend(primary.iter().map(|one| one.rule.clone()));
        severities.extend(primary.iter().map(|one| one.severity.clone()));

        let both = sorted(primary.iter().chain(&related));
        assert_eq!(sorted(&vscode("meshlint").find(&concise)), both);
        assert_eq!(sorted(&vscode("meshlint-human").find(&human)), sorted(&primary));
        let grave = || primary.iter().filter(|one| one.severity != "info");
        let notices = sorted(primary.iter().filter(|one| one.severity == "info"));
        let notices: Vec<_> = notices.into_iter().map(|one| Problem { severity: "notice".to_owned(), ..one }).collect();
        assert_eq!(sorted(&github("meshlint").find(&concise)), sorted(grave()));
        assert_eq!(sorted(&github("meshlint-info").find(&concise)), notices);
        assert_eq!(sorted(&github("meshlint-human").find(&human)), sorted(grave()));
        assert_eq!(sorted(&github("meshlint-human-info").find(&human)), notices);
        // Nothing is told twice where both matchers of a file look at one output.
        assert_eq!(vscode("meshlint").find(&human), []);
        assert_eq!(vscode("meshlint-human").find(&concise), []);
        assert_eq!(github("meshlint").find(&human), []);
        assert_eq!(github("meshlint-human").find(&concise), []);
    }
    assert!(rules.len() > 8, "{rules:?}");
    assert_eq!(severities.into_iter().collect::<Vec<_>>(), ["error", "info", "warning"]);
}

fn sorted<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Vec<Problem> {
    let mut problems: Vec<_> = problems.into_iter().cloned().collect();
    problems.sort();
    problems
}

#[test]
fn owners_are_told_apart() {
    for path in ["editors/vscode/problem-matcher.json", "editors/github/problem-matcher.json"] {
        let file: Value = serde_json::from_str(&text(path)).unwrap();
        let mut owners: Vec<_> = matchers(&file).iter().map(|one| one["owner"].as_str().unwrap()).collect();
        let number = owners.len();
        owners.sort_unstable();
        owners.dedup();
        assert_eq!(owners.len(), number, "GitHub takes one matcher for each owner: {path}");
    }
}

#[test]
fn the_task_has_the_matcher() {
    let tasks: Value = serde_json::from_str(&text("editors/vscode/tasks.json")).unwrap();
    let file: Value = serde_json::from_str(&text("editors/vscode/problem-matcher.json")).unwrap();
    assert_eq!(tasks["tasks"][0]["problemMatcher"], matchers(&file)[0]);
}
