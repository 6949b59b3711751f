//! Opening: what is checked, and the line that each refusal gives.

use passerelle_store::{OpenError, Store, StoreConfig, Synchronous};

#[tokio::test]
async fn a_database_opens_again_with_everything_in_it() {
    let house = super::House::open().await;
    house.store.close().await;
    let again = Store::open(house.folder.path(), &StoreConfig::default()).await.expect("it opens again");
    assert_eq!(again.user(house.app, house.user.id).await.expect("a read"), Some(house.user.clone()));
    assert_eq!(again.integrity().await.expect("a read"), Vec::<String>::new());
    assert!(again.sqlite_version().starts_with("3."));
}

#[tokio::test]
async fn both_ways_of_keeping_commits_are_taken() {
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        let folder = tempfile::tempdir().expect("a folder");
        let config = StoreConfig { synchronous, ..StoreConfig::default() };
        Store::open(folder.path(), &config).await.expect("it opens").writable().await.expect("it can be written");
    }
}

#[tokio::test]
async fn what_is_no_database_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("passerelle.db"), vec![b'x'; 8192]).expect("written");
    let error = Store::open(folder.path(), &StoreConfig::default()).await.err().expect("it is refused");
    assert!(matches!(error, OpenError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("restore it from a backup"), "{error}");
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    let house = super::House::open().await;
    house.store.close().await;
    let path = house.folder.path().join("passerelle.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut conn = sqlx::ConnectOptions::connect(&options).await.expect("a connection");
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
               VALUES (9999, 'of the future', 1, x'00', 1)";
    sqlx::query(sql).execute(&mut conn).await.expect("written");
    sqlx::Connection::close(conn).await.expect("closed");
    let error = Store::open(house.folder.path(), &StoreConfig::default()).await.err().expect("it is refused");
    assert!(matches!(error, OpenError::TooNew { found: 9999, .. }), "{error:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, b"").expect("written");
    let error = Store::open(&file.join("data"), &StoreConfig::default()).await.err().expect("it is refused");
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
}
