//! Files whose bytes are no good text: what is wrong is told, and what can be read is judged.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use meshlint::engine::{Settings, check};
use meshlint::finding::Finding;
use meshlint::source::{Input, Request};

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn judge(bytes: &[u8]) -> Vec<String> {
    let input = Input::Stdin { name: "a.yaml".to_owned(), bytes: bytes.to_vec() };
    let settings = Settings { threads: 1, ..Settings::default() };
    let outcome = check(&Request::new(vec![input]), Path::new("."), &settings);
    let line = |finding: &Finding| {
        let at = finding.place().span.start;
        format!("{at} {}/{} {}", finding.rule, finding.case, finding.message)
    };
    outcome.findings.iter().map(line).collect()
}

#[test]
fn a_binary_file_is_told_and_nothing_is_read_into_it() {
    assert_eq!(judge(b"kind: \0Mesh"), ["0 syntax/unreadable-text binary file: NUL byte at offset 6"]);
}

#[test]
fn a_binary_file_in_a_folder_is_left_alone() {
    let folder = folder("binary");
    fs::write(folder.join("bin.yaml"), b"PK\x03\x04\0\xff apiVersion").unwrap();
    let outcome = check(&Request::new(vec![Input::Path(folder.clone())]), &folder, &Settings::default());
    assert_eq!(outcome.findings.len(), 0);
    assert_eq!(outcome.notes.len(), 1);
    let named = Request::new(vec![Input::Path(folder.join("bin.yaml"))]);
    assert_eq!(check(&named, &folder, &Settings::default()).findings.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_opened_is_told() {
    let folder = folder("unreadable");
    std::os::unix::fs::symlink("nowhere.yaml", folder.join("link.yaml")).unwrap();
    let outcome = check(&Request::new(vec![Input::Path(folder.clone())]), &folder, &Settings::default());
    let told: Vec<_> = outcome.findings.iter().map(|finding| (finding.rule, finding.case)).collect();
    assert_eq!(told, [("syntax", "unreadable-file")]);
}

#[test]
fn what_is_readable_in_a_damaged_file_is_judged() {
    let text = b"apiVersion: appmesh.k8s.aws/v1beta1\nkind: Mesh\nmetadata: {name: caf\xe9}\n";
    let expected = [
        "12 retired-api-version/deprecated-apiversion `appmesh.k8s.aws/v1beta1` is not served any more",
        "67 syntax/unreadable-text invalid UTF-8: byte 0xe9",
    ];
    assert_eq!(judge(text), expected);
}

#[test]
fn three_broken_documents_do_not_hide_the_ten_good_ones() {
    let good = |name: usize| {
        format!(
            "apiVersion: appmesh.k8s.aws/v1beta2\nkind: VirtualService\nmetadata: {{name: s{name}}}\nspec: {{wrong: 1}}\n"
        )
    };
    let broken =
        ["kind: Mesh\n\tspec: {}\napiVersion: v1\n", "apiVersion: v1\nspec: [1, 2\n", "apiVersion: v1\nspec: \"open\n"];
    let mut documents: Vec<String> = (0..10).map(good).collect();
    for (at, text) in broken.into_iter().enumerate() {
        documents.insert(at * 4 + 1, text.to_owned());
    }
    let found = judge(documents.join("---\n").as_bytes());
    let count = |word: &str| found.iter().filter(|line| line.contains(word)).count();
    assert_eq!((count(" syntax/"), count(" unknown-field/"), found.len()), (3, 10, 13), "{found:#?}");
}
