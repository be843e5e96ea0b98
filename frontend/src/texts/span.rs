/// A length of time as a person says it; rounded up, so that nobody comes too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Seconds(u64),
    Minutes(u64),
    Hours(u64),
    Days(u64),
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Span {
    pub(crate) const fn of(seconds: u64) -> Self {
        if seconds <= MINUTE {
            // "In 0 seconds" reads like a fault.
            Self::Seconds(if seconds == 0 { 1 } else { seconds })
        } else if seconds == HOUR {
            Self::Hours(1)
        } else if seconds <= 2 * HOUR {
            // "90 minutes" says more than "2 hours".
            Self::Minutes(seconds.div_ceil(MINUTE))
        } else if seconds <= 2 * DAY {
            // "24 hours" is what people call a day that does not end at midnight.
            Self::Hours(seconds.div_ceil(HOUR))
        } else {
            Self::Days(seconds.div_ceil(DAY))
        }
    }

    /// The number and the word for it, of which each language gives singular and plural.
    pub(crate) fn with(self, words: [(&str, &str); 4]) -> String {
        let (number, (one, many)) = match self {
            Self::Seconds(number) => (number, words[0]),
            Self::Minutes(number) => (number, words[1]),
            Self::Hours(number) => (number, words[2]),
            Self::Days(number) => (number, words[3]),
        };
        format!("{number} {}", if number == 1 { one } else { many })
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn it_is_told_in_the_unit_that_a_person_would_use_and_never_too_short() {
        assert_eq!(Span::of(0), Span::Seconds(1));
        assert_eq!(Span::of(59), Span::Seconds(59));
        assert_eq!(Span::of(61), Span::Minutes(2));
        assert_eq!(Span::of(900), Span::Minutes(15));
        assert_eq!(Span::of(3_600), Span::Hours(1));
        assert_eq!(Span::of(5_400), Span::Minutes(90));
        assert_eq!(Span::of(7_201), Span::Hours(3));
        assert_eq!(Span::of(86_400), Span::Hours(24));
        assert_eq!(Span::of(259_200), Span::Days(3));
    }
}
