//! What a rule says, and what becomes of it.

use crate::source::{Place, Span};

use super::{Category, Severity, Witness};

/// The resource that a finding is about, by its identity and not by its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The vocabulary, as `kubernetes`.
    pub dialect: &'static str,
    /// The API version as written.
    pub api_version: String,
    /// The kind as written.
    pub kind: String,
    /// The namespace as written, where there is one.
    pub namespace: Option<String>,
    /// The name as written.
    pub name: String,
}

/// A place that a finding points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be said about that place; may be empty on the primary label.
    pub text: String,
    /// JSON pointer of the place inside its document, filled in by the engine.
    pub pointer: String,
    /// What the place was rendered from, where its document says so; filled in by the engine.
    pub rendered: Option<Rendered>,
}

impl Label {
    /// A label that the engine has not looked at yet.
    #[must_use]
    pub fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into(), pointer: String::new(), rendered: None }
    }

    /// Where a reader can mend it: in the template that the place was rendered from, if that is known, else here.
    #[must_use]
    pub fn home(&self) -> Place {
        self.rendered.as_ref().and_then(|rendered| rendered.place).unwrap_or(self.place)
    }
}

/// What a place was rendered from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The template as the rendered text names it.
    pub name: String,
    /// The place in the template, where there is such a file: the text that the line was made from, or the
    /// beginning, empty, where that cannot be told.
    pub place: Option<Place>,
}

/// Whether a fix keeps the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// The result means what the author certainly meant.
    Safe,
    /// The result may mean something else.
    Unsafe,
}

/// What is to be done at a place, in the terms of whoever knows resources and not how they are written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The bytes of the place become this text, as it stands here.
    Text(String),
    /// The key or the scalar at the place says this instead, in the quotes that it has.
    Say(String),
    /// The key of the entry whose value is at the place becomes this one, with a capital if it had one.
    Rename(String),
    /// The entry goes whose key or value is at the place.
    RemoveEntry,
    /// The item of a list goes that the place lies in: the innermost one.
    RemoveItem,
    /// The mapping in which the key or the value at the place stands gets one more entry. Several keys are mappings in
    /// one another.
    Insert {
        /// The keys, the outermost first.
        keys: Vec<String>,
        /// The text that the last one says.
        value: String,
    },
}

/// One replacement in the text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub place: Place,
    /// The text that comes.
    pub text: String,
}

/// A remedy that a machine can carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it keeps the meaning.
    pub applicability: Applicability,
    /// What is to be done.
    pub changes: Vec<(Place, Change)>,
    /// What comes of it in the text, by the order of places and without overlap; filled in by the engine, which drops a
    /// fix that cannot be carried out.
    pub edits: Vec<Edit>,
}

/// What a rule says. The engine adds what the rule's page knows: severity, category, address.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The case of the rule.
    pub case: &'static str,
    /// Set where the severity is not the one of the case's page.
    pub severity: Option<Severity>,
    /// One sentence that stands alone: lower case, no full stop, names in backticks.
    pub message: String,
    /// The primary place first, then the others.
    pub labels: Vec<Label>,
    /// What breaks.
    pub why: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Remedies.
    pub fixes: Vec<Fix>,
    /// The request that proves it, where it is about routes.
    pub witness: Option<Witness>,
    /// The resource it is about.
    pub subject: Option<Subject>,
}

impl Draft {
    /// A draft of a case with its message. It needs a place: see [`Draft::at`].
    #[must_use]
    pub fn new(case: &'static str, message: impl Into<String>) -> Self {
        Self {
            case,
            severity: None,
            message: message.into(),
            labels: Vec::new(),
            why: None,
            help: None,
            fixes: Vec::new(),
            witness: None,
            subject: None,
        }
    }

    /// Adds a place: the first is the primary one.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label::new(place, text));
        self
    }

    /// Says what breaks.
    #[must_use]
    pub fn why(mut self, text: impl Into<String>) -> Self {
        self.why = Some(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Departs from the severity of the case's page.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Proves it by a request.
    #[must_use]
    pub fn witness(mut self, witness: Witness) -> Self {
        self.witness = Some(witness);
        self
    }

    /// Names the resource it is about.
    #[must_use]
    pub fn on(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Adds a fix that lets a key or scalar of the primary place's file say something else.
    #[must_use]
    pub fn fix(
        self,
        title: impl Into<String>,
        applicability: Applicability,
        span: Span,
        text: impl Into<String>,
    ) -> Self {
        self.remedy(title, applicability, [(span, Change::Say(text.into()))])
    }

    /// Adds a fix of some changes in the primary place's file.
    #[must_use]
    pub fn remedy(
        mut self,
        title: impl Into<String>,
        applicability: Applicability,
        changes: impl IntoIterator<Item = (Span, Change)>,
    ) -> Self {
        if let Some(label) = self.labels.first() {
            let file = label.place.file;
            let changes = changes.into_iter().map(|(span, change)| (Place::new(file, span), change)).collect();
            self.fixes.push(Fix { title: title.into(), applicability, changes, edits: Vec::new() });
        }
        self
    }
}

/// Where it is written that a finding is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silencer {
    /// In the manifest: a comment, an annotation.
    Manifest,
    /// In the configuration.
    Configuration,
}

/// Whether a finding counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    #[default]
    Active,
    /// An ignore silences it.
    Ignored {
        /// Why, in the words of whoever ignored it.
        reason: Option<String>,
        /// Where that is written.
        by: Silencer,
    },
    /// It was there before, and the baseline knows it.
    Baseline,
}

impl Status {
    /// The word that stands in reports.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ignored { .. } => "ignored",
            Self::Baseline => "baseline",
        }
    }
}

/// A place inside of a resource that survives moved lines, reformatting and reordered lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locus {
    /// Like a JSON pointer, with the names of list items in the place of their numbers: `/spec/routes/[canary]/name`.
    pub path: String,
    /// The text of the scalar there.
    pub value: String,
}

/// One diagnostic, ready to be reported.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The case of the rule.
    pub case: &'static str,
    /// How grave it is, after configuration.
    pub severity: Severity,
    /// What the rule is about.
    pub category: Category,
    /// One sentence that stands alone.
    pub message: String,
    /// The primary place first; never empty.
    pub labels: Vec<Label>,
    /// What breaks.
    pub why: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Remedies.
    pub fixes: Vec<Fix>,
    /// The request that proves it, where it is about routes.
    pub witness: Option<Witness>,
    /// The resource it is about.
    pub subject: Option<Subject>,
    /// Whether it counts.
    pub status: Status,
    /// Where in its resource it is, by names instead of numbers, and the text that stands there.
    pub locus: Locus,
    /// Survives moved lines and reformatting: a hash of rule, case, subject, locus and an ordinal.
    pub fingerprint: String,
}

impl Finding {
    /// The primary place.
    #[must_use]
    pub fn place(&self) -> Place {
        self.labels[0].place
    }

    /// Whether it counts: neither an ignore nor the baseline silences it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }
}
