//! Files whose bytes are no good text: what is wrong is told, and what can be read is judged.

use std::path::Path;

use meshlint::engine::{Settings, check};
use meshlint::finding::Finding;
use meshlint::source::{Input, Request};

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
