//! The named classes of RE2: Perl's, POSIX's and Unicode's.

use std::sync::OnceLock;

use super::set::{MAX, Set, property};

/// General categories by the only names that RE2 takes, which are the short ones (its `unicode_groups.cc`), and its own
/// name for everything.
const CATEGORIES: &str = "\
    Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs";

/// Scripts of Unicode 15 by the only names that RE2 takes, which are the long ones.
const SCRIPTS: &str = "\
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki \
    Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee \
    Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan \
    Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi \
    Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited \
    Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi \
    Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian \
    Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui \
    Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari \
    Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic \
    Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage \
    Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan \
    Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri \
    Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh \
    Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square";

/// How many names there are in both lists; a test counts them.
const TABLE_COUNT: usize = 200;

/// Categories whose characters may be in the name of a group, besides ASCII word characters (RE2's
/// `IsValidCaptureName`).
const NAME_CATEGORIES: [&str; 10] = ["Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Mn", "Mc", "Nd", "Pc"];

/// The only character that Unicode 16 moved from one category to another, from `Mn` to `Mc`.
const MOVED: (u32, u32) = (0x1171E, 0x1171E);

/// `\p{name}`; `None` for a name that RE2 does not know.
pub(super) fn unicode(name: &str) -> Option<&'static Set> {
    // Finding a table takes long enough to matter in a pattern that asks for it a thousand times.
    static TABLES: [OnceLock<Set>; TABLE_COUNT] = [const { OnceLock::new() }; TABLE_COUNT];
    let names = CATEGORIES.split_ascii_whitespace().map(|name| (name, "gc"));
    let names = names.chain(SCRIPTS.split_ascii_whitespace().map(|name| (name, "sc")));
    let (table, (name, kind)) = TABLES.iter().zip(names).find(|(_, (known, _))| *known == name)?;
    Some(table.get_or_init(|| read(name, kind)))
}

fn read(name: &str, kind: &str) -> Set {
    match name {
        "Any" => Set::new(vec![(0, MAX)]),
        "Cs" => surrogates(),
        // RE2's `C` has no unassigned code points, unlike Unicode's.
        "C" => {
            let parts = ["Cc", "Cf", "Co"].map(|part| property(&format!("gc={part}")));
            Set::new(parts.iter().flat_map(|set| set.ranges()).chain(surrogates().ranges()).copied().collect())
        }
        "Mn" => Set::new(property("gc=Mn").ranges().iter().copied().chain([MOVED]).collect()),
        "Mc" => {
            let others = property("gc=Mc").negated();
            Set::new(others.ranges().iter().copied().chain([MOVED]).collect()).negated()
        }
        _ => property(&format!("{kind}={name}")),
    }
}

fn surrogates() -> Set {
    Set::new(vec![(0xD800, 0xDFFF)])
}

/// `\d`, `\s`, `\w` by their lower-case letter: ASCII only, and `\s` has no vertical tab (RE2's `perl_groups.cc`).
pub(super) fn perl(letter: u32) -> Option<Set> {
    let ranges = match char::from_u32(letter)? {
        'd' => vec![(0x30, 0x39)],
        's' => vec![(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)],
        'w' => WORD.to_vec(),
        _ => return None,
    };
    Some(Set::new(ranges))
}

const WORD: [(u32, u32); 4] = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];

/// `[:name:]`, without its negation; `None` for a name that does not exist.
pub(super) fn posix(name: &str) -> Option<Set> {
    let ranges = match name {
        "alnum" => vec![(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
        "alpha" => vec![(0x41, 0x5A), (0x61, 0x7A)],
        "ascii" => vec![(0x00, 0x7F)],
        "blank" => vec![(0x09, 0x09), (0x20, 0x20)],
        "cntrl" => vec![(0x00, 0x1F), (0x7F, 0x7F)],
        "digit" => vec![(0x30, 0x39)],
        "graph" => vec![(0x21, 0x7E)],
        "lower" => vec![(0x61, 0x7A)],
        "print" => vec![(0x20, 0x7E)],
        "punct" => vec![(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
        "space" => vec![(0x09, 0x0D), (0x20, 0x20)],
        "upper" => vec![(0x41, 0x5A)],
        "word" => WORD.to_vec(),
        "xdigit" => vec![(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
        _ => return None,
    };
    Some(Set::new(ranges))
}

/// Whether a character may be in the name of a group.
pub(super) fn is_name(rune: u32) -> bool {
    if rune < 0x80 {
        return WORD.iter().any(|&(lo, hi)| (lo..=hi).contains(&rune));
    }
    NAME_CATEGORIES.iter().filter_map(|name| unicode(name)).any(|set| set.contains(rune))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_table_with_something_in_it() {
        let names: Vec<&str> = CATEGORIES.split_ascii_whitespace().chain(SCRIPTS.split_ascii_whitespace()).collect();
        assert_eq!(names.len(), TABLE_COUNT);
        for name in names {
            assert!(!unicode(name).unwrap().is_empty(), "{name}");
        }
    }
}
