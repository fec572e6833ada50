//! Classes of characters as programs over bytes.
//!
//! RE2 shares common tails of UTF-8 sequences through a cache and common heads in a trie. Which of them it shares
//! follows from the order in which ranges arrive, so this keeps to that order.

use std::collections::HashMap;

use super::program::{Code, End, Kind};
use super::set::MAX;
use super::text::Encoding;

/// Bytes from `lo` to `hi`, and where they lead; 0 is the end of the class.
type Key = (Kind, u32);

/// A class in the making.
pub(super) struct Runes<'a> {
    code: &'a mut Code,
    encoding: Encoding,
    cache: HashMap<Key, u32>,
    start: u32,
    ends: Vec<End>,
}

impl<'a> Runes<'a> {
    pub(super) fn new(code: &'a mut Code, encoding: Encoding) -> Self {
        Self { code, encoding, cache: HashMap::new(), start: 0, ends: Vec::new() }
    }

    /// Where the class begins, and its ends.
    pub(super) fn finish(self) -> (u32, Vec<End>) {
        (self.start, self.ends)
    }

    /// Adds a range. Ranges arrive in order. `None` if there is no room.
    pub(super) fn add(&mut self, lo: u32, hi: u32, fold: bool) -> Option<()> {
        match self.encoding {
            Encoding::Utf8 => self.add_utf8(lo, hi, fold),
            Encoding::Latin1 => {
                let Ok(lo) = u8::try_from(lo) else { return Some(()) };
                let hi = u8::try_from(hi).unwrap_or(u8::MAX);
                let id = self.fresh(Kind::Byte { lo, hi, fold }, 0)?;
                if self.start == 0 {
                    self.start = id;
                } else {
                    self.start = self.code.add(Kind::Alt, self.start, id)?;
                }
                Some(())
            }
        }
    }

    fn add_utf8(&mut self, lo: u32, hi: u32, fold: bool) -> Option<()> {
        if lo == 0x80 && hi == MAX {
            return self.add_non_ascii();
        }
        // First by length, then so that both ends have the same leading bytes.
        for last in [0x7F, 0x7FF, 0xFFFF] {
            if lo <= last && last < hi {
                self.add_utf8(lo, last, fold)?;
                return self.add_utf8(last + 1, hi, fold);
            }
        }
        if let (Ok(lo), Ok(hi @ ..=0x7F)) = (u8::try_from(lo), u8::try_from(hi)) {
            let id = self.fresh(Kind::Byte { lo, hi, fold }, 0)?;
            return self.add_sequence(id);
        }
        for mask in [0x3F, 0xFFF, 0x3_FFFF] {
            if lo & !mask != hi & !mask {
                if lo & mask != 0 {
                    self.add_utf8(lo, lo | mask, fold)?;
                    return self.add_utf8((lo | mask) + 1, hi, fold);
                }
                if hi & mask != mask {
                    self.add_utf8(lo, (hi & !mask) - 1, fold)?;
                    return self.add_utf8(hi & !mask, hi, fold);
                }
            }
        }
        let (mut low, mut high) = ([0; 4], [0; 4]);
        let (low, high) = (encode(lo, &mut low), encode(hi, &mut high));
        let mut id = 0;
        for (at, (&lo, &hi)) in low.iter().zip(high).enumerate().rev() {
            let kind = Kind::Byte { lo, hi, fold: false };
            // The last byte is often shared, and so is a range in the middle; the first byte never is.
            let cached = at + 1 == low.len() || (lo < hi && at != 0);
            id = if cached { self.shared(kind, id)? } else { self.fresh(kind, id)? };
        }
        self.add_sequence(id)
    }

    /// Everything that is not ASCII. RE2 lets some invalid sequences in here to save instructions.
    fn add_non_ascii(&mut self) -> Option<()> {
        let mut tail = 0;
        for (lo, hi) in [(0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4)] {
            tail = self.fresh(Kind::Byte { lo: 0x80, hi: 0xBF, fold: false }, tail)?;
            let id = self.fresh(Kind::Byte { lo, hi, fold: false }, tail)?;
            self.add_sequence(id)?;
        }
        Some(())
    }

    fn fresh(&mut self, kind: Kind, next: u32) -> Option<u32> {
        let id = self.code.add(kind, next, 0)?;
        if next == 0 {
            self.ends.push(End { inst: id, second: false });
        }
        Some(id)
    }

    fn shared(&mut self, kind: Kind, next: u32) -> Option<u32> {
        if let Some(&id) = self.cache.get(&(kind, next)) {
            return Some(id);
        }
        let id = self.fresh(kind, next)?;
        self.cache.insert((kind, next), id);
        Some(id)
    }

    fn is_shared(&self, id: u32) -> bool {
        let inst = self.code.inst(id);
        self.cache.contains_key(&(inst.kind, inst.out))
    }

    fn add_sequence(&mut self, id: u32) -> Option<()> {
        self.start = if self.start == 0 { id } else { self.insert(self.start, id)? };
        Some(())
    }

    /// Adds a sequence to a trie and gives the root of what comes out. It goes down while the trie already has the
    /// sequence's bytes; as ranges arrive in order, they can only be what was added last.
    fn insert(&mut self, root: u32, id: u32) -> Option<u32> {
        let at_root = self.code.inst(root).kind != Kind::Alt;
        let same = if at_root { root } else { self.code.inst(root).out1 };
        if self.code.inst(same).kind != self.code.inst(id).kind {
            return self.code.add(Kind::Alt, root, id);
        }
        let mut root = root;
        let mut node = same;
        if self.is_shared(same) {
            // A shared instruction must stay as it is, so the trie gets a copy.
            let inst = self.code.inst(same);
            node = self.code.add(inst.kind, inst.out, inst.out1)?;
            if at_root {
                root = node;
            } else {
                self.code.insts[root as usize].out1 = node;
            }
        }
        let rest = self.code.inst(id).out;
        if !self.is_shared(id) {
            self.code.insts.pop();
        }
        let below = self.insert(self.code.inst(node).out, rest)?;
        self.code.insts[node as usize].out = below;
        Some(root)
    }
}

/// UTF-8, surrogates included.
pub(super) fn encode(rune: u32, buffer: &mut [u8; 4]) -> &[u8] {
    let low = |shift: u32| 0x80 | ((rune >> shift) & 0x3F) as u8;
    match rune {
        0..=0x7F => {
            buffer[0] = rune as u8;
            &buffer[..1]
        }
        0x80..=0x7FF => {
            buffer[..2].copy_from_slice(&[0xC0 | (rune >> 6) as u8, low(0)]);
            &buffer[..2]
        }
        0x800..=0xFFFF => {
            buffer[..3].copy_from_slice(&[0xE0 | (rune >> 12) as u8, low(6), low(0)]);
            &buffer[..3]
        }
        _ => {
            buffer.copy_from_slice(&[0xF0 | (rune >> 18) as u8, low(12), low(6), low(0)]);
            &buffer[..4]
        }
    }
}
