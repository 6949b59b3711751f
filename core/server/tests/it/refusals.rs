//! Bad input, named: one clear line that says what to do, and the exit code that goes with it.

use std::net::TcpListener;

use crate::process::{Place, refusal};

/// The refusal of `serve`, `check` and `doctor` under this configuration; they agree.
fn refused(place: &Place, configuration: Option<&str>) -> (Option<i32>, String) {
    if let Some(text) = configuration {
        place.configure(text);
    }
    let said = refusal(&place.run(&["serve"]));
    assert_eq!(refusal(&place.run(&["check"])), said);
    assert_eq!(refusal(&place.run(&["doctor"])), said);
    said
}

#[test]
fn a_wrong_configuration_ends_with_78() {
    let place = Place::new();
    let (code, line) = refused(&place, Some("[server]\nlistn = \"127.0.0.1:0\"\n"));
    assert_eq!(code, Some(78));
    assert!(line.contains("unknown key `server.listn`") && line.contains("did you mean `server.listen`?"), "{line}");
    let (code, line) = refused(&place, Some("[server\n"));
    assert_eq!(code, Some(78));
    assert!(line.contains("p.toml`, line 1:"), "{line}");
    let (code, line) = refused(&place, Some("[database]\nreaders = \"many\"\n"));
    assert_eq!(code, Some(78));
    assert!(line.contains("setting `database.readers`") && line.contains("p.toml"), "{line}");
}

#[test]
fn an_unknown_variable_names_itself() {
    let place = Place::new();
    let output = place.command(&["serve"]).env("PASSERELLE__SERVER__LISTN", "127.0.0.1:0").output().expect("it runs");
    let (code, line) = refusal(&output);
    assert_eq!(code, Some(78));
    assert!(line.contains("environment variable `PASSERELLE__SERVER__LISTN`"), "{line}");
}

#[test]
fn a_missing_file_is_named() {
    let place = Place::new();
    std::fs::remove_file(place.path("p.toml")).expect("removed");
    let (code, line) = refused(&place, None);
    assert_eq!(code, Some(78));
    assert!(line.contains("p.toml` cannot be read"), "{line}");
}

#[test]
fn a_taken_port_says_how_to_choose_another() {
    let place = Place::new();
    let _taken = TcpListener::bind(place.address).expect("the port is free");
    let (code, line) = refusal(&place.run(&["serve"]));
    assert_eq!(code, Some(1));
    assert!(line.contains(&format!("`{}` is taken", place.address)) && line.contains("--listen"), "{line}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let place = Place::new();
    std::fs::write(place.data(), "a file where the folder should be").expect("written");
    let (code, line) = refused(&place, None);
    assert_eq!(code, Some(1));
    assert!(line.contains(&place.data().display().to_string()) && line.contains("write access"), "{line}");
}

#[test]
fn a_corrupt_database_is_not_touched() {
    let place = Place::new();
    std::fs::create_dir_all(place.data()).expect("made");
    let file = place.data().join("passerelle.db");
    let garbage = b"this was a database once ".repeat(400);
    std::fs::write(&file, &garbage).expect("written");
    let (code, line) = refused(&place, None);
    assert_eq!(code, Some(1));
    assert!(line.contains("is not a sound SQLite database") && line.contains("backup"), "{line}");
    assert_eq!(std::fs::read(&file).expect("still there"), garbage);
}

#[test]
fn what_is_not_a_plugin_is_not_installed() {
    let place = Place::new();
    for (name, bytes) in [("words.wasm", b"not wasm at all" as &[u8]), ("core.wasm", b"\0asm\x01\0\0\0")] {
        let file = place.path(name);
        std::fs::write(&file, bytes).expect("written");
        let (code, line) = refusal(&place.run(&["plugin", "install", &file.display().to_string()]));
        assert_eq!(code, Some(1), "{line}");
        assert!(line.contains(name) && line.contains("was not installed"), "{line}");
    }
    assert_eq!(std::fs::read_dir(place.data().join("plugins")).expect("a folder").count(), 0);
    let (code, line) = refusal(&place.run(&["plugin", "install", "nowhere.wasm"]));
    assert_eq!(code, Some(1));
    assert!(line.contains("`nowhere.wasm` cannot be read"), "{line}");
}

#[test]
fn wrong_words_end_with_2() {
    let place = Place::new();
    let output = place.run(&["key", "issue", "--scope", "app"]);
    assert_eq!(output.status.code(), Some(2));
    let (code, line) = refusal(&place.run(&["key", "issue", "--scope", "app", "--app", "0123"]));
    assert_eq!(code, Some(1));
    assert!(line.contains("`0123` is not an id"), "{line}");
}
