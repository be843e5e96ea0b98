//! What the pages claim can be looked up: the tests and files that they name are there, and every link leads somewhere.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::docs::{files, root, text};

/// Pages that say in tables which test shows what, and how many they name at least: so the search finds something.
const WITH_TESTS: [(&str, usize); 3] = [("README.md", 30), ("docs/comparison.md", 10), ("docs/security.md", 150)];

/// What stands in backticks in the tables.
fn quoted_in_tables(page: &str) -> BTreeSet<&str> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect()
}

/// Whether a source has this test: under an attribute, or in `on_both_databases!` or `on_postgres!`, which make tests of
/// whatever takes a database or a site.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let declared = line.strip_prefix("fn ").and_then(|rest| rest.strip_prefix(name));
        declared.is_some_and(|rest| {
            let is_marked = at > 0 && lines[at - 1].starts_with("#[");
            rest.starts_with("(database)") || rest.starts_with("(site)") || (rest.starts_with('(') && is_marked)
        })
    })
}

fn names_a_test(quoted: &str) -> bool {
    quoted.starts_with("e2e: ") || quoted.contains("::")
}

/// Where the test is that is called `e2e: title`, `protocol::name`, `path/of/a/source.rs::name`, or, in this folder,
/// `file::name`.
fn source_of(named: &str) -> Option<PathBuf> {
    if let Some(title) = named.strip_prefix("e2e: ") {
        let journeys = files(&root().join("e2e/journeys"));
        return journeys.into_iter().find(|journey| text(journey).contains(&format!("test('{title}'")));
    }
    let (place, name) = named.rsplit_once("::")?;
    let here = root().join("backend/tests/api");
    let sources = match place {
        "protocol" => files(&root().join("backend/tests/protocol")),
        path if path.contains('/') => vec![root().join(path)],
        file => vec![here.join(format!("{file}.rs")), here.join(file).join("mod.rs")],
    };
    sources.into_iter().find(|source| source.exists() && has_test(&text(source), name))
}

#[test]
fn what_shows_that_a_claim_is_true_is_there() {
    for (page, at_least) in WITH_TESTS {
        let page_text = text(page);
        let quoted = quoted_in_tables(&page_text);
        let tests: Vec<_> = quoted.iter().filter(|quoted| names_a_test(quoted)).collect();
        let gone: Vec<_> = tests.iter().filter(|named| source_of(named).is_none()).collect();
        assert!(gone.is_empty(), "{page} names tests that there are not: {gone:#?}");
        assert!(tests.len() >= at_least, "the search finds something in {page}: {}", tests.len());

        let folders = ["backend/", "deploy/", "docs/", "e2e/", "frontend/", "shared/"];
        let is_path = |name: &str| !name.contains("::") && folders.iter().any(|folder| name.starts_with(folder));
        let gone: Vec<_> = quoted.iter().filter(|name| is_path(name) && !root().join(name).exists()).collect();
        assert!(gone.is_empty(), "{page} names files that there are not: {gone:#?}");
    }
}

#[test]
fn a_tests_name_leads_to_the_file_that_has_it() {
    let mut links = 0;
    for (page, _) in WITH_TESTS {
        let (page_text, folder) = (text(page), root().join(page).parent().unwrap().to_owned());
        for rest in page_text.split("[`").skip(1) {
            let Some((named, rest)) = rest.split_once("`](") else { continue };
            if names_a_test(named) {
                let target = folder.join(rest.split(')').next().unwrap()).canonicalize().ok();
                let source = source_of(named).and_then(|source| source.canonicalize().ok());
                assert!(
                    target == source && source.is_some(),
                    "{page} has {named} lead to {target:?}, and it is in {source:?}"
                );
                links += 1;
            }
        }
    }
    assert!(links > 30, "the search finds something");
}

/// The headings of a page, as links to them are written.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let words = headings.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    words
        .map(|heading| heading.replace(' ', "-").replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', ""))
        .collect()
}

/// Where links and pictures lead: `[…](target)`, `src="target"`, `srcset="target"`.
fn targets(page: &str) -> Vec<&str> {
    let links = page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let pictures = ["src=\"", "srcset=\""].into_iter().flat_map(|begin| page.split(begin).skip(1));
    links.chain(pictures.map(|rest| rest.split('"').next().unwrap())).collect()
}

#[test]
fn every_link_and_picture_of_the_pages_is_there() {
    let mut pages: Vec<_> = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(|page| root().join(page)).into();
    let is_page = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "md");
    pages.extend(files(&root().join("docs")).into_iter().filter(is_page));
    let mut looked_at = 0;
    for page in pages {
        let page_text = text(&page);
        for target in targets(&page_text).into_iter().filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { page.clone() } else { page.with_file_name(file) };
            assert!(file.exists(), "{} leads to {target}, and there is no such file", page.display());
            let is_there = heading.is_empty() || anchors(&text(&file)).contains(heading);
            assert!(is_there, "{} leads to {target}, and there is no such heading", page.display());
            looked_at += 1;
        }
    }
    assert!(looked_at > 100, "the search finds something");
}
