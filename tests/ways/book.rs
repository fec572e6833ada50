//! The pages: every link between them leads somewhere, and the table of contents has them all.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::{project, text};

/// Every page of the project: those of its root, and those below these folders.
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    for folder in ["docs", "rules", "examples", "editors", "hooks", "benches", "tests"] {
        walk(&project(folder), &mut pages);
    }
    for entry in fs::read_dir(project("")).unwrap() {
        pages.push(entry.unwrap().path());
    }
    let name = |path: PathBuf| path.strip_prefix(project("")).unwrap().to_str().unwrap().replace('\\', "/");
    pages.into_iter().filter(|path| path.extension().is_some_and(|one| one == "md")).map(name).collect()
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, out) } else { out.push(path) }
    }
}

/// A page without its blocks of code, in which nothing is a link or a heading.
fn prose(page: &str) -> String {
    let mut is_code = false;
    let text = text(page);
    let kept = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// The links of a page to other places of the project.
fn links(page: &str) -> Vec<String> {
    let link = Regex::new(r"\]\(([^()\s]+)\)").unwrap();
    let spans = Regex::new(r"`[^`\n]*`").unwrap();
    let prose = prose(page);
    let prose = spans.replace_all(&prose, "``");
    let targets = link.captures_iter(&prose).map(|found| found[1].to_owned());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

/// The anchors of a page, as GitHub and mdBook make them from headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let prose = prose(page);
    let headings = prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings.map(|words| words.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

/// A path without `.` and `..`.
fn resolved(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => assert!(parts.pop().is_some(), "{page}: {target} leads out of the project"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_somewhere() {
    let (mut broken, mut number) = (Vec::new(), 0);
    for page in pages() {
        for link in links(&page) {
            number += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { resolved(&page, path) };
            let is_there = project(&target).exists();
            let is_anchored = anchor.is_empty() || (is_there && anchors(&target).contains(anchor));
            if !is_there || !is_anchored {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
    assert!(number > 500, "{number}: the links are not recognised any more");
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let mut listed = links("docs/SUMMARY.md");
    listed.sort();
    let docs = pages().into_iter().filter_map(|page| page.strip_prefix("docs/").map(str::to_owned));
    let mut docs: Vec<_> = docs.filter(|page| page != "SUMMARY.md").collect();
    docs.sort();
    assert_eq!(listed, docs, "docs/SUMMARY.md lists the left, and these are there");
}

#[test]
fn no_page_has_two_headings_of_one_name() {
    for page in pages().into_iter().filter(|page| page.starts_with("docs/")) {
        let number = prose(&page).lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(anchors(&page).len(), number, "{page}");
    }
}
