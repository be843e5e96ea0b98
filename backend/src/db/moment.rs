use std::sync::Arc;

use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{IsNull, Output, Result, ToSql};
use diesel::sql_types;
use diesel::sqlite::Sqlite;

use crate::clock::Timestamp;

/// A moment in a row that is written often. SQLite has it as text, and diesel reads the pattern for that text anew each time,
/// which is a fifteenth of what such a row costs. chrono's own way of writing a moment is the same; clones share it.
#[derive(Clone, Debug, AsExpression)]
#[diesel(sql_type = sql_types::Timestamp)]
pub(crate) struct Moment {
    time: Timestamp,
    text: Arc<str>,
}

impl Moment {
    pub(crate) fn is(&self, time: Timestamp) -> bool {
        self.time == time
    }
}

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self { time, text: time.to_string().into() }
    }
}

impl ToSql<sql_types::Timestamp, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> Result {
        ToSql::<sql_types::Timestamp, Pg>::to_sql(&self.time, out)
    }
}

impl ToSql<sql_types::Timestamp, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> Result {
        out.set_value(&*self.text);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;

    #[test]
    fn sqlite_has_it_as_diesel_writes_it() {
        let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
        for text in
            ["2026-11-28T14:15:16.789", "2026-01-02T03:04:05", "1970-01-01T00:00:00.010", "9999-12-31T23:59:59.9"]
        {
            let time: Timestamp = text.parse().unwrap();
            // Two bound texts are equal when their bytes are.
            let is_same = diesel::select(time.into_sql::<sql_types::Timestamp>().eq(Moment::from(time)));
            assert!(is_same.get_result::<bool>(&mut sqlite).unwrap(), "{text}");
        }
    }
}
