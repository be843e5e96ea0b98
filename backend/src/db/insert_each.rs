/// Inserts many rows as each database does it soonest: PostgreSQL in one statement, SQLite by one that is read once.
macro_rules! insert_each {
    ($db:expr, $table:expr, $rows:expr) => {
        match $db {
            $crate::db::Db::Postgres(postgres) => match &$rows[..] {
                [] => {}
                // Stays prepared, which the text for many does not: there are as many as numbers of rows.
                [row] => {
                    diesel::insert_into($table).values(row).execute(postgres)?;
                }
                rows => {
                    diesel::insert_into($table).values(rows).execute(postgres)?;
                }
            },
            $crate::db::Db::Sqlite(sqlite) => {
                for row in &$rows[..] {
                    diesel::insert_into($table).values(row).execute(sqlite)?;
                }
            }
        }
    };
}
pub(crate) use insert_each;
