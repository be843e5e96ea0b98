//! What there is in the model: the rows of the database as far as the protocol looks at them, who is in the middle of
//! something, and what the mail server has handed over.
//!
//! Time is told in epochs: a promise is older than the last change of credentials when the account's epoch has been raised
//! since. A clock is not as exact: it shows the same millisecond for both, or the change waited for the account's lock and
//! bears the time from before it waited. Then a link that was asked for in that moment comes all the same: to its owner,
//! made under the new epoch. Nothing expires.
//!
//! An index into [`World::promises`] names a promise, one into [`World::letters`] a letter.

/// As many as may have something in hand at once.
pub const WORKERS: usize = 2;
/// As many as may be in the middle of a confirmation at once: two people, or two tabs.
pub const CONFIRMERS: usize = 2;

/// Everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub account: Account,
    /// The mail queue, oldest first.
    pub promises: Vec<Promise>,
    /// What each worker has in hand, one or two promises; one that is not here is idle. Workers have no names: one that dies
    /// and is started again is as good as another.
    pub workers: Vec<Vec<InHand>>,
    /// What has been delivered, and can still do something.
    pub letters: Vec<Letter>,
    pub person: Person,
    /// How often a reset may still be asked for.
    pub requests: u8,
    /// How often something may still go wrong.
    pub faults: u8,
    /// Kept for the properties: under which epochs the links were made that were confirmed.
    pub confirmed: Vec<u8>,
}

/// A row of `accounts`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    pub epoch: u8,
    /// The own password, if it is not cleared: under which epoch the person was checked who chose it.
    pub own_password: Option<u8>,
    /// Kept for the properties: the epoch that the last confirmation made.
    pub reset: u8,
}

/// A row of `mail_queue`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Promise {
    pub kind: Kind,
    /// The epoch when it was promised: of a link that stands for `created_at`, of a password it is the row's `epoch`.
    pub epoch: u8,
    pub state: State,
    pub lease: Lease,
    /// Kept for the properties: how many letters came of it.
    pub delivered: u8,
    /// Kept for the properties: how many of them cannot be helped, because nobody could know of one when the next was sent.
    pub forgiven: u8,
    /// Kept for the properties: the mail server has said that it will never take it.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    ResetLink,
    NewPassword,
    /// A letter without a secret.
    PasswordChanged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Waiting,
    Sent,
    Dropped,
    Stopped,
}

/// `leased_until`, against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lease {
    Free,
    /// Somebody's, perhaps of a worker that is dead.
    Leased,
    /// Over, while its worker lives and has not noticed: anybody may take the promise, and until then it is still held.
    RunOut,
}

/// A promise in the hands of a worker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InHand {
    pub promise: usize,
    /// `leased_until` is what this worker wrote; otherwise another one has taken the promise over.
    pub is_holder: bool,
    pub stage: Stage,
}

/// How far a worker has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    Leased,
    /// The letter is made; none is the secret of a notice.
    Minted(Option<Letter>),
    /// What is to be settled.
    Answered(Answer),
}

/// What a worker knows of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// The mail server has it.
    Taken,
    /// The mail server has it, and the worker waited in vain to hear so. It may as well come later: nobody has to look into
    /// the mailbox at once.
    Unheard,
    /// The mail server has it not: 4xx, or a connection that broke early enough.
    NotNow,
    /// The mail server has it not, and does not want it: 5xx.
    Never,
    /// There was no connection, and so no letter was made.
    Away,
    /// No letter is owed any more.
    NotOwed,
}

/// A letter with a link or a temporary password, and the row by which the database knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Letter {
    pub secret: Secret,
    /// The account's epoch when it was made.
    pub epoch: u8,
    /// The epoch when it was promised.
    pub promised: u8,
    /// The fingerprint is committed.
    pub is_known: bool,
    /// `used_at` or `ended_at`.
    pub is_ended: bool,
    /// So many have found the link good and are about to claim it.
    pub confirming: usize,
    /// Kept for the properties: how many confirmations claimed it.
    pub claims: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Secret {
    Link,
    Password,
}

impl Letter {
    /// It opens something.
    pub fn is_live(&self) -> bool {
        self.is_known && !self.is_ended
    }
}

/// Who knows the own password or has a mailed one, and may choose another, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    Idle,
    /// Checked, under this epoch, while the new password is being hashed.
    Verified(u8),
    HasChosen,
}

impl World {
    /// An account with a password, and nothing under way.
    pub fn new(requests: u8, faults: u8) -> Self {
        Self {
            account: Account { epoch: 0, own_password: Some(0), reset: 0 },
            promises: Vec::new(),
            workers: Vec::new(),
            letters: Vec::new(),
            person: Person::Idle,
            requests,
            faults,
            confirmed: Vec::new(),
        }
    }

    /// What all workers have in hand.
    pub fn hands(&self) -> impl Iterator<Item = &InHand> {
        self.workers.iter().flatten()
    }

    /// Every letter of which the database may know: delivered, or about to be sent.
    pub fn secrets(&self) -> impl Iterator<Item = &Letter> {
        let in_hand = self.hands().filter_map(|hand| match &hand.stage {
            Stage::Minted(letter) => letter.as_ref(),
            _ => None,
        });
        self.letters.iter().chain(in_hand)
    }

    /// `queue::insert`.
    pub fn promise(&mut self, kind: Kind) {
        self.promises.push(Promise {
            kind,
            epoch: self.account.epoch,
            state: State::Waiting,
            lease: Lease::Free,
            delivered: 0,
            forgiven: 0,
            refused: false,
        });
    }

    /// How many are in the middle of a confirmation.
    pub fn confirming(&self) -> usize {
        self.letters.iter().map(|letter| letter.confirming).sum()
    }

    /// Whether a living worker has the promise's lease.
    pub fn has_holder(&self, promise: usize) -> bool {
        self.hands().any(|hand| hand.is_holder && hand.promise == promise)
    }

    /// The `held!` of the queue.
    pub fn holds(&self, hand: &InHand) -> bool {
        hand.is_holder && self.promises[hand.promise].state == State::Waiting
    }

    /// Makes one of worlds that differ in nothing that could ever matter.
    pub fn tidy(&mut self) {
        let epoch = self.account.epoch;
        // Dead, and of an older epoch: no statement of the protocol brings it back, and nobody has found it good.
        self.letters.retain(|letter| {
            letter.is_live() || letter.epoch == epoch || letter.confirming > 0 || letter.claims > 1 || !letter.is_known
        });
        self.letters.sort_unstable();
        for hands in &mut self.workers {
            hands.sort_unstable();
        }
        self.workers.retain(|hands| !hands.is_empty());
        self.workers.sort_unstable();
        for (index, promise) in self.promises.iter_mut().enumerate() {
            let is_in_hand = self.workers.iter().flatten().any(|hand| hand.promise == index);
            let is_over = promise.state != State::Waiting && !is_in_hand;
            if is_over && promise.delivered > 0 && promise.delivered <= 1 + promise.forgiven {
                (promise.delivered, promise.forgiven) = (1, 0);
            }
        }
    }
}
