//! Which rules and cases run, and how grave their findings are.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::finding::{Category, Severity};
use crate::rules::{self, Case, Rule, Status};

/// What becomes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It was not asked for.
    Off,
    /// It is reported with this severity.
    On(Severity),
}

/// What was asked for. The default is every stable rule with the cases that its page has on.
///
/// A page costs more to parse than most rules cost to run, so a selection looks at the pages of those
/// rules alone that a name may mean.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    select: Vec<Name>,
    ignore: Vec<Name>,
    levels: Levels,
}

/// Levels of rules, cases and categories.
#[derive(Clone, Debug, Default)]
pub struct Levels(Vec<(Name, Option<Severity>)>);

impl Levels {
    /// Levels from `RULE=LEVEL`, `RULE/CASE=LEVEL` and `CATEGORY=LEVEL`.
    ///
    /// # Errors
    /// The first name or level that is unknown.
    pub fn new(texts: &[String]) -> Result<Self, UnknownName> {
        Self::among(rules::ALL, texts)
    }

    fn among(rules: &[&'static Rule], texts: &[String]) -> Result<Self, UnknownName> {
        texts.iter().map(|text| level(rules, text)).collect::<Result<_, _>>().map(Self)
    }

    /// The level of a case: the last one for the case, else for its rule, else for its category. `Some(None)` is off.
    pub(super) fn of(&self, rule: &Rule, case: &str) -> Option<Option<Severity>> {
        let last = |means: &dyn Fn(Name) -> bool| {
            self.0.iter().rev().find(|(name, _)| means(*name)).map(|(_, severity)| *severity)
        };
        last(&|name| matches!(name, Name::Case(id, slug) if id == rule.id && slug == case))
            .or_else(|| last(&|name| name == Name::Rule(rule.id)))
            .or_else(|| last(&|name| matches!(name, Name::Category(category) if category == rule.page().category)))
    }

    fn may_concern(&self, rule: &Rule) -> bool {
        self.0.iter().any(|(name, _)| name.may_mean(rule))
    }
}

/// Names of rules, cases and categories that are ignored somewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<Name>);

impl Names {
    /// Names as [`Selection::new`] takes them.
    ///
    /// # Errors
    /// The first that is unknown.
    pub(super) fn new(texts: &[String]) -> Result<Self, UnknownName> {
        texts.iter().map(|text| Name::find(rules::ALL, text)).collect::<Result<_, _>>().map(Self)
    }

    /// Whether one of them means a case.
    pub(super) fn cover(&self, rule: &'static Rule, case: &str) -> bool {
        let by_default = || rule.page().case(case).is_none_or(|case| case.default);
        self.0.iter().any(|name| name.covers(rule, case, *name == Name::Default && by_default()))
    }
}

/// A name or a level that nothing answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// What is wrong, as one sentence.
    pub message: String,
    /// What to do, where that is known: the nearest name that would have been right, or how to write it.
    pub help: Option<String>,
}

impl Selection {
    /// A selection from names: rules, `RULE/CASE`, categories, `all` and `default`.
    ///
    /// `select` replaces the default. A rule or a category brings the cases that are on by default (a
    /// rule that has none of these brings all it has); `all` and `RULE/CASE` bring the others too. Rules
    /// on trial run only if selected by name. `ignore` takes away and always wins. `severity` holds
    /// `RULE=LEVEL`, `RULE/CASE=LEVEL` and `CATEGORY=LEVEL`, the narrowest and the last one winning; `off` is a level,
    /// and no level turns anything on.
    ///
    /// # Errors
    /// The first name or level that is unknown.
    pub fn new(select: &[String], ignore: &[String], severity: &[String]) -> Result<Self, UnknownName> {
        Self::among(rules::ALL, select, ignore, severity)
    }

    /// What becomes of a finding of a case, which the rule may have drafted with a severity of its own.
    #[must_use]
    pub fn judge(&self, rule: &'static Rule, case: &str, drafted: Option<Severity>) -> Choice {
        let known = rule.page().case(case);
        if !self.runs(rule, case, known.is_none_or(|case| case.default)) {
            return Choice::Off;
        }
        match self.levels.of(rule, case) {
            Some(None) => Choice::Off,
            Some(Some(severity)) => Choice::On(severity),
            None => Choice::On(drafted.or(known.map(|case| case.severity)).unwrap_or(Severity::Warning)),
        }
    }

    /// Whether it is worth running a rule. Where nothing was asked for that may concern the rule, this
    /// does not look at its page: single cases that are off by default are then left to [`Selection::judge`].
    #[must_use]
    pub fn wants(&self, rule: &'static Rule) -> bool {
        let concerns = |names: &[Name]| names.iter().any(|name| name.may_mean(rule));
        if !self.select.is_empty() && !concerns(&self.select) {
            return false;
        }
        if self.select.is_empty() && !concerns(&self.ignore) && !self.levels.may_concern(rule) {
            return !rule.is_off_by_default;
        }
        let is_off = |case: &Case| self.levels.of(rule, &case.slug) == Some(None);
        rule.page().cases.iter().any(|case| self.runs(rule, &case.slug, case.default) && !is_off(case))
    }

    fn among(
        rules: &[&'static Rule],
        select: &[String],
        ignore: &[String],
        severity: &[String],
    ) -> Result<Self, UnknownName> {
        let names = |texts: &[String]| texts.iter().map(|text| Name::find(rules, text)).collect::<Result<Vec<_>, _>>();
        let levels = Levels::among(rules, severity)?;
        Ok(Self { select: names(select)?, ignore: names(ignore)?, levels })
    }

    fn runs(&self, rule: &'static Rule, case: &str, by_default: bool) -> bool {
        let selects = |name: &Name| name.selects(rule, case, by_default);
        let selected = if self.select.is_empty() { selects(&Name::Default) } else { self.select.iter().any(selects) };
        selected && !self.ignore.iter().any(|name| name.covers(rule, case, by_default))
    }
}

/// The rule of a name that someone wants to read about: an id, a former id, `RULE/CASE`, or a case alone.
///
/// # Errors
/// The name, if nothing answers to it.
pub fn find_rule(name: &str) -> Result<&'static Rule, UnknownName> {
    rule_named(rules::ALL, name)
}

fn rule_named(rules: &[&'static Rule], name: &str) -> Result<&'static Rule, UnknownName> {
    let by_case = || with_case(rules, name).ok_or_else(|| unknown_rule(rules, name, &[]));
    match name.split_once('/') {
        Some(_) => match Name::find(rules, name)? {
            Name::Case(id, _) => find(rules, id).ok_or_else(|| unknown_rule(rules, id, &[])),
            _ => by_case(),
        },
        None => find(rules, name).map_or_else(by_case, Ok),
    }
}

/// Whether a rule or case of this name runs only if it is asked for.
#[must_use]
pub fn is_off_by_default(name: &str) -> bool {
    match Name::find(rules::ALL, name) {
        Ok(Name::Rule(id)) => rules::find(id).is_some_and(|rule| {
            let page = rule.page();
            page.status == Status::Nursery || page.cases.iter().all(|case| !case.default)
        }),
        Ok(Name::Case(id, slug)) => rules::find(id).is_some_and(|rule| {
            let page = rule.page();
            page.status == Status::Nursery || page.case(slug).is_some_and(|case| !case.default)
        }),
        _ => false,
    }
}

/// What a rule named in a configuration is: its rule, and whether a case of it is meant.
///
/// # Errors
/// What is no rule and no case.
pub(super) fn rule_or_case(text: &str) -> Result<(&'static Rule, bool), UnknownName> {
    let rule = |id: &str| rules::find(id).ok_or_else(|| unknown_rule(rules::ALL, id, &[]));
    match Name::find(rules::ALL, text)? {
        Name::Rule(id) => Ok((rule(id)?, false)),
        Name::Case(id, _) => Ok((rule(id)?, true)),
        Name::Category(_) => Err(UnknownName {
            message: format!("`{text}` is a category"),
            help: Some("write its level under `categories`".to_owned()),
        }),
        Name::All | Name::Default => Err(UnknownName {
            message: format!("`{text}` is no rule"),
            help: Some("name rules under `rules`, and categories under `categories`".to_owned()),
        }),
    }
}

/// What a name on the command line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    All,
    Default,
    Category(Category),
    Rule(&'static str),
    Case(&'static str, &'static str),
}

impl Name {
    fn find(rules: &[&'static Rule], text: &str) -> Result<Self, UnknownName> {
        match text {
            "all" => return Ok(Self::All),
            "default" => return Ok(Self::Default),
            _ => {}
        }
        let Some((id, slug)) = text.split_once('/') else {
            let category = || Category::deserialize::<StrDeserializer<'_, Error>>(text.into_deserializer()).ok();
            return match find(rules, text) {
                Some(rule) => Ok(Self::Rule(rule.id)),
                None => category().map(Self::Category).ok_or_else(|| unknown_rule(rules, text, &["all", "default"])),
            };
        };
        let rule = find(rules, id).ok_or_else(|| unknown_rule(rules, id, &[]))?;
        match rule.page().case(slug) {
            Some(case) => Ok(Self::Case(rule.id, &case.slug)),
            None => Err(UnknownName {
                message: format!("rule `{}` has no case `{slug}`", rule.id),
                help: nearest(slug, rule.page().cases.iter().map(|case| case.slug.as_str()))
                    .map(|slug| meant(&format!("{}/{slug}", rule.id))),
            }),
        }
    }

    /// Whether the name may mean something of the rule, without a look at its page.
    fn may_mean(self, rule: &Rule) -> bool {
        match self {
            Self::All | Self::Default | Self::Category(_) => true,
            Self::Rule(id) | Self::Case(id, _) => id == rule.id,
        }
    }

    /// Whether the name turns the case on.
    fn selects(self, rule: &'static Rule, case: &str, by_default: bool) -> bool {
        let page = rule.page();
        match self {
            Self::All => page.status != Status::Nursery,
            Self::Default => page.status != Status::Nursery && by_default,
            Self::Category(category) => Self::Default.selects(rule, case, by_default) && page.category == category,
            Self::Rule(id) => id == rule.id && (by_default || page.cases.iter().all(|case| !case.default)),
            Self::Case(id, slug) => id == rule.id && slug == case,
        }
    }

    /// Whether the name, ignored, takes the case away.
    fn covers(self, rule: &'static Rule, case: &str, by_default: bool) -> bool {
        match self {
            Self::All => true,
            Self::Default => self.selects(rule, case, by_default),
            Self::Category(category) => rule.page().category == category,
            Self::Rule(id) => id == rule.id,
            Self::Case(id, slug) => id == rule.id && slug == case,
        }
    }
}

/// The rule of an id or of a former id. Former ids stand in pages, so they are looked up last.
fn find(rules: &[&'static Rule], id: &str) -> Option<&'static Rule> {
    let known = rules.iter().find(|rule| rule.id == id);
    known.or_else(|| rules.iter().find(|rule| rule.page().aliases.iter().any(|alias| alias == id))).copied()
}

/// The rule that has a case of this slug.
fn with_case(rules: &[&'static Rule], slug: &str) -> Option<&'static Rule> {
    rules.iter().find(|rule| rule.page().case(slug).is_some()).copied()
}

fn level(rules: &[&'static Rule], text: &str) -> Result<(Name, Option<Severity>), UnknownName> {
    let Some((name, word)) = text.split_once('=') else {
        return Err(UnknownName {
            message: format!("`{text}` has no level"),
            help: Some("write RULE=LEVEL".to_owned()),
        });
    };
    let name = match Name::find(rules, name)? {
        name @ (Name::Rule(_) | Name::Case(..) | Name::Category(_)) => name,
        Name::All | Name::Default => {
            return Err(UnknownName {
                message: format!("`{text}`: a level belongs to a rule, to RULE/CASE or to a category"),
                help: None,
            });
        }
    };
    let severity = match word {
        "off" => None,
        word => Some(severity(word).ok_or_else(|| UnknownName {
            message: format!("`{text}`: unknown level `{word}`"),
            help: Some("use error, warning, info or off".to_owned()),
        })?),
    };
    Ok((name, severity))
}

fn severity(word: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Info].into_iter().find(|severity| severity.word() == word)
}

/// A name that is no rule, with the nearest of all names, the `words` among them.
fn unknown_rule(rules: &[&'static Rule], name: &str, words: &[&'static str]) -> UnknownName {
    let message = format!("unknown rule `{name}`");
    if let Some(rule) = with_case(rules, name) {
        return UnknownName { message, help: Some(meant(&format!("{}/{name}", rule.id))) };
    }
    let categories = rules.iter().map(|rule| rule.page().category.word()).filter(|_| !words.is_empty());
    let aliases = rules.iter().flat_map(|rule| rule.page().aliases.iter().map(String::as_str));
    let names = rules.iter().map(|rule| rule.id).chain(aliases).chain(categories).chain(words.iter().copied());
    UnknownName { message, help: nearest(name, names).map(meant) }
}

fn meant(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// The nearest candidate, the first in the alphabet among equals, if it is near enough to be meant.
pub(super) fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + text.chars().count() / 4;
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(text, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for UnknownName {}

#[cfg(test)]
mod tests {
    use super::{Choice, Selection, UnknownName, rule_named};
    use crate::finding::Severity;
    use crate::rules::Rule;

    static ROUTE: Rule = Rule::new(
        "shadowed-route",
        "---\nid: shadowed-route\nsummary: s\ncategory: routing\ndialects: [x]\nsince: 0.1.0\nstatus: stable\n\
         fix: none\naliases: [hidden-route]\ncases:\n  - {slug: never, severity: warning}\n  \
         - {slug: hardly, severity: info, default: false}\n---\nText.\n",
    );
    static FIELD: Rule = Rule::new(
        "unknown-field",
        "---\nid: unknown-field\nsummary: s\ncategory: schema\ndialects: [x]\nsince: 0.1.0\nstatus: stable\n\
         fix: none\ncases:\n  - {slug: unknown-field, severity: error}\n---\nText.\n",
    );
    static ENDED: Rule = Rule::new(
        "service-ended",
        "---\nid: service-ended\nsummary: s\ncategory: migration\ndialects: [x]\nsince: 0.1.0\nstatus: stable\n\
         fix: none\ncases:\n  - {slug: service-ended, severity: info, default: false}\n---\nText.\n",
    );
    static TRIAL: Rule = Rule::new(
        "odd-route",
        "---\nid: odd-route\nsummary: s\ncategory: routing\ndialects: [x]\nsince: 0.1.0\nstatus: nursery\n\
         fix: none\ncases:\n  - {slug: odd, severity: warning}\n---\nText.\n",
    );
    static RULES: [&Rule; 4] = [&TRIAL, &ENDED, &ROUTE, &FIELD];

    const CASES: [(&Rule, &str); 5] =
        [(&ROUTE, "never"), (&ROUTE, "hardly"), (&FIELD, "unknown-field"), (&ENDED, "service-ended"), (&TRIAL, "odd")];

    fn selection(select: &str, ignore: &str, severity: &str) -> Result<Selection, UnknownName> {
        let list = |text: &str| text.split_terminator(',').map(str::to_owned).collect::<Vec<_>>();
        Selection::among(&RULES, &list(select), &list(ignore), &list(severity))
    }

    /// The slugs that are on, and a check that no rule is left out that would have had something to say.
    fn on(select: &str, ignore: &str) -> Vec<&'static str> {
        let selection = selection(select, ignore, "").unwrap();
        let on = |&&(rule, slug): &&(&'static Rule, &str)| selection.judge(rule, slug, None) != Choice::Off;
        let chosen: Vec<_> = CASES.iter().filter(on).collect();
        for (rule, slug) in &chosen {
            assert!(selection.wants(rule), "{}/{slug} is on and its rule does not run", rule.id);
        }
        chosen.into_iter().map(|(_, slug)| *slug).collect()
    }

    #[test]
    fn nothing_asked_for_is_what_pages_have_on() {
        assert_eq!(on("", ""), ["never", "unknown-field"]);
        assert_eq!(on("default", ""), ["never", "unknown-field"]);
        let default = Selection::default();
        assert_eq!(default.judge(&ROUTE, "never", None), Choice::On(Severity::Warning));
        assert_eq!(default.judge(&ROUTE, "never", Some(Severity::Error)), Choice::On(Severity::Error));
    }

    #[test]
    fn names_bring_default_cases_and_all_brings_every_one() {
        assert_eq!(on("shadowed-route", ""), ["never"]);
        assert_eq!(on("hidden-route", ""), ["never"]);
        assert_eq!(on("routing", ""), ["never"]);
        assert_eq!(on("shadowed-route/hardly", ""), ["hardly"]);
        assert_eq!(on("all", ""), ["never", "hardly", "unknown-field", "service-ended"]);
        assert_eq!(on("default,shadowed-route/hardly", ""), ["never", "hardly", "unknown-field"]);
    }

    #[test]
    fn a_rule_that_is_off_as_a_whole_runs_when_named() {
        assert_eq!(on("service-ended", ""), ["service-ended"]);
        assert_eq!(on("migration", ""), [""; 0]);
        assert_eq!(on("odd-route", ""), ["odd"]);
        assert_eq!(on("odd-route/odd", ""), ["odd"]);
    }

    #[test]
    fn ignoring_wins() {
        assert_eq!(on("", "routing"), ["unknown-field"]);
        assert_eq!(on("shadowed-route/hardly", "shadowed-route"), [""; 0]);
        assert_eq!(on("all", "shadowed-route/never,service-ended"), ["hardly", "unknown-field"]);
        assert_eq!(on("unknown-field", "all"), [""; 0]);
    }

    #[test]
    fn rules_without_a_wanted_case_do_not_run() {
        assert!(!selection("shadowed-route", "", "").unwrap().wants(&FIELD));
        assert!(!selection("", "schema", "").unwrap().wants(&FIELD));
        assert!(!selection("", "unknown-field", "").unwrap().wants(&FIELD));
        assert!(!selection("", "shadowed-route/never", "").unwrap().wants(&ROUTE));
        assert!(!selection("", "", "unknown-field=off").unwrap().wants(&FIELD));
        assert!(selection("", "unknown-field", "").unwrap().wants(&ROUTE));
    }

    #[test]
    fn the_level_of_a_case_beats_that_of_its_rule_and_the_last_wins() {
        let levels = "shadowed-route/never=error,shadowed-route=info,unknown-field=error,unknown-field=off";
        let selection = selection("all", "", levels).unwrap();
        assert_eq!(selection.judge(&ROUTE, "never", Some(Severity::Info)), Choice::On(Severity::Error));
        assert_eq!(selection.judge(&ROUTE, "hardly", Some(Severity::Warning)), Choice::On(Severity::Info));
        assert_eq!(selection.judge(&FIELD, "unknown-field", None), Choice::Off);
    }

    #[test]
    fn the_level_of_a_rule_beats_that_of_its_category() {
        let selection = selection("all", "", "shadowed-route=error,routing=off,schema=info").unwrap();
        assert_eq!(selection.judge(&ROUTE, "never", None), Choice::On(Severity::Error));
        assert_eq!(selection.judge(&FIELD, "unknown-field", None), Choice::On(Severity::Info));
        assert!(!self::selection("", "", "schema=off").unwrap().wants(&FIELD));
    }

    #[test]
    fn a_level_turns_nothing_on() {
        let selection = selection("", "", "service-ended=error").unwrap();
        assert_eq!(selection.judge(&ENDED, "service-ended", None), Choice::Off);
    }

    #[test]
    fn unknown_names_come_with_the_nearest_one() {
        let refused = |select: &str, severity: &str| selection(select, "", severity).unwrap_err().to_string();
        assert_eq!(refused("shadowed-rout", ""), "unknown rule `shadowed-rout`; did you mean `shadowed-route`?");
        assert_eq!(refused("ruoting", ""), "unknown rule `ruoting`; did you mean `routing`?");
        assert_eq!(refused("hardly", ""), "unknown rule `hardly`; did you mean `shadowed-route/hardly`?");
        assert_eq!(
            refused("shadowed-route/hardy", ""),
            "rule `shadowed-route` has no case `hardy`; did you mean `shadowed-route/hardly`?"
        );
        assert_eq!(refused("nothing-of-the-kind", ""), "unknown rule `nothing-of-the-kind`");
        assert_eq!(
            refused("", "unknown-field=fatal"),
            "`unknown-field=fatal`: unknown level `fatal`; use error, warning, info or off"
        );
        assert_eq!(refused("", "unknown-field"), "`unknown-field` has no level; write RULE=LEVEL");
        assert_eq!(refused("", "all=off"), "`all=off`: a level belongs to a rule, to RULE/CASE or to a category");
    }

    #[test]
    fn a_rule_is_found_by_what_people_have_at_hand() {
        for name in ["shadowed-route", "hidden-route", "shadowed-route/hardly", "hardly"] {
            assert_eq!(rule_named(&RULES, name).map(|rule| rule.id), Ok("shadowed-route"));
        }
        assert_eq!(rule_named(&RULES, "routing").map(|rule| rule.id).unwrap_err().help, None);
    }
}
