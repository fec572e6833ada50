//! The declarations: `shape!` for an object, `choice!` for a few words.

/// Declares an object: a struct with a [`Field`](super::Field) for each of its fields, its
/// [`Table`](super::Table), and how it is lowered. Behind a field's name on Kubernetes stand the methods
/// of [`Spec`](super::Spec) that say what is asked of it.
macro_rules! shape {
    (
        $(#[$meta:meta])*
        pub struct $name:ident = $words:literal {
            $( $field:ident: $ty:ty = $key:literal $(, $asked:ident $( ( $($bound:expr),* ) )? )*; )*
        }
        $( one_of { [ $($member:literal),* ] $(, none $none:literal)? $(, several $several:literal)? $(, on $on:ident)? } )*
        $( hint { $hint:literal, $case:literal, $advice:literal } )*
        $( check $check:path )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $key, "`")]
                pub $field: $crate::dialect::shape::Field<$ty>,
            )*
            /// Whether a placeholder or a key that does not belong may stand for fields that are not written.
            pub is_partial: bool,
        }

        impl $crate::dialect::shape::Shape for $name {
            const TABLE: &'static $crate::dialect::shape::Table = &$crate::dialect::shape::Table {
                words: $words,
                fields: &[$(
                    $crate::dialect::shape::Spec::new($key, <$ty as $crate::dialect::shape::Lower>::TYPE)
                        $( .$asked( $($($bound),*)? ) )*
                ),*],
                unions: &[$(
                    $crate::dialect::shape::Union {
                        none: $crate::dialect::shape::maybe!($($none)?),
                        several: $crate::dialect::shape::maybe!($($several)?),
                        fields: &[$($member),*],
                        on: $crate::dialect::shape::on!($($on)?),
                    }
                ),*],
                hints: &[$( ($hint, $case, $advice) ),*],
            };

            fn set(
                &mut self,
                cx: &mut $crate::dialect::shape::Cx<'_>,
                index: usize,
                key: $crate::source::Span,
                node: $crate::yaml::NodeId,
            ) {
                let mut at = 0;
                $(
                    if index == at {
                        self.$field = $crate::dialect::shape::read(cx, key, node, &Self::TABLE.fields[at]);
                        return;
                    }
                    at += 1;
                )*
                let _ = at;
            }

            fn key(&self, index: usize) -> Option<$crate::source::Span> {
                let keys = [$( (!self.$field.is_absent()).then_some(self.$field.key) ),*];
                keys.get(index).copied().flatten()
            }

            fn is_partial(&self) -> bool {
                self.is_partial
            }

            fn set_partial(&mut self, is_partial: bool) {
                self.is_partial = is_partial;
            }

            $(
                fn check(&self, cx: &mut $crate::dialect::shape::Cx<'_>) {
                    $check(self, cx);
                }
            )?
        }
    };
}

/// Declares a type of a few words.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident { $( $variant:ident = $word:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( #[doc = concat!("`", $word, "`")] $variant ),*
        }

        impl $name {
            /// The word as it is written.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::dialect::shape::Lower for $name {
            const TYPE: $crate::dialect::shape::Type = $crate::dialect::shape::Type::Choice(&[$($word),*]);

            fn lower(
                cx: &mut $crate::dialect::shape::Cx<'_>,
                node: $crate::yaml::NodeId,
                _key: $crate::source::Span,
                spec: &$crate::dialect::shape::Spec,
            ) -> $crate::dialect::shape::State<Self> {
                $crate::dialect::shape::lower_choice(cx, node, spec, &[$($word),*], &[$(Self::$variant),*])
            }
        }
    };
}

/// The spellings that are named, or all.
macro_rules! on {
    () => {
        $crate::dialect::shape::On::All
    };
    ($on:ident) => {
        $crate::dialect::shape::On::$on
    };
}

/// `Some` of what is there.
macro_rules! maybe {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

pub(crate) use {choice, maybe, on, shape};
