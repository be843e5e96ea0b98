//! Counters by the values of closed lists. Each begins at zero and is there from the start, so that the first one counted
//! is seen to be one more.

use std::marker::PhantomData;

use prometheus::{IntCounter, IntCounterVec, Opts, Registry};
use rekey_shared::problem::ProblemCode;

use crate::error::Error;

/// A label with all its values.
pub(crate) trait Label: Copy + 'static {
    const NAME: &'static str;
    const ALL: &'static [Self];

    fn text(self) -> &'static str;
}

/// Makes a label of a list of values.
macro_rules! labels {
    ($(#[$meta:meta])* $label:ident as $name:literal { $($(#[$about:meta])* $value:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum $label {
            $($(#[$about])* $value,)+
        }

        impl $crate::metrics::counters::Label for $label {
            const NAME: &'static str = $name;
            const ALL: &'static [Self] = &[$(Self::$value),+];

            fn text(self) -> &'static str {
                match self {
                    $(Self::$value => $text,)+
                }
            }
        }
    };
}
pub(crate) use labels;

/// A counter for each value of a label.
pub(crate) struct CounterBy<L> {
    counters: IntCounterVec,
    label: PhantomData<L>,
}

impl<L: Label> CounterBy<L> {
    pub(super) fn new(registry: &Registry, name: &str, help: &str) -> prometheus::Result<Self> {
        let counters = IntCounterVec::new(Opts::new(name, help), &[L::NAME])?;
        registry.register(Box::new(counters.clone()))?;
        let all = Self { counters, label: PhantomData };
        for value in L::ALL {
            all.of(*value);
        }
        Ok(all)
    }

    /// The counter of one value, for whoever counts nothing else.
    pub(crate) fn of(&self, value: L) -> IntCounter {
        self.counters.with_label_values(&[value.text()])
    }

    pub(crate) fn count(&self, value: L) {
        self.of(value).inc();
    }

    pub(crate) fn count_many(&self, value: L, number: usize) {
        self.of(value).inc_by(u64::try_from(number).unwrap_or(u64::MAX));
    }
}

/// A counter for each way in which something ends: well, in one of the ways that its label names, or with the problem
/// that the caller is told, under its code.
pub(crate) struct Outcomes<L> {
    good: CounterBy<L>,
}

impl<L: Label> Outcomes<L> {
    pub(super) fn new(
        registry: &Registry,
        name: &str,
        help: &str,
        problems: &[ProblemCode],
    ) -> prometheus::Result<Self> {
        let good = CounterBy::new(registry, name, help)?;
        for problem in problems {
            good.counters.with_label_values(&[problem.text()]);
        }
        Ok(Self { good })
    }

    pub(crate) fn good(&self, value: L) {
        self.good.count(value);
    }

    pub(crate) fn refused(&self, error: &Error) {
        self.good.counters.with_label_values(&[error.problem_code().text()]).inc();
    }
}
