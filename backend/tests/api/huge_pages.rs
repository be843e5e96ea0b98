//! Passwords are hashed in pages of 2 MiB, where Linux gives them to whoever asks.

use crate::support::database::Kind;
use crate::support::instances::Instance;
use crate::support::process::Site;

const TUNABLES: &str = "GLIBC_TUNABLES";

#[tokio::test]
async fn a_server_asks_for_them_unless_the_operator_says_otherwise() {
    let said = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled").unwrap_or_default();
    let are_given = said.contains("[madvise]");
    let site = Site::new(Kind::Sqlite).await;
    let password = site.has_account("ann", "ann@example.com");

    let Instance { running, door } = site.instance(&[]).await;
    assert_eq!(door.logs_in("ann", &password).await.status(), 200);
    assert_eq!(running.environment(TUNABLES), are_given.then(|| "glibc.malloc.hugetlb=1".to_owned()));
    if are_given {
        assert!(running.huge_pages() > 0);
    }
    drop(running);

    let Instance { running, door } = site.instance(&[(TUNABLES, "")]).await;
    assert_eq!(door.logs_in("ann", &password).await.status(), 200);
    assert_eq!(running.environment(TUNABLES).as_deref(), Some(""));
    if are_given {
        assert_eq!(running.huge_pages(), 0);
    }
}
