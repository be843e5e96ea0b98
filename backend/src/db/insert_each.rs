/// Inserts many rows as each database does it soonest: PostgreSQL in one statement, SQLite by two that are read once, one for
/// eight rows and one for a single row. What a statement does once, such as to open the table and its indexes, is a fifth of
/// what a row costs.
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
                let (chunks, rest) = $rows[..].as_chunks::<8>();
                for chunk in chunks {
                    diesel::insert_into($table).values(chunk).execute(sqlite)?;
                }
                for row in rest {
                    diesel::insert_into($table).values(row).execute(sqlite)?;
                }
            }
        }
    };
}
pub(crate) use insert_each;
