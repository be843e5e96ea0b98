//! What the database is asked, word for word, so that a test can compare what two requests cost. Only with the feature
//! `drill`.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Connection, InstrumentationEvent};

use super::Db;

/// The statements of all connections of a pool, from the first time that somebody asks for them.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Option<Vec<String>>>>);

impl Statements {
    /// Listens to a connection.
    pub(super) fn listen_to(&self, db: &mut Db) {
        let statements = self.clone();
        db.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                statements.add(|| query.to_string());
            }
        });
    }

    fn add(&self, text: impl FnOnce() -> String) {
        if let Some(statements) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let text = text();
            // Behind it stand the values.
            statements.push(text.split(" -- binds:").next().unwrap_or_default().to_owned());
        }
    }

    /// What came since somebody asked last.
    pub fn take(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(Vec::new()).unwrap_or_default()
    }
}
